package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// reads appends the event of a person, or of a contact, who settles a text, and fails if
// it does not have the effect that it must have.
func (p *probe) reads(action store.Action, text store.Event, wins bool, then store.Status, what string) {
	res := p.appendNew(p.review(action, text))
	if res.Record.Effective != wins || res.State.Status != then {
		p.failf("%v %s: Effective is %t, want %t; the state is %v, want %v", action, what, res.Record.Effective, wins, res.State.Status, then)
	}
	if _, state := p.settled(text.Key); state.Status != then {
		p.failf("%v %s: the state is %v, want %v", action, what, state.Status, then)
	}
}

// text appends an arrival to a key, and returns it as the text that a review is about.
func (p *probe) text(key store.Key, a arrival) store.Event {
	ev := p.arrive(key, a)
	ev.Text = "pls no more"
	return p.appendNew(ev).Record.Event
}

// restored fails if what is in force is not what was in force before.
func (p *probe) restored(was store.State, what string) {
	if _, now := p.settled(was.Key); diffState(was, now) != "" {
		p.failf("%s: %s", what, diffState(was, now))
	}
	p.everywhere(was)
}

func releaseEndsOne(p *probe) {
	for _, action := range []store.Action{store.Release, store.Retract} {
		for _, before := range []arrival{{}, in(1), consent(1)} {
			key := p.key()
			if before.action != store.NoAction {
				p.appendNew(p.arrive(key, before))
			}
			_, was := p.settled(key)
			first, second := p.text(key, held(2)), p.text(key, held(3))
			p.reads(action, first, wins, isHeld, "of the first of two holds")
			if now := p.get(key); now.EventID != second.ID {
				p.failf("%v of one of two holds: the state is that of the event %s", action, quote(now.EventID))
			}
			p.reads(action, second, wins, was.Status, "of the second hold")
			p.restored(was, "after both")
		}
		ended := p.text(p.key(), held(1))
		p.appendNew(p.arrive(ended.Key, in(2)))
		p.reads(action, ended, loses, isIn, "of a hold that an opt-in has ended")
		unopened := p.text(ended.Key, held(1))
		p.reads(action, unopened, loses, isIn, "of a hold that did not open")
	}
}

func reviewNamesAll(p *probe) {
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		for _, a := range []arrival{held(2).received(3), held(0).received(3), out(2).received(3).by(store.SourceText)} {
			text := p.text(p.key(), a)
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
		for _, a := range []arrival{in(1), consent(1), {action: store.Ask}} {
			p.refused(p.review(action, p.text(p.key(), a)), store.ErrInvalid, "of "+a.String())
		}
	}
	for _, action := range []store.Action{store.Release, store.Uphold} {
		for _, source := range []store.Source{
			store.SourceKeyword, store.SourceAgent, store.SourceCarrier, store.SourceImport, "", "Text", "text ",
		} {
			stop := p.arrive(p.key(), out(1))
			stop.Source = source
			p.appendNew(stop)
			p.refused(p.review(action, stop), store.ErrInvalid, "of an opt-out that was not read from a text")
		}
	}
}

func reviewNotPastOptOut(p *probe) {
	for _, stop := range []arrival{out(5), out(0), out(0).received(1), out(1)} {
		for _, action := range []store.Action{store.Release, store.Uphold} {
			key := p.key()
			before := p.text(key, held(2))
			p.appendNew(p.arrive(key, stop))
			after := p.text(key, held(3))
			p.reads(action, before, wins, isOut, "of a hold from before an opt-out")
			p.reads(action, after, wins, isOut, "of a hold from after an opt-out")
			p.appendNew(p.arrive(key, in(9)))
			if _, state := p.settled(key); state.Status != isIn {
				p.failf("all is ended, an opt-in is newer, and the state is %v", state.Status)
			}
		}
		for _, action := range []store.Action{store.Release, store.Retract} {
			key := p.key()
			before := p.text(key, out(2).by(store.SourceText))
			p.appendNew(p.arrive(key, stop))
			after := p.text(key, out(3).by(store.SourceText))
			p.reads(action, before, wins, isOut, "of a text from before another opt-out")
			p.reads(action, after, wins, isOut, "of a text from after another opt-out")
		}
	}
}

