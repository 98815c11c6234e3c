package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestRoundTripsAtTheWire counts the round trips of calls at the wire, of a connection that knows its
// statements.
func TestRoundTripsAtTheWire(t *testing.T) {
	for name, want := range map[string]map[string]int64{
		mainPostgres: {
			"Get": 1, "GetBatch": 1,
			"first STOP": 3, "first START": 3, "first Consent": 3, "first Ask": 4,
			"STOP after STOP": 5, "START after STOP": 5, "STOP again": 4,
			"first STOP in InTx": 3, "10 first STOPs": 3,
		},
		"postgres-pq-binary": {"Get": 1, "first STOP": 3, "STOP after STOP": 5, "first STOP in InTx": 3},
	} {
		t.Run(name, func(t *testing.T) {
			v := named(name)
			if len(v) == 0 {
				t.Skip("not in this program")
			}
			countedTrips(t, v[0], want)
		})
	}
}

func countedTrips(t *testing.T, v variant, want map[string]int64) {
	t.Helper()
	if v.server(t).Foreign() {
		t.Skip("the address of somebody else's server may be anywhere in its DSN")
	}
	dsn := v.dsn(t)
	_, _ = v.readyAt(t, dsn)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	r := &relay{to: hostPort.FindString(dsn)}
	go r.serve(l)
	db := v.open(t, hostPort.ReplaceAllString(dsn, l.Addr().String()))
	db.SetMaxOpenConns(1)
	st := v.on(t, db)
	calls := tripCalls(st)
	calls["first STOP in InTx"] = func(ctx context.Context, key store.Key) error {
		return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := st.WithTx(tx).Append(ctx, event("1", key, store.OptOut, 0))
			return err
		})
	}
	fewestTrips(t, r, calls, want)
}

// TestRoundTripsOfPgxstore are fewer, since a transaction begins with its first statement.
func TestRoundTripsOfPgxstore(t *testing.T) {
	v := named(nativePostgres)[0]
	if v.server(t).Foreign() {
		t.Skip("the address of somebody else's server may be anywhere in its DSN")
	}
	dsn := v.dsn(t)
	_, _ = v.readyAt(t, dsn)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	r := &relay{to: hostPort.FindString(dsn)}
	go r.serve(l)
	st := newNative(t, hostPort.ReplaceAllString(dsn, l.Addr().String()), func(c *pgxpool.Config) { c.MaxConns = 1 })
	calls := tripCalls(st)
	calls["first STOP in InTx"] = func(ctx context.Context, key store.Key) error {
		return st.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := st.WithTx(tx).Append(ctx, event("1", key, store.OptOut, 0))
			return err
		})
	}
	fewestTrips(t, r, calls, map[string]int64{
		"Get": 1, "GetBatch": 1,
		"first STOP": 2, "first START": 2, "first Consent": 2, "first Ask": 3,
		"STOP after STOP": 4, "START after STOP": 4, "STOP again": 3,
		"first STOP in InTx": 3, "10 first STOPs": 2,
	})
}

// fewestTrips takes the fewest of some tries: a driver may ask whether a connection is alive
// that was idle for a second, and has statements that it does not know at the first try.
func fewestTrips(t *testing.T, r *relay, calls map[string]func(context.Context, store.Key) error, want map[string]int64) {
	t.Helper()
	got := map[string]int64{}
	for name := range want {
		const tries = 6
		for range tries {
			key := newKey()
			for _, before := range befores[name] {
				require.NoError(t, calls[before](t.Context(), key))
			}
			from := r.trips.Load()
			require.NoError(t, calls[name](t.Context(), key), name)
			trips := r.trips.Load() - from
			if least, known := got[name]; !known || trips < least {
				got[name] = trips
			}
		}
	}
	require.Equal(t, want, got)
}

// befores are the calls that make a key what another call wants.
var befores = map[string][]string{
	"STOP after STOP": {"first STOP"}, "START after STOP": {"first STOP"}, "STOP again": {"first STOP"},
}

func tripCalls(st interface {
	store.Store
	store.BatchGetter
	store.BatchAppender
},
) map[string]func(context.Context, store.Key) error {
	appends := func(id string, action store.Action, minutes int) func(context.Context, store.Key) error {
		return func(ctx context.Context, key store.Key) error {
			ev := event(id, key, action, minutes)
			if action == store.Consent || action == store.Ask {
				ev.Source = store.SourceAgent
			}
			_, err := st.Append(ctx, ev)
			return err
		}
	}
	return map[string]func(context.Context, store.Key) error{
		"Get": func(ctx context.Context, key store.Key) error {
			_, err := st.Get(ctx, key)
			return err
		},
		"GetBatch": func(ctx context.Context, key store.Key) error {
			numbers := make([]string, 1_000)
			for i := range numbers {
				numbers[i] = fmt.Sprintf("%s%d", key.Number, i)
			}
			_, err := st.GetBatch(ctx, key.Account, numbers)
			return err
		},
		"first STOP":       appends("1", store.OptOut, 0),
		"first START":      appends("1", store.OptIn, 0),
		"first Consent":    appends("1", store.Consent, 0),
		"first Ask":        appends("1", store.Ask, 0),
		"STOP again":       appends("1", store.OptOut, 0),
		"STOP after STOP":  appends("2", store.OptOut, 1),
		"START after STOP": appends("2", store.OptIn, 1),
		"10 first STOPs": func(ctx context.Context, key store.Key) error {
			events := make([]store.Event, 10)
			for i := range events {
				events[i] = event("1", store.Key{Account: key.Account, Number: key.Number + fmt.Sprint(i)}, store.OptOut, 0)
			}
			_, err := st.AppendBatch(ctx, events)
			return err
		},
	}
}
