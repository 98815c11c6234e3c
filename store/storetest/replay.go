package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// settled returns a key's history and state, after checking that the state
// follows from the history. It waits for a cancelled write that still lands.
func (p *probe) settled(key store.Key) ([]store.Event, store.State) {
	const tries, pause = 100, 5 * time.Millisecond
	var changed string
	for range tries {
		before := p.get(key)
		events := p.history(key)
		after := p.get(key)
		if changed = diffState(before, after); changed == "" {
			p.follows(key, events, after)
			return events, after
		}
		time.Sleep(pause)
	}
	p.failf("the state of %s changes though nobody appends: %s", showKey(key), changed)
	return nil, store.State{}
}

// follows fails where the events, replayed by the rule, do not lead to what is
// stored: in each event, and as the state.
func (p *probe) follows(key store.Key, events []store.Event, state store.State) {
	standing := store.StandingOf(key, nil)
	for i, ev := range events {
		now := standing.State()
		next, effective := standing.Next(ev)
		switch {
		case ev.Key != key:
			p.failf("the history of %s has an event of %s", showKey(key), showKey(ev.Key))
		case ev.Prior != now.Status:
			p.failf("event %d of %d (%s): Prior is %v, the events before it lead to %v",
				i+1, len(events), showEvent(ev), ev.Prior, now.Status)
		case ev.Effective != effective:
			p.failf("event %d of %d (%s): Effective is %t, by the rule it is %t",
				i+1, len(events), showEvent(ev), ev.Effective, effective)
		}
		standing = next
	}
	if d := diffState(standing.State(), state); d != "" {
		p.failf("the state does not follow from the history of %d events: %s", len(events), d)
	}
}

// untouched fails where anything is stored for the key.
func (p *probe) untouched(key store.Key, after string) {
	if d := diffState(store.State{Key: key}, p.get(key)); d != "" {
		p.failf("%s: a state is stored: %s", after, d)
	}
	if events := p.history(key); len(events) > 0 {
		p.failf("%s: %d events are stored", after, len(events))
	}
}
