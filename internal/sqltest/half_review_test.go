package sqltest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestAHostThatCommitsAfterAnErrorOpensNoHold: what is half written of an opt-out or a
// hold keeps the gate closed against all that is no newer word of the contact, and
// whole when it is delivered again.
func TestAHostThatCommitsAfterAnErrorOpensNoHold(t *testing.T) {
	release := func(id string) func(store.Key) store.Event {
		return func(key store.Key) store.Event {
			ev := event(id, key, store.Released, 0)
			ev.At, ev.Source = time.Time{}, store.SourceReview
			return ev
		}
	}
	optIn := func(source store.Source, at int) func(store.Key) store.Event {
		return func(key store.Key) store.Event {
			ev := event("opt-in", key, store.OptedIn, at)
			ev.Source = source
			return ev
		}
	}
	between := map[string]func(store.Key) store.Event{
		"an older START":   optIn(store.SourceKeyword, 3),
		"consent":          optIn(store.SourceWeb, 9),
		"a question":       func(key store.Key) store.Event { return event("asked", key, store.Asked, 9) },
		"a release":        release("before"),
		"another release":  release("none"),
		"the next one":     func(key store.Key) store.Event { return event("next", key, store.Held, 6) },
		"an older opt-out": func(key store.Key) store.Event { return event("stop", key, store.OptedOut, -5) },
	}
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, status := range []store.Status{store.Held, store.OptedOut} {
			for _, before := range []store.Status{store.Unknown, store.OptedIn, store.Held} {
				for name, then := range between {
					for fails, failed := 1, true; failed; fails++ {
						what := fmt.Sprintf("statement %d of %v after %v failed, then came %s", fails, status, before, name)
						key := store.Key{Account: "half-" + newNumber(), Number: newNumber()}
						if before != store.Unknown {
							appendNow(t, st, event("before", key, before, 1))
						}
						half := event("half", key, status, 5)
						tx, err := db.BeginTx(t.Context(), nil)
						require.NoError(t, err)
						_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), half)
						failed = err != nil
						require.NoError(t, tx.Commit())
						closed, err := st.Get(t.Context(), key)
						require.NoError(t, err)
						_, err = st.Append(t.Context(), then(key))
						require.NoError(t, err, what)
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
						if status == store.OptedOut {
							require.Equal(t, store.OptedOut, state.Status, what)
						}
						if state.Status == store.Held {
							page, err := st.Reviews(t.Context(), store.ReviewQuery{Account: key.Account})
							require.NoError(t, err)
							listed := []string{}
							for _, ev := range page.Reviews {
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
			appendNow(t, st, event("hold", key, store.Held, 1))
			release := event("hold", key, store.Released, 2)
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), release)
			failed = err != nil
			require.NoError(t, tx.Commit())
			_, err = st.Append(t.Context(), release)
			require.NoError(t, err)
			appendNow(t, st, event("asked", key, store.Asked, 3))
			state, err := st.Get(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, store.Unknown, state.Status, "statement %d failed", fails)
		}
	})
}
