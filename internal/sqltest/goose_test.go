package sqltest_test

import (
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// TestGooseReadsTheMigrations as README says: the files as they are.
func TestGooseReadsTheMigrations(t *testing.T) {
	dialects := map[sqlstore.Dialect]goose.Dialect{
		sqlstore.SQLite: goose.DialectSQLite3, sqlstore.PostgreSQL: goose.DialectPostgres, sqlstore.MySQL: goose.DialectMySQL,
	}
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		files, err := sqlstore.Migrations(v.dialect, &v.opts)
		require.NoError(t, err)
		provider, err := goose.NewProvider(dialects[v.dialect], db, files)
		require.NoError(t, err)
		st := v.on(t, db)
		require.Zero(t, schemaErrorOf(t, st.Check(t.Context())).Have)
		done, err := provider.Up(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, done)
		require.NoError(t, st.Check(t.Context()))
		require.NoError(t, st.Migrate(t.Context()), "after goose there is nothing to do")
		key := newKey()
		appendNow(t, st, event("m", key, store.OptOut, 1))
		consistent(t, st, key)
	})
}
