// Package rulebook is the transition rule of package store, written a second time for
// tests. A [Book] keeps every record, every opt-out that no opt-in has lifted, and every
// open hold, and summarizes nothing: what package store decides by comparing with one
// summary, a Book decides by looking at each of them. A mistake in one of the two shows.
//
// Of package store it uses the types and the errors, and none of the functions.
package rulebook

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Book is the history of one key. Places are those of the records, from 0.
type Book struct {
	key     store.Key
	records []store.Record
	was     []store.Record // the records as they were recorded: none of them is erased since
	erased  []int          // how many records there were when each was erased; 0: it was not
	undone  map[int]bool   // the opt-outs that were taken back: the history counts without them
	voided  map[int]bool   // what the contact or the host took back, whatever a review made of it

	started  int          // the opt-in or the consent in force, or nothing
	outs     []int        // the opt-outs in force
	holds    []int        // the open holds
	released map[int]bool // the holds that a review ended without a request
	upheld   map[int]bool // the texts in which a review found a request
}

const nothing = -1

// New returns the book of a key that was never seen.
func New(key store.Key) *Book {
	b := &Book{key: key, undone: map[int]bool{}, voided: map[int]bool{}}
	b.clear()
	return b
}

// Of returns the book of a key with these records.
func Of(key store.Key, records []store.Record) *Book {
	b := New(key)
	for _, r := range records {
		b.Add(r)
	}
	return b
}

func (b *Book) clear() {
	b.started, b.outs, b.holds, b.released, b.upheld = nothing, nil, nil, map[int]bool{}, map[int]bool{}
}

// Records returns the records in the order of recording.
func (b *Book) Records() []store.Record { return b.records }

// Open returns the open holds in the order of recording.
func (b *Book) Open() []store.Record {
	var open []store.Record
	for _, place := range b.holds {
		open = append(open, b.records[place])
	}
	return open
}

// Released reports whether a review found no request in the text at a place, and none since
// found one.
func (b *Book) Released(place int) bool {
	return !b.voided[place] && (b.released[place] || b.undone[place] && !b.upheld[place])
}

// State returns what is in force: the opt-out that is the hardest to lift, the first of
// several; or else the open hold that is the hardest to lift, the last of several; or
// else the opt-in or the consent.
func (b *Book) State() store.State {
	switch {
	case len(b.outs) > 0:
		return b.state(b.hardest(), store.OptedOut)
	case len(b.holds) > 0:
		return b.state(b.hardestHold(), store.Held)
	case b.started != nothing:
		return b.state(b.started, store.OptedIn)
	default:
		return store.State{Key: b.key}
	}
}

func (b *Book) state(place int, status store.Status) store.State {
	r := b.records[place]
	return store.State{
		Key: b.key, Status: status, Action: r.Action, At: r.At, ReceivedAt: r.ReceivedAt, RecordedAt: r.RecordedAt,
		Source: r.Source, EventID: r.ID,
	}
}

// hardest returns the first of the opt-outs in force that are the hardest to lift.
func (b *Book) hardest() int {
	if len(b.outs) == 0 {
		return nothing
	}
	hardest := b.outs[0]
	for _, place := range b.outs {
		if liftedFrom(b.records[place]).After(liftedFrom(b.records[hardest])) {
			hardest = place
		}
	}
	return hardest
}

// hardestHold returns the last of the open holds that are the hardest to lift.
func (b *Book) hardestHold() int {
	hardest := nothing
	for _, place := range b.holds {
		if hardest == nothing || !liftedFrom(b.records[place]).Before(liftedFrom(b.records[hardest])) {
			hardest = place
		}
	}
	return hardest
}

// Append decides what becomes of an event, and adds it unless it is a duplicate or
// refused. Of a duplicate it returns the first of the stored records that it repeats.
func (b *Book) Append(ev store.Event, recordedAt time.Time) (store.Result, error) {
	repeated, err := b.Repeats(ev)
	if err != nil {
		return store.Result{}, err
	}
	if len(repeated) > 0 {
		return store.Result{State: b.State(), Record: repeated[0], Duplicate: true}, nil
	}
	r := store.Record{Event: ev, RecordedAt: recordedAt, Prior: b.State().Status}
	b.strip(&r)
	r.Effective = b.Add(r)
	b.records[len(b.records)-1] = r
	return store.Result{State: b.State(), Record: r}, nil
}

