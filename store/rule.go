package store

import (
	"fmt"
	"strings"
	"time"
)

// Standing is all that decides about a key, whatever the length of its history. The zero
// value, with State.Key set, is the standing of a key that was never seen.
type Standing struct {
	State State // what opt-ins, consent and opt-outs made: never Held
	Hold  State // of the open hold that is the hardest to lift; Unknown: no hold is open
}

// InForce returns what Get answers: the hold, while one is open and the contact has not
// opted out, and otherwise the State.
func (s Standing) InForce() State {
	if s.State.Status == OptedOut || s.Hold.Status == Unknown {
		return s.State
	}
	return s.Hold
}

// Text is what a backend knows about the text that a Release or an Uphold names. The zero
// value belongs to an event that names no text.
type Text struct {
	Open      bool  // its hold is open
	Released  bool  // it was taken back before
	Restarted bool  // the contact has texted START since the text was received: see [Restarts]
	Rest      State // the hardest to lift of the other open holds; Unknown: no other hold is open
}

// Next is the transition rule: the standing after a record, and whether the record had an
// effect. It is pure, and every backend uses it. docs/state-machine.md has it as a picture and a table.
//
//   - If an opt-out and an opt-in both have the provider's time (At), the newer one counts;
//     on a tie the opt-out. If one of them has no At, the order of arrival decides, with one
//     exception. An opt-out without At that was received at 10:00:05.7 is not lifted by an
//     opt-in that was sent before 10:00:05, even if the opt-in arrives later.
//   - Of two opt-outs the one that is harder to lift stays in force.
//   - An opt-in with a newer At replaces the opt-in in force; one with the same At does not.
//   - Consent takes effect only if nothing is in force; any opt-out, whatever its At,
//     replaces it, as does the contact's own opt-in.
//   - A hold opens unless the opt-in in force would have lifted it. While the contact is
//     opted out it waits unseen. An opt-in ends the holds that it would lift if they were
//     opt-outs.
//   - A Release ends the hold that it names, and does nothing else. A Release that names an
//     opt-out takes the opt-out back, and a Retract takes back the opt-out or the hold that
//     it names. The standing is then that of the history without this opt-out or hold:
//     [Ledger] computes this standing, Next cannot.
//   - A Void takes back the opt-outs and the consents that it names. The standing is then
//     that of the history without them, which [Ledger] computes too.
//   - An Uphold of an open hold ends it and opts out. An Uphold of a text that was taken back
//     opts out unless the contact has restarted since. Of any other text it has no effect.
//   - Ask has no effect.
//
// An opt-out or a hold that is added anywhere in a sequence never opens the gate. With
// times on all events, every order of arrival ends in the same status.
func (s Standing) Next(r Record, t Text) (Standing, bool) {
	made := stateOf(r)
	switch r.Action {
	case OptOut:
		return s.optOut(made)
	case OptIn:
		before := s.InForce()
		if made.lifts(s.Hold) {
			s.Hold = State{}
		}
		if made.lifts(s.State) {
			s.State = made
		}
		after := s.InForce()
		return s, after != before && after.Status == OptedIn
	case Consent:
		if s.State.Status != Unknown {
			return s, false
		}
		s.State = made
		return s, true
	case Hold:
		if s.State.Status != OptedOut && !replaces(made, s.State) {
			return s, false
		}
		if s.Hold.Status == Unknown || !s.Hold.harder(made) {
			s.Hold = made
		}
		return s, true
	case Release:
		if t.Open {
			s.Hold = t.Rest
		}
		return s, t.Open
	case Uphold:
		if !t.Open && (!t.Released || t.Restarted) {
			return s, false
		}
		if t.Open {
			s.Hold = t.Rest
		}
		if s.State.Status != OptedOut || made.harder(s.State) {
			s.State = made
			return s, true
		}
		return s, t.Open
	default:
		return s, false
	}
}

func (s Standing) optOut(made State) (Standing, bool) {
	if s.State.Status == OptedOut && !made.harder(s.State) || !replaces(made, s.State) {
		return s, false
	}
	s.State = made
	return s, true
}

// stateOf is the state that a record makes where it has an effect.
func stateOf(r Record) State {
	return State{
		Key: r.Key, Status: statusBy(r.Action), Action: r.Action, At: r.At, ReceivedAt: r.ReceivedAt, RecordedAt: r.RecordedAt,
		Source: r.Source, EventID: r.ID,
	}
}

// statusBy is the status of a state that an event with this action makes.
func statusBy(a Action) Status {
	switch a {
	case OptIn, Consent:
		return OptedIn
	case Hold:
		return Held
	default:
		return OptedOut
	}
}

