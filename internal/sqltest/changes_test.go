package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// oneRowLocks let two open transactions append to numbers that are neighbours.
var oneRowLocks = &sql.TxOptions{Isolation: sql.LevelReadCommitted}

// newAccount returns one that no test has used, for what reads all of it.
func newAccount() string { return "changes " + newNumber() }

// follower reads the changes of an account, as a job does that keeps its cursor.
type follower struct {
	st    store.Store
	query store.ChangesQuery
	seen  []string // ids
}

func follow(st store.Store, account string) *follower {
	return &follower{st: st, query: store.ChangesQuery{Account: account}}
}

// read reads to the end, and returns the ids of what is new since the last time.
func (f *follower) read(tb testing.TB) []string {
	tb.Helper()
	before := len(f.seen)
	for {
		page, err := store.Changes(tb.Context(), f.st, f.query)
		require.NoError(tb, err)
		if page.Next == "" {
			return f.seen[before:]
		}
		for _, r := range page.Records {
			f.seen = append(f.seen, r.ID)
		}
		f.query.After = page.Next
	}
}

// readsLater is read, for what PostgreSQL holds back while anybody else writes.
func (f *follower) readsLater(tb testing.TB, want ...string) {
	tb.Helper()
	var got []string
	for start := time.Now(); len(got) < len(want) && time.Since(start) < patience; {
		got = append(got, f.read(tb)...)
	}
	require.Equal(tb, want, got)
}

// naiveTail reads the rows after the last place that it has seen.
type naiveTail struct {
	v       variant
	db      *sql.DB
	account string
	last    int64
}

func (n *naiveTail) read(tb testing.TB) (ids []string) {
	tb.Helper()
	rows, err := n.db.QueryContext(tb.Context(), fmt.Sprintf(
		"SELECT event_id, place FROM %s WHERE account = '%s' AND place > %d ORDER BY place", n.v.table("events"), n.account, n.last))
	require.NoError(tb, err)
	defer rows.Close()
	for rows.Next() {
		var id string
		require.NoError(tb, rows.Scan(&id, &n.last))
		ids = append(ids, id)
	}
	require.NoError(tb, rows.Err())
	return ids
}

// TestANaiveTailLosesWhatIsCommittedLate, and Changes does not: the first of two events is
// committed after the second one was read.
func TestANaiveTailLosesWhatIsCommittedLate(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		account := newAccount()
		late, next := store.Key{Account: account, Number: newNumber()}, store.Key{Account: account, Number: newNumber()}
		naive, changes := &naiveTail{v: v, db: db, account: account}, follow(st, account)

		tx, err := db.BeginTx(t.Context(), oneRowLocks)
		require.NoError(t, err)
		appendNow(t, st.WithTx(tx), event("late", late, store.OptOut, 1))
		if v.dialect == sqlstore.SQLite { // one writer at a time: nothing is committed late
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_, err := st.Append(ctx, event("next", next, store.OptOut, 1))
			require.Error(t, err)
			require.Empty(t, naive.read(t))
			require.Empty(t, changes.read(t))
			require.NoError(t, tx.Commit())
			appendNow(t, st, event("next", next, store.OptOut, 1))
			require.Equal(t, []string{"late", "next"}, naive.read(t))
			require.Equal(t, []string{"late", "next"}, changes.read(t))
			return
		}
		appendNow(t, st, event("next", next, store.OptOut, 1))
		require.Equal(t, []string{"next"}, naive.read(t))
		early := changes.read(t)
		require.NoError(t, tx.Commit())
		require.Empty(t, naive.read(t), "the naive tail has lost an opt-out")

		if v.dialect == sqlstore.PostgreSQL {
			require.Empty(t, early, "held back until the transaction has ended")
			changes.readsLater(t, "late", "next")
		} else {
			require.Equal(t, []string{"next"}, early, "listed at once")
			require.Equal(t, []string{"late", "next"}, changes.read(t), "and again, after what belongs before it")
		}
		require.Empty(t, changes.read(t))
	})
}

