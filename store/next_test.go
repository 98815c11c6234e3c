package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
)

var (
	key  = store.Key{Account: "acct", Number: "+14155552671"}
	base = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
)

func minute(n int) time.Time { return base.Add(time.Duration(n) * time.Minute) }

func event(id string, status store.Status, source store.Source, at time.Time) store.Event {
	return store.Event{ID: id, Key: key, Status: status, Source: source, At: at}
}

func TestNextDecidesWhichEventIsTheState(t *testing.T) {
	const in, out, none = store.OptedIn, store.OptedOut, store.Unknown
	const contact, agent = store.SourceKeyword, store.SourceAgent
	never := time.Time{}
	for _, c := range []struct {
		name         string
		prior        store.Status
		priorSource  store.Source
		priorAt      time.Time
		status       store.Status
		source       store.Source
		at           time.Time
		wantEffected bool
	}{
		{"the first event, an opt-out", none, "", never, out, contact, minute(1), true},
		{"the first event, without a time", none, "", never, out, agent, never, true},
		{"an agent's opt-in on unknown", none, "", never, in, agent, minute(1), true},
		{"a newer START", out, contact, minute(1), in, contact, minute(2), true},
		{"an older START", out, contact, minute(2), in, contact, minute(1), false},
		{"a tie goes to the opt-out in force", out, contact, minute(1), in, contact, minute(1), false},
		{"a tie goes to the opt-out that comes", in, contact, minute(1), out, contact, minute(1), true},
		{"an older STOP", in, contact, minute(2), out, contact, minute(1), false},
		{"a newer STOP", in, contact, minute(1), out, contact, minute(2), true},
		{"a second STOP that is newer moves At", out, contact, minute(1), out, contact, minute(2), true},
		{"a second STOP of the same time keeps the first", out, contact, minute(1), out, contact, minute(1), false},
		{"a second STOP that is older", out, contact, minute(2), out, contact, minute(1), false},
		{"START without a time arrives later", out, contact, minute(2), in, contact, never, true},
		{"STOP without a time arrives later", in, contact, minute(2), out, contact, never, true},
		{"START behind a STOP without a time", out, contact, never, in, contact, minute(2), true},
		{"STOP behind a START without a time", in, contact, never, out, contact, minute(2), true},
		{"an agent's opt-in never lifts", out, contact, minute(1), in, agent, minute(2), false},
		{"an agent's opt-in without a time never lifts", out, agent, never, in, agent, never, false},
		{"an import never lifts", out, contact, minute(1), in, store.SourceImport, minute(9), false},
		{"an agent's opt-in on an opt-in", in, contact, minute(1), in, agent, minute(2), false},
		{"any opt-out replaces an agent's opt-in", in, agent, minute(2), out, contact, minute(1), true},
		{"the contact's own START replaces an agent's opt-in", in, agent, minute(2), in, contact, minute(1), true},
		{"an agent's opt-out is an opt-out", in, contact, minute(1), out, agent, minute(2), true},
		{"START lifts an agent's opt-out", out, agent, minute(1), in, contact, minute(2), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			prev := store.State{Key: key}
			if c.prior != none {
				prev = store.State{Key: key, Status: c.prior, Source: c.priorSource, At: c.priorAt, EventID: "prior", RecordedAt: minute(5)}
			}
			ev := event("new", c.status, c.source, c.at)
			ev.RecordedAt, ev.ReceivedAt = minute(6), minute(7)
			got, effective := store.Next(prev, ev)
			require.Equal(t, c.wantEffected, effective)
			want := prev
			if effective {
				want = store.State{Key: key, Status: c.status, At: c.at, ReceivedAt: minute(7), RecordedAt: minute(6), Source: c.source, EventID: "new"}
			}
			require.Equal(t, want, got)
		})
	}
}

func TestAnOptInFromBeforeAnUndatedOptOutWasReceivedDoesNotLiftIt(t *testing.T) {
	stop := event("stop", store.OptedOut, store.SourceKeyword, time.Time{})
	stop.ReceivedAt = minute(9)
	stopped, _ := store.Next(store.State{Key: key}, stop)
	for at, lifts := range map[time.Time]bool{minute(8): false, minute(9): true, minute(10): true, {}: true} {
		_, effective := store.Next(stopped, event("start", store.OptedIn, store.SourceKeyword, at))
		require.Equal(t, lifts, effective, at)
	}
}

// drawEvents draws a history: few ids and few times, so that ids are reused and
// times tie.
func drawEvents(t *rapid.T, times *rapid.Generator[time.Time]) []store.Event {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Event {
		return event(
			rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"}).Draw(t, "id"),
			rapid.SampledFrom([]store.Status{store.OptedIn, store.OptedOut}).Draw(t, "status"),
			rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceKeyword, store.SourceAgent, store.SourceImport}).Draw(t, "source"),
			times.Draw(t, "at"))
	}), 1, 12).Draw(t, "events")
}

func anyTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if n := rapid.IntRange(0, 8).Draw(t, "minute"); n > 0 {
			return minute(n)
		}
		return time.Time{}
	})
}

func knownTime() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.IntRange(1, 6), minute)
}

// model is the rule told in another way: what is in force is told from the whole
// history at once. It holds for events that all carry a time.
func model(events []store.Event) store.Status {
	status, newest, consent := store.Unknown, time.Time{}, false
	for _, ev := range events {
		if ev.Status == store.OptedIn && ev.Source != store.SourceKeyword {
			consent = true
			continue
		}
		if status == store.Unknown || ev.At.After(newest) || ev.At.Equal(newest) && ev.Status == store.OptedOut {
			status, newest = ev.Status, ev.At
		}
	}
	if status == store.Unknown && consent {
		return store.OptedIn
	}
	return status
}

func apply(events []store.Event) store.State {
	state := store.State{Key: key}
	for _, ev := range events {
		state, _ = store.Next(state, ev)
	}
	return state
}

func TestEveryOrderOfArrivalEndsInTheSameStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawEvents(t, knownTime())
		want := model(events)
		for range 4 {
			events = rapid.Permutation(events).Draw(t, "order")
			if got := apply(events).Status; got != want {
				t.Fatalf("%v, the model says %v, for %v", got, want, describe(events))
			}
		}
	})
}

func TestAnOptOutIsLiftedOnlyByTheContactAndOnlyByWhatIsNotOlder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := store.State{Key: key}
		for _, ev := range drawEvents(t, anyTime()) {
			next, effective := store.Next(state, ev)
			if !effective && next != state {
				t.Fatalf("not effective, and the state changed: %+v", ev)
			}
			if state.Status == store.OptedOut && next.Status != store.OptedOut {
				if ev.Source != store.SourceKeyword || ev.Status != store.OptedIn {
					t.Fatalf("lifted by %+v", ev)
				}
				if !ev.At.IsZero() && !state.At.IsZero() && !ev.At.After(state.At) {
					t.Fatalf("lifted by what is older: %v by %v", state.At, ev.At)
				}
			}
			if ev.Status == store.OptedOut && next.Status == store.OptedIn &&
				(ev.At.IsZero() || state.At.IsZero() || state.Source != store.SourceKeyword || !state.At.After(ev.At)) {
				t.Fatalf("an opt-out is ignored: %+v in %+v", ev, state)
			}
			state = next
		}
	})
}

func describe(events []store.Event) string {
	var lines []string
	for _, ev := range events {
		lines = append(lines, fmt.Sprintf("%v by %s at %s", ev.Status, ev.Source, ev.At.Format("15:04")))
	}
	return fmt.Sprint(slices.Clip(lines))
}

func TestReplay(t *testing.T) {
	in := store.State{Key: key, Status: store.OptedIn, Source: store.SourceKeyword, At: minute(5)}
	out := store.State{Key: key, Status: store.OptedOut, Source: store.SourceKeyword, At: minute(5)}
	undated := store.State{Key: key, Status: store.OptedIn, Source: store.SourceKeyword, ReceivedAt: minute(5)}
	stop, start := event("m", store.OptedOut, store.SourceKeyword, minute(6)), event("m", store.OptedIn, store.SourceKeyword, minute(6))
	for _, c := range []struct {
		name                    string
		now                     store.State
		ev                      store.Event
		sameStatus, otherStatus bool
		duplicate               bool
		err                     error
	}{
		{"a new id", in, stop, false, false, false, nil},
		{"a redelivered STOP", out, stop, true, false, true, nil},
		{"a redelivered START", out, start, true, false, true, nil},
		{"a redelivered STOP older than the opt-in", in, event("m", store.OptedOut, store.SourceKeyword, minute(4)), true, false, true, nil},
		{"a redelivered STOP as old as the opt-in", in, event("m", store.OptedOut, store.SourceKeyword, minute(5)), true, false, true, nil},
		{"a redelivered STOP without a time", in, event("m", store.OptedOut, store.SourceKeyword, time.Time{}), true, false, true, nil},
		{"a STOP newer than the opt-in, with a known id", in, stop, true, false, false, nil},
		{"a STOP newer than an undated opt-in was received", undated, stop, true, false, false, nil},
		{"a STOP from before an undated opt-in was received", undated, event("m", store.OptedOut, store.SourceKeyword, minute(4)), true, false, true, nil},
		{"a STOP with the id of a START", in, stop, false, true, false, nil},
		{"a START with the id of a STOP", out, start, false, true, false, store.ErrIDReused},
		{"a redelivered START whose id a STOP has too", out, start, true, true, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			duplicate, err := store.Replay(c.now, c.ev, c.sameStatus, c.otherStatus)
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.duplicate, duplicate)
		})
	}
}
