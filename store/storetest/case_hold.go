package storetest

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func heldState(p *probe) {
	for _, was := range []arrival{{}, in(1), consent(1)} {
		key := p.key()
		p.add(key, was)
		var records []store.Record
		// The second is the hardest to lift, though it has the middle place and receipt.
		for _, a := range []arrival{held(2).received(9), held(0).received(4).by(store.SourceWeb), held(3)} {
			ev := p.event(key, a)
			ev.From, ev.Text, ev.Keyword, ev.KeywordSet, ev.Note = "+15550001", "pls no more", "stop-sending", "r1", "why"
			records = append(records, p.keeps(ev))
		}
		state := p.endsf(key, isHeld, "three holds are open")
		p.checkf(state.EventID == records[1].ID, "the state is that of event %q, want %q", state.EventID, records[1].ID)
		p.everywhere(state)
	}
}

func holdOpens(p *probe) {
	p.sequence(held(1).wins(isHeld))
	p.sequence(in(2).wins(isIn), held(1).loses(isIn), held(2).wins(isHeld))
	p.sequence(in(2).wins(isIn), held(0).wins(isHeld))
	p.sequence(in(0).wins(isIn), held(1).wins(isHeld))
	// While the contact is opted out it waits unseen.
	p.sequence(out(1).wins(isOut), held(5).wins(isOut), in(3).loses(isHeld), in(6).wins(isIn))
	p.sequence(held(5).wins(isHeld), out(1).wins(isOut), in(3).loses(isHeld), in(6).wins(isIn))
	p.sequence(held(5).wins(isHeld), out(7).wins(isOut), in(6).loses(isOut), in(8).wins(isIn))
	p.sequence(out(9).wins(isOut), in(7).loses(isOut), held(5).wins(isOut), in(10).wins(isIn))
}

func holdEnds(p *probe) {
	p.sequence(held(1).wins(isHeld), in(2).wins(isIn))
	p.sequence(held(2).wins(isHeld), in(1).loses(isHeld), in(2).loses(isHeld), in(3).wins(isIn))
	p.sequence(held(0).received(5).wins(isHeld), in(4).loses(isHeld), in(5).wins(isIn))
	p.sequence(held(2).wins(isHeld), in(0).wins(isIn), held(0).wins(isHeld))
	p.sequence(held(1).wins(isHeld), held(5).wins(isHeld), in(3).loses(isHeld), in(6).wins(isIn))
	p.sequence(held(5).wins(isHeld), held(1).wins(isHeld), in(3).loses(isHeld), in(6).wins(isIn))
	p.sequence(held(1).wins(isHeld), consent(9).wins(isHeld), in(1).loses(isHeld))
	// What an opt-in has ended does not come back.
	p.sequence(held(1).wins(isHeld), in(2).wins(isIn), out(3).wins(isOut), in(4).wins(isIn))
}

func holdWaits(p *probe) {
	reviews := p.reviewsOf(p.account)
	for _, years := range []int{0, 1, 10, 30, 54, 100} {
		key := p.key()
		old := held(0).sent(minute(1).AddDate(-years, 0, 0))
		old.known = old.at.Add(time.Second)
		p.add(key, old)
		for range 3 { // a look at it may be what ends it
			p.everywhere(p.endsf(key, isHeld, "a hold of %d years", years))
		}
		p.add(key, ask(1), consent(2))
		p.endsf(key, isHeld, "a hold of %d years, after a question and a consent", years)
		if reviews.offered() {
			waits := slices.ContainsFunc(reviews.all(0), func(r store.Record) bool { return r.Key == key })
			p.checkf(waits, "a hold of %d years does not wait for a review", years)
		}
	}
}

func askChangesNothing(p *probe) {
	for _, was := range []arrival{{}, in(1), out(1), held(1), consent(1)} {
		key := p.key()
		p.add(key, was)
		_, state := p.settled(key)
		r := p.keeps(p.event(key, ask(2)))
		p.checkf(!r.Effective, "after %v: Effective is true", was)
		p.everywhere(state)
	}
}

func holdConcurrent(p *probe) {
	const perWorker = 5
	for range p.rounds(1, 10, 300*time.Millisecond) {
		key := p.keyIn(p.otherAccount())
		p.parallel(p.workers, func(i int) {
			for range perWorker {
				text := p.add(key, held(i+1)).Record.Event
				if i%2 == 0 {
					p.append(p.review(store.Release, text))
				}
			}
		})
		records, _ := p.settled(key)
		all, open := p.workers*perWorker, p.workers/2*perWorker
		p.checkf(len(records) == all+all-open, "%d records, want %d", len(records), all+all-open)
		p.endsf(key, isHeld, "%d holds are open", open)
		if p.reviewsOf(key.Account).offered() {
			p.waits(key)
		}
	}
}
