package sqltest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

const (
	clusterDatabase = "consent_cluster"
	waits           = "wsrep_sync_wait=1" // a read waits for what other nodes have acknowledged
)

// cluster is a Galera cluster with a store on each node.
type cluster struct {
	*server.Cluster
	dbs    []*sql.DB
	stores []*sqlstore.Store
}

// TestGalera is one test, since a cluster takes a while to start.
func TestGalera(t *testing.T) {
	onlyInStress(t)
	c := &cluster{Cluster: started(t, server.Galera)}
	require.NoError(t, c.CreateDatabase(t.Context(), clusterDatabase, "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"))
	for node := range c.Size() {
		db, st := c.open(t, node, waits)
		c.dbs, c.stores = append(c.dbs, db), append(c.stores, st)
	}
	require.NoError(t, c.stores[0].Migrate(t.Context()))

	t.Run("CheckRefusesConnectionsThatDoNotWait", c.checkRefusesConnectionsThatDoNotWait)
	t.Run("ReadsInATransactionAreUnsupported", c.readsInATransactionAreUnsupported)
	t.Run("NoKeyBreaks/Append", func(t *testing.T) { c.noKeyBreaks(t, throughAppend) })
	t.Run("NoKeyBreaks/InTx", func(t *testing.T) { c.noKeyBreaks(t, throughInTx) })
	t.Run("NoKeyBreaks/AppendBatch", func(t *testing.T) { c.noKeyBreaks(t, throughBatch) })
	t.Run("NoKeyBreaks/AppendBatchInTx", func(t *testing.T) { c.noKeyBreaks(t, throughBatchInTx) })
	t.Run("Suite", c.suite)
	t.Run("IsLinearizable", c.isLinearizable)
	t.Run("ModelAndFaults", c.modelAndFaults)
	t.Run("ChangesMissNothing", c.changesMissNothing)
	t.Run("ABrokenKeyHeals", c.aBrokenKeyHeals)
	t.Run("NoOptOutIsLostWithANode", c.noOptOutIsLostWithANode)
}

// open opens a store on a node.
func (c *cluster) open(t *testing.T, node int, params ...string) (*sql.DB, *sqlstore.Store) {
	t.Helper()
	db, err := sql.Open("mysql", c.DSN(node, clusterDatabase, params...))
	require.NoError(t, err)
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	closeAtEnd(t, db)
	st, err := sqlstore.New(db, sqlstore.MySQL, nil)
	require.NoError(t, err)
	return db, st
}

// nextNode opens each connection on the next node.
type nextNode struct {
	nodes []driver.Connector
	next  *atomic.Int64
}

func (n nextNode) Connect(ctx context.Context) (driver.Conn, error) {
	return n.nodes[int(n.next.Add(1))%len(n.nodes)].Connect(ctx)
}

func (n nextNode) Driver() driver.Driver { return n.nodes[0].Driver() }

// allNodes opens each connection on the next node.
func (c *cluster) allNodes(t *testing.T) nextNode {
	t.Helper()
	all := nextNode{next: new(atomic.Int64)}
	for node := range c.Size() {
		all.nodes = append(all.nodes, named(mainMySQL)[0].connector(t, c.DSN(node, clusterDatabase, waits)))
	}
	return all
}

// modelAndFaults are short, and go over all nodes.
func (c *cluster) modelAndFaults(t *testing.T) {
	db := sql.OpenDB(c.allNodes(t))
	closeAtEnd(t, db)
	st, err := sqlstore.New(db, sqlstore.MySQL, nil)
	require.NoError(t, err)
	modelAndFaults(t, named(mainMySQL)[0], c.allNodes(t), st, db)
}

// suite is that of all stores, with a pool of connections to all nodes. They are new, which
// matters: where a statement was prepared in a transaction, an Append was lost here.
func (c *cluster) suite(t *testing.T) {
	open := func() *sqlstore.Store {
		db := sql.OpenDB(c.allNodes(t))
		db.SetMaxOpenConns(maxConns)
		db.SetMaxIdleConns(maxConns)
		closeAtEnd(t, db)
		st, err := sqlstore.New(db, sqlstore.MySQL, nil)
		require.NoError(t, err)
		return st
	}
	st := open()
	require.NoError(t, st.Check(t.Context()))
	storetest.Run(t, func(testing.TB) store.Store { return st }, &storetest.Options{
		Timeout: patience,
		Reopen:  func(store.Store) (store.Store, error) { return open(), nil },
	})
}

