package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
)

func held(id string, at time.Time) store.Event { return event(id, store.Held, store.SourceText, at) }

func start(id string, at time.Time) store.Event {
	return event(id, store.OptedIn, store.SourceKeyword, at)
}

func stop(id string, at time.Time) store.Event {
	return event(id, store.OptedOut, store.SourceKeyword, at)
}

func released(id string) store.Event {
	return event(id, store.Released, store.SourceReview, time.Time{})
}

// resolved is the review of a hold that found a request in it.
func resolved(id string, at time.Time) store.Event {
	return event(id, store.OptedOut, store.SourceReview, at)
}

func TestStandingTellsWhatIsInForce(t *testing.T) {
	const none, in, out, hold = store.Unknown, store.OptedIn, store.OptedOut, store.Held
	agent := event("agent", store.OptedIn, store.SourceAgent, minute(9))
	for name, c := range map[string]struct {
		events []store.Event
		then   []store.Status // after each
		last   bool           // whether the last had an effect
	}{
		"a hold holds who is unknown":                   {[]store.Event{held("h", minute(1))}, []store.Status{hold}, true},
		"a hold holds who opted in":                     {[]store.Event{start("s", minute(1)), held("h", minute(2))}, []store.Status{in, hold}, true},
		"of the same time as START it holds":            {[]store.Event{start("s", minute(1)), held("h", minute(1))}, []store.Status{in, hold}, true},
		"an older text than START holds nobody":         {[]store.Event{start("s", minute(2)), held("h", minute(1))}, []store.Status{in, in}, false},
		"a newer START ends it":                         {[]store.Event{held("h", minute(1)), start("s", minute(2))}, []store.Status{hold, in}, true},
		"an older START does not":                       {[]store.Event{held("h", minute(2)), start("s", minute(1))}, []store.Status{hold, hold}, true},
		"one of the same time does not":                 {[]store.Event{held("h", minute(1)), start("s", minute(1))}, []store.Status{hold, hold}, true},
		"START without a time that comes later does":    {[]store.Event{held("h", minute(1)), start("s", time.Time{})}, []store.Status{hold, in}, true},
		"no agent's opt-in ends it":                     {[]store.Event{held("h", minute(1)), agent}, []store.Status{hold, hold}, true},
		"any text replaces an agent's opt-in":           {[]store.Event{agent, held("h", minute(1))}, []store.Status{in, hold}, true},
		"STOP is above it":                              {[]store.Event{held("h", minute(1)), stop("o", minute(2))}, []store.Status{hold, out}, true},
		"STOP is above it, also an older one":           {[]store.Event{held("h", minute(2)), stop("o", minute(1))}, []store.Status{hold, out}, true},
		"behind STOP it is hidden":                      {[]store.Event{stop("o", minute(1)), held("h", minute(2))}, []store.Status{out, out}, true},
		"and there when START lifts STOP alone":         {[]store.Event{stop("o", minute(1)), held("h", minute(3)), start("s", minute(2))}, []store.Status{out, out, hold}, true},
		"a newer START lifts both":                      {[]store.Event{stop("o", minute(1)), held("h", minute(2)), start("s", minute(3))}, []store.Status{out, out, in}, true},
		"released, it is as before":                     {[]store.Event{start("s", minute(1)), held("h", minute(2)), released("h")}, []store.Status{in, hold, in}, true},
		"released, who was unknown is":                  {[]store.Event{held("h", minute(2)), released("h")}, []store.Status{hold, none}, true},
		"a release of another one does nothing":         {[]store.Event{held("h", minute(2)), released("x")}, []store.Status{hold, hold}, false},
		"a release lifts no STOP that came after":       {[]store.Event{held("h", minute(1)), stop("o", minute(2)), released("h")}, []store.Status{hold, out, out}, true},
		"one release of two holds leaves the other":     {[]store.Event{held("h", minute(1)), held("i", minute(2)), released("h")}, []store.Status{hold, hold, hold}, true},
		"a START between two holds ends the first":      {[]store.Event{held("h", minute(1)), held("i", minute(3)), start("s", minute(2)), released("i")}, []store.Status{hold, hold, hold, in}, true},
		"resolved as an opt-out it is ended":            {[]store.Event{received(held("h", time.Time{}), 1), resolved("h", minute(1)), event("s", store.OptedIn, store.SourceKeyword, minute(2))}, []store.Status{hold, out, in}, true},
		"a STOP with its id is another message":         {[]store.Event{held("h", minute(5)), stop("h", minute(1)), start("s", minute(3))}, []store.Status{hold, out, hold}, true},
		"asks to stop, of a text without a time":        {[]store.Event{start("s", minute(5)), received(held("h", time.Time{}), 3), resolved("h", minute(3))}, []store.Status{in, hold, out}, true},
		"asks to stop, though START is newer":           {[]store.Event{held("h", minute(1)), start("s", minute(5)), resolved("h", minute(1))}, []store.Status{hold, in, in}, false},
		"a release twice":                               {[]store.Event{held("h", minute(1)), released("h"), released("h")}, []store.Status{hold, none, none}, false},
		"asking for a confirmation changes nothing":     {[]store.Event{event("a", store.Asked, store.SourceKeyword, minute(1))}, []store.Status{none}, false},
		"nor does it end a hold":                        {[]store.Event{held("h", minute(1)), event("a", store.Asked, store.SourceKeyword, minute(2))}, []store.Status{hold, hold}, false},
		"a confirmation lifts no STOP":                  {[]store.Event{stop("o", minute(1)), event("y", store.OptedIn, store.SourceConfirm, minute(2))}, []store.Status{out, out}, false},
		"a text without a time, received before START":  {[]store.Event{received(held("h", time.Time{}), 5), start("s", minute(4))}, []store.Status{hold, hold}, true},
		"a text without a time, received when START is": {[]store.Event{received(held("h", time.Time{}), 5), start("s", minute(5))}, []store.Status{hold, in}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Standing{Consent: store.State{Key: key}}
			var effective bool
			for i, ev := range c.events {
				before := s
				s, effective = s.Next(ev)
				require.Equal(t, c.then[i], s.State().Status, "after event %d", i+1)
				require.Equal(t, before, store.StandingOf(key, c.events[:i]), "Next changed what it was given")
			}
			require.Equal(t, c.last, effective)
		})
	}
}

