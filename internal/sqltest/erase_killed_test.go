package sqltest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// erasable are contacts of an account who sent bare digits, which are kept under several keys.
func erasable() []string { return []string{"4155550101", "4155550102", "4155550103", "4155550104"} }

// recordsOfKey is how many records each of them has under each key.
const recordsOfKey = 250

func erasureOf(account, number string) optout.Erasure {
	return optout.Erasure{Account: account, Number: number, Actor: "anna", Note: "letter"}
}

func guardUS(st store.Store) (*optout.Guard, error) {
	return optout.New(st, &optout.Options{DefaultRegion: "US", Now: func() time.Time { return noon.AddDate(0, 1, 0) }})
}

// eraser erases one contact after the other, and writes a line before and after each.
func eraser(ctx context.Context, st *sqlstore.Store, account string) error {
	guard, err := guardUS(st)
	if err != nil {
		return err
	}
	for _, number := range erasable() {
		fmt.Println("begun", number)
		if _, err := guard.Erase(ctx, erasureOf(account, number)); err == nil {
			fmt.Println("erased", number)
		}
	}
	return nil
}

// erasureRounds are fewer than rounds with -stress, since each fills and empties the tables.
func erasureRounds() int {
	if *stressFlag && *roundsFlag == 0 {
		return 3
	}
	return rounds()
}

// TestAnErasureThatWasKilledIsFinished kills the process that erases from SQLite and, with
// -stress, the server of the other databases: the suppression stays, each key is erased or whole,
// and the next Erase leaves no evidence.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestAnErasureThatWasKilledIsFinished(t *testing.T) {
	for _, v := range longVariants(mainPostgres, mainMySQL) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			st, db, dsn := v.toKill(t)
			unfinished := 0
			for round := range erasureRounds() {
				own := fmt.Sprint("round-", round)
				before := suppressed(t, st, own)
				seed := rand.Uint64()
				t.Logf("round %d, seed %d", round, seed)
				erased := killWhileErasing(t, v, dsn, st, own, time.Duration(seed%100_000)*time.Microsecond)
				unfinished += len(erasable()) - len(erased)
				requireErased(t, st, own, before, erased)
				require.Empty(t, tablesWith(t, v, db, marker))
				for finding, err := range st.Audit(t.Context(), nil) {
					t.Errorf("the audit found %+v, %v", finding, err)
				}
			}
			t.Logf("%d of %d erasures were finished after the kill", unfinished, erasureRounds()*len(erasable()))
		})
	}
}

// keyed is what a store has under a key.
type keyed struct {
	state   store.State
	records []store.Record
}

// suppressed records opt-outs with evidence, and returns what is recorded.
func suppressed(t *testing.T, st *sqlstore.Store, account string) []keyed {
	t.Helper()
	guard, err := guardUS(st)
	require.NoError(t, err)
	for _, number := range erasable() {
		requests := make([]optout.Request, recordsOfKey)
		for i := range requests {
			requests[i] = optout.Request{
				ID: fmt.Sprint(i), Account: account, Number: number, At: noon.Add(time.Duration(i) * time.Second),
				Actor: marker, Note: marker, Text: strings.Repeat(marker, 1+i%20),
			}
		}
		_, err := guard.RecordOptOuts(t.Context(), requests)
		require.NoError(t, err)
	}
	page, err := st.List(t.Context(), store.ListQuery{Account: account})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(page.States), 2*len(erasable()), "digits are kept beside the number")
	all := make([]keyed, len(page.States))
	for i, state := range page.States {
		all[i] = keyed{state, history(t, st, state.Key)}
		require.Len(t, all[i].records, recordsOfKey)
	}
	return all
}

// killWhileErasing returns the contacts whose erasure was acknowledged.
func killWhileErasing(t *testing.T, v variant, dsn string, st *sqlstore.Store, account string, while time.Duration) map[string]bool {
	t.Helper()
	p := spawn(t, v, dsn, "eraser", account)
	require.True(t, p.lines.Scan(), "no erasure has begun")
	time.Sleep(while)
	server := v.server(t)
	if server != nil {
		require.NoError(t, server.Kill())
	}
	_ = p.cmd.Process.Kill() // it may be done
	erased := map[string]bool{}
	for _, line := range p.rest(t) {
		if number, ok := strings.CutPrefix(line, "erased "); ok {
			erased[number] = true
		}
	}
	if server != nil {
		require.NoError(t, server.Restart(t.Context()))
		gateWorksAgain(t, st)
	}
	return erased
}

// requireErased looks at what a kill left, erases once more, and looks again.
func requireErased(t *testing.T, st *sqlstore.Store, account string, before []keyed, erased map[string]bool) {
	t.Helper()
	guard, err := guardUS(st)
	require.NoError(t, err)
	blocked := func() {
		for _, number := range erasable() {
			for _, spelling := range []string{number, "+1" + number} {
				d, err := guard.Gate(t.Context(), account, spelling)
				require.NoError(t, err)
				require.False(t, d.Allowed)
				require.Equal(t, optout.ReasonOptedOut, d.Reason)
			}
		}
	}
	blocked()
	for _, k := range before {
		done := erasedOrWhole(t, st, k.records, k.state)
		for number := range erased {
			require.True(t, done || !strings.HasSuffix(k.state.Key.Number, number), "acknowledged, and not done")
		}
	}
	for _, number := range erasable() {
		done, err := guard.Erase(t.Context(), erasureOf(account, number))
		require.NoError(t, err)
		require.Zero(t, (done.Records+done.Before)%recordsOfKey, "a part of a key was erased")
		require.True(t, !erased[number] || done.Records == 0)
	}
	for _, k := range before {
		require.True(t, erasedOrWhole(t, st, k.records, k.state))
		require.Len(t, history(t, st, k.state.Key), recordsOfKey+1, "it is recorded once")
	}
	blocked()
}
