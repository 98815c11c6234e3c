package sqltest_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// holding returns a Guard that holds texts, and confirms a START.
func holding(tb testing.TB, st store.Store) *optout.Guard {
	tb.Helper()
	guard, err := optout.New(st, &optout.Options{Texts: optout.PolicyHold, ConfirmOptIn: true})
	require.NoError(tb, err)
	return guard
}

// waiting returns the ids of what waits of a key.
func waiting(tb testing.TB, guard *optout.Guard, key store.Key) []string {
	tb.Helper()
	all := []string{}
	for review, err := range guard.Reviews(tb.Context(), key.Account) {
		require.NoError(tb, err)
		if review.Key == key {
			all = append(all, review.ID)
		}
	}
	return all
}

// TestEveryDriverCallOfAReviewFailsOnce: a text that is held, or whose review is
// settled, without an error is so for good, and what failed can be done again.
func TestEveryDriverCallOfAReviewFailsOnce(t *testing.T) { failEach(t, playReviewWithFaults) }

func playReviewWithFaults(t *testing.T, v variant, db *sql.DB, plain *sqlstore.Store, _ *sql.DB) {
	t.Helper()
	st, err := sqlstore.New(db, v.dialect, nil)
	require.NoError(t, err)
	guard, truth := holding(t, st), holding(t, plain)
	key := store.Key{Account: fmt.Sprint("reviews-", newNumber()), Number: newNumber()}
	again := func(f func() error) {
		t.Helper()
		if f() != nil {
			require.NoError(t, f(), "the second time")
		}
		consistent(t, plain, key)
	}
	message := func(n int, text string) func() error {
		return func() error {
			_, err := guard.Receive(t.Context(), optout.Message{
				ID: fmt.Sprint("SM", n), Account: key.Account, From: key.Number, To: ours, Text: text, At: noon.Add(time.Duration(n) * time.Minute),
			})
			return err
		}
	}
	resolve := func(n int, verdict optout.Verdict) func() error {
		return func() error {
			for _, record := range history(t, plain, key) {
				if record.ID == fmt.Sprint("SM", n) && record.Action == store.Hold {
					_, err := guard.Resolve(t.Context(), optout.Resolution{Account: key.Account, Review: record, Verdict: verdict, Actor: "anna"})
					return err
				}
			}
			return errInjected
		}
	}
	state := func(want store.Status, waits ...string) {
		t.Helper()
		now, err := plain.Get(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, want, now.Status)
		require.ElementsMatch(t, waits, waiting(t, truth, key))
	}
	const possible = "I think you have the wrong number"
	again(message(1, possible))
	state(store.Held, "SM1")
	again(message(2, possible))
	state(store.Held, "SM1", "SM2")
	again(resolve(1, optout.VerdictNoRequest))
	state(store.Held, "SM2")
	again(message(3, "STOP"))
	state(store.OptedOut)
	again(message(5, possible)) // under the opt-out
	state(store.OptedOut)
	again(message(4, "START"))
	state(store.Held, "SM5")
	again(resolve(5, optout.VerdictRequest))
	state(store.OptedOut)
	again(message(6, "START"))
	state(store.OptedIn)
	for _, err := range guard.Reviews(t.Context(), key.Account) {
		if err == nil {
			t.Error("a review that is settled waits")
		}
	}
}

// TestAHoldIsInTheHostsTransaction: commit keeps it, rollback does not.
func TestAHoldIsInTheHostsTransaction(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		guard := holding(t, st)
		key := newKey()
		m := optout.Message{ID: "SM1", Account: key.Account, From: key.Number, To: ours, Text: "I think you have the wrong number", At: noon}
		for _, commit := range []bool{false, true} {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			bound := guard.With(st.WithTx(tx))
			out, err := bound.Receive(t.Context(), m)
			require.NoError(t, err)
			require.Equal(t, store.Held, out.State.Status)
			require.Equal(t, []string{"SM1"}, waiting(t, bound, key), "seen in the transaction")
			if commit {
				require.NoError(t, tx.Commit())
			} else {
				require.NoError(t, tx.Rollback())
			}
			d, err := guard.Gate(t.Context(), key.Account, key.Number)
			require.NoError(t, err)
			require.Equal(t, !commit, d.Allowed)
			require.Len(t, waiting(t, guard, key), map[bool]int{true: 1}[commit])
		}
	})
}

// TestAHoldThatIsNewerThanTheHostsSnapshotHolds: the host's transaction has read before
// the text and the STOP were committed.
func TestAHoldThatIsNewerThanTheHostsSnapshotHolds(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, isolation := range []sql.IsolationLevel{sql.LevelDefault, sql.LevelRepeatableRead} {
			if v.dialect == sqlstore.SQLite && isolation != sql.LevelDefault {
				continue
			}
			key := newKey()
			appendNow(t, st, event("first", key, store.OptIn, 0))
			tx, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: isolation})
			require.NoError(t, err)
			events := 0
			require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+v.table("events")).Scan(&events))
			appendNow(t, st, event("text", key, store.Hold, 5))
			appendNow(t, st, event("stop", key, store.OptOut, 1))
			result, err := st.WithTx(tx).Append(t.Context(), event("start", key, store.OptIn, 3))
			if err != nil {
				require.ErrorIs(t, err, store.ErrConflict)
				require.NoError(t, tx.Rollback())
				continue
			}
			require.Equal(t, store.Held, result.State.Status)
			require.NoError(t, tx.Commit())
			consistent(t, st, key)
		}
	})
}
