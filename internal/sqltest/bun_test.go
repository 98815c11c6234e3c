package sqltest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func bunDialect(v variant) schema.Dialect {
	switch v.dialect {
	case sqlstore.PostgreSQL:
		return pgdialect.New()
	case sqlstore.MySQL:
		return mysqldialect.New()
	default:
		return sqlitedialect.New()
	}
}

// TestWithTxRefusesATransactionThatFillsInTheArgumentsItself: bun.Tx writes the arguments of
// a statement into its text, by rules of its own. It embeds the *sql.Tx that is wanted.
func TestWithTxRefusesATransactionThatFillsInTheArgumentsItself(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, plain := v.ready(t)
		db := bun.NewDB(plain, bunDialect(v))
		key := newKey()
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		savepoint, err := tx.BeginTx(t.Context(), nil)
		require.NoError(t, err)

		for name, refused := range map[string]sqlstore.DBTX{"Tx": tx, "*Tx": &tx, "savepoint": savepoint} {
			bound := st.WithTx(refused)
			calls := map[string]func() error{
				"Get":      func() error { _, err := bound.Get(t.Context(), key); return err },
				"Append":   func() error { _, err := bound.Append(t.Context(), sent("m", key, store.OptOut, noon)); return err },
				"History":  func() error { _, err := bound.History(t.Context(), store.HistoryQuery{Key: key}); return err },
				"GetBatch": func() error { _, err := store.GetBatch(t.Context(), bound, account, []string{key.Number}); return err },
				"List":     func() error { _, err := store.List(t.Context(), bound, store.ListQuery{Account: account}); return err },
				"Reviews": func() error {
					_, err := store.Reviews(t.Context(), bound, store.ReviewQuery{Account: account})
					return err
				},
				"EventIDs": func() error {
					_, err := store.EventIDs(t.Context(), bound, store.IDsQuery{Account: account})
					return err
				},
				"Gate": func() error {
					d, err := newGuard(t, bound).Gate(t.Context(), account, key.Number)
					require.False(t, d.Allowed)
					return err
				},
			}
			for call, do := range calls {
				require.ErrorContains(t, do(), "tx.Tx", "%s of a bound %s", call, name)
			}
		}
		for name, refused := range map[string]sqlstore.DBTX{"DB": db, "the plain DB": db.DB} {
			_, err := st.WithTx(refused).Append(t.Context(), sent("m", key, store.OptOut, noon))
			require.Error(t, err, name)
		}
		require.NoError(t, savepoint.Commit())

		_, err = st.WithTx(tx.Tx).Append(t.Context(), sent("m", key, store.OptOut, noon))
		require.NoError(t, err, "what the text names")
		require.NoError(t, tx.Commit())
		require.Equal(t, []string{"m"}, ids(t, st, key), "no refused call wrote")
	})
}
