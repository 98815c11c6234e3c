package storetest

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func newerWins(p *probe) {
	p.sequence(out(2).wins(isOut), in(1).loses(isOut))
	p.sequence(out(1).wins(isOut), in(2).wins(isIn))
	p.sequence(in(2).wins(isIn), out(1).loses(isIn))
	p.sequence(in(1).wins(isIn), out(2).wins(isOut), in(3).wins(isIn))
	// A newer event of the same action moves At: what comes between loses.
	p.sequence(out(1).wins(isOut), out(3).wins(isOut), in(2).loses(isOut))
	p.sequence(in(1).wins(isIn), in(3).wins(isIn), out(2).loses(isIn))
	p.sequence(in(3).wins(isIn), in(1).loses(isIn), out(2).loses(isIn), out(4).wins(isOut))
}

func tieIsOptOut(p *probe) {
	p.sequence(in(1).wins(isIn), out(1).wins(isOut))
	p.sequence(out(1).wins(isOut), in(1).loses(isOut))
	// Of two equal ones the first is kept.
	p.sequence(out(1).wins(isOut), out(1).loses(isOut))
	p.sequence(in(1).wins(isIn), in(1).loses(isIn))
}

func missingTime(p *probe) {
	p.sequence(out(0).wins(isOut), in(0).wins(isIn), out(0).wins(isOut))
	p.sequence(out(5).wins(isOut), in(0).wins(isIn), out(1).wins(isOut))
	p.sequence(in(5).wins(isIn), out(0).wins(isOut), in(1).wins(isIn))
	p.sequence(in(5).wins(isIn), in(0).wins(isIn), out(1).wins(isOut))
}

func undatedOptOut(p *probe) {
	undated := out(0).received(5)
	p.sequence(undated.wins(isOut), in(4).loses(isOut), in(6).wins(isIn))
	p.sequence(undated.wins(isOut), in(5).wins(isIn))
	p.sequence(undated.wins(isOut), in(0).wins(isIn))
	// Only an opt-out without a time is guarded by its receipt.
	p.sequence(out(2).received(5).wins(isOut), in(4).wins(isIn))
	p.sequence(in(0).received(5).wins(isIn), out(4).wins(isOut))

	// The receipt counts to the second, and minute has a fraction of one.
	second := minute(5).Truncate(time.Second)
	for _, undated := range []step{out(0).received(5).wins(isOut), held(0).received(5).wins(isHeld)} {
		older := in(0).sent(second.Add(-time.Microsecond))
		p.sequence(undated, older.loses(undated.then), in(0).sent(second).wins(isIn))
		p.sequence(undated, in(0).sent(second.Add(time.Microsecond)).wins(isIn))
	}
}

func harderOptOut(p *probe) {
	dated, undated, unknown := out(5), out(0).received(5), out(0)
	p.sequence(dated.wins(isOut), out(3).loses(isOut), in(4).loses(isOut), in(6).wins(isIn))
	p.sequence(dated.wins(isOut), out(0).received(3).loses(isOut), in(4).loses(isOut))
	p.sequence(dated.wins(isOut), unknown.loses(isOut), in(4).loses(isOut))
	p.sequence(undated.wins(isOut), out(3).loses(isOut), in(4).loses(isOut), in(5).wins(isIn))
	p.sequence(undated.wins(isOut), out(0).received(3).loses(isOut), in(4).loses(isOut))
	p.sequence(undated.wins(isOut), out(5).wins(isOut), in(5).loses(isOut), in(6).wins(isIn))
	p.sequence(unknown.wins(isOut), out(3).wins(isOut), in(2).loses(isOut), in(4).wins(isIn))
	p.sequence(unknown.wins(isOut), undated.wins(isOut), in(4).loses(isOut))
	// By the phone, without a time; then the old list is imported; then a late opt-in.
	phone, list := out(0).received(10).by(store.SourceAgent), out(2).by(store.SourceImport)
	p.sequence(phone.wins(isOut), list.loses(isOut), in(9).loses(isOut))
}

