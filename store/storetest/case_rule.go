package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// step is an arrival and what is in force after it.
type step struct {
	arrival
	wins bool
	then store.Status
}

const (
	wins  = true
	loses = false

	isIn   = store.OptedIn
	isOut  = store.OptedOut
	isHeld = store.Held
)

// sequence lets events arrive at a new key, and fails if one does not have the effect
// that it must have.
func (p *probe) sequence(steps ...step) {
	key := p.key()
	var all []arrival
	for _, s := range steps {
		all = append(all, s.arrival)
	}
	for i, s := range steps {
		ev := p.arrive(key, s.arrival)
		res := p.appendNew(ev)
		state := p.get(key)
		if res.Record.Effective != s.wins || state.Status != s.then {
			p.failf("event %d of %v: Effective is %t, want %t; the state is %v, want %v",
				i+1, all, res.Record.Effective, s.wins, state.Status, s.then)
		}
		if s.wins && s.action != store.Hold && state.Action == s.action && (state.EventID != ev.ID || !state.At.Equal(ev.At)) {
			p.failf("event %d of %v: the state is not that of the event", i+1, all)
		}
	}
	p.settled(key)
}

func newerWins(p *probe) {
	p.sequence(step{out(2), wins, isOut}, step{in(1), loses, isOut})
	p.sequence(step{out(1), wins, isOut}, step{in(2), wins, isIn})
	p.sequence(step{in(2), wins, isIn}, step{out(1), loses, isIn})
	p.sequence(step{in(1), wins, isIn}, step{out(2), wins, isOut}, step{in(3), wins, isIn})
	// A newer event of the same action moves At: what comes between loses.
	p.sequence(step{out(1), wins, isOut}, step{out(3), wins, isOut}, step{in(2), loses, isOut})
	p.sequence(step{in(1), wins, isIn}, step{in(3), wins, isIn}, step{out(2), loses, isIn})
	p.sequence(step{in(3), wins, isIn}, step{in(1), loses, isIn}, step{out(2), loses, isIn}, step{out(4), wins, isOut})
}

func tieIsOptOut(p *probe) {
	p.sequence(step{in(1), wins, isIn}, step{out(1), wins, isOut})
	p.sequence(step{out(1), wins, isOut}, step{in(1), loses, isOut})
	// Of two equal ones the first is kept.
	p.sequence(step{out(1), wins, isOut}, step{out(1), loses, isOut})
	p.sequence(step{in(1), wins, isIn}, step{in(1), loses, isIn})
}

func missingTime(p *probe) {
	p.sequence(step{out(0), wins, isOut}, step{in(0), wins, isIn}, step{out(0), wins, isOut})
	p.sequence(step{out(5), wins, isOut}, step{in(0), wins, isIn}, step{out(1), wins, isOut})
	p.sequence(step{in(5), wins, isIn}, step{out(0), wins, isOut}, step{in(1), wins, isIn})
	p.sequence(step{in(5), wins, isIn}, step{in(0), wins, isIn}, step{out(1), wins, isOut})
}

func undatedOptOut(p *probe) {
	undated := out(0).received(5)
	p.sequence(step{undated, wins, isOut}, step{in(4), loses, isOut}, step{in(6), wins, isIn})
	p.sequence(step{undated, wins, isOut}, step{in(5), wins, isIn})
	p.sequence(step{undated, wins, isOut}, step{in(0), wins, isIn})
	// Only an opt-out without a time is guarded by its receipt.
	p.sequence(step{out(2).received(5), wins, isOut}, step{in(4), wins, isIn})
	p.sequence(step{in(0).received(5), wins, isIn}, step{out(4), wins, isOut})

	for _, action := range []store.Action{store.OptOut, store.Hold} { // to the second
		second := minute(5).Truncate(time.Second)
		for sent, lifts := range map[time.Time]bool{
			second.Add(-time.Microsecond): false, second: true, second.Add(time.Microsecond): true, minute(5): true,
		} {
			ev := p.event(p.key(), action, time.Time{})
			ev.ReceivedAt = second.Add(900 * time.Millisecond)
			p.appendNew(ev)
			p.appendNew(p.event(ev.Key, store.OptIn, sent))
			if _, state := p.settled(ev.Key); (state.Status == store.OptedIn) != lifts {
				p.failf("%v received at %s, an opt-in sent at %s: the state is %v", action, showTime(ev.ReceivedAt), showTime(sent), state.Status)
			}
		}
	}
}

func harderOptOut(p *probe) {
	dated, undated, unknown := out(5), out(0).received(5), out(0)
	p.sequence(step{dated, wins, isOut}, step{out(3), loses, isOut}, step{in(4), loses, isOut}, step{in(6), wins, isIn})
	p.sequence(step{dated, wins, isOut}, step{out(0).received(3), loses, isOut}, step{in(4), loses, isOut})
	p.sequence(step{dated, wins, isOut}, step{unknown, loses, isOut}, step{in(4), loses, isOut})
	p.sequence(step{undated, wins, isOut}, step{out(3), loses, isOut}, step{in(4), loses, isOut}, step{in(5), wins, isIn})
	p.sequence(step{undated, wins, isOut}, step{out(0).received(3), loses, isOut}, step{in(4), loses, isOut})
	p.sequence(step{undated, wins, isOut}, step{out(5), wins, isOut}, step{in(5), loses, isOut}, step{in(6), wins, isIn})
	p.sequence(step{unknown, wins, isOut}, step{out(3), wins, isOut}, step{in(2), loses, isOut}, step{in(4), wins, isIn})
	p.sequence(step{unknown, wins, isOut}, step{undated, wins, isOut}, step{in(4), loses, isOut})
	// By the phone, without a time; then the old list is imported; then a late opt-in.
	p.sequence(step{out(0).received(10).by(store.SourceAgent), wins, isOut}, step{out(2).by(store.SourceImport), loses, isOut},
		step{in(9), loses, isOut})
}