func hiddenHold(p *probe) {
	r := p.reviewer()
	key := p.key()
	first := p.text(key, held(1))
	p.appendNew(p.arrive(key, out(2)))
	if waiting := p.reviews(r, key.Account, 0); len(waiting) > 0 {
		p.failf("of an opted-out key %d reviews wait", len(waiting))
	}
	late := p.text(key, held(5))
	p.reads(store.Release, first, wins, isOut, "of a hold while opted out")
	p.appendNew(p.arrive(key, in(4)))
	if state := p.get(key); state.Status != isHeld || state.EventID != late.ID {
		p.failf("the opt-out is lifted by what is older than the hold: the state is %v", state.Status)
	}
	if waiting := p.reviews(r, key.Account, 0); len(waiting) != 1 || waiting[0].ID != late.ID {
		p.failf("the opt-out is lifted, the hold waits again: %d reviews", len(waiting))
	}
	p.reads(store.Uphold, late, wins, isOut, "of the hold that waits again")
	if waiting := p.reviews(r, key.Account, 0); len(waiting) > 0 {
		p.failf("after all %d reviews wait", len(waiting))
	}
}

func upholdOptsOut(p *probe) {
	for _, before := range []arrival{{}, in(5), in(0), consent(9)} {
		key := p.key()
		if before.action != store.NoAction {
			p.appendNew(p.arrive(key, before))
		}
		text := p.text(key, held(0).received(3))
		p.appendNew(p.arrive(key, in(2))) // older than the text
		p.reads(store.Uphold, text, wins, isOut, "of an open hold, after "+before.String())
		if state := p.get(key); state.Action != store.Uphold || !state.ReceivedAt.Equal(text.ReceivedAt) || state.EventID != text.ID {
			p.failf("the opt-out is not in the place of its text: %v of %s", state.Action, quote(state.EventID))
		}
		p.appendNew(p.arrive(key, in(2)))
		if state := p.get(key); state.Status != isOut {
			p.failf("an opt-in is older than the text that was upheld, and the state is %v", state.Status)
		}
		p.appendNew(p.arrive(key, in(4)))
		if state := p.get(key); state.Status != isIn {
			p.failf("an opt-in is newer than the text that was upheld, and the state is %v", state.Status)
		}
	}
	// Of two opt-outs the harder one stays.
	key := p.key()
	text := p.text(key, held(3))
	p.appendNew(p.arrive(key, out(6)))
	p.reads(store.Uphold, text, wins, isOut, "of a hold that waits unseen")
	p.appendNew(p.arrive(key, in(5)))
	if _, state := p.settled(key); state.Status != isOut {
		p.failf("the opt-out beside the text is newer than the opt-in, and the state is %v", state.Status)
	}
}

func upholdAfterStart(p *probe) {
	for _, a := range []struct{ text, start arrival }{
		{held(1), in(2)}, {held(1), in(0)}, {held(0), in(0)}, {held(0).received(3), in(4)},
	} {
		text := p.text(p.key(), a.text)
		p.appendNew(p.arrive(text.Key, a.start))
		p.reads(store.Uphold, text, loses, isIn, "of a hold that "+a.start.String()+" has ended")
	}
	// The opt-in in force would have lifted it, so it never opened.
	key := p.key()
	p.appendNew(p.arrive(key, in(5)))
	p.reads(store.Uphold, p.text(key, held(1)), loses, isIn, "of a hold that did not open")
	// And what an opt-out closed since stays closed.
	text := p.text(p.key(), held(1))
	p.appendNew(p.arrive(text.Key, in(2)))
	p.appendNew(p.arrive(text.Key, out(3)))
	p.reads(store.Uphold, text, loses, isOut, "of a hold that an opt-in ended, after an opt-out")
}

func upholdAfterRelease(p *probe) {
	for _, c := range []struct {
		text, later arrival
		upheld      bool
	}{
		{held(1).received(2), arrival{}, true},
		{held(1).received(2), in(3), false},
		{held(1).received(2), in(2), true}, // sent when the text was received
		{held(1).received(4), in(3), true}, // newer than the text, sent before it was received
		{held(0).received(2), in(3), false},
		{held(0).received(2), in(0).received(3), false},
		{held(0).received(2), in(0).received(2), true},
		{held(0).received(4), in(0).received(3), true},
		{held(1).received(2), consent(9), true},
	} {
		for _, by := range []store.Source{"", store.SourceText} {
			a := c.text
			if by != "" { // an opt-out that was read from a text
				a.action, a.source = store.OptOut, by
			}
			text := p.text(p.key(), a)
			p.appendNew(p.review(store.Release, text))
			then := p.get(text.Key).Status
			if c.later.action != store.NoAction {
				then = p.appendNew(p.arrive(text.Key, c.later)).State.Status
			}
			if c.upheld {
				then = isOut
			}
			p.reads(store.Uphold, text, c.upheld, then, "of "+a.String()+" that was released, after "+c.later.String())
			if !c.upheld {
				continue
			}
			p.appendNew(p.arrive(text.Key, in(9)))
			if _, state := p.settled(text.Key); state.Status != isIn {
				p.failf("an opt-in is newer than the text that was upheld, and the state is %v", state.Status)
			}
		}
	}
}

