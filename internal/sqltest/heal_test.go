package sqltest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestADamagedKeyHealsWithItsNextEvent: whatever the event is, also one that was stored
// before, and in whose transaction it comes. The state is then what the events say.
func TestADamagedKeyHealsWithItsNextEvent(t *testing.T) {
	next := []store.Event{
		event("start", store.Key{}, store.OptIn, 9), event("late start", store.Key{}, store.OptIn, -9),
		event("more", store.Key{}, store.OptOut, 9),
		event("late", store.Key{}, store.OptOut, -9), event("held", store.Key{}, store.Hold, 9), event("asked too", store.Key{}, store.Ask, 9),
		event("wrong number", store.Key{}, store.Release, 2), event("wrong number", store.Key{}, store.Uphold, 2),
		event("wrong number", store.Key{}, store.Hold, 2), event("text", store.Key{}, store.Hold, 1),
	}
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, d := range damages()[:2] { // those that leave a state row older than its events
			for i, ev := range next {
				for _, key := range damagedKeys(t, st) {
					must(t, db, d.statements(v, key)...)
					known := history(t, st, key)
					want := store.NewLedger(key, known)
					ev.Key = key
					got, err := appendSomehow(t.Context(), st, ev, i%2 == 0)
					require.NoError(t, err)
					expected, err := want.Append(ev, got.Record.RecordedAt)
					require.NoError(t, err)
					require.Equal(t, expected, got, "%+v", ev)
					consistent(t, st, key)
					require.Equal(t, got.State.Status == store.Held, len(reviewsOf(t, st, key)) > 0)
				}
			}
		}
		// The number of events is behind, as a lost lock left it.
		for _, key := range damagedKeys(t, st) {
			must(t, db, damages()[5].statements(v, key)...)
			appendNow(t, st, event("stop again", key, store.OptOut, 7))
			consistent(t, st, key)
			state, err := st.Get(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, store.OptedOut, state.Status)
		}
	})
}

// TestARowWhoseEventIsLostIsNoNewKey: the table of events is of an older backup. The next event
// has the effect that it has on the row, as if the other one was there.
func TestARowWhoseEventIsLostIsNoNewKey(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		actions := []store.Action{store.OptOut, store.OptIn, store.Consent, store.Ask}
		for _, lost := range actions {
			for _, next := range actions {
				whole, damaged, other := newKey(), newKey(), newKey()
				for _, key := range []store.Key{whole, damaged, other} {
					appendNow(t, st, event("lost", key, lost, 1))
				}
				must(t, db, fmt.Sprintf("DELETE FROM %s WHERE number IN ('%s', '%s')", v.table("events"), damaged.Number, other.Number))
				want, err := st.Append(t.Context(), event("next", whole, next, 2))
				require.NoError(t, err)
				got, err := st.Append(t.Context(), event("next", damaged, next, 2))
				require.NoError(t, err)
				results, err := st.AppendBatch(t.Context(), []store.Event{event("next", other, next, 2), event("next", newKey(), next, 2)})
				require.NoError(t, err)
				for key, result := range map[store.Key]store.Result{damaged: got, other: results[0]} {
					require.Equal(t, want.State.Status, result.State.Status, "%v after %v", next, lost)
					require.Equal(t, want.Record.Prior, result.Record.Prior)
					require.Equal(t, result.State, stateNow(t, st, key), "%v after %v", next, lost)
					require.Equal(t, []string{"next"}, ids(t, st, key))
				}
			}
		}
	})
}

// TestAHoldIsKeptWhereTheTableOfHoldsIsOfAnotherBackup: it has a row in the place already.
func TestAHoldIsKeptWhereTheTableOfHoldsIsOfAnotherBackup(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		key := newKey()
		appendNow(t, st, event("stop", key, store.OptOut, 1))
		must(t, db, fmt.Sprintf("INSERT INTO %s (account, number, seq, since_us, bound_us, ended, waits) VALUES ('%s', '%s', 2, 0, 0, 1, 0)",
			v.table("holds"), key.Account, key.Number))
		appendNow(t, st, event("text", key, store.Hold, 2))
		appendNow(t, st, event("start", key, store.OptIn, 1))
		appendNow(t, st, event("late", key, store.OptIn, -1))
		appendNow(t, st, event("later text", key, store.Hold, 3))
		consistent(t, st, key)
		require.Empty(t, auditedKey(t, st, key))
	})
}

// reviewsOf returns the ids of what waits of a key.
func reviewsOf(tb testing.TB, st store.Store, key store.Key) []string {
	tb.Helper()
	ids := []string{}
	q := store.ReviewQuery{Account: key.Account, Limit: store.MaxLimit}
	for {
		page, err := store.Reviews(tb.Context(), st, q)
		require.NoError(tb, err)
		for _, record := range page.Records {
			if record.Key == key {
				ids = append(ids, record.ID)
			}
		}
		if page.Next == "" {
			return ids
		}
		q.After = page.Next
	}
}
