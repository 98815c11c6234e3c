package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// appended is what an Append did.
type appended struct {
	store.Result

	untidy bool // the table of holds is, still
}

// append appends inside a transaction, at a cost that does not grow with the history: the
// key's row has its standing. It starts with a write, since SQLite gives a transaction that
// has read before it writes no second chance.
func (s session) append(ctx context.Context, ev store.Event) (done appended, err error) {
	if err := ctx.Err(); err != nil {
		return appended{}, err
	}
	was, first, err := s.lockOrFirst(ctx, ev)
	if err != nil {
		return appended{}, err
	}
	if first != nil {
		done.State, done.Record = was.standing.InForce(), *first
		return done, nil
	}
	same, err := s.sameID(ctx, was, ev)
	if err != nil {
		return appended{}, err
	}
	done.Record, done.Duplicate, err = store.Replay(ev, same.records)
	if err != nil {
		return appended{}, err
	}
	now := was
	if !done.Duplicate || was.damaged() {
		c, err := s.decide(ctx, was, ev, same, done.Duplicate)
		if err == nil {
			err = s.write(ctx, c)
		}
		if err == nil && c.now.untidy {
			c.now.untidy, err = s.tidy(ctx, c.now)
		}
		if err != nil {
			return appended{}, err
		}
		if now = c.now; c.record != nil {
			done.Record = *c.record
		}
	}
	done.State, done.untidy = now.standing.InForce(), now.untidy
	return done, nil
}

// change is what an Append, or a repair, writes.
type change struct {
	was, now keyRow
	record   *store.Record // nil: a repair alone
	holds    []saying      // of the table of holds
	remade   bool          // the standing was made anew from the events
	want     []holdRow     // if so: of all its holds
}

// decide decides by the rule what an event changes. Where the key's row cannot tell, the
// whole history is asked.
func (s session) decide(ctx context.Context, was keyRow, ev store.Event, same events, duplicate bool) (change, error) {
	now := time.Now().UTC().Truncate(store.Precision)
	kept, erased := store.Kept(ev, same.records)
	var settles settled
	if !was.damaged() {
		var err error
		if settles, err = s.settled(ctx, was, store.Record{Event: kept, Erased: erased}, same); err != nil {
			return change{}, err
		}
	}
	if !settles.known {
		h, err := s.keyHistory(ctx, ev.Key)
		if err != nil {
			return change{}, err
		}
		add := &ev
		if duplicate {
			add = nil
		}
		return s.remake(was, h, add, now)
	}
	record := store.Record{Event: kept, RecordedAt: now, Prior: was.standing.InForce().Status, Erased: erased}
	c := change{was: was, now: was, record: &record}
	c.now.events++
	c.now.standing, record.Effective = was.standing.Next(record, settles.text)
	s.changeHolds(&c, settles)
	return c, nil
}

var errNoRow = errors.New("the row that was locked is not there")

// lock locks the key's row until the transaction ends, and returns it.
func (s session) lock(ctx context.Context, key store.Key) (k keyRow, err error) {
	st, found := s.sql.lock, false
	account, number := any(key.Account), any(key.Number) // twice the same, once in an interface
	args := []any{account, number, cursor.Backwards(key.Number), account, number}
	if s.sql.locked != nil {
		if _, err := s.exec(ctx, st, args[:3]...); err != nil {
			return keyRow{}, err
		}
		st, args = s.sql.locked, []any{account, number, account, number}
	}
	err = s.query(ctx, st, args, func(row *row) (err error) {
		found = true
		k, err = scanRow(row, &key)
		return err
	})
	if err == nil && !found {
		err = errNoRow
	}
	return k, err
}

// events are records of a key, with their places in the table of events.
type events struct {
	records []store.Record
	seqs    []int64
}

// add adds a record in its place.
func (e *events) add(seq int64, r store.Record) {
	at, _ := slices.BinarySearch(e.seqs, seq)
	e.seqs, e.records = slices.Insert(e.seqs, at, seq), slices.Insert(e.records, at, r)
}

// sameID returns the key's records with the ids of an event, in the order of recording.
func (s session) sameID(ctx context.Context, was keyRow, ev store.Event) (same events, err error) {
	if was.events == 0 && was.last == 0 {
		return same, nil
	}
	for _, id := range ev.IDs() {
		if err := s.withID(ctx, ev.Key, id, &same); err != nil {
			return events{}, err
		}
	}
	return same, nil
}

