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
func TestEveryDriverCallFailsOnce(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		require.NoError(t, v.on(t, v.open(t, dsn)).Migrate(t.Context()))
		plain := v.on(t, v.open(t, dsn)) // to look with, no faults
		connector := v.connector(t, dsn)
		clean := new(faultPlan)
		playWithFaults(t, v, connector, clean, plain)
		require.Greater(t, len(clean.calls), 10)
		for n, kind := range clean.calls {
			for _, err := range []error{driver.ErrBadConn, deadlock{}, errInjected} {
				for _, after := range []bool{false, true} {
					plan := &faultPlan{fail: n + 1, err: err, after: after}
					name := fmt.Sprintf("call %d, %s: %v, carried out: %t", n+1, kind, err, after)
					if !t.Run(name, func(t *testing.T) { playWithFaults(t, v, connector, plan, plain) }) {
						return
					}
				}
			}
		}
		t.Logf("%d calls, each failed in 6 ways", len(clean.calls))
	})
}

func playWithFaults(t *testing.T, v variant, connector driver.Connector, plan *faultPlan, plain *sqlstore.Store) {
	t.Helper()
	db := sql.OpenDB(faultConnector{connector, plan})
	defer func() { require.NoError(t, db.Close()) }()
	st, err := sqlstore.New(db, v.dialect, nil)
	require.NoError(t, err)
	guard, truth := newGuard(t, st), newGuard(t, plain)
	from := newNumber()
	key := store.Key{Account: account, Number: from}
	want := []string{}
	for i, text := range []string{"STOP", "START", "STOP"} {
		m := optout.Message{ID: fmt.Sprint("SM", i), Account: account, From: from, To: ours, Text: text, At: noon.Add(time.Duration(i) * time.Minute)}
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
