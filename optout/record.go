package optout

import (
	"context"
	"slices"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// recorded is what came of one event under each key of a number.
type recorded struct {
	results []store.Result // of the spellings of its line, then of its digits
	other   []store.Result // of the second reading of the digits
	state   store.State    // that decides now; zero if it was not read
}

// record appends an opt-out, a hold or the contact's own opt-in under the keys of a
// number. On an error the part that was stored stays: a redelivery completes it, and
// until then an opt-out blocks.
func (g *Guard) record(ctx context.Context, s store.Store, ev store.Event, n *number.Number) (done recorded, err error) {
	keys := ownKeys(n)
	if ev.Action == store.OptIn && len(keys) > 1 {
		if keys, err = g.startKeys(ctx, s, ev, n, keys); err != nil {
			return done, err
		}
	}
	for _, key := range keys {
		ev.Key.Number = key
		result, err := appendEvent(ctx, s, ev)
		if err != nil {
			return done, err
		}
		done.results = append(done.results, result)
	}
	for _, key := range otherKeys(n) {
		ev.Key.Number = key
		if err := g.recordOther(ctx, s, ev, n, &done); err != nil {
			return done, err
		}
	}
	if len(done.results) == 1 && n.IsAlone() {
		done.state = done.results[0].State
		return done, nil
	}
	return done, g.stateOf(ctx, s, ev.Key.Account, n, &done.state)
}

// recordOther records an event under one spelling of the second reading of digits.
func (g *Guard) recordOther(ctx context.Context, s store.Store, ev store.Event, n *number.Number, done *recorded) error {
	digits := done.results[len(done.results)-1]
	if ev.Action == store.OptIn {
		if digits.Record.Key.Number != n.Digits {
			return nil // a START with the id of another one
		}
		return g.restart(ctx, s, ev, digits.Record, n)
	}
	if digits.State.Status == store.OptedIn {
		if lifted, err := g.isRestarted(ctx, s, digits.Record, n); err != nil || lifted {
			return err
		}
	}
	result, err := appendEvent(ctx, s, ev)
	if err == nil {
		done.other = append(done.other, result)
	}
	return err
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
	if err == nil {
		err = validResult(&result, &ev)
	}
	if err != nil {
		return store.Result{}, err
	}
	apart, err := isApart(ctx, s, &result, &ev)
	if err != nil {
		return store.Result{}, err
	}
	if apart {
		ev.ID = apartID(ev.ID)
		return appendEvent(ctx, s, ev)
	}
	return result, nil
}

// appendBatch is appendEvent for many events, of which the store may refuse some.
func appendBatch(ctx context.Context, s store.Store, events []store.Event) ([]store.Result, error) {
	if len(events) == 0 {
		return nil, ctx.Err()
	}
	results, err := store.AppendBatch(ctx, s, events)
	if err != nil {
		return nil, err
	}
	if len(results) != len(events) {
		return nil, errBadState
	}
	for i := range results {
		if results[i].Err != nil {
			continue
		}
		if err := validResult(&results[i], &events[i]); err != nil {
			return nil, err
		}
		apart, err := isApart(ctx, s, &results[i], &events[i])
		if err != nil {
			return nil, err
		}
		if !apart {
			continue
		}
		if results[i], err = appendEvent(ctx, s, events[i]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func validResult(result *store.Result, ev *store.Event) error {
	stored := &result.Record
	if stored.Key != ev.Key || stored.ID != ev.ID || stored.Action != ev.Action {
		return errBadState
	}
	consent := ev.Action == store.OptIn || ev.Action == store.OptOut || ev.Action == store.Consent
	if consent && result.State.Status == store.Unknown && !result.Duplicate {
		return errBadState
	}
	return validState(&result.State, ev.Key)
}

// each yields the results of all keys. own is false for the second reading of digits.
func (r recorded) each(yield func(own bool, result *store.Result) bool) {
	for i, results := range [...][]store.Result{r.results, r.other} {
		for j := range results {
			if !yield(i == 0, &results[j]) {
				return
			}
		}
	}
}

// describe fills in what an Outcome says of the store.
func (r recorded) describe(out *Outcome) {
	if len(r.results) == 0 {
		return
	}
	out.State = r.now()
	out.Duplicate = true
	before, _ := r.before()
	for own, result := range r.each {
		prior := result.Record.Prior
		if prior == store.Unknown && own {
			prior = before // under another key the contact may be known
		}
		out.Changed = out.Changed || !result.Duplicate && prior != result.State.Status
		out.Duplicate = out.Duplicate && result.Duplicate
	}
	switch r.results[0].Record.Action {
	case store.Release, store.Void: // another text may be held
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

// now returns the state that decides: as it was read, or after an error the worst of
// those that are known.
func (r recorded) now() store.State {
	if r.state.Key != (store.Key{}) {
		return r.state
	}
	var states []store.State
	for _, result := range r.each {
		states = append(states, result.State)
	}
	return states[max(0, worst(states))]
}

// answers reports whether the event changed the contact's status from one of these, and
// what it asked for is in force: then the contact gets a reply, again if the message was
// delivered again.
func (r recorded) answers(asked store.Status, from ...store.Status) bool {
	if len(r.results) == 0 || r.now().Status != asked {
		return false
	}
	prior, effective := r.before()
	return effective && slices.Contains(from, prior)
}

// before returns the contact's status before the event, and whether the event had an effect:
// by the first key that knew the contact.
func (r recorded) before() (prior store.Status, effective bool) {
	for _, result := range r.results {
		if prior == store.Unknown {
			prior, effective = result.Record.Prior, effective || result.Record.Effective
		}
	}
	return prior, effective
}
