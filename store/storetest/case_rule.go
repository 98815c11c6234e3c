package storetest

import (
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// arrival is an event of the rule's cases: what is asked for, when, by whom.
type arrival struct {
	status store.Status
	source store.Source
	at     int // minute, 0: none
	known  int // minute of ReceivedAt, 0: none
}

func out(at int) arrival { return arrival{status: store.OptedOut, source: store.SourceKeyword, at: at} }

func in(at int) arrival { return arrival{status: store.OptedIn, source: store.SourceKeyword, at: at} }

func (a arrival) by(source store.Source) arrival { a.source = source; return a }
func (a arrival) received(minute int) arrival    { a.known = minute; return a }

// step is an arrival and what is in force after it.
type step struct {
	arrival
	wins bool
	then store.Status
}

const (
	wins  = true
	loses = false
)

// sequence lets events arrive at a new key, and fails where one does not have
// the effect that it is to have.
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
		if res.Event.Effective != s.wins || state.Status != s.then {
			p.failf("event %d of %v: Effective is %t, want %t; the state is %v, want %v",
				i+1, all, res.Event.Effective, s.wins, state.Status, s.then)
		}
		if s.wins && s.status != store.Held && state.Status == s.status && (state.EventID != ev.ID || !state.At.Equal(ev.At)) {
			p.failf("event %d of %v: the state is not that of the event", i+1, all)
		}
	}
	p.settled(key)
}

func (p *probe) arrive(key store.Key, a arrival) store.Event {
	ev := p.event(key, a.status, time.Time{})
	ev.Source = a.source
	if a.at != 0 {
		ev.At = minute(a.at)
	}
	if a.known != 0 {
		ev.ReceivedAt = minute(a.known)
	}
	return ev
}

// String tells an arrival: "opted-in@1(agent)".
func (a arrival) String() string {
	text := a.status.String()
	if a.at != 0 {
		text += "@" + strconv.Itoa(a.at)
	}
	if a.known != 0 {
		text += "/received@" + strconv.Itoa(a.known)
	}
	if a.source != store.SourceKeyword {
		text += "(" + string(a.source) + ")"
	}
	return text
}

func newerWins(p *probe) {
	p.sequence(step{out(2), wins, store.OptedOut}, step{in(1), loses, store.OptedOut})
	p.sequence(step{out(1), wins, store.OptedOut}, step{in(2), wins, store.OptedIn})
	p.sequence(step{in(2), wins, store.OptedIn}, step{out(1), loses, store.OptedIn})
	p.sequence(step{in(1), wins, store.OptedIn}, step{out(2), wins, store.OptedOut}, step{in(3), wins, store.OptedIn})
	// A newer event of the same status moves At: what comes between loses.
	p.sequence(step{out(1), wins, store.OptedOut}, step{out(3), wins, store.OptedOut}, step{in(2), loses, store.OptedOut})
	p.sequence(step{out(3), wins, store.OptedOut}, step{out(1), loses, store.OptedOut}, step{in(2), loses, store.OptedOut})
	p.sequence(step{in(1), wins, store.OptedIn}, step{in(3), wins, store.OptedIn}, step{out(2), loses, store.OptedIn})
	p.sequence(step{out(1).by(store.SourceWeb), wins, store.OptedOut}, step{out(2).by(store.SourceAgent), wins, store.OptedOut},
		step{in(3), wins, store.OptedIn}, step{out(2).by(store.SourceCarrier), loses, store.OptedIn})
}

func tieIsOptOut(p *probe) {
	p.sequence(step{in(1), wins, store.OptedIn}, step{out(1), wins, store.OptedOut})
	p.sequence(step{out(1), wins, store.OptedOut}, step{in(1), loses, store.OptedOut})
	// An equal one keeps the first.
	p.sequence(step{out(1), wins, store.OptedOut}, step{out(1), loses, store.OptedOut})
	p.sequence(step{in(1), wins, store.OptedIn}, step{in(1), loses, store.OptedIn})
}

func missingTime(p *probe) {
	p.sequence(step{out(0), wins, store.OptedOut}, step{in(0), wins, store.OptedIn}, step{out(0), wins, store.OptedOut})
	p.sequence(step{out(5), wins, store.OptedOut}, step{in(0), wins, store.OptedIn}, step{out(1), wins, store.OptedOut})
	p.sequence(step{in(5), wins, store.OptedIn}, step{out(0), wins, store.OptedOut}, step{in(1), wins, store.OptedIn})
	p.sequence(step{out(0), wins, store.OptedOut}, step{out(1), wins, store.OptedOut}, step{out(0), wins, store.OptedOut})
}

