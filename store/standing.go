package store

import (
	"slices"
	"time"
)

// Standing is all that decides about a key of a store that is a [Reviewer]: the
// state that its opt-ins and opt-outs make, and the texts that wait for a person.
// The zero value, with Consent.Key set, is that of a key that was never seen.
type Standing struct {
	Consent State   // by [Next]; never Held
	Holds   []Event // the Held events that are open, in the order of recording
}

// StandingOf is where the events of a key lead, in the order of recording.
func StandingOf(key Key, events []Event) Standing {
	s := Standing{Consent: State{Key: key}}
	for _, ev := range events {
		s, _ = s.Next(ev)
	}
	return s
}

// State is what a Reviewer's Get answers: while a hold is open and the contact has
// not opted out, Held, with the times, the source and the id of the first open hold.
func (s Standing) State() State {
	if s.Consent.Status == OptedOut || len(s.Holds) == 0 {
		return s.Consent
	}
	hold := s.Holds[0]
	return State{
		Key:        s.Consent.Key,
		Status:     Held,
		At:         hold.At,
		ReceivedAt: hold.ReceivedAt,
		RecordedAt: hold.RecordedAt,
		Source:     hold.Source,
		EventID:    hold.ID,
	}
}

// Next is the transition rule with holds: the standing after ev, and whether ev had
// an effect. It is pure, and every Reviewer uses it.
//
//   - Opt-ins and opt-outs make Consent by [Next], as if there were no holds.
//   - A Held event opens a hold where an opt-out in its place would be in force, or
//     the contact has opted out already: then it is hidden, until the opt-out is lifted.
//   - The contact's own opt-in ends the holds that it would lift if they were opt-outs:
//     those that are older. No other opt-in does.
//   - A Released event, and an opt-out whose Source is "review", ends the hold with its ID.
//     Released does nothing else: it lifts no opt-out, and ends no other hold. The opt-out
//     that ends a hold is in force, whatever its At.
//   - Asked has no effect.
func (s Standing) Next(ev Event) (Standing, bool) {
	switch ev.Status {
	case OptedIn:
		var effective bool
		s.Consent, effective = Next(s.Consent, ev)
		s.Holds = s.without(func(hold Event) bool { return ev.Source == SourceKeyword && wins(asOptOut(hold), ev) })
		return s, effective
	case OptedOut:
		open := len(s.Holds)
		if ev.Source == SourceReview { // any other with the id of a hold is of a sender that reuses ids
			s.Holds = s.without(func(hold Event) bool { return hold.ID == ev.ID })
		}
		var effective bool
		s.Consent, effective = Next(s.Consent, ev)
		if len(s.Holds) < open && s.Consent.Status != OptedOut { // of a text without a time, beside a START with one
			s.Consent, effective = Next(State{Key: s.Consent.Key}, ev)
		}
		return s, effective
	case Held:
		ask := ev
		ask.Status = OptedOut
		if s.Consent.Status != OptedOut && !wins(s.Consent, ask) {
			return s, false
		}
		s.Holds = append(slices.Clip(s.Holds), ev)
		return s, true
	case Released:
		before := len(s.Holds)
		s.Holds = s.without(func(hold Event) bool { return hold.ID == ev.ID })
		return s, len(s.Holds) < before
	default:
		return s, false
	}
}

func (s Standing) without(ended func(Event) bool) []Event {
	var open []Event
	for _, hold := range s.Holds {
		if !ended(hold) {
			open = append(open, hold)
		}
	}
	return open
}

// asOptOut is the state that a hold would make if it were an opt-out.
func asOptOut(hold Event) State {
	return State{Key: hold.Key, Status: OptedOut, At: hold.At, ReceivedAt: hold.ReceivedAt, Source: hold.Source}
}

// Since is when the time to review a Held event began: when it was received, or else
// recorded.
func (ev Event) Since() time.Time {
	if ev.ReceivedAt.IsZero() {
		return ev.RecordedAt
	}
	return ev.ReceivedAt
}
