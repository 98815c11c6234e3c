package storetest

import (
	"errors"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// isDuplicate appends an event that is one, and fails where it is not taken for it
// or changes anything.
func (p *probe) isDuplicate(ev store.Event, what string) {
	events, state := p.settled(ev.Key)
	res := p.append(ev)
	if !res.Duplicate {
		p.failf("%s: Duplicate is not set", what)
	}
	if d := diffState(state, res.State); d != "" {
		p.failf("%s: the state returned is not the one now: %s", what, d)
	}
	after, now := p.settled(ev.Key)
	if d := diffState(state, now); d != "" {
		p.failf("%s: the state was changed: %s", what, d)
	}
	if d := diffEvents(events, after); d != "" {
		p.failf("%s: the history was changed: %s", what, d)
	}
	nearest := "no event with this ID and Status is stored"
	for _, stored := range events {
		if stored.ID != ev.ID || stored.Status != ev.Status {
			continue
		}
		if nearest = diffEvent(stored, res.Event); nearest == "" {
			return
		}
	}
	p.failf("%s: the event returned is not the stored one: %s", what, nearest)
}

func duplicate(p *probe) {
	key := p.key()
	out := p.event(key, store.OptedOut, minute(2))
	out.Text, out.Note = "Stop", "first"
	p.appendNew(out)
	p.isDuplicate(out, "redelivered at once")

	other := out
	other.At, other.ReceivedAt, other.Source = minute(1), minute(9), store.SourceWeb
	other.Text, other.Note = "stop it", "second"
	p.isDuplicate(other, "redelivered with another content")

	in := p.event(key, store.OptedIn, minute(3))
	p.appendNew(in)
	p.isDuplicate(in, "the opt-in redelivered")
	p.isDuplicate(out, "the opt-out redelivered after a newer opt-in")
	out.At = time.Time{}
	p.isDuplicate(out, "the opt-out redelivered without a time")

	late := p.event(key, store.OptedOut, minute(1))
	p.appendNew(late)
	p.isDuplicate(late, "an event that did not win redelivered")

	p.appendNew(p.event(key, store.OptedOut, minute(4)))
	p.isDuplicate(in, "the opt-in redelivered after a newer opt-out")
	in.At = minute(5)
	p.isDuplicate(in, "the opt-in redelivered with a newer time than the opt-out's")
}

func concurrentDuplicates(p *probe) {
	for i := range p.rounds(5, 50, 300*time.Millisecond) {
		status := store.OptedOut
		if i%2 == 1 {
			status = store.OptedIn
		}
		ev := p.event(p.key(), status, minute(1))
		results := make([]store.Result, p.workers)
		p.parallel(len(results), func(i int) { results[i] = p.append(ev) })
		first := 0
		for _, res := range results {
			if !res.Duplicate {
				first++
			}
		}
		events, state := p.settled(ev.Key)
		if first != 1 || len(events) != 1 {
			p.failf("%d Appends: %d are no Duplicate, %d events are stored", len(results), first, len(events))
		}
		for _, res := range results {
			if d := diffEvent(events[0], res.Event); d != "" {
				p.failf("the event returned is not the stored one: %s", d)
			}
			if d := diffState(state, res.State); d != "" {
				p.failf("the state returned is not the one now: %s", d)
			}
		}
	}
}

func reusedIDNewerOptOut(p *probe) {
	key := p.key()
	out := p.event(key, store.OptedOut, minute(1))
	p.appendNew(out)
	p.appendNew(p.event(key, store.OptedIn, minute(3)))

	for what, at := range map[string]time.Time{
		"as old as the opt-in":  minute(3),
		"older than the opt-in": minute(2),
		"without a time":        {},
	} {
		same := out
		same.At = at
		p.isDuplicate(same, "the opt-out redelivered "+what)
	}
	for newer := 4; newer <= 8; newer += 2 { // again and again
		again := out
		again.At, again.Note = minute(newer), "a new message"
		p.applies(again)
		p.isDuplicate(again, "the new event redelivered")
		p.appendNew(p.event(key, store.OptedIn, minute(newer+1)))
		p.isDuplicate(again, "the new event redelivered after a newer opt-in")
	}
}

// applies appends an event that becomes the state.
func (p *probe) applies(ev store.Event) {
	before, _ := p.settled(ev.Key)
	res := p.append(ev)
	if res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	if d := diffGiven(ev, res.Event); d != "" {
		p.failf("the event returned is another one: %s", d)
	}
	if !res.Event.Effective || res.State.Status != ev.Status || !res.State.At.Equal(ev.At) {
		p.failf("it is not applied (%s): Effective is %t, the state is %v", showEvent(ev), res.Event.Effective, res.State.Status)
	}
	after, state := p.settled(ev.Key)
	if d := diffState(res.State, state); d != "" {
		p.failf("Get after Append: %s", d)
	}
	if d := diffEvents(append(before, res.Event), after); d != "" {
		p.failf("History after Append: %s", d)
	}
}

func reusedIDOptOut(p *probe) {
	key := p.key()
	in := p.event(key, store.OptedIn, minute(1))
	p.appendNew(in)
	out := p.event(key, store.OptedOut, minute(2))
	out.ID = in.ID
	p.applies(out)
	p.isDuplicate(out, "the opt-out redelivered")
	p.isDuplicate(in, "the opt-in redelivered")
}

func reusedIDOptIn(p *probe) {
	key := p.key()
	out := p.event(key, store.OptedOut, minute(1))
	p.appendNew(out)
	for _, at := range []time.Time{minute(0), minute(1), minute(2), {}} {
		in := p.event(key, store.OptedIn, at)
		in.ID = out.ID
		before, state := p.settled(key)
		if _, err := p.tryAppend(p.ctx, in); !errors.Is(err, store.ErrIDReused) {
			p.failf("Append of (%s): error is %v", showEvent(in), err)
		}
		after, now := p.settled(key)
		if d := diffEvents(before, after); d != "" {
			p.failf("the history was changed: %s", d)
		}
		if d := diffState(state, now); d != "" {
			p.failf("the state was changed: %s", d)
		}
	}
}

func idPerKey(p *probe) {
	key := p.key()
	first := p.event(key, store.OptedOut, minute(1))
	p.applies(first)
	otherNumber := p.key()
	otherAccount := store.Key{Account: p.otherAccount(), Number: key.Number}
	for _, key := range []store.Key{otherNumber, otherAccount} {
		same := first
		same.Key = key
		p.applies(same)
		p.isDuplicate(same, "the event redelivered")
	}
	again := p.event(p.key(), store.OptedIn, minute(1))
	again.ID = first.ID // an opt-in, where the opt-out was another number's
	p.applies(again)
}

func idByteForByte(p *probe) {
	key := p.key()
	for i, id := range alike("Id-Ab") {
		ev := p.event(key, store.OptedOut, minute(i))
		ev.ID = id
		p.applies(ev)
	}
}