func undatedOptOut(p *probe) {
	undated := out(0).received(5)
	p.sequence(step{undated, wins, store.OptedOut}, step{in(4), loses, store.OptedOut}, step{in(6), wins, store.OptedIn})
	p.sequence(step{undated, wins, store.OptedOut}, step{in(5), wins, store.OptedIn})
	p.sequence(step{undated, wins, store.OptedOut}, step{in(0), wins, store.OptedIn})
	p.sequence(step{undated, wins, store.OptedOut}, step{out(4), wins, store.OptedOut})
	// Only an opt-out without a time is guarded by its receipt.
	p.sequence(step{out(2).received(5), wins, store.OptedOut}, step{in(4), wins, store.OptedIn})
	p.sequence(step{in(0).received(5), wins, store.OptedIn}, step{out(4), wins, store.OptedOut})
}

// others are the sources that are not the contact's own keyword.
func others() []store.Source {
	return []store.Source{
		store.SourceAgent, store.SourceWeb, store.SourceCarrier, store.SourceImport, store.SourceReview,
		"", "other", "Keyword", "keyword ", "key", // some are "keyword" to a database that folds
	}
}

func othersOptIn(p *probe) {
	for _, source := range others() {
		p.sequence(step{in(1).by(source), wins, store.OptedIn}, step{in(2).by(source), loses, store.OptedIn})
		p.sequence(step{in(1), wins, store.OptedIn}, step{in(2).by(source), loses, store.OptedIn})
		p.sequence(step{out(1), wins, store.OptedOut}, step{in(2).by(source), loses, store.OptedOut})
		p.sequence(step{out(1), wins, store.OptedOut}, step{in(0).by(source), loses, store.OptedOut})
		p.sequence(step{out(0), wins, store.OptedOut}, step{in(2).by(source), loses, store.OptedOut})
	}
}

func othersOptInReplaced(p *probe) {
	for _, source := range others() {
		agent := step{in(5).by(source), wins, store.OptedIn}
		p.sequence(agent, step{out(1), wins, store.OptedOut})
		p.sequence(agent, step{out(5), wins, store.OptedOut})
		p.sequence(agent, step{out(9).by(source), wins, store.OptedOut}, step{in(10).by(source), loses, store.OptedOut})
		p.sequence(agent, step{out(0), wins, store.OptedOut})
		// So does the contact's own opt-in, whose time counts from then on.
		p.sequence(agent, step{in(2), wins, store.OptedIn}, step{out(1), loses, store.OptedIn}, step{out(3), wins, store.OptedOut})
	}
}

func loserStays(p *probe) {
	key := p.key()
	arrivals := []arrival{out(5), in(1), out(2), in(5), in(9).by(store.SourceAgent), out(5)}
	var want []store.Event
	for i, a := range arrivals {
		ev := p.arrive(key, a)
		res := p.appendNew(ev)
		if res.Event.Effective != (i == 0) {
			p.failf("%v after %v: Effective is %t", a, arrivals[:i], res.Event.Effective)
		}
		want = append(want, res.Event)
	}
	events, _ := p.settled(key)
	if d := diffEvents(want, events); d != "" {
		p.failf("History: %s", d)
	}
}

func everyOrder(p *probe) {
	for _, set := range [][]arrival{
		{out(1), in(2), out(3), in(4)},
		{out(2), in(2), out(1), in(1)},
		{in(4), out(3), in(2).by(store.SourceAgent), out(1).by(store.SourceWeb)},
		{in(9).by(store.SourceAgent), in(1), in(3), out(2)},
		{in(9).by(store.SourceAgent), in(2).by(store.SourceImport), out(1)},
	} {
		want := newest(set)
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

// newest is the status that a set of events with times has to end in: that of
// the newest one, on a tie the opt-out. The opt-in of another than the contact
// counts where there is nothing else.
func newest(set []arrival) store.Status {
	status, at := store.OptedIn, 0
	for _, a := range set {
		if a.status == store.OptedIn && a.source != store.SourceKeyword {
			continue
		}
		if a.at > at || a.at == at && a.status == store.OptedOut {
			status, at = a.status, a.at
		}
	}
	return status
}
