package sqltest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// enginesMark is the line in front of a table of engines.
const enginesMark = "<!-- engines -->\n"

// systemVersions are those of Debian 12, on which .ci/run runs.
var systemVersions = map[sqlstore.Dialect]string{sqlstore.SQLite: "3", sqlstore.PostgreSQL: "15", sqlstore.MySQL: "10.11"}

// driverNames are those of the drivers as they are registered.
var driverNames = map[string]string{
	"sqlite": "modernc.org/sqlite", "sqlite3": "mattn/go-sqlite3", "pgx": "pgx", "postgres": "lib/pq", "mysql": "go-sql-driver/mysql",
}

// testedEngines are the engines that the tests run on, each as "engine version driver".
func testedEngines() []string {
	const standby, galera = "PostgreSQL with a synchronous standby 15 ", "MariaDB Galera with three nodes 10.11 "
	all := []string{
		standby + driverNames["pgx"], standby + driverNames["postgres"], galera + driverNames["mysql"],
		"SQLite 3 " + driverNames["sqlite3"], // also where this program has no cgo
	}
	names := map[sqlstore.Dialect]string{sqlstore.SQLite: "SQLite ", sqlstore.PostgreSQL: "PostgreSQL ", sqlstore.MySQL: "MariaDB "}
	for _, v := range allVariants() {
		if versionServers[v.name] == nil {
			all = append(all, names[v.dialect]+systemVersions[v.dialect]+" "+driverNames[v.driver])
		}
	}
	for name := range versionServers { // 16 and 17 by the flag -postgresql
		all = append(all, "PostgreSQL "+strings.TrimPrefix(name, "postgres-")+" pgx")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestTheTablesOfEnginesAreWhatIsTested reads "engine | versions | drivers | …" after each mark.
func TestTheTablesOfEnginesAreWhatIsTested(t *testing.T) {
	found := 0
	for _, name := range []string{"../../docs/databases.md", "../../README.md"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		_, table, marked := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), enginesMark)
		if !marked {
			continue
		}
		found++
		table, _, _ = strings.Cut(table, "\n\n")
		var listed []string
		for _, line := range strings.Split(table, "\n")[2:] { // after the head
			cells := strings.Split(strings.Trim(line, "| "), " | ")
			require.GreaterOrEqual(t, len(cells), 4, "%s: %s", name, line)
			for version := range strings.SplitSeq(cells[1], ", ") {
				for driver := range strings.SplitSeq(cells[2], ", ") {
					listed = append(listed, cells[0]+" "+version+" "+driver)
				}
			}
		}
		require.ElementsMatch(t, testedEngines(), listed, name)
	}
	require.NotZero(t, found, "no document has a table of engines")
}
