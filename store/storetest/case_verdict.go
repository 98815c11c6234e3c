package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// before are what a key may have been before a text came.
func before() []step { return []step{{}, in(1).wins(isIn), consent(1).wins(isIn)} }

// takeBack are the two ways to take back what a text did: by a review, and by the contact.
func takeBack() []func(text int) arrival { return []func(int) arrival{release, retract} }

func releaseEndsOne(p *probe) {
	for _, end := range takeBack() {
		for _, was := range before() {
			p.sequence(was, held(2).wins(isHeld), held(3).wins(isHeld), end(2).wins(isHeld), end(3).wins(was.then))
		}
		// An opt-in has ended the first hold, and did not let the second open.
		p.sequence(held(1).wins(isHeld), in(2).wins(isIn), end(1).loses(isIn), held(1).loses(isIn), end(4).loses(isIn))
	}
}

func reviewNamesAll(p *probe) {
	read := out(2).received(3).by(store.SourceText)
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		for _, a := range []arrival{held(2).received(3), held(0).received(3), read} {
			text := p.add(p.key(), a).Record.Event
			for what, change := range map[string]func(*store.Event){
				"another ID":                       func(ev *store.Event) { ev.ID = "none" },
				"another At":                       func(ev *store.Event) { ev.At = minute(7) },
				"an At that is a microsecond more": func(ev *store.Event) { ev.At = minute(2).Add(time.Microsecond) },
				"another ReceivedAt":               func(ev *store.Event) { ev.ReceivedAt = minute(7) },
				"no ReceivedAt":                    func(ev *store.Event) { ev.ReceivedAt = time.Time{} },
				"other words":                      func(ev *store.Event) { ev.Text += "." },
				"no words":                         func(ev *store.Event) { ev.Text = "" },
				"another number":                   func(ev *store.Event) { ev.Key = p.key() },
				"another account":                  func(ev *store.Event) { ev.Key.Account = p.otherAccount() },
			} {
				ev := p.review(action, text)
				change(&ev)
				p.unchanged(text.Key, what, func() { p.refused(ev, store.ErrInvalid, "with "+what) })
			}
			p.appendNew(p.review(action, text)) // the text is there
		}
		for _, a := range []arrival{in(1), consent(1), ask(1)} {
			p.refused(p.review(action, p.add(p.key(), a).Record.Event), store.ErrInvalid, "of "+a.String())
		}
	}
	for _, action := range []store.Action{store.Release, store.Uphold} {
		for _, source := range []store.Source{
			store.SourceKeyword, store.SourceAgent, store.SourceCarrier, store.SourceImport, "", "Text", "text ",
		} {
			stop := p.event(p.key(), out(1))
			stop.Source = source
			p.appendNew(stop)
			p.refused(p.review(action, stop), store.ErrInvalid, "of an opt-out that was not read from a text")
		}
	}
}

// reviewSettlesAll records one text as two policies have read it: as a hold, and as a
// request.
func reviewSettlesAll(p *probe) {
	readings := []arrival{held(1).received(2), out(1).received(2).by(store.SourceText), held(1).received(2).by(store.SourceWeb)}
	for _, verdict := range []step{release(1).wins(isUnknown), retract(1).wins(isUnknown), uphold(1).wins(isOut)} {
		for _, order := range permutations(readings) {
			p.sequence(order[0].comes(), order[1].again().comes(), order[2].again().comes(), verdict, in(3).wins(isIn))
		}
	}
}

func reviewOfSender(p *probe) {
	for _, action := range []store.Action{store.Release, store.Retract} {
		for _, a := range []arrival{held(1), held(0), out(1).by(store.SourceText)} {
			one := p.event(p.key(), a)
			one.From = "+15550001"
			then := p.appendNew(one).State.Status
			other := one
			other.From = "15550001"
			p.appendNew(other)

			review := p.review(action, one)
			review.From = one.From
			p.appendNew(review)
			p.endsf(one.Key, then, "%v of one of two texts that are alike", action)
			review.From = other.From
			p.appendNew(review)
			p.endsf(one.Key, isUnknown, "%v of both", action)

			one.Key = p.key()
			p.appendNew(one)
			other.Key = one.Key
			p.appendNew(other)
			p.appendNew(p.review(action, one))
			p.endsf(one.Key, isUnknown, "%v, of no sender, of two texts that are alike", action)
		}
	}
}

func reviewNotPastOptOut(p *probe) {
	for _, stop := range []arrival{out(5), out(0), out(0).received(1), out(1)} {
		for _, end := range []func(int) arrival{release, uphold} {
			p.sequence(held(2).wins(isHeld), stop.wins(isOut), held(3).wins(isOut),
				end(1).wins(isOut), end(3).wins(isOut), in(9).wins(isIn))
		}
		for _, end := range takeBack() {
			read := out(2).by(store.SourceText)
			later := out(3).by(store.SourceText)
			p.sequence(read.wins(isOut), stop.comes(), later.comes(), end(1).wins(isOut), end(3).wins(isOut))
		}
	}
}