// isLinearizable asks through all nodes. A call that loses too often is an error to a caller,
// so each is run again until it wins.
func (c *cluster) isLinearizable(t *testing.T) {
	for range 5 {
		var stores []store.Store
		_, err := c.dbs[0].ExecContext(t.Context(), "DROP TABLE IF EXISTS linear_version, linear_state, linear_events, linear_holds")
		require.NoError(t, err)
		for _, db := range c.dbs {
			st, err := sqlstore.New(db, sqlstore.MySQL, &sqlstore.Options{TablePrefix: "linear_", MaxRetries: neverGivesUp})
			require.NoError(t, err)
			require.NoError(t, st.Migrate(t.Context()))
			stores = append(stores, st)
		}
		requireLinearizable(t, 60, 6, stores...)
	}
}

// checkRefusesConnectionsThatDoNotWait: without bit 1 of wsrep_sync_wait, and with
// wsrep_dirty_reads, a node answers what it has, and another node may have more.
func (c *cluster) checkRefusesConnectionsThatDoNotWait(t *testing.T) {
	for _, tc := range []struct {
		params  []string
		refused string
	}{
		{[]string{"wsrep_sync_wait=1"}, ""},
		{[]string{"wsrep_sync_wait=3"}, ""},
		{[]string{"wsrep_sync_wait=7"}, ""},
		{nil, "wsrep_sync_wait"},
		{[]string{"wsrep_sync_wait=0"}, "wsrep_sync_wait"},
		{[]string{"wsrep_sync_wait=2"}, "wsrep_sync_wait"},
		{[]string{"wsrep_sync_wait=6"}, "wsrep_sync_wait"},
		{[]string{"wsrep_sync_wait=1", "wsrep_dirty_reads=1"}, "wsrep_dirty_reads"},
	} {
		for node := range c.Size() {
			_, st := c.open(t, node, tc.params...)
			err := st.Check(t.Context())
			if tc.refused == "" {
				require.NoError(t, err, tc.params)
			} else {
				require.ErrorContains(t, err, tc.refused, tc.params)
			}
		}
	}
}

// readsInATransactionAreUnsupported: a node waits for the others at the first statement of
// a transaction only. Appends are found to conflict at the commit.
func (c *cluster) readsInATransactionAreUnsupported(t *testing.T) {
	key := newKey()
	_, err := c.stores[0].Append(t.Context(), sent("in", key, store.OptIn, noon))
	require.NoError(t, err)
	for i, st := range c.stores {
		tx, err := c.dbs[i].BeginTx(t.Context(), nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = tx.Rollback() })
		bound := st.WithTx(tx)
		_, err = bound.Get(t.Context(), key)
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = store.GetBatch(t.Context(), bound, account, []string{key.Number})
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = bound.History(t.Context(), store.HistoryQuery{Key: key})
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = store.List(t.Context(), bound, store.ListQuery{Account: account})
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = store.Reviews(t.Context(), bound, store.ReviewQuery{Account: account})
		require.ErrorIs(t, err, errors.ErrUnsupported)
		d, err := newGuard(t, st).With(bound).Gate(t.Context(), account, key.Number)
		require.ErrorIs(t, err, errors.ErrUnsupported)
		require.False(t, d.Allowed)

		result, err := bound.Append(t.Context(), sent(fmt.Sprint("out ", i), key, store.OptOut, noon.Add(time.Duration(i)*time.Minute)))
		require.NoError(t, err)
		require.Equal(t, store.OptedOut, result.State.Status)
		require.NoError(t, tx.Commit())
	}
	for _, st := range c.stores {
		require.Equal(t, []string{"in", "out 0", "out 1", "out 2"}, ids(t, st, key))
		consistent(t, st, key)
	}
}

// appendFunc is a way to append.
type appendFunc func(ctx context.Context, st *sqlstore.Store, ev store.Event) error

func throughAppend(ctx context.Context, st *sqlstore.Store, ev store.Event) error {
	_, err := st.Append(ctx, ev)
	return err
}

func throughInTx(ctx context.Context, st *sqlstore.Store, ev store.Event) error {
	return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := st.WithTx(tx).Append(ctx, ev)
		return err
	})
}

// withNeighbour returns a batch of an event and one of another key.
func withNeighbour(ev store.Event) []store.Event {
	other := ev
	other.ID += " too"
	last := len(ev.Key.Number) - 1
	other.Key.Number = ev.Key.Number[:last] + string("123450"[ev.Key.Number[last]-'0'])
	return []store.Event{other, ev}
}

