package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// reopened opens the data a second time, and reads what the first store acknowledged.
func reopened(p *probe) {
	second := p.on(p.reopen()) // which has seen nothing yet
	var texts []store.Event
	for _, a := range []arrival{out(1), in(1), consent(1), held(1), held(0).received(3), {action: store.Ask}} {
		texts = append(texts, p.text(p.key(), a))
	}
	p.appendNew(p.review(store.Release, texts[3]))
	opened := p.on(p.reopen()) // after they were appended
	for _, other := range []*probe{second, opened} {
		for _, text := range texts {
			records, state := p.settled(text.Key)
			again, now := other.settled(text.Key)
			if d := diffRecords(records, again); d != "" {
				p.failf("History of %v: %s", text.Action, d)
			}
			if d := diffState(state, now); d != "" {
				p.failf("Get of %v: %s", text.Action, d)
			}
			other.everywhere(state)
			other.isDuplicate(text, text.Action.String()+" redelivered to the second store")
		}
	}
	// What one of them writes the other has to see at once.
	key := texts[0].Key
	second.appendNew(second.event(key, store.OptIn, minute(5)))
	if state := p.get(key); state.Status != store.OptedIn {
		p.failf("an opt-in was acknowledged by the second store, and the state of the first is %v", state.Status)
	}
	p.appendNew(p.event(key, store.OptOut, minute(6)))
	for _, other := range []*probe{second, opened} {
		if state := other.get(key); state.Status != store.OptedOut {
			p.failf("an opt-out was acknowledged by the first store, and the state of another is %v", state.Status)
		}
		other.everywhere(p.get(key))
	}
}

func twoProcesses(p *probe) {
	second := p.on(p.reopen())
	for range p.rounds(1, 20, 300*time.Millisecond) {
		p.race(p, second)
	}
	p.converges(p, second)
}