func upholdOptsOut(p *probe) {
	for _, was := range []step{{}, in(5).wins(isIn), in(0).wins(isIn), consent(9).wins(isIn)} {
		p.sequence(was, held(0).received(3).wins(isHeld), in(2).loses(isHeld),
			uphold(2).wins(isOut), in(2).loses(isOut), in(4).wins(isIn)) // the opt-out has the time of its text
	}
	// Of two opt-outs the harder one stays.
	p.sequence(held(3).wins(isHeld), out(6).wins(isOut), uphold(1).wins(isOut), in(5).loses(isOut))
}

func upholdAfterStart(p *probe) {
	p.sequence(held(1).wins(isHeld), in(2).wins(isIn), uphold(1).loses(isIn))
	p.sequence(held(1).wins(isHeld), in(0).wins(isIn), uphold(1).loses(isIn))
	p.sequence(held(0).wins(isHeld), in(0).wins(isIn), uphold(1).loses(isIn))
	p.sequence(held(0).received(3).wins(isHeld), in(4).wins(isIn), uphold(1).loses(isIn))
	// The opt-in in force would have lifted it, so it never opened.
	p.sequence(in(5).wins(isIn), held(1).loses(isIn), uphold(2).loses(isIn))
	// And what an opt-out closed since stays closed.
	p.sequence(held(1).wins(isHeld), in(2).wins(isIn), out(3).wins(isOut), uphold(1).loses(isOut))
}

func upholdAfterRelease(p *probe) {
	for _, c := range []struct {
		text   arrival
		later  step
		upheld bool
	}{
		{held(1).received(2), step{}, true},
		{held(1).received(2), in(3).wins(isIn), false},
		{held(1).received(2), in(2).wins(isIn), true}, // sent when the text was received
		{held(1).received(4), in(3).wins(isIn), true}, // newer than the text, sent before it was received
		{held(0).received(2), in(3).wins(isIn), false},
		{held(0).received(2), in(0).received(3).wins(isIn), false},
		{held(0).received(2), in(0).received(2).wins(isIn), true},
		{held(0).received(4), in(0).received(3).wins(isIn), true},
		{held(1).received(2), consent(9).wins(isIn), true},
	} {
		read := c.text.by(store.SourceText)
		read.action = store.OptOut
		for _, text := range []arrival{c.text, read} {
			if c.upheld {
				p.sequence(text.comes(), release(1).wins(isUnknown), c.later, uphold(1).wins(isOut), in(9).wins(isIn))
			} else {
				p.sequence(text.comes(), release(1).wins(isUnknown), c.later, uphold(1).loses(isIn))
			}
		}
	}
}

func textTakenBack(p *probe) {
	read := out(5).by(store.SourceText).wins(isOut)
	for _, end := range takeBack() {
		for _, was := range append(before(), held(2).wins(isHeld)) {
			p.sequence(was, read, end(2).wins(was.then))
		}
		p.sequence(read, in(4).loses(isOut), end(1).wins(isIn)) // it lost against the opt-out
		p.sequence(read, consent(9).loses(isOut), end(1).wins(isIn))
		p.sequence(read, held(6).wins(isOut), end(1).wins(isHeld))
		p.sequence(read, in(6).wins(isIn), out(7).wins(isOut), end(1).wins(isOut))
		p.sequence(read, in(6).wins(isIn), out(4).loses(isIn), end(1).wins(isIn))
		p.sequence(in(3).wins(isIn), read, out(2).loses(isOut), end(2).wins(isIn)) // it would have lost without it
		p.sequence(out(2).wins(isOut), read, in(3).loses(isOut), end(2).wins(isIn))
		p.sequence(out(2).wins(isOut), read, out(1).loses(isOut), end(2).wins(isOut))
		p.sequence(out(3).wins(isOut), read, in(2).loses(isOut), end(2).wins(isOut))
		p.sequence(out(3).wins(isOut), in(4).wins(isIn), read, end(3).wins(isIn))
	}
	p.sequence(read, uphold(1).loses(isOut), release(1).loses(isOut))
}

func retracts(p *probe) {
	p.sequence(out(1).wins(isOut), out(2).wins(isOut), retract(2).wins(isOut), retract(1).wins(isUnknown))
	p.sequence(in(1).wins(isIn), out(2).wins(isOut), held(3).wins(isOut), retract(2).wins(isHeld), retract(3).wins(isIn))
	text, read := held(2).received(3).wins(isHeld), out(2).received(3).by(store.SourceText).wins(isOut)
	// What a review made of the text goes with it.
	p.sequence(in(1).wins(isIn), text, uphold(2).wins(isOut), retract(2).wins(isIn))
	p.sequence(in(1).wins(isIn), read, release(2).wins(isIn), uphold(2).wins(isOut), retract(2).wins(isIn))
	p.sequence(in(1).wins(isIn), text, retract(2).wins(isIn), uphold(2).loses(isIn))
	p.sequence(in(1).wins(isIn), read, retract(2).wins(isIn), uphold(2).loses(isIn))
}
