package storetest

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func held(at int) arrival {
	return arrival{status: store.Held, source: store.SourceText, at: at}
}

// release is the event of a person who found no request in a Held event.
func (p *probe) release(hold store.Event) store.Event {
	ev := p.event(hold.Key, store.Released, time.Time{})
	ev.ID, ev.Source, ev.Actor, ev.Note = hold.ID, store.SourceReview, "anna", "about the appointment"
	return ev
}

// resolve is the event of a person who found a request in a Held event.
func (p *probe) resolve(hold store.Event, at time.Time) store.Event {
	ev := p.event(hold.Key, store.OptedOut, at)
	ev.ID, ev.Source, ev.Actor = hold.ID, store.SourceReview, "anna"
	return ev
}

func heldState(p *probe) {
	p.reviewer()
	for _, before := range []store.Status{store.Unknown, store.OptedIn} {
		key := p.key()
		if before != store.Unknown {
			p.appendNew(p.event(key, before, minute(1)))
		}
		first := p.arrive(key, held(2).received(3))
		first.From, first.Text, first.Keyword, first.KeywordSet, first.Note = "+15550001", "pls no more", "stop-sending", "r1", "why"
		res := p.appendNew(first)
		if d := diffGiven(first, res.Event); d != "" {
			p.failf("Append returned another event: %s", d)
		}
		if res.Event.Prior != before {
			p.failf("Prior is %v, want %v", res.Event.Prior, before)
		}
		p.appendNew(p.arrive(key, held(9).received(9)))
		want := store.State{
			Key: key, Status: store.Held, At: first.At, ReceivedAt: first.ReceivedAt, RecordedAt: res.Event.RecordedAt,
			Source: first.Source, EventID: first.ID,
		}
		p.everywhere(want)
	}
}

// everywhere fails where a way to read a state answers another one.
func (p *probe) everywhere(want store.State) {
	_, got := p.settled(want.Key)
	if d := diffState(want, got); d != "" {
		p.failf("Get: %s", d)
	}
	if b, ok := store.As[store.BatchGetter](p.store); ok {
		never := p.key().Number
		states := p.getBatch(b, want.Key.Account, []string{never, want.Key.Number})
		if d := diffState(want, states[1]); d != "" {
			p.failf("GetBatch: %s", d)
		}
	}
	l, ok := p.canList()
	if !ok {
		return
	}
	for _, status := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held} {
		listed := p.list(l, store.ListQuery{Account: want.Key.Account, Status: status})
		i := slices.IndexFunc(listed, func(s store.State) bool { return s.Key == want.Key })
		switch is := want.Status != store.Unknown && (status == store.Unknown || status == want.Status); {
		case is != (i >= 0):
			p.failf("List of status %v: that a %v key is listed is %t", status, want.Status, i >= 0)
		case is:
			if d := diffState(want, listed[i]); d != "" {
				p.failf("List of status %v: %s", status, d)
			}
		}
	}
}

func heldRule(p *probe) {
	p.reviewer()
	const hold = store.Held
	p.sequence(step{held(1), wins, hold}, step{in(2), wins, store.OptedIn})
	p.sequence(step{held(2), wins, hold}, step{in(1), wins, hold}, step{in(2), wins, hold}, step{in(3), wins, store.OptedIn})
	p.sequence(step{held(0).received(5), wins, hold}, step{in(4), wins, hold}, step{in(5), wins, store.OptedIn})
	p.sequence(step{held(2), wins, hold}, step{in(0), wins, store.OptedIn}, step{held(0), wins, hold})
	p.sequence(step{in(2), wins, store.OptedIn}, step{held(1), loses, store.OptedIn}, step{held(2), wins, hold})
	p.sequence(step{held(1), wins, hold}, step{held(5), wins, hold}, step{in(3), wins, hold}, step{in(6), wins, store.OptedIn})
	for _, source := range others() {
		p.sequence(step{held(1), wins, hold}, step{in(9).by(source), wins, hold}, step{in(0).by(source), loses, hold})
		p.sequence(step{in(9).by(source), wins, store.OptedIn}, step{held(1), wins, hold})
	}
	// Above it is an opt-out, whatever its time.
	p.sequence(step{held(5), wins, hold}, step{out(1), wins, store.OptedOut}, step{in(3), wins, hold}, step{in(6), wins, store.OptedIn})
	p.sequence(step{held(5), wins, hold}, step{out(7), wins, store.OptedOut}, step{in(6), loses, store.OptedOut}, step{in(8), wins, store.OptedIn})
	p.sequence(step{out(1), wins, store.OptedOut}, step{held(5), wins, store.OptedOut}, step{in(3), wins, hold})
}

func heldUndone(p *probe) {
	p.reviewer()
	for _, before := range []arrival{{}, in(1), in(1).by(store.SourceAgent)} {
		key := p.key()
		if before.status != store.Unknown {
			p.appendNew(p.arrive(key, before))
		}
		_, was := p.settled(key)
		first := p.appendNew(p.arrive(key, held(2))).Event
		second := p.appendNew(p.arrive(key, held(3))).Event
		for i, hold := range []store.Event{first, second} {
			res := p.appendNew(p.release(hold))
			if !res.Event.Effective || res.Event.Prior != store.Held {
				p.failf("release %d: Effective is %t, Prior is %v", i+1, res.Event.Effective, res.Event.Prior)
			}
			_, now := p.settled(key)
			switch {
			case i == 0 && (now.Status != store.Held || now.EventID != second.ID):
				p.failf("of two holds one is released: the state is %v of event %s", now.Status, quote(now.EventID))
			case i == 1:
				if d := diffState(was, now); d != "" {
					p.failf("released after %v: %s", before, d)
				}
				p.everywhere(was)
			}
		}
		other := p.release(first)
		other.ID = "none"
		if res := p.appendNew(other); res.Event.Effective {
			p.failf("a release of no hold is Effective")
		}
	}
}

