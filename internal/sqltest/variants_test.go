package sqltest_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// variant is a driver with settings that a host may have.
type variant struct {
	name    string
	driver  string
	dialect sqlstore.Dialect
	params  []string // of the DSN
	opts    sqlstore.Options
}

// The variants that are used for their database where a test needs just one each; and
// one that is as a host has it who reads no manual.
const (
	bareSQLite   = "sqlite-modernc-bare"
	mainSQLite   = "sqlite-modernc"
	mainPostgres = "postgres-pgx"
	mainMySQL    = "mariadb"

	// The store on pgx alone. It is in no list: a test names it that hands no *sql.Tx to the store.
	nativePostgres = "postgres-pgxstore"
)

// engineVariants are one for each database and, with -stress, for each version of it.
func engineVariants() []variant {
	if !*stressFlag {
		return mainVariants()
	}
	return append(mainVariants(), named(versions()...)...)
}

// variants are those that a test of every driver plays: with -stress all of them.
func variants() []variant {
	if *stressFlag {
		return allVariants()
	}
	return named(mainSQLite, mainPostgres, "postgres-pq", mainMySQL)
}

func allVariants() []variant {
	all := []variant{
		{mainSQLite, "sqlite", sqlstore.SQLite, []string{"_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)"}, sqlstore.Options{}},
		{bareSQLite, "sqlite", sqlstore.SQLite, nil, sqlstore.Options{}},
		{
			"sqlite-modernc-immediate", "sqlite", sqlstore.SQLite,
			[]string{"_pragma=busy_timeout(5000)", "_pragma=journal_mode(WAL)", "_txlock=immediate"},
			sqlstore.Options{Schema: "main"},
		},

		{mainPostgres, "pgx", sqlstore.PostgreSQL, nil, sqlstore.Options{}},
		{"postgres-pgx-simple", "pgx", sqlstore.PostgreSQL, []string{"default_query_exec_mode=simple_protocol"}, sqlstore.Options{}},
		{"postgres-pgx-exec", "pgx", sqlstore.PostgreSQL, []string{"default_query_exec_mode=exec"}, sqlstore.Options{}},
		{"postgres-pq", "postgres", sqlstore.PostgreSQL, nil, sqlstore.Options{}},
		{"postgres-pq-binary", "postgres", sqlstore.PostgreSQL, []string{"binary_parameters=yes"}, sqlstore.Options{}},
		{"postgres-pgx-schema", "pgx", sqlstore.PostgreSQL, nil, sqlstore.Options{Schema: ownSchema, TablePrefix: "Own_"}},

		{mainMySQL, "mysql", sqlstore.MySQL, nil, sqlstore.Options{}},
		{"mariadb-found", "mysql", sqlstore.MySQL, []string{"clientFoundRows=true"}, sqlstore.Options{}},
		{"mariadb-interpolate", "mysql", sqlstore.MySQL, []string{"interpolateParams=true"}, sqlstore.Options{}},
		{"mariadb-time", "mysql", sqlstore.MySQL, []string{"parseTime=true"}, sqlstore.Options{}},
		{
			"mariadb-all", "mysql", sqlstore.MySQL,
			[]string{"clientFoundRows=true", "interpolateParams=true", "parseTime=true", "multiStatements=true"},
			sqlstore.Options{TablePrefix: "all_"},
		},
	}
	for _, version := range versions() {
		all = append(all, variant{version, "pgx", sqlstore.PostgreSQL, nil, sqlstore.Options{}})
	}
	if mattn {
		all = append(all, variant{"sqlite-mattn", "sqlite3", sqlstore.SQLite, []string{"_journal_mode=WAL"}, sqlstore.Options{TablePrefix: "m_"}})
	}
	return all
}

// ownSchema is one of PostgreSQL that no connection looks in by itself.
const ownSchema = "consent_own"

var versionsFlag = flag.String("postgresql", "", "versions of PostgreSQL to test besides 14, 18 and the system's: 16,17")

// versions are the names of the variants that are another version of PostgreSQL than the
// system's: the oldest that its makers support, and the newest.
func versions() []string {
	names := []string{"postgres-14", "postgres-18"}
	for version := range strings.SplitSeq(*versionsFlag, ",") {
		if name := "postgres-" + version; versionServers[name] != nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// mainVariants are one for each database.
func mainVariants() []variant {
	return named(mainSQLite, mainPostgres, mainMySQL)
}

// longVariants are those of a test that takes long on a server: SQLite alone, and with
// -stress also the others that are named.
func longVariants(others ...string) []variant {
	if !*stressFlag {
		return named(mainSQLite)
	}
	return named(append(others, mainSQLite)...)
}

// named returns the variants with these names, except those that are not in this
// program.
func named(names ...string) []variant {
	native := variant{nativePostgres, "pgx", sqlstore.PostgreSQL, nil, sqlstore.Options{}}
	return slices.DeleteFunc(append(allVariants(), native), func(v variant) bool { return !slices.Contains(names, v.name) })
}

// each runs a test with every variant.
func each(t *testing.T, f func(t *testing.T, v variant)) {
	t.Helper()
	beside(t, variants(), f)
}

// beside runs a test with some variants at the same time: one waits for its database
// while another computes. No other test runs then, since some kill the servers.
func beside(t *testing.T, tested []variant, f func(t *testing.T, v variant)) {
	t.Helper()
	for _, v := range tested {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			f(t, v)
		})
	}
}

