package store

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// Ledger is the history of one key in memory, and what follows from it. Package memstore
// keeps one for each key. A backend with tables of its own uses a Ledger if it must
// compute the standing from all records of the key: because the standing was lost, or
// because an opt-out was taken back.
//
// A Ledger is not safe for concurrent use.
type Ledger struct {
	key      Key
	records  []Record
	standing Standing

	fates []fate           // of each record
	open  []int            // the records whose holds are open, the hardest to lift last
	byID  map[string][]int // the records of each id; nil for a short history
}

// fate is what became of a text.
type fate uint8

const (
	acting     fate = iota // an open hold, or an opt-out that no review has settled
	settled                // a hold that ended or never opened, or a text that was upheld
	released               // a review found no request in it
	reinstated             // released, and upheld after that
	withdrawn              // a Retract took it back, and what a review made of it, or a Void did
)

// manyRecords is how many records a ledger searches for an ID before it makes an index.
const manyRecords = 16

// NewLedger returns the ledger of a key with these records, in the order of recording. It
// follows the records by the rule, whatever Prior and Effective say.
func NewLedger(key Key, records []Record) *Ledger {
	l := &Ledger{key: key, records: records, fates: make([]fate, len(records))}
	l.void()
	l.follow(len(records))
	return l
}

// void marks what the Voids among the records take back, whatever came between. follow then
// leaves out both, so that a history costs the same with any number of Voids in it.
func (l *Ledger) void() {
	type name struct{ id, from string }
	var voided map[name]bool // by the later records
	for place := len(l.records) - 1; place >= 0; place-- {
		r := &l.records[place]
		if id, ok := r.voids(); ok {
			if voided == nil {
				voided = make(map[name]bool)
			}
			voided[name{id, r.From}] = true
		} else if voided != nil && voided[name{r.ID, r.From}] && r.Voidable() {
			l.fates[place] = withdrawn
		}
	}
}

// Standing returns what the records lead to.
func (l *Ledger) Standing() Standing { return l.standing }

// State returns what is in force.
func (l *Ledger) State() State { return l.standing.InForce() }

// Records returns the records in the order of recording. The caller must not change them.
func (l *Ledger) Records() []Record { return l.records }

// Open returns the indexes, in Records, of the open holds. The hold that is the hardest to
// lift is the last one. The caller must not change the slice.
func (l *Ledger) Open() []int { return l.open }

// Released reports whether the last review of a text found no request in it.
func (l *Ledger) Released(place int) bool { return l.fates[place] == released }

// Append decides by [Replay] and [Standing.Next] what becomes of an event, which comes
// from [Event.Normalize], and records it unless it is a duplicate.
func (l *Ledger) Append(ev Event, now time.Time) (Result, error) {
	same := l.withIDs(ev)
	stored, duplicate, err := Replay(ev, same)
	if err != nil {
		return Result{}, err
	}
	if duplicate {
		return Result{State: l.State(), Record: stored, Duplicate: true}, nil
	}
	place := len(l.records)
	kept, erased := Kept(ev, same)
	l.records = append(l.records, Record{Event: kept, RecordedAt: now, Prior: l.State().Status, Erased: erased})
	l.fates = append(l.fates, acting)
	if l.byID != nil {
		l.byID[ev.ID] = append(l.byID[ev.ID], place)
	}
	l.records[place].Effective = l.apply(place)
	return Result{State: l.State(), Record: l.records[place]}, nil
}

// Erase erases the evidence of all records, in place, and records who did it: ev comes from
// [ErasureOf]. What is in force stays as it is. A ledger without records stays empty.
func (l *Ledger) Erase(ev Event, now time.Time) error {
	if len(l.records) == 0 {
		return nil
	}
	eraseAll(l.records)
	_, err := l.Append(ev, now)
	return err
}

// withIDs returns the records that Replay has to see, in the order of recording.
func (l *Ledger) withIDs(ev Event) []Record {
	places := l.places(ev.ID)
	if id, ok := ev.voids(); ok {
		places = slices.Sorted(slices.Values(slices.Concat(places, l.places(id))))
	}
	var same []Record
	for _, place := range places {
		same = append(same, l.records[place])
	}
	return same
}

// places returns the records of an id, in the order of recording.
func (l *Ledger) places(id string) []int {
	if l.byID != nil {
		return l.byID[id]
	}
	if len(l.records) <= manyRecords {
		var places []int
		for place := range l.records {
			if l.records[place].ID == id {
				places = append(places, place)
			}
		}
		return places
	}
	l.byID = make(map[string][]int, len(l.records))
	for place := range l.records {
		l.byID[l.records[place].ID] = append(l.byID[l.records[place].ID], place)
	}
	return l.byID[id]
}

