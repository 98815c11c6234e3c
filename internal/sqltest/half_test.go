package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// brokenTx is a host's transaction in which one statement fails and leaves the
// rest as it is: its context ended, or a lock was not to be had.
type brokenTx struct {
	*sql.Tx
	fails int // the statement that does, from 1
	said  int
}

var errBroken = errors.New("injected: a statement that failed")

func (b *brokenTx) next() error {
	b.said++
	if b.said == b.fails {
		return errBroken
	}
	return nil
}

func (b *brokenTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := b.next(); err != nil {
		return nil, err
	}
	return b.Tx.ExecContext(ctx, query, args...)
}

func (b *brokenTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := b.next(); err != nil {
		return nil, err
	}
	return b.Tx.QueryContext(ctx, query, args...)
}

// TestAHostThatCommitsAfterAnErrorLosesNoOptOut: it must not, and some will. The
// message is delivered again then, and a nil error must mean that the gate is closed.
func TestAHostThatCommitsAfterAnErrorLosesNoOptOut(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, at := range []time.Time{{}, noon} {
			opposite := map[store.Action]store.Action{store.OptIn: store.OptOut, store.OptOut: store.OptIn}
			for action, before := range opposite {
				for fails, failed := 1, true; failed; fails++ {
					key := newKey()
					appendNow(t, st, event("before", key, before, -1))
					ev := event("half", key, action, 0)
					ev.At = at

					tx, err := db.BeginTx(t.Context(), nil)
					require.NoError(t, err)
					_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), ev)
					failed = err != nil
					require.NoError(t, tx.Commit())
					if failed {
						require.ErrorIs(t, err, errBroken)
						state, err := st.Get(t.Context(), key)
						require.NoError(t, err)
						require.False(t, action == store.OptIn && state.Status == store.OptedIn,
							"statement %d of an opt-in failed, and the gate is open", fails)
					}
					_, err = st.Append(t.Context(), ev)
					require.NoError(t, err, "statement %d of %v failed, and it can never be stored", fails, action)
					if action == store.OptOut {
						state, err := st.Get(t.Context(), key)
						require.NoError(t, err)
						require.Equal(t, store.OptedOut, state.Status, "statement %d failed; delivered again it is acknowledged, and the gate open", fails)
					}
					appendNow(t, st, event("later", key, store.OptOut, 1))
					state, err := st.Get(t.Context(), key)
					require.NoError(t, err)
					require.Equal(t, store.OptedOut, state.Status, "statement %d of %v failed", fails, action)
					require.Contains(t, ids(t, st, key), "later")
				}
			}
		}
	})
}
