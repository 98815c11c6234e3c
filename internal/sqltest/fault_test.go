package sqltest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// deadlock is what a database says of a transaction that lost.
type deadlock struct{}

func (deadlock) Error() string    { return "injected: deadlock" }
func (deadlock) SQLState() string { return "40P01" }

var errInjected = errors.New("injected: something else")

// connector returns what opens connections of the variant, to be wrapped.
func (v variant) connector(t *testing.T, dsn string) driver.Connector {
	t.Helper()
	db, err := sql.Open(v.driver, dsn)
	require.NoError(t, err)
	d := db.Driver()
	require.NoError(t, db.Close())
	if c, ok := d.(driver.DriverContext); ok {
		connector, err := c.OpenConnector(dsn)
		require.NoError(t, err)
		return connector
	}
	return dsnConnector{dsn, d}
}

type dsnConnector struct {
	dsn string
	d   driver.Driver
}

func (c dsnConnector) Connect(context.Context) (driver.Conn, error) { return c.d.Open(c.dsn) }
func (c dsnConnector) Driver() driver.Driver                        { return c.d }

// TestEveryDriverCallFailsOnce fails each call to the driver in turn: with a
// connection that died, a deadlock, another error; before it is carried out, and
// with the reply lost. The host delivers a message that ended in an error again.
//
// Then an opt-out without an error is there, none is half there, none is there
// twice, the gate is right, and the contact got the answer.
func TestEveryDriverCallFailsOnce(t *testing.T) { failEach(t, playWithFaults) }

// TestEveryDriverCallOfATransactionFailsOnce: the host's row and the opt-out are both
// there, or neither.
func TestEveryDriverCallOfATransactionFailsOnce(t *testing.T) { failEach(t, playInTxWithFaults) }

// script makes calls to a store whose driver fails; plain is the same one without faults,
// to look with.
type script func(t *testing.T, v variant, faulty *sql.DB, plain *sqlstore.Store, look *sql.DB)

func failEach(t *testing.T, f script) {
	t.Helper()
	eachLongVersion(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		look := v.open(t, dsn)
		plain := v.on(t, look)
		require.NoError(t, plain.Migrate(t.Context()))
		must(t, look, hostTable)
		failCalls(t, f, v, v.connector(t, dsn), plain, look, *stressFlag)
	})
}

// failCalls plays a script once for each call to the driver that it makes, which fails: with
// each of the errors, or with one of them.
func failCalls(t *testing.T, f script, v variant, connector driver.Connector, plain *sqlstore.Store, look *sql.DB, eachError bool) {
	t.Helper()
	with := func(t *testing.T, plan *faultPlan) {
		t.Helper()
		db := sql.OpenDB(faultConnector{connector, plan})
		defer func() { _ = db.Close() }() // a driver cannot take leave where a call has failed
		f(t, v, db, plain, look)
	}
	clean := new(faultPlan)
	with(t, clean)
	require.Greater(t, len(clean.calls), 6)
	for n, kind := range clean.calls {
		errs := []error{driver.ErrBadConn, deadlock{}, errInjected}
		if !eachError {
			errs = errs[n%len(errs):][:1]
		}
		for _, err := range errs {
			for _, after := range []bool{false, true} {
				plan := &faultPlan{fail: n + 1, err: err, after: after}
				name := fmt.Sprintf("call %d, %s: %v, carried out: %t", n+1, kind, err, after)
				if !t.Run(name, func(t *testing.T) { with(t, plan) }) {
					return
				}
			}
		}
	}
	t.Logf("%d calls", len(clean.calls))
}

func playWithFaults(t *testing.T, v variant, db *sql.DB, plain *sqlstore.Store, _ *sql.DB) {
	t.Helper()
	st, err := sqlstore.New(db, v.dialect, nil)
	require.NoError(t, err)
	guard, truth := newGuard(t, st), newGuard(t, plain)
	from := newNumber()
	key := store.Key{Account: account, Number: from}
	want := []string{}
	for i, text := range []string{"STOP", "START", "STOP"} {
		m := optout.Message{
			ID: fmt.Sprint("SM", i), Account: account, From: from, To: ours, Text: text,
			At: noon.Add(time.Duration(i) * time.Minute),
		}
		out, err := guard.Receive(t.Context(), m)
		if err != nil {
			require.Empty(t, out.Reply)
			out, err = guard.Receive(t.Context(), m) // delivered again
		}
		require.NoError(t, err)
		require.NotEmpty(t, out.Reply, "%s is answered, the first time or again", text)
		want = append(want, m.ID)
		require.Equal(t, want, ids(t, plain, key), "each once")
		consistent(t, plain, key)

		stopped := text == "STOP"
		d, err := truth.Gate(t.Context(), account, from)
		require.NoError(t, err)
		require.Equal(t, !stopped, d.Allowed)
		if d, err = guard.Gate(t.Context(), account, from); err != nil {
			require.False(t, d.Allowed)
		} else {
			require.Equal(t, !stopped, d.Allowed)
		}
	}
	states, err := st.GetBatch(t.Context(), account, []string{from, "+1"})
	if err == nil {
		require.Equal(t, store.OptedOut, states[0].Status)
		require.Equal(t, store.Unknown, states[1].Status)
	}
	page, err := st.List(t.Context(), store.ListQuery{Account: account, Limit: store.MaxLimit})
	if err == nil {
		full, err := plain.List(t.Context(), store.ListQuery{Account: account, Limit: store.MaxLimit})
		require.NoError(t, err)
		require.Equal(t, full, page, "a list that ends early is an error")
	}
}

func playInTxWithFaults(t *testing.T, v variant, db *sql.DB, plain *sqlstore.Store, look *sql.DB) {
	t.Helper()
	st, err := sqlstore.New(db, v.dialect, nil)
	require.NoError(t, err)
	guard := newGuard(t, st)
	key := newKey()
	row := int(numbers.Load())
	receive := func() (out optout.Outcome, err error) {
		err = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) (err error) {
			out = optout.Outcome{}
			for _, statement := range []string{"DELETE FROM host_messages WHERE id = %d", "INSERT INTO host_messages VALUES (%d)"} {
				if _, err := tx.ExecContext(ctx, fmt.Sprintf(statement, row)); err != nil {
					return err
				}
			}
			out, err = guard.With(st.WithTx(tx)).Receive(ctx, stop("SM", key.Number))
			return err
		})
		return out, err
	}
	out, err := receive()
	both := func() {
		rows := one(t, look, fmt.Sprint("SELECT COUNT(*) FROM host_messages WHERE id = ", row))
		require.Len(t, ids(t, plain, key), rows, "the row and the opt-out, or neither")
		consistent(t, plain, key)
	}
	both()
	if err != nil {
		out, err = receive() // delivered again
	}
	require.NoError(t, err)
	require.NotEmpty(t, out.Reply)
	require.Equal(t, []string{"SM"}, ids(t, plain, key))
	both()
	state, err := plain.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, store.OptedOut, state.Status)
}
