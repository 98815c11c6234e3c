package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// The calls of a case, and what has to be true of them. An error of the store ends the case.

func (p *probe) get(key store.Key) store.State {
	state, err := p.store.Get(p.ctx, key)
	if err != nil {
		p.failf("Get of %s: %w", showKey(key), err)
	}
	return state
}

// gets reads numbers one by one.
func (p *probe) gets(account string, numbers []string) []store.State {
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i] = p.get(store.Key{Account: account, Number: number})
	}
	return states
}

func numbersOf(states []store.State) []string {
	var numbers []string
	for _, state := range states {
		numbers = append(numbers, state.Key.Number)
	}
	return numbers
}

// getBatch reads numbers at once, if the store can.
func (p *probe) getBatch(account string, numbers []string) []store.State {
	states, err := store.GetBatch(p.ctx, p.store, account, numbers)
	p.mustf(err, "GetBatch of %d", len(numbers))
	return states
}

func (p *probe) history(key store.Key) []store.Record { return p.historyOf(key).all(0) }

func (p *probe) append(ev store.Event) store.Result {
	res, err := p.tryAppend(p.ctx, ev)
	if err != nil {
		p.failf("Append to %s (%s): %w", showKey(ev.Key), showEvent(ev), err)
	}
	return res
}

// appendNew appends an event that is not a duplicate.
func (p *probe) appendNew(ev store.Event) store.Result {
	res := p.append(ev)
	if res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	return res
}

// add appends new events to a key, and returns the last result. An arrival of no action is
// left out.
func (p *probe) add(key store.Key, arrivals ...arrival) store.Result {
	var last store.Result
	for _, a := range arrivals {
		if a.action != store.NoAction {
			last = p.appendNew(p.event(key, a))
		}
	}
	return last
}

// tryAppend appends again if the write lost against another one: nothing was written then.
func (p *probe) tryAppend(ctx context.Context, ev store.Event) (store.Result, error) {
	return again(ctx, func() (store.Result, error) { return p.store.Append(ctx, ev) })
}

// again calls f until its answer is no conflict.
func again[T any](ctx context.Context, f func() (T, error)) (T, error) {
	const pause = time.Millisecond
	for {
		res, err := f()
		if !errors.Is(err, store.ErrConflict) {
			return res, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return res, err
		}
	}
}

// settled returns a key's history and state, after checking that the state follows from
// the history. It waits for a cancelled write that still arrives.
func (p *probe) settled(key store.Key) ([]store.Record, store.State) {
	const tries, pause = 100, 5 * time.Millisecond
	var changed string
	for range tries {
		before := p.get(key)
		records := p.history(key)
		after := p.get(key)
		if changed = diff(before, after); changed == "" {
			p.follows(key, records, after)
			return records, after
		}
		time.Sleep(pause)
	}
	p.failf("the state of %s changes though nobody appends: %s", showKey(key), changed)
	return nil, store.State{}
}

// follows fails if the records do not lead by the rule to what is stored: in each record,
// and as the state.
func (p *probe) follows(key store.Key, records []store.Record, state store.State) {
	book := rulebook.New(key)
	for i, r := range records {
		ev := r.Event
		ev.Key = key
		if r.Erased || r.Action == store.Erase { // of it only the effect can be told
			want := r
			want.Prior = book.State().Status
			want.Effective = book.Add(r)
			p.samef(diff(want, r), "record %d of %d (%s), erased, by the rule", i+1, len(records), showEvent(r.Event))
			continue
		}
		want, err := book.Append(ev, r.RecordedAt)
		if err != nil {
			p.failf("record %d of %d (%s) is of an event that is refused: %w", i+1, len(records), showEvent(r.Event), err)
		}
		if d := diff(want.Record, r); d != "" {
			p.failf("record %d of %d (%s), by the rule: %s", i+1, len(records), showEvent(r.Event), d)
		}
	}
	p.samef(diff(book.State(), state), "the state does not follow from the history of %d records", len(records))
}

