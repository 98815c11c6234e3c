package store_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

var key = store.Key{Account: "acct", Number: "+14155552671"}

// minute returns a time with a fraction of a second, later for a larger n.
func minute(n int) time.Time {
	return time.Date(2026, time.March, 1, 12, 0, 0, 250_000_000, time.UTC).Add(time.Duration(n) * time.Minute)
}

func event(id string, action store.Action, at time.Time) store.Event {
	source := store.SourceKeyword
	if action == store.Hold {
		source = store.SourceText
	}
	return store.Event{ID: id, Key: key, Action: action, At: at, Source: source}
}

// review returns an event that settles a text.
func review(action store.Action, text store.Event) store.Event {
	return store.Event{
		ID: text.ID, Key: key, Action: action, At: text.At, ReceivedAt: text.ReceivedAt, Text: text.Text, Source: store.SourceReview,
		From: text.From,
	}
}

// void returns an event that takes another one back.
func void(ev store.Event) store.Event {
	return store.Event{
		ID: store.VoidPrefix + ev.ID, Key: key, Action: store.Void, From: ev.From, Source: store.SourceAgent, Actor: "ann", Note: "wrong list",
	}
}

// sequence draws events, of which some are about those before them.
type sequence struct {
	actions []store.Action
	ids     int  // how many there are; 0: each event has its own
	dated   bool // each has the provider's time
	reviews bool // of the texts before them
}

var (
	plain = []store.Action{store.OptOut, store.OptIn, store.Consent, store.Hold}
	every = append(slices.Clone(plain), store.Hold, store.Ask)
)

func (s sequence) draw(t *rapid.T, most int) []store.Event {
	var events []store.Event
	for n := range rapid.IntRange(1, most).Draw(t, "events") {
		if s.reviews && n > 0 && rapid.IntRange(0, 2).Draw(t, "review") == 0 {
			text := rapid.SampledFrom(events).Draw(t, "text")
			action := rapid.SampledFrom([]store.Action{store.Release, store.Uphold, store.Retract, store.Void}).Draw(t, "verdict")
			if action == store.Void {
				events = append(events, void(text))
			} else {
				events = append(events, review(action, text))
			}
			continue
		}
		if s.reviews && n > 0 && rapid.IntRange(0, 9).Draw(t, "again") == 0 { // as another policy reads it
			text := rapid.SampledFrom(events).Draw(t, "text")
			text.Action = rapid.SampledFrom([]store.Action{store.OptOut, store.Hold}).Draw(t, "reading")
			text.Source = rapid.SampledFrom([]store.Source{store.SourceText, store.SourceCarrier}).Draw(t, "source")
			events = append(events, text)
			continue
		}
		events = append(events, s.event(t, n))
	}
	return events
}

func (s sequence) event(t *rapid.T, n int) store.Event {
	id := fmt.Sprint("own-", n)
	if s.ids > 0 {
		id = fmt.Sprint("id-", rapid.IntRange(1, s.ids).Draw(t, "id"))
	}
	ev := event(id, rapid.SampledFrom(s.actions).Draw(t, "action"), time.Time{})
	sources := []store.Source{store.SourceText, store.SourceText, store.SourceAgent, store.SourceImport, store.SourceConfirm}
	ev.Source = rapid.SampledFrom(sources).Draw(t, "source")
	ev.From = rapid.SampledFrom([]string{"", "", "", "1555"}).Draw(t, "from")
	ev.Text = rapid.SampledFrom([]string{"", "stop it"}).Draw(t, "words")
	if at := rapid.IntRange(-4, 8).Draw(t, "at"); at > 0 {
		ev.At = minute(at)
	} else if s.dated {
		ev.At = minute(at + 5)
	}
	if ev.At.IsZero() || rapid.Bool().Draw(t, "known") {
		if received := rapid.IntRange(-1, 8).Draw(t, "received"); received > 0 {
			ev.ReceivedAt = minute(received).Add(time.Duration(rapid.IntRange(-1, 2).Draw(t, "part")) * 400 * time.Millisecond)
		}
	}
	if s.ids > 0 && rapid.IntRange(0, 9).Draw(t, "late") == 0 && !ev.ReceivedAt.IsZero() {
		ev.ReceivedAt = ev.ReceivedAt.Add(73 * time.Hour)
	}
	return ev
}

// recorded is the store's clock at an event's place. It runs in the same hours as the
// events, since a time of receipt that is not known is taken from it.
func recorded(place int) time.Time { return minute(place).Add(30 * time.Second) }

// follow appends events to a new ledger, and leaves out what is refused.
func follow(events []store.Event) *store.Ledger {
	ledger := store.NewLedger(key, nil)
	for place, ev := range events {
		_, _ = ledger.Append(ev, recorded(place))
	}
	return ledger
}

func status(events []store.Event) store.Status { return follow(events).State().Status }

// describe shows events one a line, for the failures.
func describe(events []store.Event) string {
	var lines strings.Builder
	for _, ev := range events {
		fmt.Fprintf(&lines, "\n%-6s %-8v %s", ev.ID, ev.Action, ev.Source)
		if !ev.At.IsZero() {
			fmt.Fprintf(&lines, " at %s", ev.At.Format("15:04:05.0"))
		}
		if !ev.ReceivedAt.IsZero() {
			fmt.Fprintf(&lines, " received %s", ev.ReceivedAt.Format("15:04:05.0"))
		}
		if ev.Text != "" {
			fmt.Fprintf(&lines, " %q", ev.Text)
		}
	}
	return lines.String()
}

// books returns what the rule written a second time makes of events.
func books(events []store.Event) *rulebook.Book {
	book := rulebook.New(key)
	for place, ev := range events {
		_, _ = book.Append(ev, recorded(place))
	}
	return book
}
