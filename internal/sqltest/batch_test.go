package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// anyBatch returns random events: most of keys that have no other one in the batch, of two
// accounts; some of texts and reviews, some Voids, some that are there already, some with much evidence.
func anyBatch(rng *rand.Rand, own string, round, size int) []store.Event {
	actions := []store.Action{store.OptOut, store.OptOut, store.OptOut, store.OptIn, store.Consent, store.Consent, store.Ask, store.Hold}
	all := make([]store.Event, size)
	for i := range all {
		key := store.Key{Account: own + []string{"", "2"}[rng.IntN(2)], Number: fmt.Sprintf("+1415%07d", rng.IntN(size))}
		all[i] = store.Event{
			ID: fmt.Sprintf("%d-%d", round, i), Key: key, Action: actions[rng.IntN(len(actions))],
			Source: store.SourceImport, From: key.Number, Actor: "anna", Note: strings.Repeat("\xff'\"\\?{},", rng.IntN(3)),
		}
		if rng.IntN(4) > 0 {
			all[i].At = noon.Add(time.Duration(rng.IntN(9)) * time.Minute)
		}
		if rng.IntN(4) > 0 {
			all[i].ReceivedAt = noon.Add(time.Duration(rng.IntN(9)) * time.Minute)
		}
		if rng.IntN(100) == 0 {
			all[i].Text, all[i].Note = "stop it\x00", strings.Repeat("long", 100_000)
		}
		if i == 0 {
			continue
		}
		switch old := all[rng.IntN(i)]; rng.IntN(20) {
		case 0:
			all[i] = old
		case 1: // refused, or another event
			all[i].ID, all[i].Key = old.ID, old.Key
		case 2, 3:
			if old.Action == store.OptOut && old.Voidable() { // a consent may be refused
				all[i] = old
				all[i].ID, all[i].Action, all[i].Source = store.VoidPrefix+old.ID, store.Void, store.SourceAgent
			}
			if old.Action == store.Hold {
				all[i] = old
				all[i].Action, all[i].Source = []store.Action{store.Release, store.Uphold, store.Retract}[rng.IntN(3)], store.SourceReview
			}
		}
	}
	return all
}

// TestABatchIsThatOfMemstore appends batches of more events than a statement takes, and
// again, through the store and in transactions of the host.
func TestABatchIsThatOfMemstore(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		seed := chance.Seed()
		t.Logf("seed %d", seed)
		rng := rand.New(rand.NewPCG(seed, 0))
		own := "batches of " + newNumber()
		want := memstore.New()
		touched := map[store.Key]bool{}
		for round := range 4 {
			events := anyBatch(rng, own, round, []int{1_300, 2, 700, 120}[round])
			expected, err := want.AppendBatch(t.Context(), events)
			require.NoError(t, err)
			var results []store.Result
			if round%2 == 0 {
				results, err = st.AppendBatch(t.Context(), events)
			} else {
				err = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) (err error) {
					if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO host_messages VALUES (%d)", round)); err != nil {
						return err
					}
					results, err = store.AppendBatch(ctx, st.WithTx(tx), events)
					return err
				})
			}
			require.NoError(t, err)
			require.Len(t, results, len(events))
			for i := range results {
				require.Equal(t, unrecorded(expected[i]), unrecorded(results[i]), "round %d, event %d", round, i)
				touched[events[i].Key] = true
			}
		}
		require.Equal(t, 2, one(t, db, hostCount))
		asked := map[string][]string{} // numbers by account
		for key := range touched {
			asked[key.Account] = append(asked[key.Account], key.Number)
		}
		for account, numbers := range asked {
			slices.Sort(numbers)
			expected, err := want.GetBatch(t.Context(), account, numbers)
			require.NoError(t, err)
			got, err := st.GetBatch(t.Context(), account, numbers)
			require.NoError(t, err)
			require.Len(t, got, len(expected))
			for i := range expected {
				if i%10 == 0 {
					consistent(t, st, got[i].Key) // which compares it with Get
				}
				expected[i].RecordedAt, got[i].RecordedAt = time.Time{}, time.Time{}
				require.Equal(t, expected[i], got[i])
			}
		}
	})
}

