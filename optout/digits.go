package optout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// A number that came without a plus sign has up to three keys in the store: the number
// that its digits are read as, the digits themselves, under which an opt-out is found after
// the Options change, and the second reading of the digits, which is the number of another
// contact. Each of the two numbers has a second key if its line has two spellings (lines.go).
// This file has what follows from that.

// digitsKey returns the digits as a key beside the number, or "".
func digitsKey(n *number.Number) string {
	if n.Digits == n.Key {
		return ""
	}
	return n.Digits
}

// ownKeys returns the keys under which an event of a number is recorded: the spellings of its
// line, and the digits.
func ownKeys(n *number.Number) []string {
	keys := spellings(n.Key)
	if digits := digitsKey(n); digits != "" {
		keys = append(keys, digits)
	}
	return keys
}

// otherKeys returns the keys of the second reading of digits.
func otherKeys(n *number.Number) []string {
	if n.Other == "" {
		return nil
	}
	return spellings(n.Other)
}

// found is what the store knows of a number.
type found struct {
	line  []store.State // of the number itself, in each spelling of its line
	state store.State   // that decides
}

// number returns what is known of the number itself.
func (f found) number() store.State { return known(f.line) }

// unknown reports whether nothing is known of the contact.
func (f found) unknown() bool {
	return f.number().Status == store.Unknown && !closes(f.state.Status)
}

// maxKeys is how many keys a number has at most if no line has two spellings.
const maxKeys = 3

// read reads what the store knows of a number.
func (g *Guard) read(ctx context.Context, s store.Store, account string, n *number.Number) (f found, err error) {
	states, err := states(ctx, s, account, n.AppendKeys(make([]string, 0, maxKeys)))
	if err != nil {
		return found{}, err
	}
	if len(states) == 0 {
		return found{line: make([]store.State, 1)}, nil
	}
	f.line = lineOf(n, states)
	f.state, err = g.deciding(ctx, s, n, states)
	return f, err
}

// readDigits is read without the second reading of digits, which is another contact.
func (g *Guard) readDigits(ctx context.Context, s store.Store, account string, n *number.Number) (found, error) {
	alone := *n
	alone.Other = ""
	return g.read(ctx, s, account, &alone)
}

// deciding returns the state by which a number is gated, of the states of its keys: an
// opt-out under any of them, or else a hold; otherwise what is known of the number itself.
func (g *Guard) deciding(ctx context.Context, s store.Store, n *number.Number, states []store.State) (store.State, error) {
	line := len(lineOf(n, states))
	if !slices.ContainsFunc(states, func(s store.State) bool { return closes(s.Status) }) {
		return known(states[:line]), nil
	}
	// The contact has sent a START, or may have sent one before a text that is held. Where
	// that would not change the answer the histories are not read.
	out := slices.ContainsFunc(states, func(s store.State) bool { return s.Status == store.OptedOut })
	started := func(s store.State) bool { return s.Action == store.OptIn || s.Status == store.Held && out }
	if slices.ContainsFunc(states[:line], started) || slices.ContainsFunc(otherOf(n, states), started) {
		var err error
		if states, err = g.sinceStart(ctx, s, n, states); err != nil {
			return store.State{}, err
		}
	}
	if i := worst(states); i >= 0 {
		return states[i], nil
	}
	return known(states[:line]), nil
}

// worst returns the index of the first opt-out, or else of the first hold, or -1.
func worst(states []store.State) int {
	for _, status := range []store.Status{store.OptedOut, store.Held} {
		if i := slices.IndexFunc(states, func(s store.State) bool { return s.Status == status }); i >= 0 {
			return i
		}
	}
	return -1
}

