package database_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const secret = "s3cret"

func TestABadNameIsRefusedWithoutThePassword(t *testing.T) {
	for name, says := range map[string]string{
		"":                        "want sqlite:FILE",
		"consent.db":              "want sqlite:FILE",
		"oracle://u:s3cret@h/db":  `unknown database "oracle"`,
		"u:s3cret@tcp(h:3306)/db": `unknown database "u"`,
		"password=s3cret host=h":  "want sqlite:FILE",
		"pw=s3cret:x":             "want sqlite:FILE",

		"sqlite:":           "wants a file",
		"sqlite::memory:":   "in memory",
		"sqlite://x.db":     "without //",
		"sqlite:///x/x.db":  "without //",
		"postgres":          "want sqlite:FILE",
		"postgres:s3cret":   "%2F",
		"mysql://u:s3cret@": "no database",

		// Where the password ends is not clear.
		"postgres://u:s3cret/x@h/db":    "%2F",
		"postgres://u:1234/s3cret@h/db": "%2F",
		"postgres://u:1234?s3cret@h/db": "%2F",
		"postgres://u:1234#s3cret@h/db": "%2F",
		"postgres://u:x@s3cret@h/db":    "%2F",
		"postgres://u:s3cret%@h/db":     "%2F",
		"mysql://u:s3cret/x@h/db":       "%2F",
		"mysql://u:x@s3cret@h/db":       "%2F",

		"postgres://u:s3cret@h/db?sslmode=so":                 "sslmode",
		"postgres://u:s3cret@h/db?sslmode=so&password=s3cret": "sslmode",
		"postgresql://u:s3cret@h:many/db":                     "%2F",
		"mysql://u:s3cret@h/db?parseTime=perhaps":             "perhaps",
		"mysql://u:s3cret@h/":                                 "no database",
		"mysql://u:s3cret@h/db?tls=none-that-was-declared":    "none-that-was-declared",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := database.Parse(name)
			require.ErrorContains(t, err, "-db: ")
			require.ErrorContains(t, err, says)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

func TestAServerThatIsAwayIsToldWithoutThePassword(t *testing.T) {
	for _, name := range []string{
		"postgres://u:s3cret@127.0.0.1:1/db", "postgresql://u@127.0.0.1:1/db?password=s3cret&sslmode=disable",
		"mysql://u:s3cret@127.0.0.1:1/db", "mysql://u:s3cret@[::1]:1/db?timeout=1s",
	} {
		source, err := database.Parse(name)
		require.NoError(t, err)
		_, err = source.Open(t.Context())
		require.ErrorContains(t, err, "-db: cannot open: ")
		require.NotContains(t, err.Error(), secret)
	}
}

func TestSQLiteKeepsWhatItAcknowledged(t *testing.T) {
	source, err := database.Parse("sqlite:" + filepath.Join(t.TempDir(), "consent.db"))
	require.NoError(t, err)
	require.Equal(t, sqlstore.SQLite, source.Dialect)
	db, err := source.Open(t.Context())
	require.NoError(t, err)
	defer db.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000"} {
		var got string
		require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		require.Equal(t, want, got, pragma)
	}
}

func TestAFileMayBeCalledAnything(t *testing.T) {
	names := []string{"consent.db", "with blank", "a%20b#c", "ünï", "a&_pragma=x(1)", "a:b", "?mode=memory"}
	if runtime.GOOS == "windows" {
		names = names[:4]
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			t.Chdir(folder)
			for _, path := range []string{name, filepath.Join(folder, "x"+name)} {
				source, err := database.Parse("sqlite:" + path)
				require.NoError(t, err)
				db, err := source.Open(t.Context())
				require.NoError(t, err)
				_, err = db.ExecContext(t.Context(), "CREATE TABLE t (x)")
				require.NoError(t, err)
				require.NoError(t, db.Close())
				require.FileExists(t, path)
			}
			entries, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Len(t, entries, 2, "and no other file")
		})
	}
}

func TestOpenExistingMakesNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	source, err := database.Parse("sqlite:none.db")
	require.NoError(t, err)
	_, err = source.OpenExisting(t.Context())
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "none.db")
	require.NoFileExists(t, "none.db")

	db, err := source.Open(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.Close())
	db, err = source.OpenExisting(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestOpenSpeaksToEachDatabase(t *testing.T) {
	dialects := map[dbtest.Kind]sqlstore.Dialect{
		dbtest.SQLite: sqlstore.SQLite, dbtest.Postgres: sqlstore.PostgreSQL, dbtest.MySQL: sqlstore.MySQL,
	}
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			name := kind.New(t)
			source, err := database.Parse(name)
			require.NoError(t, err)
			require.Equal(t, dialects[kind], source.Dialect)
			db, err := source.Open(t.Context())
			require.NoError(t, err)
			require.NoError(t, db.Close())
		})
	}
}
