package storetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// redelivers appends events to a key, and after each of them once more all that came so far.
func (p *probe) redelivers(events ...store.Event) {
	for i, last := range events {
		p.appendNew(last)
		for _, ev := range events[:i+1] {
			p.isDuplicate(ev, fmt.Sprintf("%v redelivered after %v", ev.Action, last.Action))
		}
	}
}

func duplicate(p *probe) {
	key := p.key()
	stop, start := p.event(key, out(2)), p.event(key, in(3))
	stop.Text, stop.Note = "Stop", "first"
	late := p.event(key, out(1)) // does not win
	p.redelivers(stop, start, late, p.event(key, out(4)), p.event(key, consent(6)))
	stop.ReceivedAt, stop.Keyword, stop.Note = minute(9), "STOP", "second"
	p.isDuplicate(stop, "the opt-out redelivered with other evidence")
	start.At, start.Source, start.Text = minute(5), store.SourceWeb, "start"
	p.isDuplicate(start, "the opt-in redelivered with a newer time than the opt-out's")
}

func duplicateReview(p *probe) {
	key := p.key()
	text, stop := p.event(key, held(1).received(2)), p.event(key, out(5))
	p.redelivers(text, p.review(store.Release, text), p.review(store.Uphold, text), p.event(key, in(4)),
		stop, p.review(store.Retract, stop), p.event(key, ask(6)))
	wrong, yes := p.event(key, imported(7)), p.event(key, consent(8))
	p.redelivers(wrong, p.void(wrong), yes, p.void(yes))
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
func stops() []step { return []step{out(1).wins(isOut), held(1).wins(isHeld)} }

// again lets the contact opt in, and then delivers an event with a known id that is new.
func (p *probe) again(ev store.Event, then store.Status) {
	p.add(ev.Key, in(0))
	res := p.append(ev)
	if res.Duplicate || res.State.Status != then {
		p.failf("a new event (%s, text %s): Duplicate is %t, the state is %v",
			showEvent(ev), quote(ev.Text), res.Duplicate, res.State.Status)
	}
	p.isDuplicate(ev, "the new event redelivered")
}

func reusedID(p *probe) {
	for _, stop := range stops() {
		first := p.event(p.key(), stop.arrival)
		first.Text, first.From = "Stop", "+15550001"
		p.appendNew(first)
		delivered := []store.Event{first}
		for _, other := range []store.Event{
			{At: minute(3), Text: "Stop", Source: first.Source},
			{At: minute(3).Add(time.Microsecond), Text: "Stop", Source: first.Source},
			{Text: "Stop", Source: first.Source},
			{Text: "stop", Source: first.Source},
			{Text: "Stop ", Source: first.Source},
			{Text: "Stop", Source: store.SourceCarrier},
			{At: first.At, Text: "Stop", Source: first.Source, From: "15550001"},
		} {
			if other.From == "" {
				other.From = first.From
			}
			other.ID, other.Key, other.Action = first.ID, first.Key, first.Action
			p.again(other, stop.then)
			delivered = append(delivered, other)
		}
		for _, ev := range delivered {
			p.isDuplicate(ev, "redelivered after all of them")
		}
	}
}

func sameAsStored(p *probe) {
	for _, stop := range stops() {
		ev := p.event(p.key(), stop.sent(minute(1).Add(300*time.Nanosecond)))
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
	for _, stop := range stops() {
		first := p.event(p.key(), stop.sent(time.Time{}).received(1))
		first.Text = "Stop"
		p.appendNew(first)
		later := func(after time.Duration) store.Event {
			ev := first
			ev.ReceivedAt = first.ReceivedAt.Add(after)
			return ev
		}
		for _, after := range []time.Duration{0, time.Minute, 48 * time.Hour, limit, -limit, -2 * limit} {
			p.isDuplicate(later(after), fmt.Sprintf("%v without a time, received %v later", first.Action, after))
		}
		unknown := first
		unknown.ReceivedAt = time.Time{}
		p.isDuplicate(unknown, fmt.Sprintf("%v without any time", first.Action))
		p.again(later(limit+time.Microsecond), stop.then)
		p.again(later(days400), stop.then)

		dated := first
		dated.Key, dated.At = p.key(), minute(1)
		p.appendNew(dated)
		dated.ReceivedAt = dated.ReceivedAt.Add(days400)
		p.isDuplicate(dated, "an event with a time, received 400 days later")
	}
}

func reusedIDOptOut(p *probe) {
	for _, stop := range stops() {
		for _, was := range []arrival{in(1), consent(1), ask(1)} {
			for _, ev := range p.sequence(was.comes(), stop.sent(minute(2)).again().wins(stop.then)) {
				p.isDuplicate(ev, ev.Action.String()+" redelivered")
			}
		}
	}
	p.sequence(held(1).wins(isHeld), out(1).again().wins(isOut))
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
	p.keeps(first)
	for _, key := range []store.Key{p.key(), {Account: p.otherAccount(), Number: first.Key.Number}} {
		same := first
		same.Key = key
		p.keeps(same)
		p.isDuplicate(same, "the event redelivered")
	}
	start := p.event(p.key(), in(1))
	start.ID = first.ID // an opt-in, where the opt-out was another number's
	p.keeps(start)
}

func idByteForByte(p *probe) {
	key := p.key()
	for i, id := range alike("Id-Ab") {
		ev := p.event(key, out(i+1))
		ev.ID = id
		p.keeps(ev)
	}
}