func heldResolved(p *probe) {
	p.reviewer()
	for _, before := range []arrival{{}, in(5), in(0), in(9).by(store.SourceAgent)} {
		key := p.key()
		if before.status != store.Unknown {
			p.appendNew(p.arrive(key, before))
		}
		hold := p.appendNew(p.arrive(key, held(0).received(3))).Event
		p.applies(p.resolve(hold, hold.ReceivedAt))
		p.appendNew(p.arrive(key, in(4)))
		if state := p.get(key); state.Status != store.OptedIn {
			p.failf("after %v a hold is resolved as an opt-out, START is newer than both, and the state is %v", before, state.Status)
		}
	}
	for _, source := range others() {
		if source == store.SourceReview {
			continue
		}
		hold := p.appendNew(p.arrive(p.key(), held(5))).Event
		stop := p.resolve(hold, minute(1))
		stop.Source = source
		p.applies(stop)
		p.appendNew(p.arrive(hold.Key, in(3)))
		if state := p.get(hold.Key); state.Status != store.Held {
			p.failf("an opt-out from %s with the id of a newer hold is lifted, and the state is %v", quote(string(source)), state.Status)
		}
	}
}

func heldBehindOptOut(p *probe) {
	r := p.reviewer()
	key := p.key()
	hold := p.appendNew(p.arrive(key, held(1))).Event
	p.appendNew(p.arrive(key, out(2)))
	if waiting := p.reviews(r, key.Account, 0); len(waiting) > 0 {
		p.failf("of an opted-out key %d reviews wait", len(waiting))
	}
	late := p.appendNew(p.arrive(key, held(5))).Event
	p.appendNew(p.release(hold))
	if state := p.get(key); state.Status != store.OptedOut {
		p.failf("after a release the state is %v", state.Status)
	}
	p.appendNew(p.arrive(key, in(4)))
	if state := p.get(key); state.Status != store.Held || state.EventID != late.ID {
		p.failf("the opt-out is lifted by what is older than the hold: the state is %v", state.Status)
	}
	if waiting := p.reviews(r, key.Account, 0); len(waiting) != 1 || waiting[0].ID != late.ID {
		p.failf("the opt-out is lifted, the hold waits again: %d reviews", len(waiting))
	}
	p.applies(p.resolve(late, late.At))
	p.appendNew(p.arrive(key, in(9)))
	_, now := p.settled(key)
	if now.Status != store.OptedIn {
		p.failf("all is ended, and the state is %v", now.Status)
	}
}

func heldDuplicate(p *probe) {
	p.reviewer()
	key := p.key()
	hold := p.arrive(key, held(1))
	p.appendNew(hold)
	p.isDuplicate(hold, "the hold redelivered")
	release := p.release(hold)
	p.appendNew(release)
	p.isDuplicate(release, "the release repeated")
	p.isDuplicate(hold, "the hold redelivered after its release")
	asked := p.event(key, store.Asked, minute(3))
	p.appendNew(asked)
	p.isDuplicate(asked, "the question redelivered")
	p.appendNew(p.event(key, store.OptedIn, minute(4)))
	p.isDuplicate(hold, "the hold redelivered after an opt-in")
	hold.At = minute(5)
	p.isDuplicate(hold, "the hold redelivered with a newer time than the opt-in's")
}

func heldConcurrent(p *probe) {
	r := p.reviewer()
	const perWorker = 5
	for range p.rounds(1, 10, 300*time.Millisecond) {
		key := store.Key{Account: p.otherAccount(), Number: p.key().Number}
		p.parallel(p.workers, func(i int) {
			for range perWorker {
				hold := p.appendNew(p.arrive(key, held(i+1))).Event
				if i%2 == 0 {
					p.append(p.release(hold))
				}
			}
		})
		events, _ := p.settled(key)
		stays := p.workers / 2 * perWorker
		if want := p.workers*perWorker + (p.workers*perWorker - stays); len(events) != want {
			p.failf("%d events, want %d", len(events), want)
		}
		if waiting := p.reviews(r, key.Account, 0); len(waiting) != stays {
			p.failf("%d reviews wait, want %d", len(waiting), stays)
		}
	}
}

func heldRandom(p *probe) {
	r := p.reviewer()
	statuses := []store.Status{store.OptedIn, store.OptedOut, store.Held, store.Held, store.Held, store.Released, store.Asked}
	m := p.random(func(ev *store.Event) {
		ev.Status = statuses[p.rand.IntN(len(statuses))]
		if ev.Status == store.Released {
			ev.Source = store.SourceReview
		}
	})
	accounts := map[string]bool{}
	for key := range m {
		accounts[key.Account] = true
	}
	for account := range accounts {
		p.waits(r, m, account)
	}
}

func askedChangesNothing(p *probe) {
	p.reviewer()
	for _, before := range []arrival{{}, in(1), out(1), held(1)} {
		key := p.key()
		if before.status != store.Unknown {
			p.appendNew(p.arrive(key, before))
		}
		_, was := p.settled(key)
		res := p.appendNew(p.event(key, store.Asked, minute(2)))
		if res.Event.Effective {
			p.failf("after %v: Effective is true", before)
		}
		events, now := p.settled(key)
		if d := diffState(was, now); d != "" {
			p.failf("after %v the state is another: %s", before, d)
		}
		if d := diffEvent(res.Event, events[len(events)-1]); d != "" {
			p.failf("it is not in the history as it was given: %s", d)
		}
	}
}
