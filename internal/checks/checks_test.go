package checks

import (
	"bytes"
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "github.com/seed-f10031e4/consent"
	root   = "../.."
)

var update = flag.Bool("update", false, "rewrite the golden files and the code blocks of the documents")

// run returns what a command prints, run at the root of the repository.
func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %s: %s", name, strings.Join(args, " "), stderr.String())
	return string(out)
}

// listed are the packages of the root module, each with all that a program links with it,
// on the system on which the golden files were made. go list is asked once.
var listed = sync.OnceValues(func() (map[string][]string, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} {{.Standard}} {{join .Deps " "}}`, "./...")
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	deps, standard := map[string][]string{}, map[string]bool{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if standard[fields[0]] = fields[1] == "true"; !standard[fields[0]] {
			deps[fields[0]] = fields[2:]
		}
	}
	packages := map[string][]string{}
	for path, linked := range deps {
		if pkg, ok := strings.CutPrefix(path, module+"/"); ok {
			linked = append(slices.DeleteFunc(linked, func(dep string) bool { return standard[dep] }), path)
			slices.Sort(linked)
			packages[pkg] = linked
		}
	}
	return packages, nil
})

// publicPackages returns the packages of the root module that a user can
// import, as paths below the module's: "keywords", "store/memstore".
func publicPackages(t *testing.T) []string {
	t.Helper()
	packages, err := listed()
	require.NoError(t, err)
	var public []string
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		if !slices.Contains(strings.Split(pkg, "/"), "internal") {
			public = append(public, pkg)
		}
	}
	require.NotEmpty(t, public)
	return public
}

// shownPackages are the public packages of the root module, and those that are modules of their
// own so that nobody inherits their driver.
func shownPackages(t *testing.T) []string {
	t.Helper()
	return append(publicPackages(t), "store/pgxstore")
}

// sources parses the files of a package but for its tests, whatever system they
// are built for. The keys are paths from the root.
func sources(t *testing.T, fset *token.FileSet, pkg string) map[string]*ast.File {
	t.Helper()
	return parse(t, fset, pkg, func(name string) bool { return !strings.HasSuffix(name, "_test.go") })
}

func parse(t *testing.T, fset *token.FileSet, pkg string, keep func(name string) bool) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, pkg, "*.go"))
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, path := range paths {
		if !keep(filepath.Base(path)) {
			continue
		}
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		name := pkg + "/" + filepath.Base(path)
		files[name], err = parser.ParseFile(fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
		require.NoError(t, err)
	}
	return files
}

// inOrder yields the files by name.
func inOrder(files map[string]*ast.File) []string {
	return slices.Sorted(maps.Keys(files))
}

// golden compares text with the file testdata/kind/<package>.txt. With -update
// it writes the file.
func golden(t *testing.T, kind, pkg, text, advice string) {
	t.Helper()
	file := filepath.Join("testdata", kind, strings.ReplaceAll(pkg, "/", "_")+".txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		require.Fail(t, "no golden file", "%s is not there yet: run `make golden`", file)
	}
	require.NoError(t, err)
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	require.Equal(t, string(want), text, advice)
}

// noStrays fails where a golden file is of a package that is gone. With -update
// it removes the file.
func noStrays(t *testing.T, kind string, packages []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", kind, "*.txt"))
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if slices.ContainsFunc(packages, func(pkg string) bool { return strings.ReplaceAll(pkg, "/", "_") == name }) {
			continue
		}
		if !*update {
			require.Fail(t, "stray golden file", "%s is of no package: run `make golden`", file)
		}
		require.NoError(t, os.Remove(file))
	}
}