// Repeats returns the records of which an event is a second delivery, or the error with
// which it is refused.
func (b *Book) Repeats(ev store.Event) ([]store.Record, error) {
	var repeated []store.Record
	known, named := false, false
	for _, old := range b.records {
		if old.ID != ev.ID {
			continue
		}
		known = true
		named = named || names(ev, old)
		if old.Action == ev.Action && repeats(ev, old) {
			repeated = append(repeated, old)
		}
	}
	if ev.Action == store.Void {
		return b.voidRepeats(ev)
	}
	switch {
	case len(repeated) > 0:
		return repeated, nil
	case reviews(ev.Action) && !named:
		return nil, store.ErrInvalid
	case known && (ev.Action == store.OptIn || ev.Action == store.Consent):
		return nil, store.ErrIDReused
	}
	return nil, nil
}

// voidRepeats returns the last Void that took back all that another Void names.
func (b *Book) voidRepeats(ev store.Event) ([]store.Record, error) {
	last := nothing
	ev, told := b.meant(ev)
	for place, old := range b.records {
		if told && names(ev, old) {
			last = place
		}
	}
	for _, old := range slices.Backward(b.records[max(last, 0):]) {
		same := told && old.From == ev.From || !told && old.Erased
		if old.Action == store.Void && old.ID == ev.ID && same {
			return []store.Record{old}, nil
		}
	}
	if last == nothing {
		return nil, store.ErrInvalid
	}
	return nil, nil
}

// meant returns a Void with the sender, as it is left, of what it takes back, and whether one
// can be told. What is erased may be of any sender, so it must be all that the Void may mean.
func (b *Book) meant(ev store.Event) (_ store.Event, told bool) {
	var senders []store.Record // one of each
	for _, old := range b.records {
		of := ev
		of.From = old.From
		alike := func(r store.Record) bool { return r.From == old.From && r.Erased == old.Erased }
		if names(of, old) && !slices.ContainsFunc(senders, alike) {
			senders = append(senders, old)
		}
	}
	has := func(is func(r store.Record) bool) bool { return slices.ContainsFunc(senders, is) }
	if has(func(r store.Record) bool { return r.From == ev.From }) {
		return ev, true
	}
	senders = slices.DeleteFunc(senders, func(r store.Record) bool { return r.From != "" && !r.Erased }) // those of others
	ev.From = ""
	return ev, len(senders) == 1 && senders[0].Erased && senders[0].From == ""
}

// strip takes what is erased out of a new record: the text that it reviews, or all of the
// evidence if the message itself was erased.
func (b *Book) strip(r *store.Record) {
	if r.Action == store.Void {
		ev, _ := b.meant(r.Event)
		if !slices.ContainsFunc(b.records, func(old store.Record) bool { return names(ev, old) && !old.Erased }) {
			ev.To, ev.Text, r.Erased = "", "", true
		}
		r.Event = ev
		return
	}
	var reviewed []store.Record // the texts
	for _, old := range b.records {
		host := old.Action == store.Erase || old.Action == store.Void
		again := old.ID == r.ID && old.Erased && !host && old.Source == r.Source && old.At.Equal(r.At)
		switch {
		case reviews(r.Action) && names(r.Event, old):
			reviewed = append(reviewed, old)
		case !reviews(r.Action) && again && !isLate(r.Event, old):
			r.From, r.To, r.Text, r.Actor, r.Note, r.Erased = "", "", "", "", "", true
			return
		}
	}
	has := func(is func(store.Record) bool) bool { return slices.ContainsFunc(reviewed, is) }
	if len(reviewed) == 0 || has(func(old store.Record) bool { return !old.Erased }) {
		return
	}
	if !has(func(old store.Record) bool { return old.From == r.From }) {
		r.From = ""
	}
	if !has(func(old store.Record) bool { return old.Text == r.Text }) {
		r.Text = ""
	}
	r.To, r.Erased = "", true
}

// Erase takes over what a store has left of the records: their evidence is what remains of
// it. What a review was about, it is still about.
func (b *Book) Erase(left []store.Record) {
	for place := range b.records {
		if left[place].Erased && b.erased[place] == 0 {
			b.erased[place] = len(b.records)
		}
		r := &b.records[place]
		r.From, r.To, r.Text, r.Actor, r.Note, r.Erased =
			left[place].From, left[place].To, left[place].Text, left[place].Actor, left[place].Note, left[place].Erased
	}
}