// TestChangesMissWhatTakesLongerThanTheLongestTransaction: the limit that the option has.
func TestChangesMissWhatTakesLongerThanTheLongestTransaction(t *testing.T) {
	for _, v := range named(mainMySQL) {
		for _, longest := range []time.Duration{time.Nanosecond, 0, time.Hour} {
			t.Run(fmt.Sprint(v.name, " ", longest), func(t *testing.T) {
				v.opts.LongestTransaction = longest
				st, db := v.ready(t)
				account := newAccount()
				changes := follow(st, account)
				tx, err := db.BeginTx(t.Context(), oneRowLocks)
				require.NoError(t, err)
				appendNow(t, st.WithTx(tx), event("late", store.Key{Account: account, Number: newNumber()}, store.OptOut, 1))
				appendNow(t, st, event("next", store.Key{Account: account, Number: newNumber()}, store.OptOut, 1))
				require.Equal(t, []string{"next"}, changes.read(t))
				require.NoError(t, tx.Commit())
				want := []string{"late", "next"}
				if longest == time.Nanosecond {
					want = []string{}
				}
				require.Equal(t, want, changes.read(t))
			})
		}
	}
}

// TestChangesOfPostgreSQLWaitForEveryOlderWriter, whatever it writes, in any database.
func TestChangesOfPostgreSQLWaitForEveryOlderWriter(t *testing.T) {
	for _, v := range named(mainPostgres) {
		t.Run(v.name, func(t *testing.T) {
			st, _ := v.ready(t)
			other := v.open(t, v.database(t))
			writer, err := other.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			must(t, writer, "CREATE TABLE of_somebody_else (id INTEGER)")
			account := newAccount()
			changes := follow(st, account)
			appendNow(t, st, event("1", store.Key{Account: account, Number: newNumber()}, store.OptOut, 1))
			require.Empty(t, changes.read(t))
			require.NoError(t, writer.Rollback())
			changes.readsLater(t, "1")
		})
	}
}

// TestChangesKeepTheOrderOfANumber: a transaction that began to write before another one can
// append to the same number after it. A third one keeps the first two apart.
func TestChangesKeepTheOrderOfANumber(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.dialect == sqlstore.SQLite {
			t.Skip("SQLite has one writer at a time")
		}
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		account := newAccount()
		key := store.Key{Account: account, Number: newNumber()}
		changes := follow(st, account)
		begin := func(id int) *sql.Tx {
			tx, err := db.BeginTx(t.Context(), oneRowLocks)
			require.NoError(t, err)
			must(t, tx, fmt.Sprintf("INSERT INTO host_messages VALUES (%d)", id))
			return tx
		}
		start, between := begin(1), begin(2)
		appendNow(t, st, event("stop", key, store.OptOut, 1))
		appendNow(t, st.WithTx(start), event("start", key, store.OptIn, 2))
		changes.read(t)
		require.NoError(t, start.Commit())
		changes.read(t)
		require.NoError(t, between.Commit())
		for begin := time.Now(); len(changes.seen) < 2 && time.Since(begin) < patience; {
			changes.read(t)
		}
		require.Equal(t, []string{"stop", "start"}, changes.seen)
	})
}

// TestChangesOfAnotherClusterAreAnError, as a dump brings them: the ids of its transactions
// are of no use here.
func TestChangesOfAnotherClusterAreAnError(t *testing.T) {
	for _, v := range named(mainPostgres) {
		t.Run(v.name, func(t *testing.T) {
			st, db := v.ready(t)
			account := newAccount()
			for i := range 3 {
				appendNow(t, st, event(fmt.Sprint(i), store.Key{Account: account, Number: fmt.Sprint("+1415555010", i)}, store.OptOut, 1))
			}
			changes := follow(st, account)
			changes.readsLater(t, "0", "1", "2")
			of := v.table("events") + " SET place = %s WHERE account = '" + account + "'"
			must(t, db, fmt.Sprintf("UPDATE "+of+" AND event_id = '1'", "9000000000000000"))
			_, err := st.Changes(t.Context(), changes.query)
			require.ErrorContains(t, err, "another cluster")
			must(t, db, fmt.Sprintf("UPDATE "+of, "DEFAULT"))
			follow(st, account).readsLater(t, "0", "1", "2")

			listing, err := cursor.Changes(t.Context(), "sqlstore", store.ChangesQuery{Account: account})
			require.NoError(t, err)
			ahead := listing.Cursor(cursor.Place{Since: 9_000_000_000_000_000, Number: "+14155550101", Seq: 1})
			_, err = st.Changes(t.Context(), store.ChangesQuery{Account: account, After: ahead})
			require.ErrorIs(t, err, store.ErrBadCursor)
		})
	}
}