// LiftedAfter returns the moment after which an opt-in must have been sent to lift an
// opt-out or a hold with these times. The moment is at. If at is zero, the moment is the
// end of the second before the one of receivedAt (received at 10:00:05.7: just before
// 10:00:05), since many providers' times have no fractions. If both are zero, the moment
// is zero, and every opt-in is later. An opt-in without At lifts whatever arrived before.
func LiftedAfter(at, receivedAt time.Time) time.Time {
	if !at.IsZero() || receivedAt.IsZero() {
		return at
	}
	return receivedAt.Truncate(time.Second).Add(-Precision)
}

func (s State) liftedAfter() time.Time { return LiftedAfter(s.At, s.ReceivedAt) }

// harder reports whether fewer opt-ins lift s than t; both are opt-outs, or both holds.
func (s State) harder(t State) bool { return s.liftedAfter().After(t.liftedAfter()) }

// lifts reports whether the opt-in s, which arrives now, takes the place of another state.
func (s State) lifts(other State) bool {
	switch {
	case other.Status == Unknown, other.Action == Consent, s.At.IsZero():
		return true
	case other.Status == OptedIn:
		return other.At.IsZero() || s.At.After(other.At)
	default:
		return s.At.After(other.liftedAfter())
	}
}

// replaces reports whether an opt-out or a hold that arrives now is in force beside the
// opt-in, the consent or the opt-out s, as far as their times decide.
func replaces(made, s State) bool {
	if s.Status != OptedIn || s.Action == Consent || s.At.IsZero() || made.At.IsZero() {
		return true
	}
	return !made.At.Before(s.At)
}

// Restarts reports whether an opt-in is later than the receipt of a text. The opt-in's At
// is compared, and for an opt-in without At the time when the opt-in was received.
func Restarts(optIn, text Record) bool {
	if optIn.Action != OptIn {
		return false
	}
	since := text.ReceivedOrRecorded()
	if optIn.At.IsZero() {
		return optIn.ReceivedOrRecorded().After(since)
	}
	return optIn.At.After(since)
}

// Lifts reports whether an opt-in that is recorded now ends a hold.
func (ev Event) Lifts(hold State) bool {
	return ev.Action == OptIn && State{At: ev.At}.lifts(hold)
}

// reuseAfter is how much later an event without At is received when it is no redelivery.
const reuseAfter = 72 * time.Hour

// Replay decides what an Append does with an event whose ID its key has seen: same are
// the key's records with one of [Event.IDs], in the order of recording.
//
// A record of the same action makes the event a duplicate, which changes nothing. There
// are exceptions, since the ids of some senders are not unique. An opt-out or a hold is a
// new event if it differs from each stored one in Source, At, Text or From. An opt-out or a hold
// without At is a new event too if it was received more than 72 hours later. A review is a
// new event if it differs in At, ReceivedAt, Text or From. A Void is a new event if it differs
// in From, or names a record that came after the stored Void. Of an erased record Text and From
// are not known, and not compared: see [Eraser].
//
// An opt-in or a consent with the ID of another action is an error that wraps [ErrIDReused].
// A Release, an Uphold or a Retract names a text by its ID, At, ReceivedAt and Text. If the
// key has no such text, the error wraps [ErrInvalid], as it does if the key has nothing that
// a Void takes back: see [Event.Names].
func Replay(ev Event, same []Record) (stored Record, duplicate bool, err error) {
	if ev.Action == Void {
		return replayVoid(ev, same)
	}
	named := false
	for _, old := range same {
		if old.Action == ev.Action && repeats(ev, old) {
			return old, true, nil
		}
		named = named || ev.Names(old)
	}
	switch {
	case ev.Action.settles() && !named:
		return Record{}, false, fmt.Errorf("%w: %v: no text has this ID, At, ReceivedAt and Text", ErrInvalid, ev.Action)
	case (ev.Action == OptIn || ev.Action == Consent) && len(same) > 0:
		return Record{}, false, fmt.Errorf("%w: %v", ErrIDReused, ev.Action)
	}
	return Record{}, false, nil
}

var (
	errVoidOfVoid   = fmt.Errorf("%w: void: a Void cannot be taken back", ErrInvalid)
	errVoidOfOther  = fmt.Errorf("%w: void: the host did not record the event with this ID: it cannot be taken back", ErrInvalid)
	errVoidOfNobody = fmt.Errorf("%w: void: no event has this ID and From", ErrInvalid)
	errVoidOfErased = fmt.Errorf("%w: void: events of several senders have this ID, and their From was erased", ErrInvalid)
)

