package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// rounds is how often each database is killed.
func rounds() int {
	switch {
	case *roundsFlag > 0:
		return *roundsFlag
	case *stressFlag:
		return 10
	default:
		return 1
	}
}

const stoppers = 8

// stopper lets contacts opt in and out as fast as it can, and writes a line for
// each opt-out that was acknowledged, until it is killed.
func stopper(ctx context.Context, st *sqlstore.Store, round string) error {
	for worker := range stoppers {
		go func() {
			for n := 0; ; n++ {
				key := store.Key{Account: "round " + round, Number: fmt.Sprintf("+1415555%d%06d", worker, n)}
				id := fmt.Sprintf("stop-%d-%d", worker, n)
				if n%2 == 0 {
					_, _ = st.Append(ctx, event("start", key, store.OptIn, 1))
				}
				if _, err := st.Append(ctx, event(id, key, store.OptOut, 2)); err == nil {
					fmt.Println(key.Number, id) // one write, so whole or not at all
				}
			}
		}()
	}
	select {}
}

// TestNeverLostWhenKilled kills the process that writes to SQLite and, with -stress, the
// server of the other databases, while opt-outs come in: each that was acknowledged is
// there afterwards, and what is there agrees with itself.
func TestNeverLostWhenKilled(t *testing.T) {
	for _, v := range longVariants(append(versions(), bareSQLite, "sqlite-mattn", mainPostgres, nativePostgres, mainMySQL)...) {
		t.Run(v.name, func(t *testing.T) {
			if v.name != nativePostgres { // whose server is another variant's, too
				t.Parallel()
			}
			st, _, dsn := v.toKill(t)
			total := 0
			for round := range rounds() {
				seed := rand.Uint64()
				t.Logf("round %d, seed %d", round, seed)
				acknowledged := killWhileWriting(t, v, dsn, st, round, time.Duration(seed%400)*time.Millisecond)
				require.NotEmpty(t, acknowledged)
				total += len(acknowledged)
				nothingIsLost(t, st, fmt.Sprint("round ", round), acknowledged)
			}
			t.Logf("%d opt-outs acknowledged in %d rounds, none lost", total, rounds())
		})
	}
}

// toKill returns a store in a database of its own, for a test that kills the server or the
// process that writes to it.
func (v variant) toKill(t *testing.T) (st *sqlstore.Store, db *sql.DB, dsn string) {
	t.Helper()
	if s := v.server(t); s != nil && s.Foreign() {
		t.Skip("a server of somebody else is not killed")
	}
	dsn = v.database(t)
	db = v.open(t, dsn)
	st = v.on(t, db)
	require.NoError(t, st.Migrate(t.Context()))
	return st, db, dsn
}

// killWhileWriting returns the lines of a stopper that had a while, or whose
// server had.
func killWhileWriting(t *testing.T, v variant, dsn string, st *sqlstore.Store, round int, while time.Duration) []string {
	t.Helper()
	p := spawn(t, v, dsn, "stopper", fmt.Sprint(round))
	require.True(t, p.lines.Scan(), "nothing is acknowledged")
	lines := []string{p.lines.Text()}
	killed := make(chan error, 1)
	time.AfterFunc(while, func() { // while the lines are read: the pipe must not fill up
		var err error
		if s := v.server(t); s != nil {
			err = s.Kill()
		}
		if killErr := p.cmd.Process.Kill(); err == nil {
			err = killErr
		}
		killed <- err
	})
	lines = append(lines, p.rest(t)...)
	require.NoError(t, <-killed)
	if s := v.server(t); s != nil {
		gateIsClosedWithoutServer(t, st)
		require.NoError(t, s.Restart(t.Context()))
		gateWorksAgain(t, st)
	}
	return lines
}

func gateIsClosedWithoutServer(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	const deadline = 2 * time.Second
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), deadline)
		begin := time.Now()
		d, err := newGuard(t, st).Gate(ctx, account, ours)
		cancel()
		require.Error(t, err)
		require.False(t, d.Allowed)
		require.Less(t, time.Since(begin), 15*deadline)
	}
}

// gateWorksAgain lets the pool find out which of its connections are gone.
func gateWorksAgain(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	var last error
	for begin, try := time.Now(), 0; time.Since(begin) < patience; try++ {
		d, err := newGuard(t, st).Gate(t.Context(), account, ours)
		if err == nil {
			require.True(t, d.Allowed)
			if try > 0 {
				t.Logf("the gate failed %d times with the server back: %v", try, last)
			}
			return
		}
		require.False(t, d.Allowed)
		last = err
		time.Sleep(20 * time.Millisecond)
	}
	require.NoError(t, last, "the gate stays closed with the server back")
}

// nothingIsLost holds an account against the lines of a stopper.
func nothingIsLost(t *testing.T, st *sqlstore.Store, account string, lines []string) {
	t.Helper()
	stopped := map[string]string{} // number to id
	for _, line := range lines {
		number, id, ok := strings.Cut(line, " ")
		require.True(t, ok, line)
		stopped[number] = id
	}
	guard := newGuard(t, st)
	q := store.ListQuery{Account: account, Limit: store.MaxLimit}
	for {
		page, err := st.List(t.Context(), q)
		require.NoError(t, err)
		for _, state := range page.States {
			require.NotEqual(t, store.Unknown, state.Status, "%+v", state)
			consistent(t, st, state.Key)
			id, acknowledged := stopped[state.Key.Number]
			if !acknowledged {
				continue
			}
			delete(stopped, state.Key.Number)
			require.Equal(t, store.OptedOut, state.Status, "%+v", state)
			require.Equal(t, id, state.EventID)
			d, err := guard.Gate(t.Context(), account, state.Key.Number)
			require.NoError(t, err)
			require.False(t, d.Allowed, "%+v", state)
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	require.Empty(t, stopped, "acknowledged, and lost")
}