func throughBatch(ctx context.Context, st *sqlstore.Store, ev store.Event) error {
	_, err := st.AppendBatch(ctx, withNeighbour(ev))
	return err
}

func throughBatchInTx(ctx context.Context, st *sqlstore.Store, ev store.Event) error {
	return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := store.AppendBatch(ctx, st.WithTx(tx), withNeighbour(ev))
		return err
	})
}

// noKeyBreaks lets all nodes write a few keys at once.
func (c *cluster) noKeyBreaks(t *testing.T, through appendFunc) {
	t.Helper()
	const goroutines, keys = 12, 6
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	own := fmt.Sprintf("hot keys %d", seed)
	key := func(n int) store.Key { return store.Key{Account: own, Number: fmt.Sprint("+1415555200", n)} }
	ctx, cancel := context.WithTimeout(t.Context(), lasting(3*time.Second, 40*time.Second))
	defer cancel()
	acknowledged := make([]map[string]int, goroutines) // key of each id
	var conflicts, others atomic.Int64
	var wg sync.WaitGroup
	for g := range goroutines {
		acknowledged[g] = map[string]int{}
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(g)))
			for n := 0; ctx.Err() == nil; n++ {
				id, at := fmt.Sprintf("%d-%d", g, n), rng.IntN(keys)
				action := []store.Action{store.OptIn, store.OptOut}[rng.IntN(2)]
				ev := sent(id, key(at), action, noon.Add(time.Duration(rng.IntN(500))*time.Second))
				switch err := through(ctx, c.stores[rng.IntN(len(c.stores))], ev); {
				case err == nil:
					acknowledged[g][id] = at
				case errors.Is(err, store.ErrConflict):
					conflicts.Add(1)
				case ctx.Err() == nil && others.Add(1) == 1:
					t.Errorf("neither a conflict nor the context: %v", err)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, others.Load(), "errors that are neither a conflict nor the context")
	require.Empty(t, c.brokenKeys(t, own), "the number of events differs from the last of them")
	var want [keys][]string
	for _, of := range acknowledged {
		for id, at := range of {
			want[at] = append(want[at], id)
		}
	}
	total := 0
	for n := range keys {
		for _, st := range c.stores {
			stored := ids(t, st, key(n))
			require.Subset(t, stored, want[n])
			require.Len(t, uniq(stored), len(stored), "each once")
			consistent(t, st, key(n))
		}
		_, err := c.stores[n%len(c.stores)].Append(t.Context(), sent("last", key(n), store.OptOut, noon.Add(time.Hour)))
		require.NoError(t, err, "the key takes an opt-out")
		total += len(want[n])
	}
	require.NotZero(t, total)
	t.Logf("%d acknowledged, %d conflicts", total, conflicts.Load())
}

func uniq(all []string) map[string]bool {
	set := map[string]bool{}
	for _, one := range all {
		set[one] = true
	}
	return set
}

// brokenKeys returns the numbers of an account whose state's number of events is not that of
// the last event, on any node.
func (c *cluster) brokenKeys(t *testing.T, account string) (broken []string) {
	t.Helper()
	for _, db := range c.dbs {
		broken = append(broken, numbersOf(t, db, "SELECT s.number FROM consent_state s "+
			"JOIN consent_events e ON e.account = s.account AND e.number = s.number "+
			"WHERE s.account = ? GROUP BY s.number, s.events HAVING s.events <> MAX(e.seq) OR s.events <> COUNT(*)", account)...)
	}
	return broken
}

func numbersOf(t *testing.T, db *sql.DB, query string, args ...any) (numbers []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var number string
		require.NoError(t, rows.Scan(&number))
		numbers = append(numbers, number)
	}
	require.NoError(t, rows.Err())
	return numbers
}

// aBrokenKeyHeals plants the row that a lost lock left: its number of events is that of an
// older one, and it was opted in then.
func (c *cluster) aBrokenKeyHeals(t *testing.T) {
	for name, through := range map[string]appendFunc{"Append": throughAppend, "InTx": throughInTx} {
		key := newKey()
		for n, action := range []store.Action{store.OptIn, store.OptOut, store.OptOut} {
			_, err := c.stores[n].Append(t.Context(), sent(fmt.Sprint("m", n), key, action, noon.Add(time.Duration(n)*time.Minute)))
			require.NoError(t, err)
		}
		damage := func(*sql.Tx) error {
			_, err := c.dbs[0].ExecContext(t.Context(),
				"UPDATE consent_state SET events = 1, status = ?, event_id = 'm0' WHERE account = ? AND number = ?",
				int(store.OptedIn), key.Account, key.Number)
			return err
		}
		require.NoError(t, c.stores[2].InTx(t.Context(), func(_ context.Context, tx *sql.Tx) error { return damage(tx) }))
		require.NoError(t, through(t.Context(), c.stores[1], sent("m3", key, store.OptOut, noon.Add(-time.Hour))), name)
		for _, st := range c.stores {
			require.Equal(t, []string{"m0", "m1", "m2", "m3"}, ids(t, st, key), name)
			consistent(t, st, key)
		}
	}
}

