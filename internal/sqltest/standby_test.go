package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// failover is a driver that appends until the primary dies.
type failover struct {
	driver string
	inTx   bool
	db     *sql.DB
	st     *sqlstore.Store

	mu           sync.Mutex
	acknowledged []store.Key
}

func (f *failover) String() string {
	return fmt.Sprintf("%s, in a transaction of the host: %t", f.driver, f.inTx)
}

func (f *failover) prefix() string { return fmt.Sprintf("%s_%t_", f.driver, f.inTx) }

// TestAnAcknowledgedOptOutSurvivesAFailover stops what the standby receives. A commit of the
// primary then waits for the standby, until the caller's deadline. The primary dies, and the
// standby takes its place: it has each opt-out that was acknowledged.
func TestAnAcknowledgedOptOutSurvivesAFailover(t *testing.T) {
	onlyInStress(t)
	pair := started(t, server.PostgresPair)
	const name = "consent_failover"
	require.NoError(t, pair.Primary.CreateDatabase(t.Context(), name, ""))
	all := []*failover{{driver: "pgx"}, {driver: "pgx", inTx: true}, {driver: "postgres"}, {driver: "postgres", inTx: true}}
	for _, f := range all {
		f.db, f.st = f.open(t, pair.Primary.DSN(name))
		require.NoError(t, f.st.Migrate(t.Context()))
	}

	// While the standby follows, all is acknowledged.
	appendAll(t, all, 500*time.Millisecond, time.Minute)
	before := make([]int, len(all))
	for i, f := range all {
		before[i] = len(f.acknowledged)
		require.NotZero(t, before[i], f)
	}
	require.NoError(t, pair.StopReceiver(t.Context()))
	appendAll(t, all, lasting(1500*time.Millisecond, 20*time.Second), 400*time.Millisecond)
	require.NoError(t, pair.Primary.Kill())
	for _, f := range all {
		_, err := f.st.Get(t.Context(), newKey())
		require.Error(t, err, "the gate is closed without a server")
	}
	require.NoError(t, pair.Promote(t.Context()))

	lost := 0
	for i, f := range all {
		_, st := f.open(t, pair.Standby.DSN(name))
		missing := f.missing(t, st)
		t.Logf("%v: %d acknowledged, %d of them while the receiver was stopped, %d lost",
			f, len(f.acknowledged), len(f.acknowledged)-before[i], missing)
		lost += missing
		_, err := st.Append(t.Context(), sent("out", newKey(), store.OptOut, noon))
		require.NoError(t, err, "the new primary takes opt-outs")
	}
	require.Zero(t, lost, "acknowledged, and lost")
}

// missing counts the acknowledged opt-outs that a store does not have, or that are not in
// force there.
func (f *failover) missing(t *testing.T, st store.Store) (missing int) {
	t.Helper()
	for _, key := range f.acknowledged {
		state, err := st.Get(t.Context(), key)
		require.NoError(t, err)
		if state.Status != store.OptedOut || !slices.Equal(ids(t, st, key), []string{"out"}) {
			missing++
		}
	}
	return missing
}

func (f *failover) open(t *testing.T, dsn string) (*sql.DB, *sqlstore.Store) {
	t.Helper()
	db, err := sql.Open(f.driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.SetMaxIdleConns(maxConns)
	st, err := sqlstore.New(db, sqlstore.PostgreSQL, &sqlstore.Options{TablePrefix: f.prefix()})
	require.NoError(t, err)
	return db, st
}

// appendAll appends for a while with each driver, each call with a deadline.
func appendAll(t *testing.T, all []*failover, while, deadline time.Duration) {
	t.Helper()
	begin := time.Now()
	var wg sync.WaitGroup
	for _, f := range all {
		for range 3 {
			wg.Go(func() {
				for time.Since(begin) < while {
					f.optOut(t.Context(), deadline)
				}
			})
		}
	}
	wg.Wait()
}

// optOut appends as a host does whose provider delivers again: a new opt-out, and after an
// error the same once more.
func (f *failover) optOut(ctx context.Context, deadline time.Duration) {
	key := newKey()
	for range 2 {
		if f.append(ctx, deadline, sent("out", key, store.OptOut, noon)) == nil {
			f.mu.Lock()
			f.acknowledged = append(f.acknowledged, key)
			f.mu.Unlock()
			return
		}
	}
}

func (f *failover) append(ctx context.Context, deadline time.Duration, ev store.Event) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if !f.inTx {
		_, err := f.st.Append(ctx, ev)
		return err
	}
	return f.st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := f.st.WithTx(tx).Append(ctx, ev)
		return err
	})
}
