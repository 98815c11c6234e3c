package checks

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// foreign are texts that belong to somebody's machine or to a service, and not
// in a repository. They are put together here, so that this file holds none.
var foreign = []string{
	"/" + "work/", "/" + "root/", "/tmp/" + "tools",
	"proxy." + "golang.org", "sum." + "golang.org", "deb." + "debian.org", "registry." + "npmjs.org",
}

// files returns what is in the repository, or about to be: paths from the root.
// Where there is no git to tell that, it is every file.
func files(t *testing.T) []string {
	t.Helper()
	var names []string
	_, noGit := exec.LookPath("git")
	_, noRepository := os.Stat(filepath.Join(root, ".git"))
	if noGit == nil && noRepository == nil {
		names = strings.Split(run(t, nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"), "\x00")
	} else {
		require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
			if entry != nil && entry.IsDir() && (path == ".git" || path == ".ci/bin") {
				return fs.SkipDir
			}
			names = append(names, path)
			return err
		}))
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Lstat(filepath.Join(root, name))
		return err != nil || !info.Mode().IsRegular()
	})
	require.NotEmpty(t, names)
	return names
}

func TestNoFileNamesSomebodysMachine(t *testing.T) {
	for _, name := range files(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		for _, f := range foreign {
			if before, _, found := bytes.Cut(text, []byte(f)); found {
				t.Errorf("%s:%d: holds %q", name, 1+bytes.Count(before, []byte("\n")), f)
			}
		}
	}
}

func TestEachPackageIsDocumentedAndShown(t *testing.T) {
	for _, pkg := range shownPackages(t) {
		t.Run(pkg, func(t *testing.T) {
			fset := token.NewFileSet()
			file, ok := sources(t, fset, pkg)[pkg+"/doc.go"]
			require.True(t, ok, "%s has no doc.go", pkg)
			require.True(t, strings.HasPrefix(file.Doc.Text(), "Package "+filepath.Base(pkg)+" "),
				"%s/doc.go does not begin with \"Package %s \"", pkg, filepath.Base(pkg))

			var tests []*ast.File
			for _, file := range parse(t, fset, pkg, func(name string) bool { return strings.HasSuffix(name, "_test.go") }) {
				tests = append(tests, file)
			}
			require.True(t, slices.ContainsFunc(doc.Examples(tests...), func(e *doc.Example) bool { return e.Output != "" }),
				"%s has no Example with an \"// Output:\" that shows how it is used", pkg)
		})
	}
}

var (
	link      = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	reference = regexp.MustCompile(`(?m)^\[[^\]]+\]:\s+<?(\S+?)>?\s*$`)
	code      = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	for _, name := range files(t) {
		if filepath.Ext(name) != ".md" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		text = code.ReplaceAll(text, nil)
		for _, found := range slices.Concat(link.FindAllSubmatch(text, -1), reference.FindAllSubmatch(text, -1)) {
			target, _, _ := strings.Cut(string(found[1]), "#")
			if target == "" || strings.Contains(target, ":") { // in this document, or on the web
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), target)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", name, target)
			}
		}
	}
}
