package storetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func duplicate(p *probe) {
	key := p.key()
	stop := p.event(key, store.OptOut, minute(2))
	stop.Text, stop.Note = "Stop", "first"
	p.appendNew(stop)
	p.isDuplicate(stop, "the opt-out redelivered at once")
	other := stop
	other.ReceivedAt, other.Keyword, other.Note = minute(9), "STOP", "second"
	p.isDuplicate(other, "the opt-out redelivered with other evidence")

	start := p.event(key, store.OptIn, minute(3))
	p.appendNew(start)
	p.isDuplicate(start, "the opt-in redelivered")
	p.isDuplicate(stop, "the opt-out redelivered after a newer opt-in")

	late := p.event(key, store.OptOut, minute(1))
	p.appendNew(late)
	p.isDuplicate(late, "an event that did not win redelivered")

	p.appendNew(p.event(key, store.OptOut, minute(4)))
	p.isDuplicate(start, "the opt-in redelivered after a newer opt-out")
	start.At, start.Source, start.Text = minute(5), store.SourceWeb, "start"
	p.isDuplicate(start, "the opt-in redelivered with a newer time than the opt-out's")

	yes := p.event(key, store.Consent, minute(6))
	p.appendNew(yes)
	p.isDuplicate(yes, "a consent redelivered")
}

func duplicateReview(p *probe) {
	key := p.key()
	text := p.arrive(key, held(1).received(2))
	text.Text = "pls no more"
	p.appendNew(text)
	p.isDuplicate(text, "the hold redelivered")
	p.appendNew(p.review(store.Release, text))
	p.isDuplicate(p.review(store.Release, text), "the Release repeated")
	p.isDuplicate(text, "the hold redelivered after its Release")
	p.appendNew(p.review(store.Uphold, text))
	p.isDuplicate(p.review(store.Uphold, text), "the Uphold repeated")
	p.isDuplicate(p.review(store.Release, text), "the Release repeated after an Uphold")
	p.appendNew(p.event(key, store.OptIn, minute(4)))
	p.isDuplicate(p.review(store.Uphold, text), "the Uphold repeated after an opt-in")
	p.isDuplicate(text, "the hold redelivered after an opt-in")

	stop := p.event(key, store.OptOut, minute(5))
	p.appendNew(stop)
	p.appendNew(p.review(store.Retract, stop))
	p.isDuplicate(p.review(store.Retract, stop), "the Retract repeated")
	p.isDuplicate(stop, "the opt-out redelivered after its Retract")

	asked := p.event(key, store.Ask, minute(6))
	p.appendNew(asked)
	p.isDuplicate(asked, "the question redelivered")
}

func duplicateLater(p *probe) {
	between := []int{30, 100} // what a cache of some size holds
	if p.options.Long {
		between = append(between, 1_000, 2_500)
	}
	key := p.key()
	stop, text := p.event(key, store.OptOut, minute(1)), p.arrive(key, held(1))
	p.appendNew(stop)
	p.appendNew(text)
	p.appendNew(p.review(store.Release, text))
	start := p.appendNew(p.event(key, store.OptIn, minute(2))).Record.Event
	stored := 0
	for _, n := range between {
		for ; stored < n; stored++ {
			ev := p.event(key, store.OptOut, minute(-1-stored)) // too old to win
			p.appendNew(ev)
		}
		for what, ev := range map[string]store.Event{
			"the opt-out": stop, "the hold": text, "the Release": p.review(store.Release, text), "the opt-in": start,
		} {
			res := p.append(ev)
			if !res.Duplicate {
				p.failf("%s redelivered after %d other events: Duplicate is not set", what, n)
			}
			if d := diffEvent(ev, res.Record); d != "" {
				p.failf("%s redelivered after %d other events: the record returned is not the stored one: %s", what, n, d)
			}
		}
	}
	if state := p.get(key); state.Status != store.OptedIn {
		p.failf("after all redeliveries the state is %v", state.Status)
	}
}

func concurrentDuplicates(p *probe) {
	for i := range p.rounds(5, 50, 300*time.Millisecond) {
		action := store.OptOut
		if i%2 == 1 {
			action = store.OptIn
		}
		ev := p.event(p.key(), action, minute(1))
		results := make([]store.Result, p.workers)
		p.parallel(len(results), func(i int) { results[i] = p.append(ev) })
		first := 0
		for _, res := range results {
			if !res.Duplicate {
				first++
			}
		}
		records, state := p.settled(ev.Key)
		if first != 1 || len(records) != 1 {
			p.failf("%d Appends: %d are no Duplicate, %d records are stored", len(results), first, len(records))
		}
		for _, res := range results {
			if d := diffRecord(records[0], res.Record); d != "" {
				p.failf("the record returned is not the stored one: %s", d)
			}
			if d := diffState(state, res.State); d != "" {
				p.failf("the state returned is not the one now: %s", d)
			}
		}
	}
}

