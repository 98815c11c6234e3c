package optout

import (
	"context"
	"errors"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// RecordOptOuts records opt-outs as RecordOptOut would, one after the other, and returns
// the outcomes in the order of the requests. A request that RecordOptOut would refuse, such
// as one with a Day that is no date, has the error in its own Outcome.Err, and the others
// are recorded.
//
// With a store that is a [store.BatchAppender], as memstore and sqlstore are, they are one
// transaction. There is an exception: an opt-out in bare digits, after a START in the same
// digits, is recorded by itself, and those before it are then recorded already. If one
// contact is in a batch more than once, Outcome.State may be that after a later request.
//
// Any other error is returned, without outcomes: no request is known to be recorded. Record
// all of them again. A request with an ID that is stored already is a duplicate then. Of a
// long list give about 1,000 at a time.
func (g *Guard) RecordOptOuts(ctx context.Context, rs []Request) ([]Outcome, error) {
	return observedAll(ctx, g, OperationRecordOptOuts, rs, accountOfRequest, (*Guard).recordOptOuts)
}

func (g *Guard) recordOptOuts(ctx context.Context, rs []Request) ([]Outcome, error) {
	b, err := g.requests(ctx, rs, store.OptOut)
	if err != nil {
		return nil, err
	}
	first := 0 // of those that are not recorded yet
	for i := range b.requests {
		r := &b.requests[i]
		if !b.startedIn(&r.number, r.ev.Key.Account) {
			continue
		}
		if err := b.optOuts(ctx, b.requests[first:i]); err != nil {
			return nil, err
		}
		done, err := g.record(ctx, g.store, r.ev, &r.number)
		if err != nil {
			return nil, err
		}
		done.describe(r.out)
		first = i + 1
	}
	if err := b.optOuts(ctx, b.requests[first:]); err != nil {
		return nil, err
	}
	return b.outcomes, nil
}

// RecordConsents records consents as RecordConsent would, one after the other, and returns
// the outcomes in the order of the requests. A consent that RecordConsent would refuse, such
// as one of a contact who opted out, has the error in its own Outcome.Err, and the others
// are recorded. All else is as with RecordOptOuts, without the exception.
func (g *Guard) RecordConsents(ctx context.Context, rs []Request) ([]Outcome, error) {
	return observedAll(ctx, g, OperationRecordConsents, rs, accountOfRequest, (*Guard).recordConsents)
}

func (g *Guard) recordConsents(ctx context.Context, rs []Request) ([]Outcome, error) {
	b, err := g.requests(ctx, rs, store.Consent)
	if err != nil {
		return nil, err
	}
	events, recorded := make([]store.Event, 0, len(b.requests)), make([]*requested, 0, len(b.requests))
	for i := range b.requests {
		r := &b.requests[i]
		err := g.consentKey(ctx, b.known, &r.ev, &r.number, r.out)
		switch {
		case errors.Is(err, ErrOptedOut):
			r.out.Err = err
		case err != nil:
			return nil, err
		default:
			events, recorded = append(events, r.ev), append(recorded, r)
		}
	}
	results, err := appendBatch(ctx, g.store, events)
	if err != nil {
		return nil, err
	}
	for i, r := range recorded {
		r.out.Err = g.consented(ctx, g.store, r.ev.Key.Account, results[i], results[i].Err, &r.number, r.out)
	}
	return b.outcomes, nil
}

func accountOfRequest(r *Request) string { return r.Account }

// keysOf returns all keys under which an event of a number is recorded.
func keysOf(n *number.Number) []string { return append(ownKeys(n), otherKeys(n)...) }

// requestBatch is requests that are recorded together.
type requestBatch struct {
	guard    *Guard
	requests []requested // without those that are refused
	outcomes []Outcome
	known    knownStates
}

// requested is a Request that can be recorded.
type requested struct {
	number number.Number
	ev     store.Event
	out    *Outcome
}

// requests reads requests, and the states of their numbers.
func (g *Guard) requests(ctx context.Context, rs []Request, action store.Action) (*requestBatch, error) {
	if g == nil || g.store == nil {
		return nil, errNoStore
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b := &requestBatch{guard: g, requests: make([]requested, 0, len(rs)), outcomes: make([]Outcome, len(rs))}
	keys := map[string][]string{} // by account
	for i, r := range rs {
		out := &b.outcomes[i]
		if out.Err = g.r().validAccount(r.Account); out.Err != nil {
			continue
		}
		one := requested{number: g.r().numbers.Read(r.Number), out: out}
		if one.ev, *out, out.Err = g.event(r, &one.number, action); out.Err != nil {
			continue
		}
		b.requests = append(b.requests, one)
		if action == store.Consent || one.number.Other != "" {
			keys[r.Account] = one.number.AppendKeys(keys[r.Account])
		}
	}
	b.known = knownStates{Store: g.store, states: map[store.Key]store.State{}}
	for account, numbers := range keys {
		known, err := states(ctx, g.store, account, numbers)
		if err != nil {
			return nil, err
		}
		for _, state := range known {
			b.known.states[state.Key] = state
		}
	}
	return b, nil
}

// startedIn reports whether a number came in bare digits that are opted in: then a START in
// the digits may lift what they do under their second reading, and record asks for it.
// Opt-outs that come before in the batch can only change that to less work.
func (b *requestBatch) startedIn(n *number.Number, account string) bool {
	return n.Other != "" && b.known.states[store.Key{Account: account, Number: n.Digits}].Status == store.OptedIn
}

// optOuts records opt-outs under all their keys, as record does.
func (b *requestBatch) optOuts(ctx context.Context, requests []requested) error {
	events := make([]store.Event, 0, len(requests)) // most have one key
	for i := range requests {
		ev := requests[i].ev
		for _, key := range keysOf(&requests[i].number) {
			ev.Key.Number = key
			events = append(events, ev)
		}
	}
	results, err := appendBatch(ctx, b.guard.store, events)
	if err != nil {
		return err
	}
	for i := range requests {
		r := &requests[i]
		own, all := len(ownKeys(&r.number)), len(keysOf(&r.number))
		done := recorded{results: results[:own:own], other: results[own:all:all]}
		results = results[all:]
		for _, result := range done.results {
			if result.State.Key.Number == r.number.Key {
				done.state = result.State
			}
		}
		if all > 1 && done.state.Status != store.OptedOut { // a START is newer, and what it leaves has to be read
			if err := b.guard.stateOf(ctx, b.guard.store, r.ev.Key.Account, &r.number, &done.state); err != nil {
				return err
			}
		}
		done.describe(r.out)
	}
	return nil
}

// knownStates is a store of which some states were read already.
type knownStates struct {
	store.Store

	states map[store.Key]store.State
}

func (s knownStates) Get(ctx context.Context, key store.Key) (store.State, error) {
	if state, known := s.states[key]; known {
		return state, nil
	}
	return s.Store.Get(ctx, key)
}

// GetBatch implements [store.BatchGetter].
func (s knownStates) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	all := make([]store.State, len(numbers))
	for i, number := range numbers {
		var err error
		if all[i], err = s.Get(ctx, store.Key{Account: account, Number: number}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