// endsf fails if a key's state does not have the status, and returns it.
func (p *probe) endsf(key store.Key, want store.Status, format string, args ...any) store.State {
	if state := p.get(key); state.Status != want {
		p.failf("%s: the state is %v, want %v", fmt.Sprintf(format, args...), state.Status, want)
	}
	_, state := p.settled(key)
	return state
}

// untouched fails if anything is stored for the key.
func (p *probe) untouched(key store.Key, after string) {
	p.samef(diff(store.State{Key: key}, p.get(key)), "%s: a state is stored", after)
	p.samef(diffs(nil, p.history(key)), "%s: a history is stored", after)
}

// unchanged runs f, and fails if it changes what is stored for the key.
func (p *probe) unchanged(key store.Key, what string, f func()) {
	records, state := p.settled(key)
	f()
	after, now := p.settled(key)
	p.samef(diff(state, now), "%s: the state was changed", what)
	p.samef(diffs(records, after), "%s: the history was changed", what)
}

// keeps appends a new event, and fails if what Append returns or what is read after it is
// not what the event was and what the rule makes of it.
func (p *probe) keeps(ev store.Event) store.Record {
	want, err := ev.Normalize()
	p.mustf(err, "an event that a store takes is refused by Normalize")
	before, _ := p.settled(ev.Key)
	res := p.appendNew(ev)
	p.samef(diff(want, res.Record.Event), "Append")
	after, state := p.settled(ev.Key)
	p.samef(diffs(append(before, res.Record), after), "History after Append")
	p.samef(diff(res.State, state), "Get after Append")
	return res.Record
}

// isDuplicate appends an event, and fails if it is not taken for a duplicate or changes
// anything.
func (p *probe) isDuplicate(ev store.Event, what string) {
	p.unchanged(ev.Key, what, func() {
		records, state := p.settled(ev.Key)
		res := p.append(ev)
		p.checkf(res.Duplicate, "%s: Duplicate is not set", what)
		p.samef(diff(state, res.State), "%s: the state returned is not the one now", what)
		nearest := "no record with this ID and Action is stored"
		for _, stored := range records {
			if stored.ID == ev.ID && stored.Action == ev.Action && nearest != "" {
				nearest = diff(stored, res.Record)
			}
		}
		p.samef(nearest, "%s: the record returned is not the stored one", what)
	})
}

// refused appends an event, and fails if the error is not the one that is wanted or
// anything changes.
func (p *probe) refused(ev store.Event, want error, what string) {
	p.unchanged(ev.Key, what, func() {
		if _, err := p.tryAppend(p.ctx, ev); !errors.Is(err, want) {
			p.failf("%s (%s): error is %v, want %w", what, showEvent(ev), err, want)
		}
	})
}

// everywhere fails if a way to read answers other states than these, which are of numbers
// of one account, in byte order.
func (p *probe) everywhere(want ...store.State) {
	account, numbers := want[0].Key.Account, numbersOf(want)
	for _, state := range want {
		_, got := p.settled(state.Key)
		p.samef(diff(state, got), "Get of %s", showKey(state.Key))
	}
	p.samef(diffs(want, p.getBatch(account, numbers)), "GetBatch")
	if !p.listOf(account, store.Unknown).offered() {
		return
	}
	for _, status := range statuses() {
		got := slices.DeleteFunc(p.listOf(account, status).all(0), func(s store.State) bool {
			return s.Key.Account == account && !slices.Contains(numbers, s.Key.Number)
		})
		p.samef(diffs(withStatus(want, status), got), "List of status %v", status)
	}
}

// withStatus returns the states that a List with the status has to list.
func withStatus(states []store.State, status store.Status) []store.State {
	var with []store.State
	for _, s := range states {
		if s.Status != store.Unknown && (status == store.Unknown || s.Status == status) {
			with = append(with, s)
		}
	}
	return with
}

func statuses() []store.Status {
	return []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held}
}
