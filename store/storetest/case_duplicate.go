package storetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func duplicate(p *probe) {
	key := p.key()
	stop := p.event(key, out(2))
	stop.Text, stop.Note = "Stop", "first"
	p.appendNew(stop)
	p.isDuplicate(stop, "the opt-out redelivered at once")
	other := stop
	other.ReceivedAt, other.Keyword, other.Note = minute(9), "STOP", "second"
	p.isDuplicate(other, "the opt-out redelivered with other evidence")

	start := p.add(key, in(3)).Record.Event
	p.isDuplicate(start, "the opt-in redelivered")
	p.isDuplicate(stop, "the opt-out redelivered after a newer opt-in")
	late := p.add(key, out(1)).Record.Event
	p.isDuplicate(late, "an event that did not win redelivered")
	p.add(key, out(4))
	p.isDuplicate(start, "the opt-in redelivered after a newer opt-out")
	start.At, start.Source, start.Text = minute(5), store.SourceWeb, "start"
	p.isDuplicate(start, "the opt-in redelivered with a newer time than the opt-out's")
	yes := p.add(key, consent(6)).Record.Event
	p.isDuplicate(yes, "a consent redelivered")
}

func duplicateReview(p *probe) {
	key := p.key()
	text := p.add(key, held(1).received(2)).Record.Event
	p.isDuplicate(text, "the hold redelivered")
	p.appendNew(p.review(store.Release, text))
	p.isDuplicate(p.review(store.Release, text), "the Release repeated")
	p.isDuplicate(text, "the hold redelivered after its Release")
	p.appendNew(p.review(store.Uphold, text))
	p.isDuplicate(p.review(store.Uphold, text), "the Uphold repeated")
	p.isDuplicate(p.review(store.Release, text), "the Release repeated after an Uphold")
	p.add(key, in(4))
	p.isDuplicate(p.review(store.Uphold, text), "the Uphold repeated after an opt-in")
	p.isDuplicate(text, "the hold redelivered after an opt-in")

	stop := p.add(key, out(5)).Record.Event
	p.appendNew(p.review(store.Retract, stop))
	p.isDuplicate(p.review(store.Retract, stop), "the Retract repeated")
	p.isDuplicate(stop, "the opt-out redelivered after its Retract")
	asked := p.add(key, ask(6)).Record.Event
	p.isDuplicate(asked, "the question redelivered")
}

func duplicateLater(p *probe) {
	between := []int{30, 100} // what a cache of some size holds
	if p.options.Long {
		between = append(between, 1_000, 2_500)
	}
	key := p.key()
	stop := p.add(key, out(1)).Record.Event
	text := p.add(key, held(1)).Record.Event
	released := p.appendNew(p.review(store.Release, text)).Record.Event
	start := p.add(key, in(2)).Record.Event
	stored := 0
	for _, n := range between {
		for ; stored < n; stored++ {
			p.add(key, out(-1-stored)) // too old to win
		}
		for _, ev := range []store.Event{stop, text, released, start} {
			res := p.append(ev)
			p.checkf(res.Duplicate, "%v redelivered after %d other events: Duplicate is not set", ev.Action, n)
			p.samef(diff(ev, res.Record.Event), "%v redelivered after %d other events: the record returned", ev.Action, n)
		}
	}
	p.endsf(key, isIn, "after all redeliveries")
}

func concurrentDuplicates(p *probe) {
	for i := range p.rounds(5, 50, 300*time.Millisecond) {
		ev := p.event(p.key(), turn(i))
		results := make([]store.Result, p.workers)
		p.parallel(len(results), func(i int) { results[i] = p.append(ev) })
		records, state := p.settled(ev.Key)
		p.checkf(len(records) == 1, "of %d Appends of one event %d records are stored", len(results), len(records))
		first := 0
		for _, res := range results {
			if !res.Duplicate {
				first++
			}
			p.samef(diff(records[0], res.Record), "the record returned is not the stored one")
			p.samef(diff(state, res.State), "the state returned is not the one now")
		}
		p.checkf(first == 1, "of %d Appends of one event %d are no Duplicate", len(results), first)
	}
}

// stops are the two ways to close a number, which are new with the ID of another event.
func stops() map[store.Status]func(at int) arrival {
	return map[store.Status]func(int) arrival{isOut: out, isHeld: held}
}

// again lets the contact opt in, and then delivers an event with a known id that is new.
func (p *probe) again(ev store.Event, status store.Status, what string) {
	p.add(ev.Key, in(0))
	res := p.append(ev)
	if res.Duplicate || res.State.Status != status {
		p.failf("%v %s: Duplicate is %t, the state is %v", ev.Action, what, res.Duplicate, res.State.Status)
	}
	p.isDuplicate(ev, "the same "+what+" redelivered")
}