// unrecorded is a result without the times of the store's own clock.
func unrecorded(r store.Result) store.Result {
	r.State.RecordedAt, r.Record.RecordedAt = time.Time{}, time.Time{}
	if errors.Is(r.Err, store.ErrIDReused) {
		r.Err = store.ErrIDReused
	}
	return r
}

// TestABatchThatFailsLeavesTheHostsTransactionToRollBack also has evidence that is longer
// than a statement of a batch takes.
func TestABatchThatFailsLeavesTheHostsTransactionToRollBack(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		keys := []store.Key{newKey(), newKey(), newKey()}
		var events []store.Event
		for _, key := range keys {
			ev := event("m", key, store.OptOut, 1)
			ev.Note = strings.Repeat("much ", 300_000)
			events = append(events, ev)
		}
		bad := event("m", keys[0], store.Release, 1) // of no text
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = store.AppendBatch(t.Context(), st.WithTx(tx), append(events, bad))
		require.ErrorIs(t, err, store.ErrInvalid)
		require.ErrorContains(t, err, "events[3]: ")
		require.NoError(t, tx.Rollback())
		for _, key := range keys {
			require.Empty(t, ids(t, st, key))
		}
		_, err = st.AppendBatch(t.Context(), append(events, bad))
		require.ErrorIs(t, err, store.ErrInvalid)
		for _, key := range keys {
			require.Empty(t, ids(t, st, key))
		}
		results, err := st.AppendBatch(t.Context(), events)
		require.NoError(t, err)
		require.Equal(t, events[2].Note, results[2].Record.Note)
		for _, key := range keys {
			consistent(t, st, key)
		}
	})
}

// TestAHostThatCommitsAfterAnErrorOfABatchLosesNoOptOut is
// TestAHostThatCommitsAfterAnErrorLosesNoOptOut with the statements of many rows.
func TestAHostThatCommitsAfterAnErrorOfABatchLosesNoOptOut(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for fails, failed := 1, true; failed; fails++ {
			var events []store.Event
			for _, before := range []store.Action{store.NoAction, store.OptIn, store.OptOut} {
				for _, action := range []store.Action{store.OptOut, store.OptIn, store.Consent, store.Hold} {
					key := newKey()
					if before != store.NoAction {
						appendNow(t, st, event("before", key, before, -1))
					}
					events = append(events, event("half", key, action, 0))
				}
			}
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = store.AppendBatch(t.Context(), st.WithTx(&brokenTx{Tx: tx, fails: fails}), events)
			failed = err != nil
			require.NoError(t, tx.Commit())
			for _, ev := range events {
				state, err := st.Get(t.Context(), ev.Key)
				require.NoError(t, err)
				opens := state.Status == store.OptedIn && state.EventID == "half"
				require.False(t, failed && opens && len(ids(t, st, ev.Key)) == 0, "statement %d failed, and the gate is open", fails)
			}
			_, err = st.AppendBatch(t.Context(), events)
			require.NoError(t, err, "statement %d failed, and it can never be stored", fails)
			for _, ev := range events {
				state, err := st.Get(t.Context(), ev.Key)
				require.NoError(t, err)
				if ev.Action == store.OptOut {
					require.Equal(t, store.OptedOut, state.Status, "statement %d failed; delivered again it is acknowledged, and the gate open", fails)
				}
				require.Contains(t, ids(t, st, ev.Key), "half")
				appendNow(t, st, event("later", ev.Key, store.OptOut, 1))
			}
		}
	})
}

