package orms_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// library is what an app writes with one.
type library struct {
	// inTx runs fn in a transaction that the library begins, and commits it if fn returns nil.
	inTx func(ctx context.Context, fn func(handle) error) error
	// over is the library in a transaction of Store.InTx.
	over func(tx *sql.Tx) (handle, error)
	// pools begin transactions: WithTx must refuse them.
	pools map[string]sqlstore.DBTX
}

// handle is a transaction.
type handle struct {
	tx     sqlstore.DBTX // for WithTx
	insert func(ctx context.Context, m optout.Message) error
	// nested runs fn in a savepoint, and rolls back to it if fn returns an error.
	nested func(ctx context.Context, fn func(handle) error) error
	// wrong rewrite queries, or begin transactions: WithTx must refuse them.
	wrong map[string]sqlstore.DBTX
}

var (
	messages atomic.Int64
	errApp   = errors.New("the app fails")
)

// newStop is a STOP of a contact that no test has used.
func newStop() optout.Message {
	n := messages.Add(1)
	return optout.Message{
		ID: fmt.Sprint("SM", n), Account: account, From: fmt.Sprintf("+1%d5550%03d", 201+n/100, 100+n%100), To: "+18885550100", Text: "STOP",
		At: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC),
	}
}

// prove plays what an app relies on.
func (l library) prove(t *testing.T, a *app) {
	t.Helper()
	// receive writes the app's row and the STOP.
	receive := func(ctx context.Context, h handle, m optout.Message) error {
		if err := h.insert(ctx, m); err != nil {
			return err
		}
		bound := a.guard.With(a.st.WithTx(h.tx))
		out, err := bound.Receive(ctx, m)
		if err != nil {
			return err
		}
		require.True(t, out.Changed)
		d, err := bound.Gate(ctx, m.Account, m.From)
		require.NoError(t, err)
		require.False(t, d.Allowed, "the transaction reads its own STOP")
		require.Equal(t, optout.ReasonOptedOut, d.Reason)
		return nil
	}
	// there fails unless the row and the STOP are both there, or neither.
	there := func(t *testing.T, m optout.Message, want bool) {
		t.Helper()
		d, err := a.guard.Gate(t.Context(), m.Account, m.From)
		require.NoError(t, err)
		require.Equal(t, want, !d.Allowed, "the gate of %s is closed", m.ID)
		require.Equal(t, want, a.rows(t, m.ID) == 1, "the app's row of %s", m.ID)
	}
	inStoreTx := func(ctx context.Context, fn func(handle) error) error {
		return a.st.InTx(ctx, func(_ context.Context, tx *sql.Tx) error {
			h, err := l.over(tx)
			if err != nil {
				return err
			}
			return fn(h)
		})
	}
	for name, inTx := range map[string]func(context.Context, func(handle) error) error{"WithTx": l.inTx, "InTx": inStoreTx} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			m, lost, inner, kept := newStop(), newStop(), newStop(), newStop()
			there(t, m, false)
			require.NoError(t, inTx(ctx, func(h handle) error {
				err := receive(ctx, h, m)
				there(t, m, false) // nobody else sees it before the commit
				return err
			}))
			there(t, m, true)

			require.ErrorIs(t, inTx(ctx, func(h handle) error {
				require.NoError(t, receive(ctx, h, lost))
				return errApp
			}), errApp)
			there(t, lost, false)

			// A savepoint that is rolled back, then one that is not, in one transaction.
			outer := newStop()
			require.NoError(t, inTx(ctx, func(h handle) error {
				require.NoError(t, receive(ctx, h, outer))
				require.ErrorIs(t, h.nested(ctx, func(h handle) error {
					require.NoError(t, receive(ctx, h, inner))
					return errApp
				}), errApp)
				return h.nested(ctx, func(h handle) error { return receive(ctx, h, kept) })
			}))
			there(t, outer, true)
			there(t, inner, false)
			there(t, kept, true)

			// What was rolled back is delivered again.
			require.NoError(t, inTx(ctx, func(h handle) error { return receive(ctx, h, inner) }))
			there(t, inner, true)
		})
	}
	t.Run("Refused", func(t *testing.T) {
		ctx := t.Context()
		m := newStop()
		key := store.Key{Account: m.Account, Number: m.From}
		refuses := func(name string, tx sqlstore.DBTX) {
			st := a.st.WithTx(tx)
			d, err := a.guard.With(st).Gate(ctx, m.Account, m.From)
			require.ErrorContains(t, err, "WithTx", name)
			require.False(t, d.Allowed, "the gate of %s is open", name)
			for call, do := range map[string]func() error{
				"Receive":  func() error { _, err := a.guard.With(st).Receive(ctx, m); return err },
				"Get":      func() error { _, err := st.Get(ctx, key); return err },
				"History":  func() error { _, err := st.History(ctx, store.HistoryQuery{Key: key}); return err },
				"GetBatch": func() error { _, err := store.GetBatch(ctx, st, account, []string{key.Number}); return err },
				"List":     func() error { _, err := store.List(ctx, st, store.ListQuery{Account: account}); return err },
				"Reviews":  func() error { _, err := store.Reviews(ctx, st, store.ReviewQuery{Account: account}); return err },
				"EventIDs": func() error { _, err := store.EventIDs(ctx, st, store.IDsQuery{Account: account}); return err },
			} {
				require.ErrorContains(t, do(), "WithTx", "%s of %s, which is a %T", call, name, tx)
			}
		}
		require.NotEmpty(t, l.pools)
		for name, pool := range l.pools {
			refuses(name, pool)
		}
		require.NoError(t, l.inTx(ctx, func(h handle) error {
			for name, tx := range h.wrong {
				refuses(name, tx)
			}
			return nil
		}))
		there(t, m, false) // nothing was written
	})
}

// savepoint is how an app nests with a library that cannot.
func savepoint(ctx context.Context, h handle, fn func(handle) error) error {
	if _, err := h.tx.ExecContext(ctx, "SAVEPOINT inner_tx"); err != nil {
		return err
	}
	if err := fn(h); err != nil {
		_, backErr := h.tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT inner_tx")
		return errors.Join(err, backErr)
	}
	_, err := h.tx.ExecContext(ctx, "RELEASE SAVEPOINT inner_tx")
	return err
}

// withSavepoints returns the handle with savepoints made by hand.
func (h handle) withSavepoints() handle {
	h.nested = func(ctx context.Context, fn func(handle) error) error { return savepoint(ctx, h, fn) }
	return h
}