func textTakenBack(p *probe) {
	read := out(5).by(store.SourceText)
	for _, action := range []store.Action{store.Release, store.Retract} {
		for _, before := range []arrival{{}, in(1), consent(1), held(2)} {
			key := p.key()
			if before.action != store.NoAction {
				p.appendNew(p.arrive(key, before))
			}
			_, was := p.settled(key)
			p.reads(action, p.text(key, read), wins, was.Status, "of an opt-out, after "+before.String())
			p.restored(was, "after it")
		}
		for _, c := range []struct {
			before, after []arrival
			then          store.Status
		}{
			{nil, []arrival{in(4)}, isIn}, // it lost against the opt-out
			{nil, []arrival{consent(9)}, isIn},
			{nil, []arrival{held(6)}, isHeld},
			{nil, []arrival{in(6), out(7)}, isOut},
			{nil, []arrival{in(6), out(4)}, isIn},
			{[]arrival{in(3)}, []arrival{out(2)}, isIn}, // it would have lost without it
			{[]arrival{out(2)}, []arrival{in(3)}, isIn},
			{[]arrival{out(2)}, []arrival{out(1)}, isOut},
			{[]arrival{out(3)}, []arrival{in(2)}, isOut},
			{[]arrival{out(3), in(4)}, nil, isIn},
		} {
			key := p.key()
			for _, a := range c.before {
				p.appendNew(p.arrive(key, a))
			}
			text := p.text(key, read)
			for _, a := range c.after {
				p.appendNew(p.arrive(key, a))
			}
			p.reads(action, text, wins, c.then, "of an opt-out between others")
		}
	}
	key := p.key()
	text := p.text(key, read)
	p.reads(store.Uphold, text, loses, isOut, "of an opt-out that is in force")
	p.reads(store.Release, text, loses, isOut, "of an opt-out that was upheld")
}

// reviewSettlesAll records one text as two policies have read it: as a hold, and as a
// request.
func reviewSettlesAll(p *probe) {
	readings := []arrival{held(1).received(2), out(1).received(2).by(store.SourceText), held(1).received(2).by(store.SourceWeb)}
	for _, c := range []struct {
		verdict store.Action
		then    store.Status
	}{{store.Release, store.Unknown}, {store.Retract, store.Unknown}, {store.Uphold, isOut}} {
		for order := range permutations(readings) {
			key := p.key()
			text := p.text(key, order[0])
			for _, reading := range order[1:] {
				again := p.arrive(key, reading)
				again.ID, again.Text = text.ID, text.Text
				p.appendNew(again)
			}
			p.reads(c.verdict, text, wins, c.then, "of a text that was read in several ways")
			p.appendNew(p.arrive(key, in(3)))
			if _, state := p.settled(key); state.Status != isIn {
				p.failf("%v of a text that was read in several ways, then a newer opt-in: the state is %v", c.verdict, state.Status)
			}
		}
	}
}

func retracts(p *probe) {
	key := p.key()
	stop, other := p.text(key, out(1)), p.text(key, out(2))
	p.reads(store.Retract, other, wins, isOut, "of one of two opt-outs")
	p.reads(store.Retract, stop, wins, store.Unknown, "of the other opt-out")
	p.everywhere(store.State{Key: key})

	key = p.key()
	p.appendNew(p.arrive(key, in(1)))
	_, was := p.settled(key)
	stop, text := p.text(key, out(2)), p.text(key, held(3))
	p.reads(store.Retract, stop, wins, isHeld, "of the opt-out above a hold")
	p.reads(store.Retract, text, wins, isIn, "of the hold")
	p.restored(was, "after both")

	// What a review made of the text goes with it.
	for _, a := range []arrival{held(2).received(3), out(2).received(3).by(store.SourceText)} {
		key := p.key()
		p.appendNew(p.arrive(key, in(1)))
		_, was := p.settled(key)
		text := p.text(key, a)
		if a.action == store.OptOut {
			p.reads(store.Release, text, wins, isIn, "of "+a.String())
		}
		p.reads(store.Uphold, text, wins, isOut, "of "+a.String())
		p.reads(store.Retract, text, wins, isIn, "of "+a.String()+" that was upheld")
		p.restored(was, "after it")

		text = p.text(key, a)
		p.reads(store.Retract, text, wins, isIn, "of "+a.String())
		p.reads(store.Uphold, text, loses, isIn, "of "+a.String()+" that was retracted")
	}
}
