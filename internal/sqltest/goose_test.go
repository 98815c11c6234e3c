package sqltest_test

import (
	"database/sql"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// ofTheApp are migrations that an app has with goose, numbered like the store's.
var ofTheApp = fstest.MapFS{
	"0001_init.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE app_users (id INTEGER NOT NULL PRIMARY KEY);\n")},
	"0002_words.sql": {Data: []byte("-- +goose Up\nCREATE TABLE app_words (id INTEGER NOT NULL PRIMARY KEY);\n")},
}

// TestGooseReadsTheMigrations as they are, in a database that has nothing, after the
// migrations of an app, and before them.
func TestGooseReadsTheMigrations(t *testing.T) {
	dialects := map[sqlstore.Dialect]goose.Dialect{
		sqlstore.SQLite: goose.DialectSQLite3, sqlstore.PostgreSQL: goose.DialectPostgres, sqlstore.MySQL: goose.DialectMySQL,
	}
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		up := func(t *testing.T, db *sql.DB, files fs.FS, opts ...goose.ProviderOption) {
			t.Helper()
			provider, err := goose.NewProvider(dialects[v.dialect], db, files, opts...)
			require.NoError(t, err)
			done, err := provider.Up(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, done)
		}
		files, err := sqlstore.Migrations(v.dialect, &v.opts)
		require.NoError(t, err)
		for name, steps := range map[string]func(t *testing.T, db *sql.DB){
			"alone": func(t *testing.T, db *sql.DB) { t.Helper(); up(t, db, files, goose.WithTableName("consent_goose")) },
			"after an app's": func(t *testing.T, db *sql.DB) {
				t.Helper()
				up(t, db, ofTheApp)
				up(t, db, files, goose.WithTableName("consent_goose"))
			},
			"before an app's": func(t *testing.T, db *sql.DB) {
				t.Helper()
				up(t, db, files, goose.WithTableName("consent_goose"))
				up(t, db, ofTheApp)
			},
		} {
			t.Run(name, func(t *testing.T) {
				db := v.open(t, v.database(t))
				st := v.on(t, db)
				require.Zero(t, schemaErrorOf(t, st.Check(t.Context())).Have)
				steps(t, db)
				if name != "alone" {
					must(t, db, "INSERT INTO app_users VALUES (1)", "INSERT INTO app_words VALUES (1)")
				}
				require.NoError(t, st.Check(t.Context()))
				require.NoError(t, st.Migrate(t.Context()), "after goose there is nothing to do")
				key := newKey()
				appendNow(t, st, event("m", key, store.OptOut, 1))
				consistent(t, st, key)
			})
		}
	})
}
