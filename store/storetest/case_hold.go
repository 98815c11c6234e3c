package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func heldState(p *probe) {
	for _, before := range []arrival{{}, in(1), consent(1)} {
		key, prior := p.key(), store.Unknown
		if before.action != store.NoAction {
			prior = p.appendNew(p.arrive(key, before)).State.Status
		}
		// The second is the hardest to lift, though it has the middle place and receipt.
		holds := []arrival{held(2).received(9), held(0).received(4).by(store.SourceWeb), held(3)}
		for i, a := range holds {
			ev := p.arrive(key, a)
			ev.From, ev.Text, ev.Keyword, ev.KeywordSet, ev.Note = "+15550001", "pls no more", "stop-sending", "r1", "why"
			res := p.appendNew(ev)
			if d := diffEvent(ev, res.Record); d != "" {
				p.failf("Append returned a record of another event: %s", d)
			}
			if !res.Record.Effective || res.Record.Prior != prior {
				p.failf("hold %d: Effective is %t, Prior is %v, want %v", i+1, res.Record.Effective, res.Record.Prior, prior)
			}
			prior = store.Held
		}
		records := p.history(key)
		want := records[len(records)-2]
		p.everywhere(store.State{
			Key: key, Status: store.Held, Action: store.Hold, At: want.At, ReceivedAt: want.ReceivedAt, RecordedAt: want.RecordedAt,
			Source: want.Source, EventID: want.ID,
		})
	}
}

func holdOpens(p *probe) {
	p.sequence(step{held(1), wins, isHeld})
	p.sequence(step{in(2), wins, isIn}, step{held(1), loses, isIn}, step{held(2), wins, isHeld})
	p.sequence(step{in(2), wins, isIn}, step{held(0), wins, isHeld})
	p.sequence(step{in(0), wins, isIn}, step{held(1), wins, isHeld})
	// While the contact is opted out it waits unseen.
	p.sequence(step{out(1), wins, isOut}, step{held(5), wins, isOut}, step{in(3), loses, isHeld}, step{in(6), wins, isIn})
	p.sequence(step{held(5), wins, isHeld}, step{out(1), wins, isOut}, step{in(3), loses, isHeld}, step{in(6), wins, isIn})
	p.sequence(step{held(5), wins, isHeld}, step{out(7), wins, isOut}, step{in(6), loses, isOut}, step{in(8), wins, isIn})
	p.sequence(step{out(9), wins, isOut}, step{in(7), loses, isOut}, step{held(5), wins, isOut}, step{in(10), wins, isIn})
}

func holdEnds(p *probe) {
	p.sequence(step{held(1), wins, isHeld}, step{in(2), wins, isIn})
	p.sequence(step{held(2), wins, isHeld}, step{in(1), loses, isHeld}, step{in(2), loses, isHeld}, step{in(3), wins, isIn})
	p.sequence(step{held(0).received(5), wins, isHeld}, step{in(4), loses, isHeld}, step{in(5), wins, isIn})
	p.sequence(step{held(2), wins, isHeld}, step{in(0), wins, isIn}, step{held(0), wins, isHeld})
	p.sequence(step{held(1), wins, isHeld}, step{held(5), wins, isHeld}, step{in(3), loses, isHeld}, step{in(6), wins, isIn})
	p.sequence(step{held(5), wins, isHeld}, step{held(1), wins, isHeld}, step{in(3), loses, isHeld}, step{in(6), wins, isIn})
	p.sequence(step{held(1), wins, isHeld}, step{consent(9), wins, isHeld}, step{in(1), loses, isHeld})
	// What an opt-in has ended does not come back.
	p.sequence(step{held(1), wins, isHeld}, step{in(2), wins, isIn}, step{out(3), wins, isOut}, step{in(4), wins, isIn})
}

func holdWaits(p *probe) {
	r, canReview := p.canReview()
	for _, years := range []int{0, 1, 10, 30, 54, 100} {
		ev := p.event(p.key(), store.Hold, minute(0).AddDate(-years, 0, 0))
		ev.ReceivedAt = ev.At.Add(time.Second)
		p.appendNew(ev)
		for range 3 { // a look at it may be what ends it
			p.everywhere(p.get(ev.Key))
			if state := p.get(ev.Key); state.Status != store.Held {
				p.failf("a hold that was received at %s: the state is %v", showTime(ev.ReceivedAt), state.Status)
			}
		}
		p.appendNew(p.event(ev.Key, store.Ask, minute(1)))
		p.appendNew(p.event(ev.Key, store.Consent, minute(2)))
		if state := p.get(ev.Key); state.Status != store.Held {
			p.failf("a hold that was received at %s, after a question and a consent: the state is %v", showTime(ev.ReceivedAt), state.Status)
		}
		if !canReview {
			continue
		}
		waits := false
		for _, waiting := range p.reviews(r, p.account, 0) {
			waits = waits || waiting.Key == ev.Key
		}
		if !waits {
			p.failf("a hold that was received at %s: it does not wait for a review", showTime(ev.ReceivedAt))
		}
	}
}

func askChangesNothing(p *probe) {
	for _, before := range []arrival{{}, in(1), out(1), held(1), consent(1)} {
		key := p.key()
		if before.action != store.NoAction {
			p.appendNew(p.arrive(key, before))
		}
		_, was := p.settled(key)
		res := p.appendNew(p.event(key, store.Ask, minute(2)))
		if res.Record.Effective {
			p.failf("after %v: Effective is true", before)
		}
		records, now := p.settled(key)
		if d := diffState(was, now); d != "" {
			p.failf("after %v the state is another: %s", before, d)
		}
		if d := diffRecord(res.Record, records[len(records)-1]); d != "" {
			p.failf("it is not in the history as it was given: %s", d)
		}
	}
}

func holdConcurrent(p *probe) {
	const perWorker = 5
	r, canReview := p.canReview()
	for range p.rounds(1, 10, 300*time.Millisecond) {
		key := store.Key{Account: p.otherAccount(), Number: p.key().Number}
		p.parallel(p.workers, func(i int) {
			for range perWorker {
				text := p.appendNew(p.arrive(key, held(i+1))).Record.Event
				if i%2 == 0 {
					p.append(p.review(store.Release, text))
				}
			}
		})
		records, state := p.settled(key)
		stays := p.workers / 2 * perWorker
		if want := p.workers*perWorker + (p.workers*perWorker - stays); len(records) != want {
			p.failf("%d records, want %d", len(records), want)
		}
		if state.Status != store.Held {
			p.failf("%d holds are open, and the state is %v", stays, state.Status)
		}
		if !canReview {
			continue
		}
		if waiting := p.reviews(r, key.Account, 0); len(waiting) != stays {
			p.failf("%d reviews wait, want %d", len(waiting), stays)
		}
	}
}
