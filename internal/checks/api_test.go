package checks

import (
	"cmp"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheExportedAPIIsItsGoldenFile(t *testing.T) {
	public := shownPackages(t)
	for _, pkg := range public {
		t.Run(pkg, func(t *testing.T) {
			golden(t, "api", pkg, exportedAPI(t, pkg),
				"The exported API of "+pkg+" has changed. If that is meant: "+
					"run `make golden`, look at the diff as a user would, and add a line to CHANGELOG.md.")
		})
	}
	noStrays(t, "api", public)
}

// declaration is one exported declaration, without comments and bodies.
type declaration struct {
	rank int    // constants, variables, functions, types
	name string // by which it is sorted: a method is under its type
	text string
}

// exportedAPI prints the exported declarations of a package, sorted. Constants
// that are declared together stay together, in their order.
func exportedAPI(t *testing.T, pkg string) string {
	t.Helper()
	fset := token.NewFileSet()
	files := sources(t, fset, pkg)
	var all []declaration
	for _, name := range inOrder(files) {
		file := files[name]
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				decl.Body = nil
				if d, ok := funcDeclaration(decl); ok && decl.Name.IsExported() {
					d.text = printed(t, fset, "", decl)
					all = append(all, d)
				}
			case *ast.GenDecl:
				decl.Specs = slices.DeleteFunc(decl.Specs, hidden)
				all = append(all, genDeclarations(t, fset, decl)...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b declaration) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.name, b.name))
	})
	var text strings.Builder
	text.WriteString("package " + pkg + "\n")
	for _, d := range all {
		text.WriteString("\n" + d.text + "\n")
	}
	return text.String()
}

// hidden reports a declaration of nothing that is exported.
func hidden(spec ast.Spec) bool {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		return !slices.ContainsFunc(spec.Names, (*ast.Ident).IsExported)
	case *ast.TypeSpec:
		return !spec.Name.IsExported()
	default:
		return true
	}
}

// elide removes the fields and methods that are not exported, and says so.
func elide(fields *ast.FieldList, embedded bool) bool {
	before := len(fields.List)
	fields.List = slices.DeleteFunc(fields.List, func(f *ast.Field) bool {
		switch {
		case len(f.Names) > 0:
			f.Names = slices.DeleteFunc(f.Names, func(name *ast.Ident) bool { return !name.IsExported() })
			return len(f.Names) == 0
		case embedded:
			name, exported := typeName(f.Type)
			return name != "" && !exported
		default:
			return false
		}
	})
	return len(fields.List) < before
}

const (
	constRank = iota
	varRank
	funcRank
	typeRank
)

func funcDeclaration(decl *ast.FuncDecl) (declaration, bool) {
	if decl.Recv == nil {
		return declaration{rank: funcRank, name: decl.Name.Name}, true
	}
	receiver, exported := typeName(decl.Recv.List[0].Type)
	return declaration{rank: typeRank, name: receiver + "." + decl.Name.Name}, exported
}

// typeName returns the name of a receiver or an embedded field.
func typeName(expr ast.Expr) (name string, exported bool) {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.IndexListExpr:
		return typeName(expr.X)
	case *ast.SelectorExpr:
		return expr.Sel.Name, expr.Sel.IsExported()
	case *ast.Ident:
		return expr.Name, expr.IsExported()
	default:
		return "", false
	}
}

func genDeclarations(t *testing.T, fset *token.FileSet, decl *ast.GenDecl) []declaration {
	t.Helper()
	var all []declaration
	for i, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			switch {
			case decl.Tok == token.VAR:
				all = append(all, declaration{varRank, spec.Names[0].Name, printed(t, fset, "var ", spec)})
			case i == 0:
				all = append(all, declaration{constRank, spec.Names[0].Name, printed(t, fset, "", decl)})
			}
		case *ast.TypeSpec:
			all = append(all, declaration{typeRank, spec.Name.Name, printed(t, fset, "type ", spec)})
		}
	}
	return all
}

// printed formats what is exported of a node, behind the keyword of its
// declaration where it does not bring it, without its comments and the gaps that
// they leave.
func printed(t *testing.T, fset *token.FileSet, keyword string, node ast.Node) string {
	t.Helper()
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			n.Incomplete = elide(n.Fields, true)
		case *ast.InterfaceType:
			n.Incomplete = elide(n.Methods, false)
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	var raw, dense strings.Builder
	require.NoError(t, (&printer.Config{Mode: printer.RawFormat}).Fprint(&raw, fset, node))
	dense.WriteString(keyword)
	for line := range strings.Lines(raw.String()) {
		if strings.TrimSpace(line) != "" {
			dense.WriteString(line)
		}
	}
	text, err := format.Source([]byte(dense.String()))
	require.NoError(t, err, "%s", dense.String())
	return string(text)
}
