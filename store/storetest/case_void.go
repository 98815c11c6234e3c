package storetest

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func voids(p *probe) {
	for _, wrong := range []arrival{agent(5), imported(5)} {
		for _, was := range append(before(), held(2).wins(isHeld)) {
			p.sequence(was, wrong.wins(isOut), void(2).wins(was.then))
		}
		p.sequence(wrong.wins(isOut), in(4).loses(isOut), void(1).wins(isIn)) // it lost against the opt-out
		p.sequence(wrong.wins(isOut), consent(9).loses(isOut), void(1).wins(isIn))
		p.sequence(wrong.wins(isOut), held(6).wins(isOut), void(1).wins(isHeld))
		p.sequence(held(3).wins(isHeld), wrong.wins(isOut), in(4).loses(isOut), void(2).wins(isIn))
		p.sequence(wrong.wins(isOut), in(6).wins(isIn), void(1).wins(isIn))
		p.sequence(wrong.wins(isOut), in(6).wins(isIn), held(7).wins(isHeld), void(1).wins(isHeld), release(3).wins(isIn))
		for _, softer := range []step{agent(2).comes(), imported(2).comes(), out(2).comes()} { // comes back
			p.sequence(softer, wrong.wins(isOut), void(2).wins(isOut), in(1).loses(isOut), in(3).wins(isIn))
			p.sequence(wrong.wins(isOut), softer, void(1).wins(isOut), in(1).loses(isOut), in(3).wins(isIn))
		}
		p.sequence(agent(2).wins(isOut), wrong.wins(isOut), void(1).wins(isOut), void(2).wins(isUnknown))
		p.sequence(wrong.wins(isOut), retract(1).wins(isUnknown), void(1).loses(isUnknown))
		p.sequence(wrong.wins(isOut), void(1).wins(isUnknown), retract(1).loses(isUnknown))
	}
	for _, source := range []store.Source{store.SourceAgent, store.SourceImport, store.SourceWeb, "shop"} {
		yes := consent(5).by(source).wins(isIn)
		p.sequence(yes, void(1).wins(isUnknown))
		p.sequence(yes, consent(6).loses(isIn), void(1).wins(isIn), void(2).wins(isUnknown))
		p.sequence(yes, in(6).wins(isIn), void(1).wins(isIn))
		p.sequence(yes, out(4).wins(isOut), void(1).wins(isOut))
		p.sequence(yes, held(4).wins(isHeld), void(1).wins(isHeld), release(2).wins(isUnknown))
	}
	// In a long history.
	key := p.key()
	wrong := p.add(key, imported(30)).Record.Event
	p.fill(key, 40)
	p.appendNew(p.void(wrong))
	p.settled(key)
}

func voidNotPastOthers(p *probe) {
	read := out(0).by(store.SourceText).received(3)
	for _, own := range []arrival{out(5), out(1), out(0), read, out(5).by(store.SourceCarrier), out(5).by(store.SourceWeb)} {
		p.sequence(own.wins(isOut), imported(3).comes(), void(2).wins(isOut), in(9).wins(isIn))
		p.sequence(imported(3).wins(isOut), own.comes(), void(1).wins(isOut), in(9).wins(isIn))
	}
	p.sequence(held(2).wins(isHeld), agent(3).wins(isOut), uphold(1).wins(isOut), void(2).wins(isOut), in(1).loses(isOut))
	p.sequence(held(4).wins(isHeld), agent(3).wins(isOut), in(3).loses(isOut), void(2).wins(isHeld))
	p.sequence(consent(1).wins(isIn), held(2).wins(isHeld), void(1).wins(isHeld))
}

