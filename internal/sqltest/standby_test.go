package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// failover is a driver that appends until the primary dies.
type failover struct {
	driver string
	inTx   bool
	db     *sql.DB
	st     *sqlstore.Store

	mu           sync.Mutex
	acknowledged []store.Key
	hot          map[store.Key][]string // what was acknowledged on keys that all write
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
		f.hot = map[store.Key][]string{}
		f.db, f.st = f.open(t, pair.Primary.DSN(name))
		require.NoError(t, f.st.Migrate(t.Context()))
	}

	// While the standby follows, all is acknowledged.
	t.Run("Suite", func(t *testing.T) {
		storetest.Run(t, func(testing.TB) store.Store { return all[0].st }, &storetest.Options{
			Brief: true, Timeout: patience, Late: patience, // a commit is two disks' work here
		})
	})
	v := named(mainPostgres)[0]
	db, st := v.open(t, pair.Primary.DSN(name)), v.on(t, v.open(t, pair.Primary.DSN(name)))
	require.NoError(t, st.Migrate(t.Context()))
	t.Run("IsLinearizable", func(t *testing.T) { requireLinearizable(t, 60, 6, st, v.on(t, db)) })
	t.Run("ModelAndFaults", func(t *testing.T) { modelAndFaults(t, v, v.connector(t, pair.Primary.DSN(name)), st, db) })
	appendAll(t, all, 500*time.Millisecond, time.Minute)
	before := make([]int, len(all))
	for i, f := range all {
		f.acknowledges(t)
		before[i] = len(f.acknowledged)
	}
	for _, f := range all {
		_, st := f.open(t, pair.Standby.DSN(name))
		refusesStandby(t, st, "pg_is_in_recovery")
		require.NoError(t, f.st.Check(t.Context()), "the primary")
	}

	// Without the standby nothing is acknowledged, and with it again all is.
	require.NoError(t, pair.Standby.Kill())
	appendAll(t, all, 1500*time.Millisecond, 400*time.Millisecond)
	for i, f := range all {
		require.Len(t, f.acknowledged, before[i], f)
		f.asAcknowledged(t, f.st, "without the standby")
	}
	require.NoError(t, pair.Standby.Restart(t.Context()))
	require.NoError(t, pair.StartReceiver(t.Context()))
	appendAll(t, all, 500*time.Millisecond, time.Minute)
	for i, f := range all {
		f.acknowledges(t)
		before[i] = len(f.acknowledged)
		f.asAcknowledged(t, f.st, "with the standby again")
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
		f.asAcknowledged(t, st, "after the promotion")
		_, err := st.Append(t.Context(), sent("out", newKey(), store.OptOut, noon))
		require.NoError(t, err, "the new primary takes opt-outs")
		require.NoError(t, st.Check(t.Context()))
	}
	require.Zero(t, lost, "acknowledged, and lost")
}

// refusesStandby fails if Check does not refuse a standby, or does not say why.
func refusesStandby(t *testing.T, st *sqlstore.Store, sign string) {
	t.Helper()
	err := st.Check(t.Context())
	require.ErrorContains(t, err, sign)
	require.ErrorContains(t, err, "Options.ReadsStandby")
}

// TestCheckRefusesAReplica of MariaDB, while it follows.
func TestCheckRefusesAReplica(t *testing.T) {
	onlyInStress(t)
	pair := started(t, server.MariaReplica)
	const name = "consent_replica"
	require.NoError(t, pair.Primary.CreateDatabase(t.Context(), name, ""))
	open := func(s *server.Server, opts *sqlstore.Options) *sqlstore.Store {
		db, err := sql.Open("mysql", s.DSN(name))
		require.NoError(t, err)
		closeAtEnd(t, db)
		st, err := sqlstore.New(db, sqlstore.MySQL, opts)
		require.NoError(t, err)
		return st
	}
	primary, replica := open(pair.Primary, nil), open(pair.Replica, nil)
	require.NoError(t, primary.Migrate(t.Context()))
	require.NoError(t, primary.Check(t.Context()))
	require.Eventually(t, func() bool { // the tables have arrived
		return open(pair.Replica, &sqlstore.Options{ReadsStandby: true}).Check(t.Context()) == nil
	}, patience, 50*time.Millisecond)
	refusesStandby(t, replica, "slave")
	require.NoError(t, pair.Leave(t.Context()))
	require.NoError(t, replica.Check(t.Context()), "a server of its own")
	require.NoError(t, pair.Follow(t.Context()))
	refusesStandby(t, replica, "slave")
}

// TestCheckRefusesAReadOnlyServer, as a replica of MySQL is.
func TestCheckRefusesAReadOnlyServer(t *testing.T) {
	v := named(mainMySQL)[0]
	if v.server(t).Foreign() {
		t.Skip("it would change a server that somebody else runs")
	}
	st, db := v.ready(t)
	readOnly := func(on int) {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), fmt.Sprint("SET GLOBAL read_only = ", on))
		require.NoError(t, err)
	}
	readOnly(1)
	t.Cleanup(func() { readOnly(0) })
	refusesStandby(t, st, "read_only ON")
	trusting, err := sqlstore.New(db, sqlstore.MySQL, &sqlstore.Options{ReadsStandby: true})
	require.NoError(t, err)
	require.NoError(t, trusting.Check(t.Context()))
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

// asAcknowledged fails if a gate is open, or a state is not what its history says, or a hot key
// lacks what was acknowledged.
func (f *failover) asAcknowledged(t *testing.T, st store.Store, when string) {
	t.Helper()
	guard := newGuard(t, st)
	for _, key := range f.acknowledged {
		d, err := guard.Gate(t.Context(), key.Account, key.Number)
		require.NoError(t, err)
		require.False(t, d.Allowed, "%v, %s: %v", f, when, key)
		consistent(t, st, key)
	}
	require.NotEmpty(t, f.hot)
	for key, acknowledged := range f.hot {
		require.Subset(t, ids(t, st, key), acknowledged, "%v, %s: %v", f, when, key)
		consistent(t, st, key)
	}
}

func (f *failover) open(t *testing.T, dsn string) (*sql.DB, *sqlstore.Store) {
	t.Helper()
	db, err := sql.Open(f.driver, dsn)
	require.NoError(t, err)
	closeAtEnd(t, db)
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
					f.change(t.Context(), deadline)
				}
			})
		}
	}
	wg.Wait()
}

// acknowledges appends until one more opt-out is acknowledged, and one event of a hot key.
func (f *failover) acknowledges(t *testing.T) {
	t.Helper()
	before, hot := len(f.acknowledged), 0
	for begin := time.Now(); len(f.acknowledged) == before || hot == 0; {
		require.Less(t, time.Since(begin), patience, "%v: nothing is acknowledged", f)
		f.optOut(t.Context(), time.Minute)
		f.change(t.Context(), time.Minute)
		hot = len(f.hot)
	}
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

// change opts one of a few keys in or out, which others do at the same time.
func (f *failover) change(ctx context.Context, deadline time.Duration) {
	const keys = 3
	key := store.Key{Account: "hot", Number: fmt.Sprint("+1415555400", rand.IntN(keys))}
	at := noon.Add(time.Duration(rand.IntN(500)) * time.Second)
	ev := sent(fmt.Sprint(rand.Uint64()), key, []store.Action{store.OptIn, store.OptOut}[rand.IntN(2)], at)
	if f.append(ctx, deadline, ev) == nil {
		f.mu.Lock()
		f.hot[key] = append(f.hot[key], ev.ID)
		f.mu.Unlock()
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