// noOptOutIsLostWithANode kills a node and pauses another one, while opt-outs come in and
// are asked for.
func (c *cluster) noOptOutIsLostWithANode(t *testing.T) {
	if !*stressFlag {
		t.Skip("it takes a minute: -stress")
	}
	f := &clusterFaults{account: fmt.Sprint("faults ", rand.Uint64()), hot: map[string][]string{}}
	for node := range c.Size() {
		_, st := c.open(t, node, waits, "readTimeout=5s") // the driver's COMMIT does not end with its context
		f.stores = append(f.stores, st)
	}
	since := 0 // those before have been looked at
	for _, fault := range []struct {
		name string
		do   func() error
		away int // the node that does not answer
	}{
		{"none", func() error { return nil }, none},
		{"kill -9 of node 2", func() error { return c.Kill(2) }, 2},
		{"node 2 joins again", func() error { return c.Rejoin(t.Context(), 2) }, none},
		{"node 1 is paused", func() error { return c.Pause(1) }, 1},
		{"node 1 goes on", func() error { return errors.Join(c.Resume(1), c.Synced(t.Context(), 1)) }, none},
		{"kill -9 of node 0", func() error { return c.Kill(0) }, 0},
		{"node 0 joins again", func() error { return c.Rejoin(t.Context(), 0) }, none},
	} {
		// The fault comes while all write and read, and what it left is looked at when they rest.
		ctx, cancel := context.WithCancel(t.Context())
		rest := f.load(ctx)
		err := fault.do()
		if err == nil {
			f.progress(t, 300)
		}
		cancel()
		rest()
		require.NoError(t, err, fault.name)
		require.Zero(t, f.open.Load(), "%s: gates that were open after the acknowledgement; the first: %v", fault.name, f.firstOpen.Load())
		last := f.count()
		// A node that was late, or is busy with the loss of another one, may refuse an answer.
		present := slices.DeleteFunc([]int{0, 1, 2}, func(node int) bool { return node == fault.away })
		require.NoError(t, c.Settled(t.Context(), present...), fault.name)
		for node, st := range c.stores {
			if node != fault.away {
				f.complete(t, st, since, fmt.Sprintf("%s: node %d", fault.name, node))
			}
		}
		since = last
		t.Logf("%s: %d acknowledged, and %d on hot keys, %d gates, %d errors of writers, %d of gates", fault.name,
			f.count(), f.hotCount(), f.gates.Load(), f.writeErrors.Load(), f.gateErrors.Load())
	}
	for node, st := range c.stores {
		f.complete(t, st, 0, fmt.Sprintf("after all: node %d", node))
		require.Empty(t, audited(t.Context(), t, st, &sqlstore.AuditOptions{Account: f.account}))
	}
}

// none is the node that does not answer, if all do.
const none = -1

// clusterFaults is the load on a cluster whose nodes fail.
type clusterFaults struct {
	stores  []*sqlstore.Store
	account string

	mu           sync.Mutex
	acknowledged []string
	hot          map[string][]string // what was acknowledged on the keys that all nodes write, by their number

	runs, gates, open, gateErrors, writeErrors atomic.Int64
	firstOpen                                  atomic.Value
}

// load starts the writers and readers, and returns what waits for their end.
func (f *clusterFaults) load(ctx context.Context) (rest func()) {
	run := f.runs.Add(1)
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() { f.write(ctx, run, g) })
		wg.Go(func() { f.read(ctx, g) })
	}
	for g, through := range []appendFunc{throughAppend, throughInTx, throughAppend, throughInTx} {
		wg.Go(func() { f.writeHot(ctx, fmt.Sprintf("%d-%d", run, g), g, through) })
	}
	return wg.Wait
}

