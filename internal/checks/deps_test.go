package checks

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// onlyTests are modules that no user's program may come to link.
var onlyTests = []string{
	"github.com/google/go-cmp",
	"github.com/stretchr/testify",
	"go.uber.org/goleak",
	"go.uber.org/mock",
	"pgregory.net/rapid",
}

// mayRequire lists what the root go.mod may require: users inherit it.
var mayRequire = map[string]string{
	"github.com/nyaruka/phonenumbers/v2": "phone numbers, in internal/number only",
	"golang.org/x/text":                  "Unicode normalization, in keywords and optout/list",

	"github.com/stretchr/testify": "tests",
	"go.uber.org/goleak":          "tests",
	"go.uber.org/mock":            "tests, and go generate",
	"pgregory.net/rapid":          "tests",

	"go.yaml.in/yaml/v3":         "of testify",
	"google.golang.org/protobuf": "of phonenumbers",
}

// drivers must not be required: the user opens the database, with one of these
// or another.
var drivers = []string{
	"github.com/glebarez/", "github.com/go-sql-driver/", "github.com/jackc/", "github.com/lib/pq", "github.com/mattn/go-sqlite3",
	"github.com/microsoft/go-mssqldb", "github.com/ncruces/go-sqlite3", "modernc.org/", "zombiezen.com/go/sqlite",
}

// linked returns the packages outside the standard library that a program
// links when it imports pkg.
func linked(t *testing.T, pkg string) []string {
	t.Helper()
	packages, err := listed()
	require.NoError(t, err)
	return packages[pkg]
}

func TestEachPackageLinksWhatItsGoldenFileSays(t *testing.T) {
	public := publicPackages(t)
	for _, pkg := range public {
		t.Run(pkg, func(t *testing.T) {
			golden(t, "deps", pkg, strings.Join(linked(t, pkg), "\n")+"\n",
				"What a program links by importing "+pkg+" has changed. "+
					"Every user pays for it: if it is worth that, run `make golden` and say why in the commit.")
		})
	}
	noStrays(t, "deps", public)
}

func TestNothingForTestsIsLinked(t *testing.T) {
	for _, pkg := range publicPackages(t) {
		for _, dep := range linked(t, pkg) {
			for _, prefix := range onlyTests {
				require.False(t, dep == prefix || strings.HasPrefix(dep, prefix+"/"), "%s links %s, which is for tests", pkg, dep)
			}
			require.NotContains(t, dep, module+"/internal/mocks", "%s links it", pkg)
		}
	}
}

func TestTheRootModuleRequiresOnlyWhatIsListed(t *testing.T) {
	var mod struct {
		Require []struct{ Path string }
		Replace []struct{ Old struct{ Path string } }
	}
	require.NoError(t, json.Unmarshal([]byte(run(t, nil, "go", "mod", "edit", "-json")), &mod))
	for _, r := range mod.Require {
		for _, driver := range drivers {
			require.False(t, strings.HasPrefix(r.Path, driver),
				"go.mod requires the driver %s: users would inherit it. Tests with drivers are in internal/sqltest.", r.Path)
		}
		require.Contains(t, mayRequire, r.Path,
			"go.mod requires it, and every user inherits that; if it must be, list it in mayRequire with the reason")
	}
	require.Empty(t, mod.Replace, "a replace holds for this module only: users would build something else")
}
