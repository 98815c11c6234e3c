package optout

import (
	"context"
	"slices"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// digitsKey returns the digits under which an opt-out is kept too, so that it is found
// after the Options change; "" if the number came with a plus sign, or the digits are
// its key anyway.
func digitsKey(n *number.Number) string {
	if n.Digits == n.Key {
		return ""
	}
	return n.Digits
}

// recorded is what came of one event under each key of a number.
type recorded struct {
	results []store.Result // of the number, and of its digits if they are a key of their own
	other   []store.Result // of the second reading of the digits
	blocked store.State    // of the second reading, if an opt-in left it closed
}

// record appends an opt-out, a hold or the contact's own opt-in under the keys of a
// number. On an error the part that was stored stays: a redelivery completes it, and
// until then an opt-out blocks.
func (g *Guard) record(ctx context.Context, s store.Store, ev store.Event, n *number.Number) (recorded, error) {
	var done recorded
	for _, key := range []string{n.Key, digitsKey(n)} {
		if key == "" {
			continue
		}
		ev.Key.Number = key
		result, err := appendEvent(ctx, s, ev)
		if err != nil {
			return done, err
		}
		done.results = append(done.results, result)
	}
	if n.Other == "" {
		return done, nil
	}
	ev.Key.Number = n.Other
	if ev.Action == store.OptIn {
		return done, g.restart(ctx, s, ev, n, &done)
	}
	if digits := done.results[len(done.results)-1]; digits.State.Status == store.OptedIn {
		return done, nil // a START of the same digits is newer
	}
	result, err := appendEvent(ctx, s, ev)
	if err == nil {
		done.other = []store.Result{result}
	}
	return done, err
}

// restart takes back, under the second reading of digits, what the same digits have
// opted out. The second reading is the number of another contact, whose own opt-outs
// stay: a START in bare digits is not theirs.
func (g *Guard) restart(ctx context.Context, s store.Store, start store.Event, n *number.Number, done *recorded) error {
	now, err := states(ctx, s, start.Key.Account, []string{n.Other})
	if err != nil || !closes(now[0].Status) {
		return err
	}
	first := done.results[len(done.results)-1].Record // the START under the digits, as it was stored first
	before := make(map[store.Event]bool)              // what the same digits sent before it
	for old, err := range g.historyOf(ctx, s, first.Key) {
		if err != nil {
			return err
		}
		if old.ID == first.ID && old.Action == store.OptIn {
			break
		}
		old.Key = start.Key
		before[old.Event] = true
	}
	var taken []store.Record
	for old, err := range g.historyOf(ctx, s, start.Key) {
		if err != nil {
			return err
		}
		closing := old.Action == store.OptOut || old.Action == store.Hold
		if closing && g.r().numbers.Read(old.From).Digits == n.Digits && lifts(first, old, before[old.Event]) {
			taken = append(taken, old)
		}
	}
	for _, old := range taken {
		result, err := appendEvent(ctx, s, about(old, store.Retract, start))
		if err != nil {
			return err
		}
		now[0] = result.State
	}
	if closes(now[0].Status) {
		done.blocked = now[0]
	}
	return nil
}

// lifts reports whether a START lifts an opt-out or a hold of the same digits, by their
// times, and otherwise by the order in which they came.
func lifts(start, old store.Record, before bool) bool {
	if !start.At.IsZero() && !old.At.IsZero() {
		return start.At.After(old.At)
	}
	return before && start.Lifts(store.State{Status: store.Held, At: old.At, ReceivedAt: old.ReceivedAt})
}

// about returns the event that settles a text: it names the text by its ID, times and
// words, and says who settles it.
func about(text store.Record, action store.Action, by store.Event) store.Event {
	return store.Event{
		ID: text.ID, Key: text.Key, Action: action, At: text.At, ReceivedAt: text.ReceivedAt, Text: text.Text,
		Source: by.Source, From: text.From, To: text.To, Keyword: by.Keyword, KeywordSet: by.KeywordSet,
		Actor: by.Actor, Note: by.Note,
	}
}

func closes(s store.Status) bool { return s == store.OptedOut || s == store.Held }

// appendEvent appends, and does not accept an answer about something else.
func appendEvent(ctx context.Context, s store.Store, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	result, err := s.Append(ctx, ev)
	if err != nil {
		return store.Result{}, err
	}
	stored := result.Record
	if stored.Key != ev.Key || stored.ID != ev.ID || stored.Action != ev.Action {
		return store.Result{}, errBadState
	}
	consent := ev.Action == store.OptIn || ev.Action == store.OptOut || ev.Action == store.Consent
	if consent && result.State.Status == store.Unknown && !result.Duplicate {
		return store.Result{}, errBadState
	}
	if err := validState(&result.State, ev.Key); err != nil {
		return store.Result{}, err
	}
	return result, nil
}

func (r recorded) all() []store.Result { return slices.Concat(r.results, r.other) }

// describe fills in what an Outcome says of the store.
func (r recorded) describe(out *Outcome) {
	if len(r.results) == 0 {
		return
	}
	out.State = r.state()
	out.Duplicate = true
	for _, result := range r.all() {
		out.Changed = out.Changed || !result.Duplicate && result.Record.Prior != result.State.Status
		out.Duplicate = out.Duplicate && result.Duplicate
	}
	switch r.results[0].Record.Action {
	case store.Release: // another text may be held
		out.Superseded = out.State.Status == store.OptedOut
	case store.Ask:
		out.Superseded = closes(out.State.Status)
	case store.Hold:
		out.Superseded = out.State.Status != store.Held
	case store.OptIn, store.Consent:
		out.Superseded = out.State.Status != store.OptedIn
	default:
		out.Superseded = out.State.Status != store.OptedOut
	}
}

// state is what the gate decides by: an opt-out under any key, or else a hold.
func (r recorded) state() store.State {
	states := []store.State{r.blocked}
	for _, result := range r.all() {
		states = append(states, result.State)
	}
	for _, status := range []store.Status{store.OptedOut, store.Held} {
		if i := slices.IndexFunc(states, func(s store.State) bool { return s.Status == status }); i >= 0 {
			return states[i]
		}
	}
	return r.results[0].State
}

// answers reports whether the event changed the contact's status from one of these, and
// what it asked for is in force: then the contact gets a reply, again if the message was
// delivered again.
func (r recorded) answers(asked store.Status, from ...store.Status) bool {
	if len(r.results) == 0 || r.state().Status != asked {
		return false
	}
	prior, effective := store.Unknown, false
	for _, result := range r.results { // the digits count if nothing was known of the number
		if prior == store.Unknown {
			prior = result.Record.Prior
		}
		effective = effective || result.Record.Effective
	}
	return effective && slices.Contains(from, prior)
}