func consentOnlyOnUnknown(p *probe) {
	p.sequence(step{consent(1), wins, isIn}, step{consent(2), loses, isIn})
	p.sequence(step{in(1), wins, isIn}, step{consent(2), loses, isIn})
	for _, stop := range []arrival{out(1), out(0), out(0).received(1)} {
		for _, yes := range []arrival{consent(2), consent(0), consent(0).received(9)} {
			p.sequence(step{stop, wins, isOut}, step{yes, loses, isOut}, step{yes.by(store.SourceKeyword), loses, isOut})
		}
	}
	// An open hold stays, and the consent counts after it.
	p.sequence(step{held(1), wins, isHeld}, step{consent(9), wins, isHeld}, step{consent(0), loses, isHeld})
}

func consentReplaced(p *probe) {
	for _, at := range []int{5, 0} {
		yes := step{consent(at), wins, isIn}
		for _, stop := range []arrival{out(1), out(5), out(9), out(0), out(0).received(1)} {
			p.sequence(yes, step{stop, wins, isOut}, step{consent(10), loses, isOut})
		}
		p.sequence(yes, step{held(1), wins, isHeld})
		// So does the contact's own opt-in, whose time counts from then on.
		p.sequence(yes, step{in(2), wins, isIn}, step{out(1), loses, isIn}, step{out(3), wins, isOut})
	}
}

func sourceIsALabel(p *probe) {
	for _, source := range []store.Source{
		store.SourceKeyword, store.SourceText, store.SourceConfirm, store.SourceAgent, store.SourceWeb, store.SourceCarrier,
		store.SourceImport, store.SourceReview, "", "other", "Keyword", "keyword ", "key", // some are "keyword" to a database that folds
	} {
		by := func(a arrival) arrival { a.source = source; return a }
		p.sequence(step{by(out(1)), wins, isOut}, step{by(consent(9)), loses, isOut}, step{by(in(2)), wins, isIn}, step{by(out(1)), loses, isIn})
		p.sequence(step{by(consent(9)), wins, isIn}, step{by(out(1)), wins, isOut}, step{by(in(1)), loses, isOut})
		p.sequence(step{by(held(2)), wins, isHeld}, step{by(in(1)), loses, isHeld}, step{by(in(3)), wins, isIn})
	}
}

func loserStays(p *probe) {
	key := p.key()
	arrivals := []arrival{out(5), in(1), out(2), in(5), consent(9), out(5)}
	var want []store.Record
	for i, a := range arrivals {
		res := p.appendNew(p.arrive(key, a))
		if res.Record.Effective != (i == 0) {
			p.failf("%v after %v: Effective is %t", a, arrivals[:i], res.Record.Effective)
		}
		want = append(want, res.Record)
	}
	records, _ := p.settled(key)
	if d := diffRecords(want, records); d != "" {
		p.failf("History: %s", d)
	}
}

func everyOrder(p *probe) {
	for _, set := range [][]arrival{
		{out(1), in(2), out(3), in(4)},
		{out(2), in(2), out(1), in(1)},
		{in(4), out(3), consent(2), out(1).by(store.SourceWeb)},
		{consent(9), in(1), in(3), out(2)},
		{consent(9), consent(2), out(1)},
		{held(2), in(1), out(1), in(3)},
		{held(3), in(2), consent(9), held(1)},
		{held(1), in(2), out(4), held(3)},
	} {
		want := dated(set)
		for order := range permutations(set) {
			key := p.key()
			for _, a := range order {
				p.appendNew(p.arrive(key, a))
			}
			if _, state := p.settled(key); state.Status != want {
				p.failf("%v ends as %v, want %v", order, state.Status, want)
			}
		}
	}
}

// dated is the status in which a set of events with times must end: OptedOut if no opt-in
// is newer than each opt-out, and otherwise Held if none is newer than each hold.
func dated(set []arrival) store.Status {
	newest := func(action store.Action) (at int, some bool) {
		for _, a := range set {
			if a.action == action {
				at, some = max(at, a.at), true
			}
		}
		return at, some
	}
	started, start := newest(store.OptIn)
	if stopped, stop := newest(store.OptOut); stop && stopped >= started {
		return isOut
	}
	if since, hold := newest(store.Hold); hold && since >= started {
		return isHeld
	}
	if _, yes := newest(store.Consent); start || yes {
		return isIn
	}
	return store.Unknown
}

// added lets a sequence arrive at one key, and the same with one more opt-out or hold at
// another.
func added(p *probe) {
	for range p.rounds(30, 200, 300*time.Millisecond) {
		arrivals := make([]arrival, 2+p.rand.IntN(6))
		for i := range arrivals {
			arrivals[i] = p.anyArrival()
		}
		more := p.anyArrival()
		more.action = []store.Action{store.OptOut, store.Hold}[p.rand.IntN(2)]
		place := p.rand.IntN(len(arrivals) + 1)
		without, with := p.key(), p.key()
		for i, a := range arrivals {
			if i == place {
				p.appendNew(p.arrive(with, more))
			}
			ev := p.arrive(without, a)
			p.appendNew(ev)
			ev.Key = with
			p.appendNew(ev)
		}
		if place == len(arrivals) {
			p.appendNew(p.arrive(with, more))
		}
		before, after := p.get(without).Status, p.get(with).Status
		if before == isOut && after != isOut || before == isHeld && after != isHeld && after != isOut {
			p.failf("%v ends as %v, and with %v added before place %d as %v", arrivals, before, more, place, after)
		}
		p.settled(with)
	}
}