// read returns a record as it was when another one was recorded.
func (b *Book) read(place, when int) store.Record {
	if b.erased[place] > 0 && b.erased[place] <= when {
		return b.records[place]
	}
	return b.was[place]
}

// isLate reports whether an event without At comes too late to be a second delivery.
func isLate(ev store.Event, old store.Record) bool {
	undated := ev.At.IsZero() && !ev.ReceivedAt.IsZero() && !old.ReceivedAt.IsZero()
	return undated && ev.ReceivedAt.After(old.ReceivedAt.Add(72*time.Hour))
}

// wordless reports whether nothing is left of the words of a record.
func wordless(r store.Record) bool { return r.Erased && r.Text == "" }

// repeats compares with a record of the same id and action.
func repeats(ev store.Event, old store.Record) bool {
	if reviews(ev.Action) {
		return sameText(ev, old) && (ev.From == old.From || wordless(old))
	}
	if ev.Action == store.Erase {
		return ev.At.Equal(old.At) && ev.Actor == old.Actor && ev.Note == old.Note
	}
	if ev.Action != store.OptOut && ev.Action != store.Hold {
		return true
	}
	if ev.Source != old.Source || !ev.At.Equal(old.At) || isLate(ev, old) {
		return false
	}
	return old.Erased || ev.From == old.From && ev.Text == old.Text
}

// reviews reports whether an action is about the text of another event.
func reviews(a store.Action) bool {
	return a == store.Release || a == store.Uphold || a == store.Retract
}

// names reports whether a Release, an Uphold, a Retract or a Void is about a record.
func names(ev store.Event, r store.Record) bool {
	if ev.Action == store.Void {
		host := r.Action == store.OptOut && (r.Source == store.SourceImport || r.Source == store.SourceAgent)
		return (host || r.Action == store.Consent && r.Source != store.SourceConfirm) && ev.ID == "void:"+r.ID && ev.From == r.From
	}
	if !reviews(ev.Action) || !sameText(ev, r) {
		return false
	}
	switch r.Action {
	case store.Hold:
		return true
	case store.OptOut:
		return r.Source == store.SourceText || ev.Action == store.Retract
	default:
		return false
	}
}

func sameText(ev store.Event, r store.Record) bool {
	return ev.ID == r.ID && ev.At.Equal(r.At) && ev.ReceivedAt.Equal(r.ReceivedAt) && (ev.Text == r.Text || wordless(r))
}

// liftedFrom returns the time of the earliest opt-in that lifts an opt-out or a hold. The
// zero time: each opt-in that arrives later lifts it.
func liftedFrom(r store.Record) time.Time {
	switch {
	case !r.At.IsZero():
		return r.At.Add(time.Microsecond)
	case !r.ReceivedAt.IsZero():
		return r.ReceivedAt.Truncate(time.Second)
	default:
		return time.Time{}
	}
}

// lifts reports whether an opt-in that arrives after an opt-out or a hold lifts it.
func lifts(optIn, r store.Record) bool {
	return optIn.At.IsZero() || !optIn.At.Before(liftedFrom(r))
}

// Add records what is no duplicate, and reports whether it has an effect.
func (b *Book) Add(r store.Record) (effective bool) {
	b.records, b.was, b.erased = append(b.records, r), append(b.was, r), append(b.erased, 0)
	return b.follow(len(b.records) - 1)
}

func (b *Book) follow(place int) bool {
	switch r := b.records[place]; r.Action {
	case store.OptOut:
		return !b.startIsNewer(r) && b.optOut(place)
	case store.OptIn:
		return b.optIn(place)
	case store.Consent:
		if b.started != nothing || len(b.outs) > 0 {
			return false
		}
		b.started = place
		return true
	case store.Hold:
		if b.startIsNewer(r) {
			return false
		}
		b.holds = append(b.holds, place)
		return true
	case store.Release:
		return b.release(place)
	case store.Uphold:
		return b.each(place, b.uphold)
	case store.Retract, store.Void:
		return b.each(place, b.void)
	default:
		return false
	}
}

// startIsNewer reports whether the contact's opt-in is in force and newer than a text.
func (b *Book) startIsNewer(r store.Record) bool {
	if b.started == nothing {
		return false
	}
	start := b.records[b.started]
	return start.Action == store.OptIn && !start.At.IsZero() && !r.At.IsZero() && start.At.After(r.At)
}