// again lets the contact opt in, and then delivers an event with a known id that is new.
func (p *probe) again(ev store.Event, what string) {
	status := store.OptedOut
	if ev.Action == store.Hold {
		status = store.Held
	}
	p.appendNew(p.event(ev.Key, store.OptIn, time.Time{}))
	res := p.append(ev)
	if res.Duplicate || res.State.Status != status {
		p.failf("%v %s: Duplicate is %t, the state is %v", ev.Action, what, res.Duplicate, res.State.Status)
	}
	p.settled(ev.Key)
	p.isDuplicate(ev, "the same "+what+" redelivered")
}

func reusedID(p *probe) {
	for _, action := range []store.Action{store.OptOut, store.Hold} {
		first := p.event(p.key(), action, minute(1))
		first.Text = "Stop"
		p.appendNew(first)

		newer := first
		newer.At = minute(3)
		p.again(newer, "with another At")
		micro := newer
		micro.At = newer.At.Add(time.Microsecond)
		p.again(micro, "a microsecond newer")
		undated := first
		undated.At = time.Time{}
		p.again(undated, "without a time")
		words := undated
		words.Text = "stop"
		p.again(words, "with other words")
		words.Text = "Stop "
		p.again(words, "with a blank at the end")
		source := undated
		source.Source = store.SourceCarrier
		p.again(source, "from another source")
		for what, ev := range map[string]store.Event{"first": first, "newer": newer, "undated": undated, "other words": words} {
			p.isDuplicate(ev, "the "+what+" one redelivered after all of them")
		}
	}
}

func sameAsStored(p *probe) {
	for _, action := range []store.Action{store.OptOut, store.Hold} {
		ev := p.event(p.key(), action, minute(1).Add(300*time.Nanosecond))
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
	const limit = 72 * time.Hour
	for _, action := range []store.Action{store.OptOut, store.Hold} {
		first := p.event(p.key(), action, time.Time{})
		first.ReceivedAt, first.Text = minute(0), "Stop"
		p.appendNew(first)
		for _, after := range []time.Duration{0, time.Minute, 48 * time.Hour, limit, -limit, -2 * limit} {
			ev := first
			ev.ReceivedAt = first.ReceivedAt.Add(after)
			p.isDuplicate(ev, fmt.Sprintf("%v without a time, received %v later", action, after))
		}
		unknown := first
		unknown.ReceivedAt = time.Time{}
		p.isDuplicate(unknown, fmt.Sprintf("%v without any time", action))
		for _, after := range []time.Duration{limit + time.Microsecond, 400 * 24 * time.Hour} {
			ev := first
			ev.ReceivedAt = first.ReceivedAt.Add(after)
			p.again(ev, fmt.Sprintf("received %v later", after))
		}
		dated := first
		dated.Key, dated.At = p.key(), minute(1)
		p.appendNew(dated)
		dated.ReceivedAt = dated.ReceivedAt.Add(400 * 24 * time.Hour)
		p.isDuplicate(dated, "an event with a time, received 400 days later")
	}
}

func reusedIDOptOut(p *probe) {
	for _, action := range []store.Action{store.OptOut, store.Hold} {
		for _, before := range []store.Action{store.OptIn, store.Consent, store.Ask} {
			first := p.event(p.key(), before, minute(1))
			p.appendNew(first)
			ev := p.event(first.Key, action, minute(2))
			ev.ID = first.ID
			status := store.OptedOut
			if action == store.Hold {
				status = store.Held
			}
			p.applies(ev, status)
			p.isDuplicate(ev, "the event redelivered")
			p.isDuplicate(first, "the first event redelivered")
		}
	}
	text := p.arrive(p.key(), held(1))
	p.appendNew(text)
	stop := p.event(text.Key, store.OptOut, minute(1))
	stop.ID = text.ID
	p.applies(stop, store.OptedOut)
}

func reusedIDOptIn(p *probe) {
	for _, before := range []store.Action{store.OptOut, store.Hold, store.Ask} {
		first := p.event(p.key(), before, minute(1))
		p.appendNew(first)
		for _, action := range []store.Action{store.OptIn, store.Consent} {
			for _, at := range []time.Time{minute(0), minute(1), minute(2), {}} {
				ev := p.event(first.Key, action, at)
				ev.ID = first.ID
				p.refused(ev, store.ErrIDReused, fmt.Sprintf("after %v", before))
			}
		}
	}
	start := p.event(p.key(), store.OptIn, minute(1))
	p.appendNew(start)
	yes := p.event(start.Key, store.Consent, minute(2))
	yes.ID = start.ID
	p.refused(yes, store.ErrIDReused, "a consent after an opt-in")
}

func idPerKey(p *probe) {
	first := p.event(p.key(), store.OptOut, minute(1))
	p.applies(first, store.OptedOut)
	otherAccount := store.Key{Account: p.otherAccount(), Number: first.Key.Number}
	for _, key := range []store.Key{p.key(), otherAccount} {
		same := first
		same.Key = key
		p.applies(same, store.OptedOut)
		p.isDuplicate(same, "the event redelivered")
	}
	again := p.event(p.key(), store.OptIn, minute(1))
	again.ID = first.ID // an opt-in, where the opt-out was another number's
	p.applies(again, store.OptedIn)
}

func idByteForByte(p *probe) {
	key := p.key()
	for i, id := range alike("Id-Ab") {
		ev := p.event(key, store.OptOut, minute(i))
		ev.ID = id
		p.applies(ev, store.OptedOut)
	}
}
