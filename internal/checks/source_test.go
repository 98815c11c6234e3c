package checks

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayVar lists the package-level variables that are none of the kinds that
// cannot be misused, with the reason why they may be there.
var mayVar = map[string]string{
	"keywords.asciiClass":             "a table, read only",
	"keywords.intents":                "the words of an enum, read only",
	"keywords.packsFile":              "an embedded file, never assigned to",
	"keywords.standard":               "an immutable Set, read only",
	"keywords/revocation.certainties": "the words of an enum, read only",
	"keywords/revocation.ruleFiles":   "embedded files, which cannot be written",
	"keywords/revocation.tableFile":   "an embedded file, never assigned to",
	"optout.numberFaults":             "the words of an enum, read only",
	"optout.operations":               "the words of an enum, read only",
	"optout.policies":                 "the words of an enum, read only",
	"optout.verdicts":                 "the words of an enum, read only",
	"optout/list.formats":             "the words of an enum, read only",
	"optout/list.outcomes":            "the words of an enum, read only",
	"optout/list.sides":               "the words of an enum, read only",
	"optout/list.wordsFile":           "an embedded file, never assigned to",
	"optout/provider.eventKinds":      "the words of an enum, read only",
	"optout/provider.kinds":           "the words of an enum, read only",
	"optout/provider.repliesWords":    "the words of an enum, read only",
	"store.actions":                   "the words of an enum, read only",
	"store.statuses":                  "the words of an enum, read only",
	"store/sqlstore.migrations":       "embedded files, which cannot be written",
}

// mayImport lists who may import what no other library package may: sqlstore
// writes to the logger in its Options, storetest has a testing.TB of its own, with
// a TempDir.
var mayImport = map[string][]string{
	"log":      nil,
	"log/slog": {"store/sqlstore"},
	"os":       {"store/storetest"},
}

// mayGo lists the packages that may start goroutines, each of which ends before
// the call that started it.
var mayGo = map[string]string{
	"store/storetest": "the suite appends from many goroutines at once",
}

// TestSourcesHaveNoHiddenDoings reads the library as it is written: nothing runs
// on import, nothing goes on behind the caller's back, nothing ends the user's
// program, and no state is shared but what a user made.
func TestSourcesHaveNoHiddenDoings(t *testing.T) {
	seen := map[string]bool{}
	for _, pkg := range shownPackages(t) {
		fset := token.NewFileSet()
		files := sources(t, fset, pkg)
		for _, name := range inOrder(files) {
			checkImports(t, pkg, name, files[name])
			checkVars(t, pkg, name, files[name], seen)
			checkCode(t, pkg, fset, files[name])
		}
	}
	for name, reason := range mayVar {
		require.True(t, seen[name], "mayVar lists %s (%s), which is not there", name, reason)
	}
}

func checkImports(t *testing.T, pkg, name string, file *ast.File) {
	t.Helper()
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		if may, listed := mayImport[path]; listed {
			require.Contains(t, may, pkg, "%s imports %s", name, path)
		}
	}
}

func checkVars(t *testing.T, pkg, name string, file *ast.File, seen map[string]bool) {
	t.Helper()
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR {
			continue
		}
		for _, spec := range decl.Specs {
			spec, ok := spec.(*ast.ValueSpec)
			require.True(t, ok)
			for i, ident := range spec.Names {
				full := pkg + "." + ident.Name
				seen[full] = true
				if ident.Name == "_" || mayVar[full] != "" || i < len(spec.Values) && harmless(spec.Values[i], ident.IsExported()) {
					continue
				}
				require.Fail(t, "package-level variable",
					"%s: %s could be changed: make it a constant or a function, or list it in mayVar with the reason", name, full)
			}
		}
	}
}

// harmless reports the value of a variable that nobody changes: an error; and
// where users cannot reach it, a pool, a function that computes something once, a
// moment, which cannot be a constant.
func harmless(value ast.Expr, exported bool) bool {
	switch value := value.(type) {
	case *ast.CompositeLit:
		return qualified(value.Type) == "sync.Pool" && !exported
	case *ast.CallExpr:
		switch qualified(value.Fun) {
		case "errors.New", "fmt.Errorf":
			return true
		case "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues", "time.Date":
			return !exported
		}
	}
	return false
}

// qualified returns "pkg.Name" for that expression, generic or not, and "" for
// another.
func qualified(expr ast.Expr) string {
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + selector.Sel.Name
}

func checkCode(t *testing.T, pkg string, fset *token.FileSet, file *ast.File) {
	t.Helper()
	ast.Inspect(file, func(node ast.Node) bool {
		at := func() string { return fset.Position(node.Pos()).String() }
		switch node := node.(type) {
		case *ast.FuncDecl:
			require.False(t, node.Recv == nil && node.Name.Name == "init", "%s: func init runs on import", at())
		case *ast.GoStmt:
			require.NotEmpty(t, mayGo[pkg], "%s: a goroutine", at())
		case *ast.CallExpr:
			if called, ok := node.Fun.(*ast.Ident); ok {
				require.NotEqual(t, "panic", called.Name, "%s: panics in the user's program", at())
			}
			if called, ok := node.Fun.(*ast.SelectorExpr); ok && (called.Sel.Name == "Go" || strings.HasSuffix(called.Sel.Name, "AfterFunc")) {
				require.NotEmpty(t, mayGo[pkg], "%s: %s starts a goroutine", at(), called.Sel.Name)
			}
		}
		return true
	})
}