func (b *Book) optOut(place int) bool {
	b.started = nothing
	b.outs = append(b.outs, place)
	return b.hardest() == place
}

func (b *Book) optIn(place int) bool {
	before := b.State()
	r := b.records[place]
	stays := func(of int) bool { return !lifts(r, b.records[of]) }
	b.holds = keep(b.holds, stays)
	if !slices.ContainsFunc(b.outs, stays) && !b.startIsAsNew(r) {
		b.outs, b.started = nil, place
	}
	after := b.State()
	return after != before && after.Status == store.OptedIn
}

// startIsAsNew reports whether the opt-in in force is as new as another one, or newer.
func (b *Book) startIsAsNew(r store.Record) bool {
	if b.started == nothing || len(b.outs) > 0 {
		return false
	}
	start := b.records[b.started]
	return start.Action == store.OptIn && !start.At.IsZero() && !r.At.IsZero() && !r.At.After(start.At)
}

func keep(places []int, stays func(int) bool) []int {
	var kept []int
	for _, place := range places {
		if stays(place) {
			kept = append(kept, place)
		}
	}
	return kept
}

// each settles the texts that a record names, and reports whether that had an effect.
func (b *Book) each(place int, settle func(text, place int) bool) bool {
	effective := false
	// How sure it is that a text was meant: its sender is, or is erased, or is another one.
	const another, erased, same = 1, 2, 3
	rank := func(text int) int {
		switch r := b.read(text, place); {
		case !names(b.was[place].Event, r), b.was[place].Erased && !r.Erased:
			return 0
		case r.From == b.was[place].From:
			return same
		case wordless(r):
			return erased
		default:
			return another
		}
	}
	best := another
	for text := range place {
		best = max(best, rank(text))
	}
	for text := range place {
		if rank(text) == best && !b.voided[text] {
			effective = settle(text, place) || effective
		}
	}
	return effective
}

// release takes back what the opt-outs did that a record names, and then ends the holds.
func (b *Book) release(place int) bool {
	out := b.each(place, func(text, _ int) bool {
		counts := b.records[text].Action == store.OptOut && !b.undone[text] && !b.upheld[text]
		b.undone[text] = b.undone[text] || counts
		return counts
	})
	if out {
		b.again(place)
	}
	ended := b.each(place, func(text, _ int) bool {
		if !slices.Contains(b.holds, text) {
			return false
		}
		b.holds = keep(b.holds, func(of int) bool { return of != text })
		b.released[text] = true
		return true
	})
	return out || ended
}

// void takes back what a record did, and what a review made of it.
func (b *Book) void(text, place int) bool {
	kept := b.records[text].Action == store.OptOut && !b.undone[text] && !b.upheld[text]
	counted := slices.Contains(b.holds, text) || kept || b.records[text].Action == store.Consent
	before := b.decide()
	b.voided[text] = true
	b.again(place)
	return counted || b.decide() != before
}

// decide returns the records that decide: the opt-out, the opt-in or the consent in force,
// and the open hold that is the hardest to lift.
func (b *Book) decide() [2]int {
	made := b.started
	if len(b.outs) > 0 {
		made = b.hardest()
	}
	return [2]int{made, b.hardestHold()}
}

// again follows the records before a place from the beginning.
func (b *Book) again(place int) {
	b.clear()
	for before := range place {
		if !b.undone[before] && !b.voided[before] {
			b.follow(before)
		}
	}
}

// uphold puts an opt-out in the place of a text.
func (b *Book) uphold(text, place int) bool {
	open := slices.Contains(b.holds, text)
	again := b.released[text] || b.undone[text] && !b.upheld[text]
	if !open && (!again || b.restarted(text, place)) {
		b.upheld[text] = b.upheld[text] || !again
		return false
	}
	b.holds = keep(b.holds, func(of int) bool { return of != text })
	b.upheld[text], b.released[text] = true, false
	return b.optOut(place) || open
}

// restarted reports whether a START before a place was sent, or if it has no time was
// received, after a text was received.
func (b *Book) restarted(text, before int) bool {
	received := func(r store.Record) time.Time {
		if r.ReceivedAt.IsZero() {
			return r.RecordedAt
		}
		return r.ReceivedAt
	}
	return slices.ContainsFunc(b.records[:before], func(r store.Record) bool {
		sent := r.At
		if sent.IsZero() {
			sent = received(r)
		}
		return r.Action == store.OptIn && sent.After(received(b.records[text]))
	})
}