// withID adds the key's records with an id.
func (s session) withID(ctx context.Context, key store.Key, id string, same *events) error {
	whole := false
	err := s.query(ctx, s.sql.sameID, []any{key, id}, func(row *row) error {
		var seq int64
		r, err := scanRecord(row, key, &seq)
		if err != nil {
			return err
		}
		if r.ID == "" { // the row of the mark
			whole = true
			return nil
		}
		same.add(seq, r)
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	return err
}

// settled is the hold that an event settles.
type settled struct {
	known bool // else only the whole history knows
	text  store.Text
	seq   int64
}

// settled returns the hold that an event settles. Only the whole history knows what becomes
// of an opt-out, of several texts, of what the contact or the host takes back, and where the
// table of holds does not agree with the key's row.
func (s session) settled(ctx context.Context, was keyRow, ev store.Record, same events) (settled, error) {
	at, named := -1, 0
	for i, old := range same.records {
		if ev.Names(old) && (old.Erased || !ev.Erased) {
			at, named = i, named+1
		}
	}
	switch {
	case named == 0: // it settles nothing: Replay refuses a review without a text
		return settled{known: true}, nil
	case named > 1, ev.Action == store.Retract, same.records[at].Action != store.Hold:
		return settled{}, nil
	}
	found := settled{known: true, seq: same.seqs[at]}
	fate := fateEnded // of a hold that never opened
	err := s.query(ctx, s.sql.hold, []any{ev.Key, found.seq}, func(row *row) error { return row.scan(&fate) })
	if err != nil {
		return settled{}, err
	}
	hardest, err := s.hardest(ctx, was)
	if err != nil {
		return settled{}, err
	}
	var first store.State
	if len(hardest) > 0 {
		first = hardest[0].state
	}
	half := slices.ContainsFunc(hardest, func(h openHold) bool { return h.state.Action == store.NoAction })
	if first != was.standing.Hold || half {
		return settled{}, nil
	}
	found.text.Open = fate == fateOpen && found.seq >= was.holdsFrom
	found.text.Released = fate == fateReleased
	if other := slices.IndexFunc(hardest, func(h openHold) bool { return h.seq != found.seq }); other >= 0 {
		found.text.Rest = hardest[other].state
	}
	if found.text.Released && ev.Action == store.Uphold {
		since := same.records[at].ReceivedOrRecorded()
		optIns := 0
		err = s.query(ctx, s.sql.restarted, []any{ev.Key, since, since}, func(row *row) error { return row.scan(&optIns) })
		found.text.Restarted = optIns > 0
	}
	return found, err
}

// openHold is a hold that is open.
type openHold struct {
	seq, bound int64
	state      store.State // without an action: the event is not there, which is half written
}

// hardest returns the two open holds that are the hardest to lift, the hardest first.
func (s session) hardest(ctx context.Context, was keyRow) (holds []openHold, err error) {
	hold := openHold{state: store.State{Key: was.key(), Status: store.Held}}
	fields := append([]any{&hold.seq, &hold.bound}, stateFields(&hold.state)[1:]...)
	err = s.query(ctx, s.sql.hardest, []any{was.key(), was.holdsFrom, was.key()}, func(row *row) error {
		err := row.scan(fields...)
		holds = append(holds, hold)
		return err
	})
	slices.SortFunc(holds, func(a, b openHold) int { // a join has no order
		return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(b.seq, a.seq))
	})
	return holds, err
}

// saying is a statement with its arguments.
type saying struct {
	st   *statement
	args []any

	// It moves the number of events, or ends what is half written, and so changes the row on
	// every database: if it changes none, the lock was lost.
	fenced bool
}

// write writes a change. A host may commit even though one of these statements failed.
// The order makes that safe:
//
//   - The first statement takes the next place in the history. It also finds out whether
//     the lock was lost, as on a Galera cluster: then the events are not those that were
//     read.
//   - What closes the gate is in the row before the event is recorded, and what opens it
//     after that. So what is half written keeps the gate closed, and an opt-out or a hold
//     that is delivered again is no duplicate.
//   - Where later statements must not be missing, the row is marked as half written until
//     the last one: then the next Append makes it anew from the events.
func (s session) write(ctx context.Context, c change) error {
	if s.sql.joint && c.record != nil && len(c.holds) == 0 && !c.remade {
		return s.writeJointly(ctx, c)
	}
	key := c.now.key()
	var insert []saying
	if c.record != nil {
		insert = []saying{{st: s.sql.insert, args: append([]any{key, c.now.events}, recordArgs(*c.record)...)}}
	}
	count := func(half bool) saying {
		return saying{s.sql.count, []any{c.now.events, half, key, c.was.events}, true}
	}
	update := func(half bool) saying {
		row := c.now
		row.half = half
		return saying{st: s.sql.update, args: rowArgs(row)}
	}
	// first is an update that moves the number of events, if that is too small.
	first := func(half bool) saying {
		if c.now.events == c.was.events {
			return update(half)
		}
		return s.fenced(update(half), c.was.events)
	}
	var closes, careful bool // closes: the gate
	switch {
	case c.record == nil:
		closes, careful = true, true
	case c.remade:
		closes, careful = c.now.held() || c.now.standing.State.Status == store.OptedOut, true
	default:
		closes = c.record.Action == store.OptOut || c.record.Action == store.Hold || c.record.Action == store.Uphold
		careful = c.record.Action == store.Uphold
	}
	var all []saying
	switch {
	case c.was.standing == c.now.standing && len(c.holds) == 0 && !c.remade:
		all = slices.Concat([]saying{count(false)}, insert)
	case closes && careful:
		all = slices.Concat([]saying{first(true)}, c.holds, insert, []saying{{st: s.sql.whole, args: []any{key}}})
	case closes:
		all = slices.Concat([]saying{first(false)}, c.holds, insert)
	default: // the lock may have been lost since the count, too
		all = slices.Concat([]saying{count(true)}, insert, c.holds, []saying{s.fenced(update(false), c.now.events)})
	}
	for _, one := range all {
		if err := s.say(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// fenced is an update that has an effect only where the row has so many events.
func (s session) fenced(update saying, events int64) saying {
	return saying{s.sql.fencedUpdate, append(update.args, events), true}
}

var errLockLost = errors.New("the key's row changed under its lock")

func (s session) say(ctx context.Context, one saying) error {
	result, err := s.exec(ctx, one.st, one.args...)
	if codeOf(err).duplicate {
		return asConflict(err)
	}
	if err != nil || !one.fenced {
		return err
	}
	rows, err := result.RowsAffected()
	if err != nil {
		return failed(one.st.role, err)
	}
	if rows != 1 {
		return asConflict(errLockLost)
	}
	return nil
}
