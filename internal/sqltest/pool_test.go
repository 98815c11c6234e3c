package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// TestAPoolOfOneConnectionIsEnough: no call waits for a second connection while it
// has the first, and no page holds one while its reader asks for something else.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestAPoolOfOneConnectionIsEnough(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		_, db := v.ready(t)
		db.SetMaxOpenConns(1)
		st := v.on(t, db) // with nothing prepared
		guard := newGuard(t, st)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		own := fmt.Sprint("pool of one, ", time.Now().UnixNano())
		const keys = store.DefaultLimit + 1 // two pages
		for n := range keys {
			_, err := st.Append(ctx, event("m", store.Key{Account: own, Number: fmt.Sprintf("+1415555%04d", n)}, store.OptOut, n))
			require.NoError(t, err)
		}
		seen := 0
		for state, err := range guard.OptedOut(ctx, own) {
			require.NoError(t, err)
			d, err := guard.Gate(ctx, own, state.Key.Number)
			require.NoError(t, err)
			require.False(t, d.Allowed)
			for _, err := range guard.History(ctx, own, state.Key.Number) {
				require.NoError(t, err)
				_, err = st.GetBatch(ctx, own, []string{state.Key.Number})
				require.NoError(t, err)
			}
			seen++
		}
		require.Equal(t, keys, seen)
		require.NoError(t, st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := v.on(t, db).WithTx(tx).Append(ctx, event("in", newKey(), store.OptOut, 1))
			return err
		}))
	})
}

// TestThePlainStoreInInTxFailsOverAPoolOfOne at once, with what to do instead, where it is
// given the context of the transaction; over a larger pool it works.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestThePlainStoreInInTxFailsOverAPoolOfOne(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		key := newKey()
		calls := map[string]func(ctx context.Context) error{
			"Get": func(ctx context.Context) error { _, err := st.Get(ctx, key); return err },
			"Append": func(ctx context.Context) error {
				_, err := st.Append(ctx, event("m", key, store.OptOut, 1))
				return err
			},
			"GetBatch": func(ctx context.Context) error {
				_, err := st.GetBatch(ctx, account, []string{key.Number})
				return err
			},
			"History": func(ctx context.Context) error { _, err := st.History(ctx, store.HistoryQuery{Key: key}); return err },
			"List":    func(ctx context.Context) error { _, err := st.List(ctx, store.ListQuery{Account: account}); return err },
			"Reviews": func(ctx context.Context) error {
				_, err := st.Reviews(ctx, store.ReviewQuery{Account: account})
				return err
			},
			"EventIDs": func(ctx context.Context) error {
				_, err := st.EventIDs(ctx, store.IDsQuery{Account: account})
				return err
			},
			"Check":   st.Check,
			"Migrate": st.Migrate,
			"InTx": func(ctx context.Context) error {
				return st.InTx(ctx, func(context.Context, *sql.Tx) error { return nil })
			},
			"Audit": func(ctx context.Context) error {
				for _, err := range st.Audit(ctx, nil) {
					return err
				}
				return nil
			},
			"of another Store of the pool": func(ctx context.Context) error { _, err := v.on(t, db).Get(ctx, key); return err },
		}
		db.SetMaxOpenConns(1)
		for name, call := range calls {
			require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, _ *sql.Tx) error {
				require.ErrorContains(t, call(ctx), "guard.With(st.WithTx(tx))", name)
				return nil
			}))
		}
		db.SetMaxOpenConns(2)
		require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, _ *sql.Tx) error { return calls["Get"](ctx) }))
		require.Empty(t, ids(t, st, key))
	})
}

// TestRoundTrips counts the statements of calls, beside those that begin and end a
// transaction.
func TestRoundTrips(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		db := v.open(t, dsn)
		require.NoError(t, v.on(t, db).Migrate(t.Context()))
		rec := &recorder{inner: db.Driver(), dsn: dsn}
		heard := sql.OpenDB(rec)
		defer heard.Close()
		st := v.on(t, heard)
		said := func(f func() error) int {
			return len(rec.during(func() { require.NoError(t, f()) }))
		}
		key := newKey()
		require.Equal(t, 1, said(func() error {
			_, err := st.Get(t.Context(), key)
			return err
		}), "Get")
		for count, chunks := range map[int]int{0: 0, 1: 1, 1_000: 1, 1_001: 2, 2_500: 3} {
			asked := make([]string, count)
			for i := range asked {
				asked[i] = fmt.Sprintf("+%08d", i)
			}
			require.Equal(t, chunks, said(func() error {
				_, err := st.GetBatch(t.Context(), account, asked)
				return err
			}), "GetBatch of %d", count)
		}
		lock := 1
		if v.name == mainMySQL { // which has no RETURNING
			lock = 2
		}
		for _, c := range []struct {
			what  string
			ev    store.Event
			want  int
			joint int // how many fewer where one statement writes the event and the state
		}{
			// What a lock, a look for the id, an event and the state cost; a held text also its hold.
			{"a first opt-out", event("1", key, store.OptOut, 1), lock + 2, 2},
			{"a second", event("2", key, store.OptOut, 2), lock + 3, 1},
			{"a duplicate", event("2", key, store.OptOut, 2), lock + 1, 0},
			{"one that is older", event("3", key, store.OptOut, 0), lock + 3, 1},
			{"an opt-in", event("4", key, store.OptIn, 4), lock + 4, 2},
			{"a held text", event("5", key, store.Hold, 5), lock + 4, 0},
			{"another", event("6", key, store.Hold, 6), lock + 4, 0},
			{"the release of one", event("6", key, store.Release, 6), lock + 7, 0},
		} {
			if v.dialect == sqlstore.PostgreSQL {
				c.want -= c.joint
			}
			require.Equal(t, c.want, said(func() error {
				_, err := st.Append(t.Context(), c.ev)
				return err
			}), c.what)
		}
	})
}