// sinceStart lets the STARTs of a number count for the other spelling of its line and for
// its digits too, however they were spelled: what is kept under these is what their history
// comes to with the STARTs in it. The same holds of the two spellings of the second reading;
// there, what the same digits caused gives way to the STARTs of the number too.
func (g *Guard) sinceStart(ctx context.Context, s store.Store, n *number.Number, states []store.State) ([]store.State, error) {
	line, other := len(lineOf(n, states)), len(states)-len(otherOf(n, states))
	histories := make([][]store.Record, len(states))
	for i := range states {
		if i >= line && i < other && !closes(states[i].Status) {
			continue
		}
		for r, err := range g.historyOf(ctx, s, states[i].Key) {
			if err != nil {
				return nil, err
			}
			histories[i] = append(histories[i], r)
		}
	}
	starts, others := startsOf(histories[:line]), startsOf(histories[other:])
	caused, err := g.causedBy(ctx, s, n.Digits, states, histories)
	if err != nil {
		return nil, err
	}
	always := func(store.Record) bool { return true }
	states = slices.Clone(states)
	for i := range states {
		if !closes(states[i].Status) || store.NewLedger(states[i].Key, histories[i]).State() != states[i] {
			continue // what its records do not explain stays closed
		}
		var history []store.Record
		switch {
		case i < line:
			history = withStarts(histories[i], starts, always)
		case states[i].Key.Number == n.Digits:
			sameDigits := func(start store.Record) bool { // or erased: then only the id tells
				return start.Erased || g.r().numbers.Read(start.From).Digits == n.Digits
			}
			history = withStarts(histories[i], starts, sameDigits)
		default:
			history = withoutLifted(withStarts(histories[i], others, always), caused, starts)
		}
		states[i] = store.NewLedger(states[i].Key, history).State()
	}
	return states, nil
}

// withStarts returns a history with STARTs of the same contact in it, in the order of
// recording. Of a START that is the history's own, and whose id it knows, the history says
// what became of it.
func withStarts(history, starts []store.Record, own func(store.Record) bool) []store.Record {
	known := make(map[string]bool, len(history))
	for i := range history {
		known[history[i].ID] = true
	}
	var merged []store.Record
	for _, start := range starts {
		if known[start.ID] && own(start) {
			continue
		}
		for len(history) > 0 && history[0].RecordedAt.Before(start.RecordedAt) {
			merged, history = append(merged, history[0]), history[1:]
		}
		merged = append(merged, start)
	}
	return append(merged, history...)
}

// withoutLifted returns the history of the second reading without what the digits caused
// there and a START lifts, and without the reviews of that.
func withoutLifted(history []store.Record, caused func(store.Record) bool, starts []store.Record) []store.Record {
	lifted := make(map[string][]store.Record) // by their ids
	for _, r := range history {
		lifts := func(start store.Record) bool { return lifts(start, r, start.RecordedAt.After(r.RecordedAt)) }
		if caused(r) && slices.ContainsFunc(starts, lifts) {
			lifted[r.ID] = append(lifted[r.ID], r)
		}
	}
	return slices.DeleteFunc(slices.Clone(history), func(r store.Record) bool {
		return slices.ContainsFunc(lifted[r.ID], func(text store.Record) bool { return r.Event == text.Event || r.Names(text) })
	})
}

// named is what a review or a Retract names of an event.
func named(ev store.Event) store.Event {
	return store.Event{ID: ev.ID, At: ev.At, ReceivedAt: ev.ReceivedAt, From: ev.From, Text: ev.Text}
}

// causedBy returns a function that reports whether digits opted out or held the contact of a
// record. The sender of an erased record is not known: then the same event is recorded under
// the digits too. states and histories are those of the keys of the number.
func (g *Guard) causedBy(
	ctx context.Context, s store.Store, digits string, states []store.State, histories [][]store.Record,
) (func(store.Record) bool, error) {
	of := slices.IndexFunc(states, func(s store.State) bool { return s.Key.Number == digits })
	isErased := func(r store.Record) bool { return r.Erased }
	if of < 0 || !slices.ContainsFunc(histories, func(h []store.Record) bool { return slices.ContainsFunc(h, isErased) }) {
		return func(r store.Record) bool { return g.isCausedBy(digits, r, nil) }, nil
	}
	sent := make(map[store.Event]bool)
	for r, err := range g.historyOf(ctx, s, states[of].Key) {
		if err != nil {
			return nil, err
		}
		sent[traceOf(r)] = true
	}
	return func(r store.Record) bool { return g.isCausedBy(digits, r, sent) }, nil
}

// isCausedBy reports whether digits opted out or held the contact of a record. sent are the
// traces of what is recorded under the digits, as the keys of a map.
func (g *Guard) isCausedBy(digits string, r store.Record, sent map[store.Event]bool) bool {
	if r.Action != store.OptOut && r.Action != store.Hold {
		return false
	}
	if r.Erased {
		_, known := sent[traceOf(r)]
		return known
	}
	return g.r().numbers.Read(r.From).Digits == digits
}