// replayVoid is Replay of a Void. Of several stored ones it returns the last, which took back
// all that the event names.
func replayVoid(ev Event, same []Record) (stored Record, duplicate bool, err error) {
	left := false // what it names, and no Void has taken back
	err = errVoidOfNobody
	from, known := ev.voidsFrom(same)
	if known {
		ev.From = from
	}
	for _, old := range same {
		switch {
		case !known && old.Erased && old.ID == ev.ID && old.Action == Void: // it may be the same
			stored, duplicate = old, true
		case !known && old.Erased && ev.ID == VoidPrefix+old.ID && old.Voidable():
			err = errVoidOfErased
		case old.From != ev.From:
		case old.ID == ev.ID && old.Action == Void:
			stored, duplicate, left = old, true, false
		case old.ID == ev.ID: // another event, with the ID of a Void
		case ev.Names(old):
			left = true
		case old.Action == Void:
			err = errVoidOfVoid
		default:
			err = errVoidOfOther
		}
	}
	switch {
	case left:
		return Record{}, false, nil
	case duplicate:
		return stored, true, nil
	}
	return Record{}, false, err
}

// voidsFrom returns the From, as it is recorded, of what a Void takes back, and whether there
// is anything. An erased record has lost its From: a Void takes it back only if no other
// record can be meant.
func (ev Event) voidsFrom(same []Record) (from string, known bool) {
	erased, others := false, false
	for _, old := range same {
		switch {
		case ev.ID != VoidPrefix+old.ID || !old.Voidable():
		case old.From == ev.From:
			return ev.From, true
		case old.Erased && old.From == "":
			erased = true
		case old.Erased || old.From == "":
			others = true
		}
	}
	return "", erased && !others
}

// repeats reports whether an event is the same as a stored one of its ID and action.
func repeats(ev Event, old Record) bool {
	switch ev.Action {
	case OptOut, Hold:
		if ev.Source != old.Source || !ev.At.Equal(old.At) || receivedAnew(ev, old) {
			return false
		}
		return old.Erased || ev.From == old.From && ev.Text == old.Text
	case Release, Uphold, Retract:
		return ev.isText(old) && (ev.From == old.From || old.isBlank())
	case Erase:
		return ev.At.Equal(old.At) && ev.Actor == old.Actor && ev.Note == old.Note
	default:
		return true
	}
}

// receivedAnew reports whether an event without At is received so much later than a stored one
// that it is no redelivery.
func receivedAnew(ev Event, old Record) bool {
	return ev.At.IsZero() && !ev.ReceivedAt.IsZero() && !old.ReceivedAt.IsZero() && ev.ReceivedAt.Sub(old.ReceivedAt) > reuseAfter
}

// Names reports whether a Release, an Uphold or a Retract is about a record. ID, At,
// ReceivedAt and Text must be the same; the Text of an erased record is not known, and not
// compared. A Release and an Uphold name a hold, or an opt-out that was read from the
// contact's own words ([SourceText]). A Retract names a hold or any opt-out. Of several
// texts that it names, it settles those that have its From, if there are any, and
// otherwise all of them.
//
// A Void names each record that is [Event.Voidable] and came before it, if the record has the
// ID that follows [VoidPrefix] in the ID of the Void, and the same From. For a Void of what was
// erased, give the Void as [Kept] returns it.
func (ev Event) Names(r Record) bool {
	if ev.Action == Void {
		return ev.ID == VoidPrefix+r.ID && ev.From == r.From && r.Voidable()
	}
	text := r.Action == Hold || r.Action == OptOut && (r.Source == SourceText || ev.Action == Retract)
	return ev.Action.settles() && text && ev.isText(r)
}

// VoidPrefix begins the ID of a Void. The ID of what the Void takes back follows.
const VoidPrefix = "void:"

// Voidable reports whether a [Void] can take an event back: an opt-out that the host recorded
// ([SourceAgent], [SourceImport]), or a consent that is not the contact's own message
// ([SourceConfirm]). What came from the contact, also by a form on the web, a carrier's report
// and a review cannot be taken back so.
func (ev Event) Voidable() bool {
	switch ev.Action {
	case OptOut:
		return ev.Source == SourceAgent || ev.Source == SourceImport
	case Consent:
		return ev.Source != SourceConfirm
	default:
		return false
	}
}

// IDs returns the ids of the records that [Replay] has to see: that of the event, and for a
// Void also that of what it takes back.
func (ev Event) IDs() []string {
	if id, ok := ev.voids(); ok {
		return []string{ev.ID, id}
	}
	return []string{ev.ID}
}

// voids returns the ID of what a Void takes back.
func (ev Event) voids() (id string, ok bool) {
	id, ok = strings.CutPrefix(ev.ID, VoidPrefix)
	return id, ok && ev.Action == Void
}

func (ev Event) isText(r Record) bool {
	return ev.ID == r.ID && ev.At.Equal(r.At) && ev.ReceivedAt.Equal(r.ReceivedAt) && (ev.Text == r.Text || r.isBlank())
}

// isBlank reports whether nothing is left by which an erased text could be told from others.
func (r Record) isBlank() bool { return r.Erased && r.Text == "" }