func consentOnlyOnUnknown(p *probe) {
	p.sequence(consent(1).wins(isIn), consent(2).loses(isIn))
	p.sequence(in(1).wins(isIn), consent(2).loses(isIn))
	for _, stop := range []arrival{out(1), out(0), out(0).received(1)} {
		for _, yes := range []arrival{consent(2), consent(0), consent(0).received(9)} {
			p.sequence(stop.wins(isOut), yes.loses(isOut), yes.by(store.SourceKeyword).loses(isOut))
		}
	}
	// An open hold stays, and the consent counts after it.
	p.sequence(held(1).wins(isHeld), consent(9).wins(isHeld), consent(0).loses(isHeld))
}

func consentReplaced(p *probe) {
	for _, at := range []int{5, 0} {
		yes := consent(at).wins(isIn)
		for _, stop := range []arrival{out(1), out(5), out(9), out(0), out(0).received(1)} {
			p.sequence(yes, stop.wins(isOut), consent(10).loses(isOut))
		}
		p.sequence(yes, held(1).wins(isHeld))
		// So does the contact's own opt-in, whose time counts from then on.
		p.sequence(yes, in(2).wins(isIn), out(1).loses(isIn), out(3).wins(isOut))
	}
}

func sourceIsALabel(p *probe) {
	for _, source := range []store.Source{
		store.SourceKeyword, store.SourceText, store.SourceConfirm, store.SourceAgent, store.SourceWeb, store.SourceCarrier,
		store.SourceImport, store.SourceReview, "other", "Keyword", "keyword ", "key", // some are "keyword" to a database that folds
	} {
		stop := out(1).by(source)
		p.sequence(stop.wins(isOut), consent(9).by(source).loses(isOut), in(2).by(source).wins(isIn), stop.loses(isIn))
		p.sequence(consent(9).by(source).wins(isIn), stop.wins(isOut), in(1).by(source).loses(isOut))
		p.sequence(held(2).by(source).wins(isHeld), in(1).by(source).loses(isHeld), in(3).by(source).wins(isIn))
	}
}

func loserStays(p *probe) {
	key := p.key()
	p.add(key, out(5))
	for _, late := range []arrival{in(1), out(2), in(5), consent(9), out(5)} {
		r := p.keeps(p.event(key, late))
		p.checkf(!r.Effective, "%v after an opt-out at 5: Effective is true", late)
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
		for _, order := range permutations(set) {
			key := p.key()
			p.add(key, order...)
			p.endsf(key, dated(set), "%v", order)
		}
	}
}

// dated is the status in which a set of events with times must end: OptedOut if no opt-in
// is newer than each opt-out, and otherwise Held if none is newer than each hold.
func dated(set []arrival) store.Status {
	newest := map[store.Action]time.Time{} // none: zero
	for _, a := range set {
		if a.at.After(newest[a.action]) {
			newest[a.action] = a.at
		}
	}
	start, stop, hold := newest[store.OptIn], newest[store.OptOut], newest[store.Hold]
	switch {
	case !stop.IsZero() && !stop.Before(start):
		return isOut
	case !hold.IsZero() && !hold.Before(start):
		return isHeld
	default:
		return isIn // there is an opt-in or a consent in each set
	}
}

// added lets a sequence arrive at one key, and the same with one more opt-out or hold at
// another.
func added(p *probe) {
	for range p.rounds(90, 200, 300*time.Millisecond) {
		arrivals := make([]arrival, 2+p.rand.IntN(6))
		for i := range arrivals {
			arrivals[i] = p.anyArrival()
		}
		more := p.anyOf(store.OptOut, store.Hold)
		place := p.rand.IntN(len(arrivals) + 1)
		without, with := p.key(), p.key()
		p.add(without, arrivals...)
		p.add(with, slices.Insert(slices.Clone(arrivals), place, more)...)
		before, after := p.get(without).Status, p.get(with).Status
		if before == isOut && after != isOut || before == isHeld && after != isHeld && after != isOut {
			p.failf("%v ends as %v, and with %v added before place %d as %v", arrivals, before, more, place, after)
		}
		p.settled(with)
	}
}