// lifts reports whether a START lifts an opt-out or a hold, by their times, and otherwise
// by the order in which they came.
func lifts(start, old store.Record, before bool) bool {
	if !start.At.IsZero() && !old.At.IsZero() {
		return start.At.After(old.At)
	}
	return before && start.Lifts(store.State{Status: store.Held, At: old.At, ReceivedAt: old.ReceivedAt})
}

// startKeys returns the keys under which a START is recorded, of the keys of its number: the
// spellings of its line and its digits. Where other Options have recorded the START under the
// digits alone, or where its id belongs to a START of another time, it returns the keys that
// know the id: under the others the START would lift what came after its first delivery. So
// it does with a spelling that has newer records than the START in the other spelling, and
// does not know it: the gate counts the START for both.
//
// If the id belongs to something else under one spelling, the START is refused under both.
func (g *Guard) startKeys(ctx context.Context, s store.Store, start store.Event, n *number.Number, keys []string) ([]string, error) {
	at, digits := start.At.Truncate(store.Precision), digitsKey(n)
	known, latest := make(map[string]bool), make(map[string]time.Time)
	again, reused := false, false
	var started time.Time // when one spelling got to know the START
	for _, key := range keys {
		for old, err := range g.historyOf(ctx, s, store.Key{Account: start.Key.Account, Number: key}) {
			if err != nil {
				return nil, err
			}
			latest[key] = old.RecordedAt
			switch {
			case old.ID != start.ID:
			case old.Action == store.OptIn:
				known[key] = true
				again = again || key == digits || !old.At.Equal(at)
				if key != digits {
					started = old.RecordedAt
				}
			case key != digits:
				reused = true
			}
		}
	}
	if reused && started.IsZero() {
		return nil, fmt.Errorf("%w: %v", store.ErrIDReused, start.Action)
	}
	return slices.DeleteFunc(keys, func(key string) bool {
		// Where only the number knows the START, the digits were not reached.
		late := key != digits && !started.IsZero() && latest[key].After(started)
		return !known[key] && (again || late)
	}), nil
}

// isRestarted reports whether a newer START in the same bare digits is known, which lifts what
// these cause under their second reading. A START in digits with separators lifts nothing
// there: it came from the number that is dialled here. Neither does a START that is erased, of
// which nobody knows how its digits were written.
func (g *Guard) isRestarted(ctx context.Context, s store.Store, stop store.Record, n *number.Number) (bool, error) {
	for old, err := range g.historyOf(ctx, s, stop.Key) {
		if err != nil {
			return false, err
		}
		isBare := old.Action == store.OptIn && g.r().numbers.Read(old.From).Other == n.Other
		if isBare && lifts(old, stop, old.RecordedAt.After(stop.RecordedAt)) {
			return true, nil
		}
	}
	return false, nil
}

// restart takes back, under the second reading of digits, what the same digits have caused
// there. The own opt-outs of that contact stay: a START in bare digits is not theirs.
func (g *Guard) restart(ctx context.Context, s store.Store, start store.Event, digits store.Record, n *number.Number) error {
	now, err := states(ctx, s, start.Key.Account, []string{start.Key.Number})
	if err != nil || !closes(now[0].Status) {
		return err
	}
	sent := make(map[store.Event]bool) // what the same digits sent, and whether before the START
	started := false
	for old, err := range g.historyOf(ctx, s, digits.Key) {
		if err != nil {
			return err
		}
		started = started || old.ID == digits.ID && old.Action == store.OptIn
		sent[traceOf(old)] = sent[traceOf(old)] || !started
	}
	taken := make(map[store.Event]store.Record) // by the events that take them back
	for old, err := range g.historyOf(ctx, s, start.Key) {
		if err != nil {
			return err
		}
		if g.isCausedBy(n.Digits, old, sent) && lifts(digits, old, sent[traceOf(old)]) {
			taken[named(old.Event)] = old
		}
		if old.Action == store.Retract {
			delete(taken, named(old.Event))
		}
	}
	for _, old := range taken {
		if _, err := appendEvent(ctx, s, about(old, store.Retract, start)); err != nil {
			return err
		}
	}
	return nil
}