// oneByOne runs a test with some variants that looks at what the whole process does.
func oneByOne(t *testing.T, tested []variant, f func(t *testing.T, v variant)) {
	t.Helper()
	for _, v := range tested {
		t.Run(v.name, func(t *testing.T) { f(t, v) })
	}
}

// eachMain runs a test with one variant of each database.
func eachMain(t *testing.T, f func(t *testing.T, v variant)) {
	t.Helper()
	beside(t, mainVariants(), f)
}

// eachLong runs a test with the longVariants, one for each database.
func eachLong(t *testing.T, f func(t *testing.T, v variant)) {
	t.Helper()
	beside(t, longVariants(mainPostgres, mainMySQL), f)
}

// eachLongVersion is eachLong, and with -stress it runs the test with each version too.
func eachLongVersion(t *testing.T, f func(t *testing.T, v variant)) {
	t.Helper()
	beside(t, longVariants(append(versions(), mainPostgres, mainMySQL)...), f)
}

// eachEngine runs a test with the engineVariants.
func eachEngine(t *testing.T, f func(t *testing.T, v variant)) {
	t.Helper()
	beside(t, engineVariants(), f)
}

// server returns that of the variant, or nil for SQLite, which has none.
func (v variant) server(tb testing.TB) *server.Server {
	tb.Helper()
	switch v.dialect {
	case sqlstore.PostgreSQL:
		if other := versionServers[v.name]; other != nil {
			return other.get(tb)
		}
		return postgresServer.get(tb)
	case sqlstore.MySQL:
		return mariaServer.get(tb)
	default:
		return nil
	}
}

var (
	databases atomic.Int64
	leftovers []func(context.Context) error // databases of servers that stay
	leaving   sync.Mutex                    // guards leftovers
)

// database makes an empty one, and returns the DSN that opens it.
func (v variant) database(tb testing.TB) string {
	tb.Helper()
	s := v.server(tb)
	if s == nil {
		dsn := "file:" + filepath.ToSlash(filepath.Join(tb.TempDir(), "consent.db"))
		if len(v.params) > 0 {
			dsn += "?" + strings.Join(v.params, "&")
		}
		return dsn
	}
	name := fmt.Sprintf("consent_test_%d", databases.Add(1))
	err := s.CreateDatabase(tb.Context(), name, v.databaseOptions())
	if err != nil && s.Foreign() { // an engine that does not know the options
		tb.Log(err)
		err = s.CreateDatabase(tb.Context(), name, "")
	}
	require.NoError(tb, err)
	if s.Foreign() { // those of an own server go with it
		leaving.Lock()
		defer leaving.Unlock()
		leftovers = append(leftovers, func(ctx context.Context) error { return s.DropDatabase(ctx, name) })
	}
	return s.DSN(name, v.params...)
}

// databaseOptions ask for what is treacherous: an order of texts that is not that
// of their bytes, and texts that are equal without being the same.
func (v variant) databaseOptions() string {
	switch {
	case v.name == "postgres-14":
		return "TEMPLATE template0" // it has no provider icu for a database
	case v.dialect == sqlstore.PostgreSQL:
		return "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'"
	}
	return "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
}

// maxConns is the size of a pool.
const maxConns = 32

// open opens a database as a host would.
func (v variant) open(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open(v.driver, dsn)
	require.NoError(tb, err)
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	closeAtEnd(tb, db)
	opened.Store(db, dsn)
	if v.opts.Schema == ownSchema {
		_, err = db.ExecContext(tb.Context(), "CREATE SCHEMA IF NOT EXISTS "+ownSchema)
		require.NoError(tb, err)
	}
	return db
}

// on returns the store in an open database.
func (v variant) on(tb testing.TB, db *sql.DB) *sqlstore.Store {
	tb.Helper()
	if v.name == nativePostgres {
		dsn, _ := opened.Load(db)
		return newNative(tb, fmt.Sprint(dsn), nil).Store
	}
	st, err := sqlstore.New(db, v.dialect, &v.opts)
	require.NoError(tb, err)
	return st
}

// opened are the DSNs of open databases.
var opened sync.Map

// dsn returns the DSN of a database for stores. It is that of all tests of the variant,
// since making one takes a server longer than most tests; that of SQLite is new.
func (v variant) dsn(tb testing.TB) string {
	tb.Helper()
	dsn, made := shared.Load(v.name)
	if !made {
		dsn = v.database(tb)
	}
	if v.dialect != sqlstore.SQLite {
		shared.Store(v.name, dsn)
	}
	return fmt.Sprint(dsn)
}

// ready returns a store that is ready for use.
func (v variant) ready(tb testing.TB) (*sqlstore.Store, *sql.DB) {
	tb.Helper()
	return v.readyAt(tb, v.dsn(tb))
}

func (v variant) readyAt(tb testing.TB, dsn string) (*sqlstore.Store, *sql.DB) {
	tb.Helper()
	db := v.open(tb, dsn)
	st := v.on(tb, db)
	require.NoError(tb, st.Migrate(tb.Context()))
	require.NoError(tb, st.Check(tb.Context()))
	return st, db
}

// shared are the DSNs of the databases that were made.
var shared sync.Map

// table returns the name of one of the store's tables.
func (v variant) table(name string) string {
	prefix := v.opts.TablePrefix
	if prefix == "" {
		prefix = sqlstore.DefaultPrefix
	}
	if v.opts.Schema != "" {
		prefix = v.opts.Schema + "." + prefix
	}
	return prefix + name
}