// complete fails if a node opens a gate, has a state of a hot key that is not what its history
// says, or lacks what was acknowledged: on the hot keys, and of the others from a number on.
func (f *clusterFaults) complete(t *testing.T, st *sqlstore.Store, since int, name string) {
	t.Helper()
	guard := newGuard(t, st)
	missing, open := 0, 0
	for at := 0; at < len(f.acknowledged); at += store.MaxLimit {
		numbers := f.acknowledged[at:min(at+store.MaxLimit, len(f.acknowledged))]
		decisions, err := guard.GateBatch(t.Context(), f.account, numbers)
		require.NoError(t, err, name)
		for i, d := range decisions {
			if d.Allowed {
				open++
			}
			if at+i >= since && !slices.Equal(ids(t, st, store.Key{Account: f.account, Number: numbers[i]}), []string{"out"}) {
				missing++
			}
		}
	}
	require.Zero(t, missing, "%s: acknowledged, and missing", name)
	require.Zero(t, open, "%s: open gates", name)
	for number, acknowledged := range f.hot {
		key := store.Key{Account: f.account, Number: number}
		require.Subset(t, ids(t, st, key), acknowledged, "%s: %v", name, key)
		consistent(t, st, key)
	}
}

func (f *clusterFaults) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.acknowledged)
}

func (f *clusterFaults) hotCount() (count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, acknowledged := range f.hot {
		count += len(acknowledged)
	}
	return count
}

// writeHot writes a few keys that other nodes write too.
func (f *clusterFaults) writeHot(ctx context.Context, name string, node int, through appendFunc) {
	const keys = 4
	rng := rand.New(rand.NewPCG(uint64(node), uint64(f.runs.Load())))
	for n := 0; ctx.Err() == nil; n++ {
		number := fmt.Sprintf("+1415555300%d", rng.IntN(keys))
		id, action := fmt.Sprintf("%s-%d", name, n), []store.Action{store.OptIn, store.OptOut, store.Hold}[rng.IntN(3)]
		call, cancel := context.WithTimeout(ctx, answerWithin)
		at := noon.Add(time.Duration(rng.IntN(500)) * time.Second)
		err := through(call, f.stores[node%len(f.stores)], sent(id, store.Key{Account: f.account, Number: number}, action, at))
		cancel()
		if err != nil {
			f.writeErrors.Add(1)
			node++
			continue
		}
		f.mu.Lock()
		f.hot[number] = append(f.hot[number], id)
		f.mu.Unlock()
	}
}

// progress waits until more opt-outs are acknowledged.
func (f *clusterFaults) progress(t *testing.T, more int) {
	t.Helper()
	until := f.count() + more
	require.Eventually(t, func() bool { return f.count() >= until }, patience, 20*time.Millisecond)
}

// answerWithin is the deadline of each call: a node that is paused never answers.
const answerWithin = 3 * time.Second

// write opts out new numbers, and goes to the next node on an error.
func (f *clusterFaults) write(ctx context.Context, run int64, g int) {
	node := g
	for n := 0; ctx.Err() == nil; n++ {
		number := fmt.Sprintf("+1415556%d%d%06d", run, g, n)
		call, cancel := context.WithTimeout(ctx, answerWithin)
		_, err := f.stores[node%len(f.stores)].Append(call, sent("out", store.Key{Account: f.account, Number: number}, store.OptOut, noon))
		cancel()
		if err != nil {
			f.writeErrors.Add(1)
			node++
			continue
		}
		f.mu.Lock()
		f.acknowledged = append(f.acknowledged, number)
		f.mu.Unlock()
	}
}

// read asks for the numbers that were acknowledged last.
func (f *clusterFaults) read(ctx context.Context, g int) {
	rng := rand.New(rand.NewPCG(uint64(g), 1))
	for ctx.Err() == nil {
		f.mu.Lock()
		last := len(f.acknowledged) - 1
		number := ""
		if last >= 0 {
			number = f.acknowledged[max(0, last-rng.IntN(20))]
		}
		f.mu.Unlock()
		if number == "" {
			time.Sleep(time.Millisecond) // nothing is there to ask for
			continue
		}
		node := rng.IntN(len(f.stores))
		call, cancel := context.WithTimeout(ctx, answerWithin)
		state, err := f.stores[node].Get(call, store.Key{Account: f.account, Number: number})
		cancel()
		switch {
		case err != nil:
			f.gateErrors.Add(1)
		case state.Status != store.OptedOut:
			f.open.Add(1)
			f.firstOpen.CompareAndSwap(nil, fmt.Sprintf("node %d: %+v", node, state))
		}
		f.gates.Add(1)
	}
}