func TestChangesInATransactionAreUnsupported(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := store.Changes(ctx, st.WithTx(tx), store.ChangesQuery{Account: account})
			require.ErrorIs(t, err, errors.ErrUnsupported)
			return nil
		}))
		_, err := store.Changes(t.Context(), st.WithTx(db), store.ChangesQuery{Account: account})
		require.ErrorContains(t, err, "a transaction is wanted")
	})
}

// TestChangesMissNothingOfTheHosts follows the transactions of hosts, some of which do more
// than to append, and some of which are rolled back.
func TestChangesMissNothingOfTheHosts(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, _ := v.ready(t)
		rounds := 10
		if *stressFlag {
			rounds = 300
		}
		missNothing(t, v, []*sqlstore.Store{st}, rounds)
	})
}

var errRolledBack = errors.New("rolled back")

// missNothing appends through some stores, follows one of them, and compares.
func missNothing(t *testing.T, v variant, stores []*sqlstore.Store, rounds int) {
	t.Helper()
	const writers = 6
	account := newAccount()
	keys := make([]store.Key, 5)
	for i := range keys {
		keys[i] = store.Key{Account: account, Number: newNumber()}
	}
	var mu sync.Mutex
	var committed []string
	var wg sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		wg.Go(func() {
			st := stores[w%len(stores)]
			for i := range rounds {
				id := fmt.Sprint(w, "-", i)
				err := untilNoConflict(func() error {
					return st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
						number := 0
						for n := range 1 + rand.IntN(2) {
							number += rand.IntN(len(keys) - number) // in their order, so that none waits for another
							ev := event(fmt.Sprint(id, "-", n), keys[number], []store.Action{store.OptOut, store.OptIn}[n], i)
							if _, err := st.WithTx(tx).Append(ctx, ev); err != nil {
								return err
							}
							time.Sleep(rand.N(time.Millisecond))
						}
						if rand.IntN(5) == 0 {
							return errRolledBack
						}
						return nil
					})
				})
				if err == nil {
					mu.Lock()
					committed = append(committed, id+"-0")
					mu.Unlock()
				} else if !errors.Is(err, errRolledBack) {
					t.Error(err)
				}
			}
		})
	}
	go func() { wg.Wait(); close(done) }()
	changes := follow(stores[0], account)
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		changes.read(t)
	}
	missing := func() (missing []string) {
		seen := map[string]bool{}
		for _, id := range changes.seen {
			seen[id] = true
		}
		for _, id := range committed {
			if !seen[id] {
				missing = append(missing, id)
			}
		}
		return missing
	}
	for start := time.Now(); len(missing()) > 0 && v.late() > 0 && time.Since(start) < v.late(); {
		changes.read(t)
	}
	require.Empty(t, missing())
	last := map[string]int{}
	for at, id := range changes.seen {
		last[id] = at
	}
	stored := 0
	for _, key := range keys {
		before := -1
		for _, r := range history(t, stores[0], key) {
			require.Greater(t, last[r.ID], before, "the order of a number")
			before = last[r.ID]
			stored++
		}
	}
	require.Len(t, last, stored, "nothing is listed that was rolled back")
	t.Logf("%d records, %d listed again", stored, len(changes.seen)-stored)
}

// changesMissNothing is missNothing with a writer on each node, whose places come in another
// order than their commits.
func (c *cluster) changesMissNothing(t *testing.T) {
	missNothing(t, named(mainMySQL)[0], c.stores, 100)
}
