package storetest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// arrival is what an event asks for, and when. The zero arrival is nothing.
type arrival struct {
	action store.Action
	source store.Source // "": that of the action
	at     time.Time    // zero: not known
	known  time.Time    // to the host: ReceivedAt; zero: not known
	text   int          // in a sequence: the step whose ID it has, from 1; a review or a Void is about this step
}

func out(at int) arrival     { return arrival{action: store.OptOut, at: minute(at)} }
func in(at int) arrival      { return arrival{action: store.OptIn, at: minute(at)} }
func consent(at int) arrival { return arrival{action: store.Consent, at: minute(at)} }
func held(at int) arrival    { return arrival{action: store.Hold, at: minute(at)} }
func ask(at int) arrival     { return arrival{action: store.Ask, at: minute(at)} }

func release(text int) arrival { return arrival{action: store.Release, text: text} }
func uphold(text int) arrival  { return arrival{action: store.Uphold, text: text} }
func retract(text int) arrival { return arrival{action: store.Retract, text: text} }
func void(event int) arrival   { return arrival{action: store.Void, text: event} }

// agent and imported are opt-outs that the host recorded.
func agent(at int) arrival    { return out(at).by(store.SourceAgent) }
func imported(at int) arrival { return out(at).by(store.SourceImport) }

func (a arrival) by(source store.Source) arrival { a.source = source; return a }
func (a arrival) sent(at time.Time) arrival      { a.at = at; return a }
func (a arrival) received(at int) arrival        { a.known = minute(at); return a }
func (a arrival) again() arrival                 { a.text = 1; return a } // with the ID of the first step

// minute returns a time, later for a larger n; 0: not known.
func minute(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Date(2024, time.May, 17, 10, n, 0, 123_456_000, time.UTC)
}

// turn returns an opt-out or an opt-in by turns, each newer than the last.
func turn(n int) arrival { return []arrival{in(n + 1), out(n + 1)}[n%2] }

// String shows an arrival as the case has it: "opt-in@1(agent)".
func (a arrival) String() string {
	show := func(at time.Time) string {
		if later := at.Sub(minute(1)); later%time.Minute == 0 && later.Abs() < 24*time.Hour {
			return strconv.Itoa(1 + int(later/time.Minute))
		}
		return showTime(at)
	}
	text := a.action.String()
	if !a.at.IsZero() {
		text += "@" + show(a.at)
	}
	if !a.known.IsZero() {
		text += "/received@" + show(a.known)
	}
	if a.source != "" {
		text += "(" + string(a.source) + ")"
	}
	if a.text != 0 {
		text += " of " + strconv.Itoa(a.text)
	}
	return text
}

// event returns the event of an arrival at a key, with an id that no one has used.
func (p *probe) event(key store.Key, a arrival) store.Event {
	id := fmt.Sprintf("id-%d", p.names.Add(1))
	ev := store.Event{ID: id, Key: key, Action: a.action, At: a.at, ReceivedAt: a.known, Source: a.source}
	switch {
	case a.source != "":
	case a.action == store.Consent:
		ev.Source = store.SourceAgent
	case a.action == store.Hold:
		ev.Source = store.SourceText
	default:
		ev.Source = store.SourceKeyword
	}
	if ev.Source == store.SourceText {
		ev.Text = "pls no more"
	}
	return ev
}

// review returns the event of a person who has read a text, or of a contact who takes it
// back.
func (p *probe) review(action store.Action, text store.Event) store.Event {
	ev := store.Event{
		ID: text.ID, Key: text.Key, Action: action, At: text.At, ReceivedAt: text.ReceivedAt, Text: text.Text,
		Source: store.SourceReview, Actor: "anna", Note: "about the appointment",
	}
	if action == store.Retract {
		ev.Source = store.SourceKeyword
	}
	return ev
}

// void returns the event of a host that takes an event back.
func (p *probe) void(ev store.Event) store.Event {
	return store.Event{
		ID: store.VoidPrefix + ev.ID, Key: ev.Key, Action: store.Void, ReceivedAt: minute(20), From: ev.From,
		Source: store.SourceAgent, Actor: "anna", Note: "the wrong list",
	}
}

// step is an arrival, the effect that it must have, and what is in force after it.
type step struct {
	arrival
	effect effect
	then   store.Status
}

// effect is whether an event is Effective. The zero effect: the rule says it, not the case.
type effect string

const (
	wins  effect = "wins"
	loses effect = "loses"
)

const (
	isUnknown = store.Unknown
	isIn      = store.OptedIn
	isOut     = store.OptedOut
	isHeld    = store.Held
)

func (a arrival) wins(then store.Status) step  { return step{a, wins, then} }
func (a arrival) loses(then store.Status) step { return step{a, loses, then} }
func (a arrival) comes() step                  { return step{arrival: a} }

// sequence lets events arrive at a new key, and fails if one does not have the effect
// that it must have, or if a read answers another state than the last. It leaves out the
// zero step, and returns the events.
func (p *probe) sequence(steps ...step) []store.Event {
	key := p.key()
	events := make([]store.Event, len(steps))
	for i, s := range steps {
		if s.action == store.NoAction {
			continue
		}
		ev := p.event(key, s.arrival)
		switch {
		case s.text == 0:
		case s.action == store.Release, s.action == store.Uphold, s.action == store.Retract:
			ev = p.review(s.action, events[s.text-1])
		case s.action == store.Void:
			ev = p.void(events[s.text-1])
		default:
			ev.ID, ev.Text = events[s.text-1].ID, events[s.text-1].Text
		}
		res := p.appendNew(ev)
		if s.effect != "" && (res.Record.Effective != (s.effect == wins) || res.State.Status != s.then) {
			p.failf("event %d of %v, which %s: Effective is %t; the state is %v, want %v",
				i+1, steps, s.effect, res.Record.Effective, res.State.Status, s.then)
		}
		_, state := p.settled(key)
		p.samef(diff(state, res.State), "event %d of %v: the state returned", i+1, steps)
		events[i] = ev
	}
	p.everywhere(p.get(key))
	return events
}