func voidNames(p *probe) {
	for _, a := range []arrival{agent(1), imported(1), consent(1)} {
		wrong := p.event(p.key(), a)
		wrong.From = "+15550001"
		p.appendNew(wrong)
		for what, change := range map[string]func(*store.Event){
			"another ID":        func(ev *store.Event) { ev.ID = store.VoidPrefix + "none" },
			"more than the ID":  func(ev *store.Event) { ev.ID += " " },
			"a part of the ID":  func(ev *store.Event) { ev.ID = ev.ID[:len(ev.ID)-1] },
			"another sender":    func(ev *store.Event) { ev.From = "15550001" },
			"no sender":         func(ev *store.Event) { ev.From = "" },
			"another number":    func(ev *store.Event) { ev.Key = p.key() },
			"another account":   func(ev *store.Event) { ev.Key.Account = p.otherAccount() },
			"the ID of no Void": func(ev *store.Event) { ev.ID = wrong.ID },
		} {
			ev := p.void(wrong)
			change(&ev)
			p.unchanged(wrong.Key, what, func() { p.refused(ev, store.ErrInvalid, "with "+what) })
		}
		stored := p.appendNew(p.void(wrong)).Record.Event // it is there
		p.refused(p.void(stored), store.ErrInvalid, "a Void of a Void")
	}
	for _, a := range []arrival{
		out(1), out(1).by(store.SourceText), out(1).by(store.SourceCarrier), out(1).by(store.SourceWeb), out(1).by("shop"),
		out(1).by(store.SourceReview), in(1).by(store.SourceAgent), held(1).by(store.SourceAgent), ask(1).by(store.SourceImport),
		consent(1).by(store.SourceConfirm),
	} {
		p.refused(p.void(p.add(p.key(), a).Record.Event), store.ErrInvalid, "of "+a.String())
	}
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		text := p.add(p.key(), held(1)).Record.Event
		p.refused(p.void(p.appendNew(p.review(action, text)).Record.Event), store.ErrInvalid, "of a review")
	}
	// Of two senders with one ID the Void names one.
	one := p.event(p.key(), imported(1))
	one.From = "+15550001"
	other := one
	other.From = "+15550002"
	p.appendNew(one)
	p.appendNew(other)
	p.appendNew(p.void(one))
	p.endsf(one.Key, isOut, "a Void of one of two opt-outs with one ID, of two senders")
	p.appendNew(p.void(other))
	p.endsf(one.Key, isUnknown, "Voids of both")
}

func voidAgain(p *probe) {
	for _, a := range []arrival{agent(1), imported(0), consent(1)} {
		wrong := p.add(p.key(), a).Record.Event
		void := p.void(wrong)
		p.appendNew(void)
		again := func(when string) {
			p.isDuplicate(wrong, "what was voided, again"+when)
			p.isDuplicate(void, "a Void again"+when)
			by := void
			by.Actor, by.Note, by.ReceivedAt = "bert", "once more", minute(21)
			p.isDuplicate(by, "a Void again, by another person,"+when)
		}
		again("")
		p.add(wrong.Key, out(3))
		again(" after a STOP")
		p.add(wrong.Key, in(4))
		again(" after a START")
	}
}

func voidBefore(p *probe) {
	wrong := p.event(p.key(), imported(1))
	p.appendNew(wrong)
	more := wrong
	more.At = minute(2)
	p.appendNew(more)
	p.appendNew(p.void(wrong))
	p.endsf(wrong.Key, isUnknown, "a Void of two opt-outs with one ID")
	late := wrong
	late.At = minute(3)
	p.appendNew(late)
	p.endsf(wrong.Key, isOut, "an opt-out with the ID of one that was voided, and another time")
	p.add(wrong.Key, consent(9))
	p.appendNew(p.void(wrong))
	p.endsf(wrong.Key, isIn, "a Void after that")
	p.isDuplicate(p.void(wrong), "the Void again")
	p.isDuplicate(late, "what the second Void took back, again")
}

func voidConcurrent(p *probe) {
	for range p.rounds(1, 10, 100*time.Millisecond) {
		key := p.key()
		wrong := make([]store.Event, p.workers)
		for i := range wrong {
			wrong[i] = p.event(key, imported(i+1))
		}
		stop := p.event(key, out(1))
		p.parallel(p.workers, func(i int) {
			p.append(wrong[i])
			if i == 0 {
				p.append(stop)
			}
			p.appendNew(p.void(wrong[i]))
			again := p.append(p.void(wrong[i]))
			p.checkf(again.Duplicate, "a Void again, while others are appended: Duplicate is not set")
		})
		p.endsf(key, isOut, "a STOP among imports that are voided")
		p.checkf(len(p.history(key)) == 2*p.workers+1, "the history has %d records, want %d", len(p.history(key)), 2*p.workers+1)
		both := make([]store.Result, p.workers)
		ev := p.add(key, imported(40)).Record.Event
		p.parallel(p.workers, func(i int) { both[i] = p.append(p.void(ev)) })
		isNew := func(r store.Result) bool { return !r.Duplicate }
		p.checkf(slices.IndexFunc(both, isNew) >= 0, "each of %d concurrent Voids is a Duplicate", p.workers)
		both = slices.DeleteFunc(both, isNew)
		p.checkf(len(both) == p.workers-1, "of %d concurrent Voids of one event %d are Duplicates", p.workers, len(both))
		p.endsf(key, isOut, "a STOP beside an import that was voided at the same time by several")
	}
}
