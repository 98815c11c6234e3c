package model

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// want is what an event asked for.
type want uint8

const (
	wantOut      want = iota // no more messages
	wantIn                   // the contact's own START
	wantConsent              // recorded by the host, or by YES
	wantHold                 // a text waits for a person
	wantAsk                  // START asked for a confirmation
	wantTakeBack             // START in bare digits, under the other reading
)

// try is one time that an event may have been stored.
type try struct {
	order    int // of arrival
	received time.Time
}

// event is one event under one key.
type event struct {
	want   want
	id     string
	source store.Source
	at     time.Time // zero: not dated
	text   string
	from   string // as the number was spelled
	digits string // of from, with its plus sign
	bare   bool   // from is bare digits that were not dialled in the region

	tries   []try  // it was stored at one of these, or at several
	stored  bool   // it was acknowledged; false: perhaps
	counts  answer // of a consent: nothing was in force
	voided  answer // the host has taken it back
	reviews []review
	changed answer // it changed what the gate answers
	serial  int    // of the step that brought it
	erased  bool   // its words and its sender may be erased
	half    bool   // under some of its keys and not under others
}

func (e *event) exists() answer {
	if e.stored {
		return yes
	}
	return maybe
}

// reviewed reports a text of the contact that a person may review.
func (e *event) reviewed() bool {
	return e.want == wantHold || e.want == wantOut && e.source == store.SourceText
}

func (e *event) first() int { return e.tries[0].order }
func (e *event) last() int  { return e.tries[len(e.tries)-1].order }

// review is one verdict about a text.
type review struct {
	request bool
	sure    bool
	order   int
}

// mode is what reviews made of a text.
type mode uint8

const (
	open       mode = iota // nothing
	upheld                 // an opt-out in its place
	released               // nothing is left of it
	reinstated             // released, then upheld
)

func (m mode) after(r review) mode {
	switch {
	case m == open && r.request:
		return upheld
	case m == open:
		return released
	case m == released && r.request:
		return reinstated
	default: // no review opens the gate past an opt-out
		return m
	}
}

// modes returns each mode that a text may be in.
func (e *event) modes() (set [4]bool) {
	set[open] = true
	for _, r := range e.reviews {
		var next [4]bool
		for m := range set {
			if set[m] {
				next[mode(m).after(r)] = true
				next[m] = next[m] || !r.sure
			}
		}
		set = next
	}
	return set
}

// lifter is an opt-in, and whether it concerns an opt-out at all.
type lifter struct {
	*event
	concerns answer
}

// standing is what is in force of one opt-out or text.
type standing struct{ out, held answer }

// stands tells what is in force of o, an opt-out or a held text, by all the opt-ins that
// concern it. An opt-out is in force if none of them lifts it.
func stands(o *event, ins []lifter, all []*event) standing {
	lifted := no
	for _, in := range ins {
		lifted = max(lifted, min(in.concerns, in.exists(), lifts(in.event, o, all)))
	}
	var out, held blend
	for m, possible := range o.modes() {
		if !possible {
			continue
		}
		s := standing{}
		switch mode(m) {
		case open:
			s.out = not(lifted)
			if o.want == wantHold {
				s = standing{held: not(lifted)}
			}
		case upheld:
			s.out = not(lifted)
		case reinstated:
			// The text may have been ended by a START before it was released. Whether that
			// START then stands against the second review is left open.
			started := startedAfter(o, ins)
			if o.at.After(o.tries[0].received) {
				// A text that was sent after it was received: which of its times a START
				// must be newer than is left open.
				started = min(started, maybe)
			}
			s.out = not(max(started, min(lifted, maybe)))
		case released:
		}
		out.add(s.out)
		held.add(s.held)
	}
	return standing{out: min(out.answer, o.exists(), not(o.voided)), held: min(held.answer, o.exists())}
}

// startedAfter reports a START that was sent, or without a time received, after a text
// was received. Of several STARTs only the last is sure to be remembered.
func startedAfter(o *event, ins []lifter) answer {
	latest, result := -1, no
	for _, in := range ins {
		sent := in.at
		if sent.IsZero() {
			sent = in.tries[0].received
		}
		var after blend
		for _, t := range o.tries {
			a, b := sent.Truncate(time.Second), t.received.Truncate(time.Second)
			switch {
			case a.Equal(b), in.at.IsZero() && len(in.tries) > 1:
				after.add(maybe)
			default:
				after.add(is(a.After(b)))
			}
		}
		sure := min(after.answer, in.concerns, in.exists())
		if in.want == wantTakeBack {
			sure = min(sure, maybe)
		}
		if in.first() > latest {
			latest, result = in.last(), max(sure, min(result, maybe))
		} else {
			result = max(result, min(sure, maybe))
		}
	}
	return result
}

// lifts reports whether opt-in i lifts opt-out o, or ends it where o is a hold, whenever
// each of them was stored.
func lifts(i, o *event, all []*event) answer {
	var result blend
	for _, it := range i.tries {
		for _, ot := range o.tries {
			result.add(liftsAt(i, it, o, ot, all))
		}
	}
	return result.answer
}

func liftsAt(i *event, it try, o *event, ot try, all []*event) answer {
	lifts := yes
	switch {
	case !i.at.IsZero() && !o.at.IsZero(): // both dated: the newer wins, on a tie the opt-out
		lifts = is(i.at.After(o.at))
		if it.order < ot.order && undated(all, ot.order) {
			// Whether an opt-in or an opt-out without a time makes the time of the opt-in
			// before it forgotten is left open.
			lifts = min(lifts, maybe)
		}
	case it.order < ot.order: // else the order of arrival
		return no
	case o.at.IsZero() && !i.at.IsZero() && !ot.received.IsZero():
		// sent before the undated opt-out was received
		lifts = is(!i.at.Truncate(time.Second).Before(ot.received.Truncate(time.Second)))
	}
	if lifts == yes && wasBarred(i, it, o, all) {
		lifts = maybe
	}
	return lifts
}

func undated(all []*event, before int) bool {
	for _, e := range all {
		if (e.want == wantIn || e.want == wantOut || e.reviewed()) && e.at.IsZero() && e.first() < before {
			return true
		}
	}
	return false
}

// wasBarred reports an opt-in that arrived under a text read as a request, which a review
// took back later. Whether such an opt-in counts afterwards is left open.
func wasBarred(i *event, it try, o *event, all []*event) bool {
	for _, e := range all {
		if e == o || e.want != wantOut || e.first() > it.order || !e.modes()[released] && !e.modes()[reinstated] {
			continue
		}
		var plain blend
		for _, t := range e.tries {
			plain.add(liftsAt(i, it, e, t, nil))
		}
		if plain.answer != yes {
			return true
		}
	}
	return false
}