// TestABatchTakesWhatIsLeftOfAnotherOne appends consents to rows that a host has left half
// written, and to those whose state was lost.
func TestABatchTakesWhatIsLeftOfAnotherOne(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for fails, failed := 1, true; failed; fails++ {
			fresh, other, lost := newKey(), newKey(), newKey()
			appendNow(t, st, event("before", lost, store.OptOut, -1))
			must(t, db, "DELETE FROM "+v.table("state")+" WHERE number = '"+lost.Number+"'")
			consents := func(id string, at int) (events []store.Event) {
				for _, key := range []store.Key{fresh, other, lost} {
					events = append(events, event(id, key, store.Consent, at))
				}
				return events
			}
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = store.AppendBatch(t.Context(), st.WithTx(&brokenTx{Tx: tx, fails: fails}), consents("half", 1))
			failed = err != nil
			require.NoError(t, tx.Commit())
			for _, ev := range consents("half", 1) {
				state, err := st.Get(t.Context(), ev.Key)
				require.NoError(t, err)
				opens := state.Status == store.OptedIn
				require.False(t, opens && (ev.Key == lost || len(ids(t, st, ev.Key)) == 0), "statement %d failed, and the gate is open", fails)
			}
			appendNow(t, st, event("alone", other, store.Consent, 2))
			results, err := st.AppendBatch(t.Context(), consents("next", 3))
			require.NoError(t, err)
			for i, ev := range consents("next", 3) {
				state, err := st.Get(t.Context(), ev.Key)
				require.NoError(t, err)
				require.Equal(t, results[i].State, state)
				require.Empty(t, auditedKey(t, st, ev.Key))
				consistent(t, st, ev.Key)
			}
			require.Equal(t, store.OptedOut, results[2].State.Status)
			require.Equal(t, []string{"before"}, ids(t, st, lost)[:1])
		}
	})
}

// TestABatchWhoseLockIsLostOpensNoGate: between two writes of a batch of consents somebody else
// records a STOP.
func TestABatchWhoseLockIsLostOpensNoGate(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for before, came := 1, true; came; before++ {
			keys := []store.Key{newKey(), newKey()}
			came = false
			lost := &lostTx{db: db, before: before, meanwhile: func() {
				came = true
				appendNow(t, st, event("stop", keys[1], store.OptOut, 9))
			}}
			_, err := store.AppendBatch(t.Context(), st.WithTx(lost),
				[]store.Event{event("web", keys[0], store.Consent, 1), event("web", keys[1], store.Consent, 1)})
			if !came {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, store.ErrConflict, "before write %d", before)
			state, err := st.Get(t.Context(), keys[1])
			require.NoError(t, err)
			require.Equal(t, store.OptedOut, state.Status, "before write %d", before)
			for _, key := range keys {
				appendNow(t, st, event("later", key, store.OptOut, 10))
				require.Empty(t, auditedKey(t, st, key))
			}
		}
	})
}

// TestEveryDriverCallOfABatchFailsOnce: all events of a batch are there, or none, and again
// all of them are.
func TestEveryDriverCallOfABatchFailsOnce(t *testing.T) {
	failEach(t, func(t *testing.T, v variant, faulty *sql.DB, plain *sqlstore.Store, _ *sql.DB) {
		t.Helper()
		st, err := sqlstore.New(faulty, v.dialect, nil)
		require.NoError(t, err)
		known := newKey()
		appendNow(t, plain, event("before", known, store.OptOut, -1))
		events := []store.Event{
			event("m", newKey(), store.OptOut, 0), event("m", newKey(), store.Consent, 0), event("m", known, store.OptIn, 0),
			event("m", newKey(), store.Hold, 0),
		}
		if _, err = st.AppendBatch(t.Context(), events); err != nil {
			there := 0
			for _, ev := range events {
				if all := ids(t, plain, ev.Key); len(all) > 0 && all[len(all)-1] == "m" {
					there++
				}
			}
			require.True(t, there == 0 || there == len(events), "%d of %d", there, len(events))
			_, err = st.AppendBatch(t.Context(), events)
		}
		require.NoError(t, err)
		for _, ev := range events {
			all := ids(t, plain, ev.Key)
			require.Equal(t, "m", all[len(all)-1])
			consistent(t, plain, ev.Key)
		}
	})
}
