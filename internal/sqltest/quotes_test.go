package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// quoting is an error as drivers make them: it quotes the row that it is about.
type quoting struct{ state string }

func (q quoting) Error() string {
	return "Duplicate entry 'acme-+14155552671-58', text 'please stop', 0x2B3134313535353532363731"
}
func (q quoting) SQLState() string { return q.state }

// TestNoErrorQuotesWhatADriverSays: each call to the driver fails once, in each call of the
// store. errors.As finds the driver's error, and the text has its code.
func TestNoErrorQuotesWhatADriverSays(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		plain := v.on(t, v.open(t, dsn))
		require.NoError(t, plain.Migrate(t.Context()))
		key := newKey()
		appendNow(t, plain, event("text", key, store.Hold, 1))
		appendNow(t, plain, event("taken back", key, store.OptOut, 2))
		inTx := func(f func(ctx context.Context, bound store.Store) error) func(context.Context, *sqlstore.Store) error {
			return func(ctx context.Context, st *sqlstore.Store) error {
				return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return f(ctx, st.WithTx(tx)) })
			}
		}
		calls := map[string]func(context.Context, *sqlstore.Store) error{
			"Get": func(ctx context.Context, st *sqlstore.Store) error { _, err := st.Get(ctx, key); return err },
			"Append": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.Append(ctx, event("text", key, store.Release, 1))
				return err
			},
			"Append of a Retract": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.Append(ctx, event("taken back", key, store.Retract, 2))
				return err
			},
			"GetBatch": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.GetBatch(ctx, account, []string{key.Number})
				return err
			},
			"History": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.History(ctx, store.HistoryQuery{Key: key})
				return err
			},
			"List": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.List(ctx, store.ListQuery{Account: account})
				return err
			},
			"Reviews": func(ctx context.Context, st *sqlstore.Store) error {
				_, err := st.Reviews(ctx, store.ReviewQuery{Account: account})
				return err
			},
			"Audit": func(ctx context.Context, st *sqlstore.Store) error {
				for _, err := range st.Audit(ctx, nil) {
					if err != nil {
						return err
					}
				}
				return nil
			},
			"Check":   func(ctx context.Context, st *sqlstore.Store) error { return st.Check(ctx) },
			"Migrate": func(ctx context.Context, st *sqlstore.Store) error { return st.Migrate(ctx) },
			"Append in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
				_, err := bound.Append(ctx, event("later", key, store.OptOut, 3))
				return err
			}),
			"Get in a transaction": inTx(func(ctx context.Context, bound store.Store) error { _, err := bound.Get(ctx, key); return err }),
		}
		seen := map[string]bool{}
		for name, call := range calls {
			for _, state := range []string{"23505", "40001"} {
				for fail := 1; ; fail++ {
					plan := &faultPlan{fail: fail, err: quoting{state}}
					db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
					st, err := sqlstore.New(db, v.dialect, &sqlstore.Options{MaxRetries: -1})
					require.NoError(t, err)
					err = call(t.Context(), st)
					made := len(plan.calls)
					require.NoError(t, db.Close())
					if err == nil && made < fail {
						break
					}
					if err == nil { // of the tidying, or a rollback
						continue
					}
					for _, secret := range []string{"415", "acme", "please", "3431"} {
						require.NotContains(t, strings.ToLower(err.Error()), secret, name)
					}
					var driverError quoting
					require.ErrorAs(t, err, &driverError, name)
					require.Contains(t, err.Error(), "SQLSTATE "+state, name)
					require.True(t, state == "23505" || errors.Is(err, store.ErrConflict), "%s: %v", name, err)
					seen[err.Error()] = true
				}
			}
		}
		require.Greater(t, len(seen), 20)
		for text := range seen {
			t.Log(text)
		}
	})
}
