package sqltest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestAHostThatCommitsAfterAnErrorOpensNoHold: what is half written of an opt-out or a
// hold keeps the gate closed against all that is no newer word of the contact, and
// whole when it is delivered again.
func TestAHostThatCommitsAfterAnErrorOpensNoHold(t *testing.T) {
	event := func(id string, action store.Action, at int) func(store.Key) store.Event {
		return func(key store.Key) store.Event { return event(id, key, action, at) }
	}
	between := map[string]func(store.Key) store.Event{
		"an older START":   event("opt-in", store.OptIn, 3),
		"consent":          event("consent", store.Consent, 9),
		"a question":       event("asked", store.Ask, 9),
		"a release":        event("before", store.Release, 1),
		"another release":  event("none", store.Release, 1),
		"an uphold":        event("before", store.Uphold, 1),
		"the next one":     event("next", store.Hold, 6),
		"an older opt-out": event("stop", store.OptOut, -5),
	}
	eachLong(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, action := range []store.Action{store.Hold, store.OptOut} {
			for _, before := range []store.Action{store.NoAction, store.OptIn, store.Hold} {
				for name, then := range between {
					for fails, failed := 1, true; failed; fails++ {
						what := fmt.Sprintf("statement %d of %v after %v failed, then came %s", fails, action, before, name)
						key := store.Key{Account: "half-" + newNumber(), Number: newNumber()}
						if before != store.NoAction {
							appendNow(t, st, event("before", before, 1)(key))
						}
						half := event("half", action, 5)(key)
						tx, err := db.BeginTx(t.Context(), nil)
						require.NoError(t, err)
						_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), half)
						failed = err != nil
						require.NoError(t, tx.Commit())
						closed, err := st.Get(t.Context(), key)
						require.NoError(t, err)
						if _, err = st.Append(t.Context(), then(key)); err != nil {
							require.ErrorIs(t, err, store.ErrInvalid, "%s: it settles no text", what)
						}
						if closed.EventID == "half" {
							state, err := st.Get(t.Context(), key)
							require.NoError(t, err)
							require.Contains(t, []store.Status{store.Held, store.OptedOut}, state.Status, what)
						}
						_, err = st.Append(t.Context(), half)
						require.NoError(t, err, what)
						state, err := st.Get(t.Context(), key)
						require.NoError(t, err)
						require.Contains(t, []store.Status{store.Held, store.OptedOut}, state.Status, what)
						if action == store.OptOut {
							require.Equal(t, store.OptedOut, state.Status, what)
						}
						if state.Status == store.Held {
							page, err := st.Reviews(t.Context(), store.ReviewQuery{Account: key.Account})
							require.NoError(t, err)
							listed := []string{}
							for _, ev := range page.Records {
								listed = append(listed, ev.ID)
							}
							require.Contains(t, listed, "half", what)
						}
					}
				}
			}
		}
	})
}

// TestAHostThatCommitsAfterAnErrorCanUndoAHold: the gate may stay closed until the next
// event, and no longer.
func TestAHostThatCommitsAfterAnErrorCanUndoAHold(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for fails, failed := 1, true; failed; fails++ {
			key := newKey()
			appendNow(t, st, event("hold", key, store.Hold, 1))
			release := event("hold", key, store.Release, 1)
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), release)
			failed = err != nil
			require.NoError(t, tx.Commit())
			_, err = st.Append(t.Context(), release)
			require.NoError(t, err)
			appendNow(t, st, event("asked", key, store.Ask, 3))
			state, err := st.Get(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, store.Unknown, state.Status, "statement %d failed", fails)
		}
	})
}
