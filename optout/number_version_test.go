package optout

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

func TestTheTableIsUsedOnlyWithItsPhonenumbers(t *testing.T) {
	version := numberplan.Version()
	require.Regexp(t, `^v2\.\d+\.\d+$`, version)
	cache := "/home/me/go/pkg/mod/"
	own := cache + numberplan.Module + "@" + version + "/phonenumberutil.go"
	other := &debug.Module{Path: "golang.org/x/text", Version: "v0.43.0"}
	for name, c := range map[string]struct {
		deps   []*debug.Module
		source string
		fits   bool
	}{
		"its version":               {[]*debug.Module{other, {Path: numberplan.Module, Version: version}}, "", true},
		"a newer one":               {[]*debug.Module{other, {Path: numberplan.Module, Version: "v2.99.0"}}, own, false},
		"its own checkout":          {[]*debug.Module{{Path: numberplan.Module, Version: "(devel)"}}, own, false},
		"replaced":                  {[]*debug.Module{{Path: numberplan.Module, Version: version, Replace: other}}, own, false},
		"a program's test":          {[]*debug.Module{other}, own, true}, // its modules are the program's
		"the same, a newer one":     {[]*debug.Module{other}, strings.ReplaceAll(own, version, version+"0"), false},
		"the same, vendored":        {[]*debug.Module{other}, "/home/me/app/vendor/" + numberplan.Module + "/phonenumberutil.go", false},
		"a test":                    {nil, own, true},
		"a test with -trimpath":     {nil, numberplan.Module + "@" + version + "/phonenumberutil.go", true},
		"a test on Windows":         {nil, strings.ReplaceAll(`C:\mod\`+own[len(cache):], "/", `\`), true},
		"a test with a newer one":   {nil, strings.ReplaceAll(own, version, version+"0"), false},
		"a vendored test":           {nil, "/home/me/app/vendor/" + numberplan.Module + "/phonenumberutil.go", false},
		"a test of a replaced one":  {nil, "/home/me/phonenumbers/phonenumberutil.go", false},
		"a test of another module":  {nil, cache + "example.org/" + strings.TrimPrefix(numberplan.Module, "github.com/") + "@" + version + "/x.go", false},
		"a name that ends like its": {nil, cache + "not" + numberplan.Module + "@" + version + "/x.go", false},
		"no source":                 {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.fits, linksTableVersion(&debug.BuildInfo{Deps: c.deps}, c.source))
		})
	}
	require.Contains(t, sourceOf(phonenumbers.Parse), "phonenumbers")
}

// TestProgramsKnowTheirPhonenumbers builds a program of each kind, and asks it
// whether it reads by the table.
func TestProgramsKnowTheirPhonenumbers(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("builds programs, which takes half a minute: CI=true go test ./optout")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	sources := strings.TrimSpace(command(t, root, nil, "go", "list", "-m", "-f", "{{.Dir}}", numberplan.Module))

	for name, c := range map[string]struct {
		replace bool // phonenumbers, by a copy of itself
		vendor  bool
		args    []string
		fits    bool
	}{
		"built":            {args: []string{"run", "."}, fits: true},
		"built, vendored":  {args: []string{"run", "-mod=vendor", "."}, vendor: true, fits: true},
		"built, replaced":  {args: []string{"run", "."}, replace: true},
		"tested":           {args: []string{"test", "-v", "./how"}, fits: true},
		"tested, stripped": {args: []string{"test", "-v", "-ldflags=-s -w", "./how"}, fits: true},
		"tested, vendored": {args: []string{"test", "-v", "-mod=vendor", "./how"}, vendor: true},
		"tested, replaced": {args: []string{"test", "-v", "./how"}, replace: true},
		"a tested main":    {args: []string{"test", "-v", "."}, fits: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
			require.NoError(t, err)
			mod = append([]byte(strings.Replace(string(mod), "module github.com/seed-f10031e4/consent", "module example.org/app", 1)),
				"\nrequire github.com/seed-f10031e4/consent v0.0.0\nreplace github.com/seed-f10031e4/consent => "+root+"\n"...)
			if c.replace {
				folder := filepath.Join(dir, "phonenumbers")
				require.NoError(t, os.CopyFS(folder, os.DirFS(sources)))
				mod = append(mod, "replace "+numberplan.Module+" => ./phonenumbers\n"...)
			}
			sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
			require.NoError(t, err)
			require.NoError(t, os.Mkdir(filepath.Join(dir, "how"), 0o700))
			for file, text := range map[string]string{
				"go.mod": string(mod), "go.sum": string(sum), "main.go": program, "main_test.go": programTest,
				"how/how.go": library, "how/how_test.go": libraryTest,
			} {
				require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600))
			}
			env := []string{"GOFLAGS=-mod=mod", "GOWORK=off"}
			if c.vendor {
				command(t, dir, env, "go", "mod", "tidy")
				command(t, dir, env, "go", "mod", "vendor")
				env[0] = "GOFLAGS="
			}
			out := command(t, dir, env, "go", c.args...)
			require.Contains(t, out, map[bool]string{true: "read by the table", false: "read by the library"}[c.fits])
		})
	}
}

const program = `package main

import (
	"fmt"

	"example.org/app/how"
)

func main() { fmt.Println(how.IsItRead()) }
`

const programTest = `package main

import (
	"testing"

	"example.org/app/how"
)

func Test(t *testing.T) { t.Log(how.IsItRead()) }
`

// phonenumbers takes dozens of allocations for a number.
const library = `package how

import (
	"testing"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func IsItRead() string {
	g, err := optout.New(memstore.New(), nil)
	if err != nil {
		return err.Error()
	}
	if testing.AllocsPerRun(10, func() { _, _ = g.Number("+14155552671") }) == 0 {
		return "read by the table"
	}
	return "read by the library"
}
`

const libraryTest = `package how

import "testing"

func Test(t *testing.T) { t.Log(IsItRead()) }
`

func command(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}