// follow computes the standing of the first records anew. What was taken back counts as if
// it had not come.
func (l *Ledger) follow(records int) {
	l.open, l.standing = nil, Standing{State: State{Key: l.key}}
	for place := range records {
		switch fate := l.fates[place]; {
		case fate == withdrawn:
		case l.records[place].Action == OptOut && (fate == released || fate == reinstated):
			l.fates[place] = released
		default:
			l.fates[place] = acting
		}
	}
	for place := range records {
		if l.fates[place] != released && l.fates[place] != withdrawn && l.records[place].Action != Void {
			l.apply(place)
		}
	}
}

// apply follows one record, and reports whether it had an effect.
func (l *Ledger) apply(place int) (effective bool) {
	r := &l.records[place]
	if r.Action.settles() {
		return l.settle(place)
	}
	l.standing, effective = l.standing.Next(*r, Text{})
	switch {
	case r.Action == OptIn:
		l.lift(r.Event)
	case r.Action == Hold && effective:
		at := sort.Search(len(l.open), func(i int) bool { return l.held(l.open[i]).harder(stateOf(*r)) })
		l.open = slices.Insert(l.open, at, place)
	case r.Action == Hold:
		l.fates[place] = settled
	}
	return effective
}

func (l *Ledger) held(place int) State { return stateOf(l.records[place]) }

// lift ends the holds that an opt-in lifts: those that are the easiest to lift.
func (l *Ledger) lift(optIn Event) {
	ended := sort.Search(len(l.open), func(i int) bool { return !optIn.Lifts(l.held(l.open[i])) })
	for _, place := range l.open[:ended] {
		l.fates[place] = settled
	}
	l.open = l.open[ended:]
}

// settle follows a Release, an Uphold, a Retract or a Void.
func (l *Ledger) settle(place int) (effective bool) {
	if l.records[place].Action == Void {
		return l.takeBackAll(l.named(place), place)
	}
	for _, named := range l.named(place) {
		switch action := l.records[place].Action; {
		case action == Retract && l.fates[named] == withdrawn: // nothing is left to take back
		case action == Retract:
			effective = l.takeBack(named, withdrawn, place) || effective
		case action == Release && l.records[named].Action == OptOut:
			effective = l.fates[named] == acting && l.takeBack(named, released, place) || effective
		default:
			effective = l.review(place, named) || effective
		}
	}
	return effective
}

// takeBack lets a record count as if it had not come, in the history before a place. It
// reports whether the record counted until then.
func (l *Ledger) takeBack(named int, how fate, place int) bool {
	before, was := l.standing, l.fates[named]
	l.fates[named] = how
	l.follow(place)
	return was == acting || l.standing != before
}

// takeBackAll is takeBack of what a Void names. It reports whether one of the records was
// left to be taken back.
func (l *Ledger) takeBackAll(named []int, place int) (left bool) {
	for _, one := range named {
		left = left || l.fates[one] != withdrawn
		l.fates[one] = withdrawn
	}
	if left {
		l.follow(place)
	}
	return left
}

// review follows a Release of a hold, or an Uphold.
func (l *Ledger) review(place, named int) (effective bool) {
	r := l.records[place]
	at := slices.Index(l.open, named)
	t := Text{Open: at >= 0, Released: l.fates[named] == released}
	if t.Open {
		l.open = slices.Delete(l.open, at, at+1)
	}
	if len(l.open) > 0 {
		t.Rest = l.held(l.open[len(l.open)-1])
	}
	if t.Released && r.Action == Uphold {
		t.Restarted = slices.ContainsFunc(l.records[:place], func(old Record) bool { return Restarts(old, l.records[named]) })
	}
	l.standing, effective = l.standing.Next(r, t)
	switch {
	case r.Action == Release && t.Open:
		l.fates[named] = released
	case r.Action == Uphold && t.Released && !t.Restarted:
		l.fates[named] = reinstated
	case r.Action == Uphold && l.fates[named] == acting:
		l.fates[named] = settled
	}
	return effective
}

// named returns the places of what a record names: more than one, if two policies have read
// one text in two ways, or two events have one ID. Of texts that are alike they are those of the
// same sender, if there are any, or else those whose sender was erased. The opt-outs come
// first: the history is followed anew to take one back, and the holds that the record ends
// would open again.
func (l *Ledger) named(place int) []int {
	r := &l.records[place]
	id := r.ID
	if voided, ok := r.voids(); ok {
		id = voided
	}
	var named []int
	for _, i := range l.places(id) {
		// An erased record names no text that is not erased: if words are alike, it is by chance.
		if i < place && r.Names(l.records[i]) && (l.records[i].Erased || !r.Erased) {
			named = append(named, i)
		}
	}
	for _, other := range []func(i int) bool{
		func(i int) bool { return l.records[i].From != r.From },
		func(i int) bool { return !l.records[i].isBlank() },
	} {
		if sent := slices.DeleteFunc(slices.Clone(named), other); len(sent) > 0 {
			named = sent
			break
		}
	}
	// OptOut comes before Hold.
	slices.SortStableFunc(named, func(i, j int) int { return cmp.Compare(l.records[i].Action, l.records[j].Action) })
	return named
}