func received(ev store.Event, n int) store.Event {
	ev.ReceivedAt = minute(n)
	return ev
}

func TestTheStateOfAHeldKeyIsThatOfItsFirstOpenHold(t *testing.T) {
	first, second := held("h", minute(1)), held("i", minute(2))
	first.ReceivedAt, first.RecordedAt = minute(3), minute(4)
	s := store.StandingOf(key, []store.Event{start("s", minute(0)), first, second})
	require.Equal(t, store.State{
		Key: key, Status: store.Held, At: minute(1), ReceivedAt: minute(3), RecordedAt: minute(4), Source: store.SourceText, EventID: "h",
	}, s.State())
	s, _ = s.Next(released("h"))
	require.Equal(t, "i", s.State().EventID)
	s, _ = s.Next(released("i"))
	require.Equal(t, store.StandingOf(key, []store.Event{start("s", minute(0))}).State(), s.State(), "undone, it is as before")
}

// With times on all events, and but for what a person resolves, every order of
// arrival ends in the same status.
func TestEveryOrderOfArrivalEndsInTheSameStatusWithHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Event {
			n++
			return event(
				string(rune('a'+n)),
				rapid.SampledFrom([]store.Status{store.OptedIn, store.OptedOut, store.Held}).Draw(t, "status"),
				rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceKeyword, store.SourceAgent}).Draw(t, "source"),
				knownTime().Draw(t, "at"))
		}), 1, 7).Draw(t, "events")
		want := store.StandingOf(key, events).State().Status
		got := store.StandingOf(key, rapid.Permutation(events).Draw(t, "order")).State().Status
		require.Equal(t, want, got)
	})
}

// Never open by itself: once a text is newer than the contact's last START, only a
// newer START of the contact, or a person who read each such text, opens the gate.
func TestAHoldEndsOnlyByTheContactOrByWhoReadIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Event {
			n++
			status := rapid.SampledFrom([]store.Status{store.OptedIn, store.OptedOut, store.Held, store.Held, store.Released, store.Asked}).Draw(t, "status")
			ev := event(string(rune('a'+n)), status, rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceAgent, store.SourceConfirm}).Draw(t, "source"), knownTime().Draw(t, "at"))
			if status == store.Released {
				ev.ID = string(rune('a' + rapid.IntRange(0, n).Draw(t, "of")))
			}
			return ev
		}), 1, 12).Draw(t, "events")
		status := store.StandingOf(key, events).State().Status
		if status == store.Held || status == store.OptedOut {
			return
		}
		for i, ev := range events {
			if ev.Status != store.Held {
				continue
			}
			ended := slices.ContainsFunc(events, func(other store.Event) bool {
				return other.Status == store.OptedIn && other.Source == store.SourceKeyword && other.At.After(ev.At)
			}) || slices.ContainsFunc(events[i:], func(other store.Event) bool {
				return other.ID == ev.ID && other.Status == store.Released
			})
			require.True(t, ended, "%v ended by nobody", ev)
		}
	})
}