func reusedID(p *probe) {
	for status, stop := range stops() {
		first := p.event(p.key(), stop(1))
		first.Text = "Stop"
		p.appendNew(first)
		delivered := []store.Event{first}
		undated := func(ev *store.Event) { ev.At = time.Time{} }
		for _, c := range []struct {
			what   string
			change func(*store.Event)
		}{
			{"with another At", func(ev *store.Event) { ev.At = minute(3) }},
			{"a microsecond newer", func(ev *store.Event) { ev.At = minute(3).Add(time.Microsecond) }},
			{"without a time", undated},
			{"with other words", func(ev *store.Event) { undated(ev); ev.Text = "stop" }},
			{"with a blank at the end", func(ev *store.Event) { undated(ev); ev.Text = "Stop " }},
			{"from another source", func(ev *store.Event) { undated(ev); ev.Source = store.SourceCarrier }},
		} {
			ev := first
			c.change(&ev)
			p.again(ev, status, c.what)
			delivered = append(delivered, ev)
		}
		for _, ev := range delivered {
			p.isDuplicate(ev, "redelivered after all of them")
		}
	}
}

func sameAsStored(p *probe) {
	for _, stop := range stops() {
		ev := p.event(p.key(), stop(1))
		ev.At = minute(1).Add(300 * time.Nanosecond)
		ev.Text = strings.Repeat("x", store.MaxTextLen+10) + "a"
		p.appendNew(ev)
		ev.At = minute(1).Add(900 * time.Nanosecond)
		p.isDuplicate(ev, "an event with another time below a microsecond")
		ev.At = ev.At.In(time.FixedZone("", 3_600))
		p.isDuplicate(ev, "an event with its time in another zone")
		ev.Text = strings.Repeat("x", store.MaxTextLen+10) + "b"
		p.isDuplicate(ev, "an event with another text where it is cut")
	}
}

func undatedAgain(p *probe) {
	const limit, days400 = 72 * time.Hour, 400 * 24 * time.Hour
	for status, stop := range stops() {
		first := p.event(p.key(), stop(0))
		first.ReceivedAt, first.Text = minute(0), "Stop"
		p.appendNew(first)
		received := func(after time.Duration) store.Event {
			ev := first
			ev.ReceivedAt = first.ReceivedAt.Add(after)
			return ev
		}
		for _, after := range []time.Duration{0, time.Minute, 48 * time.Hour, limit, -limit, -2 * limit} {
			p.isDuplicate(received(after), fmt.Sprintf("%v without a time, received %v later", first.Action, after))
		}
		unknown := first
		unknown.ReceivedAt = time.Time{}
		p.isDuplicate(unknown, fmt.Sprintf("%v without any time", first.Action))
		for _, after := range []time.Duration{limit + time.Microsecond, days400} {
			p.again(received(after), status, fmt.Sprintf("received %v later", after))
		}
		dated := first
		dated.Key, dated.At = p.key(), minute(1)
		p.appendNew(dated)
		dated.ReceivedAt = dated.ReceivedAt.Add(days400)
		p.isDuplicate(dated, "an event with a time, received 400 days later")
	}
}

func reusedIDOptOut(p *probe) {
	for status, stop := range stops() {
		for _, before := range []arrival{in(1), consent(1), ask(1)} {
			first := p.add(p.key(), before).Record.Event
			ev := p.event(first.Key, stop(2))
			ev.ID = first.ID
			p.applies(ev, status)
			p.isDuplicate(ev, "the event redelivered")
			p.isDuplicate(first, "the first event redelivered")
		}
	}
	p.sequence(held(1).wins(isHeld), out(1).again(1).wins(isOut))
}

func reusedIDOptIn(p *probe) {
	for _, before := range []arrival{out(1), held(1), ask(1), in(1)} {
		first := p.add(p.key(), before).Record.Event
		for _, at := range []int{-1, 1, 2, 0} { // older, the same, newer, not known
			for _, yes := range []arrival{in(at), consent(at)} {
				if yes.action == before.action {
					continue // a duplicate
				}
				ev := p.event(first.Key, yes)
				ev.ID = first.ID
				p.refused(ev, store.ErrIDReused, fmt.Sprintf("%v after %v", yes, before))
			}
		}
	}
}

func idPerKey(p *probe) {
	first := p.event(p.key(), out(1))
	p.applies(first, isOut)
	for _, key := range []store.Key{p.key(), {Account: p.otherAccount(), Number: first.Key.Number}} {
		same := first
		same.Key = key
		p.applies(same, isOut)
		p.isDuplicate(same, "the event redelivered")
	}
	start := p.event(p.key(), in(1))
	start.ID = first.ID // an opt-in, where the opt-out was another number's
	p.applies(start, isIn)
}

func idByteForByte(p *probe) {
	key := p.key()
	for i, id := range alike("Id-Ab") {
		ev := p.event(key, out(i+1))
		ev.ID = id
		p.applies(ev, isOut)
	}
}
