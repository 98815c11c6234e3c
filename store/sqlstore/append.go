package sqlstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// appender appends inside a transaction, at a cost that does not grow with the history:
// the key's row has its standing. It starts with a write, since SQLite gives a transaction
// that has read before it writes no second chance.
type appender struct {
	q   querier
	d   dialect
	sql *statements
}

// saying is a statement with its arguments.
type saying struct {
	st   statement
	args []any
}

// change is what an Append, or a repair, writes.
type change struct {
	was, now keyRow
	record   *store.Record // nil: a repair alone
	holds    []saying      // of the table of holds
	remade   bool          // the standing was made anew from the events
}

var errNoRow = errors.New("the row that was locked is not there")

// append also reports whether the table of holds is still untidy.
func (a appender) append(ctx context.Context, ev store.Event) (result store.Result, untidy bool, err error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, false, err
	}
	was, err := a.lock(ctx, ev.Key)
	if err != nil {
		return store.Result{}, false, err
	}
	same, err := a.sameID(ctx, was, ev)
	if err != nil {
		return store.Result{}, false, err
	}
	stored, duplicate, err := store.Replay(ev, same.records)
	if err != nil {
		return store.Result{}, false, err
	}
	if duplicate && !was.damaged() {
		return store.Result{State: was.standing.InForce(), Record: stored, Duplicate: true}, was.untidy, nil
	}
	c, err := a.decide(ctx, was, ev, same, duplicate)
	if err == nil {
		err = a.write(ctx, c)
	}
	if err != nil {
		return store.Result{}, false, err
	}
	untidy = c.now.untidy
	if untidy {
		if untidy, err = a.tidy(ctx, c.now); err != nil {
			return store.Result{}, false, err
		}
	}
	if duplicate {
		return store.Result{State: c.now.standing.InForce(), Record: stored, Duplicate: true}, untidy, nil
	}
	return store.Result{State: c.now.standing.InForce(), Record: *c.record}, untidy, nil
}

// decide decides by the rule what an event changes. Where the key's row cannot tell, the
// whole history is asked.
func (a appender) decide(ctx context.Context, was keyRow, ev store.Event, same records, duplicate bool) (change, error) {
	now := time.Now().UTC().Truncate(store.Precision)
	if was.damaged() {
		if duplicate {
			return a.readAndRemake(ctx, was, nil, now)
		}
		return a.readAndRemake(ctx, was, &ev, now)
	}
	text, seq, known, err := a.text(ctx, was, ev, same)
	if err != nil {
		return change{}, err
	}
	if !known {
		return a.readAndRemake(ctx, was, &ev, now)
	}
	record := store.Record{Event: ev, RecordedAt: now, Prior: was.standing.InForce().Status}
	c := change{was: was, now: was, record: &record}
	c.now.events++
	c.now.standing, record.Effective = was.standing.Next(record, text)
	a.changeHolds(&c, text, seq)
	return c, nil
}

func (a appender) readAndRemake(ctx context.Context, was keyRow, ev *store.Event, now time.Time) (change, error) {
	h, err := a.history(ctx, was.standing.State.Key)
	if err != nil {
		return change{}, err
	}
	c, _, err := a.remake(was, h, ev, now)
	return c, err
}

// lock locks the key's row until the transaction ends, and returns it.
func (a appender) lock(ctx context.Context, key store.Key) (k keyRow, err error) {
	account, number := a.d.text(key.Account), a.d.text(key.Number)
	st := a.sql.lock
	if a.sql.locked.text != "" {
		if _, err := exec(ctx, a.q, st, account, number); err != nil {
			return keyRow{}, err
		}
		st = a.sql.locked
	}
	found := false
	err = query(ctx, a.q, st, []any{account, number, account, number}, func(row *row) (err error) {
		found = true
		k, err = scanRow(row, key)
		return err
	})
	if err == nil && !found {
		err = errNoRow
	}
	return k, err
}

// records are some of a key, with their places in the table of events.
type records struct {
	records []store.Record
	seqs    []int64
}

// sameID returns the key's records with the id of an event, in the order of recording.
func (a appender) sameID(ctx context.Context, was keyRow, ev store.Event) (records, error) {
	var same records
	if was.events == 0 && was.last == 0 {
		return same, nil
	}
	whole := false
	args := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number), a.d.text(ev.ID)}
	err := query(ctx, a.q, a.sql.sameID, args, func(row *row) error {
		var seq *int64
		record, err := scanRecord(row, ev.Key, &seq)
		switch {
		case err != nil:
			return err
		case seq == nil: // the row of the mark
			whole = true
			return nil
		}
		at, _ := slices.BinarySearch(same.seqs, *seq)
		same.seqs, same.records = slices.Insert(same.seqs, at, *seq), slices.Insert(same.records, at, record)
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	return same, err
}

// text returns what is known of the hold that an event settles, and the hold's place. It
// reports false where only the whole history knows: of an opt-out, of several texts, of what
// the contact takes back, and where the table of holds does not agree with the key's row.
func (a appender) text(ctx context.Context, was keyRow, ev store.Event, same records) (text store.Text, seq int64, known bool, err error) {
	at, named := -1, 0
	for i, old := range same.records {
		if ev.Names(old) {
			at, named = i, named+1
		}
	}
	switch {
	case named == 0: // it settles nothing: Replay refuses a review without a text
		return store.Text{}, 0, true, nil
	case named > 1, ev.Action == store.Retract, same.records[at].Action != store.Hold:
		return store.Text{}, 0, false, nil
	}
	seq = same.seqs[at]
	key := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number)}
	ended := fateEnded // of a hold that never opened
	err = query(ctx, a.q, a.sql.hold, append(key, seq), func(row *row) error { return row.scan(&ended) })
	if err != nil {
		return store.Text{}, 0, false, err
	}
	hardest, seqs, err := a.hardest(ctx, was, ev.Key)
	if err != nil {
		return store.Text{}, 0, false, err
	}
	text.Open = ended == fateOpen && seq >= was.holdsFrom
	text.Released = ended == fateReleased
	agrees := len(hardest) > 0 && hardest[0] == was.standing.Hold || len(hardest) == 0 && was.standing.Hold.Status == store.Unknown
	half := slices.ContainsFunc(hardest, func(s store.State) bool { return s.Action == store.NoAction })
	if !agrees || half {
		return store.Text{}, 0, false, nil
	}
	for i, hold := range hardest {
		if seqs[i] != seq {
			text.Rest = hold
			break
		}
	}
	if text.Released && ev.Action == store.Uphold {
		since := same.records[at].ReceivedOrRecorded().UnixMicro()
		restarted := 0
		err = query(ctx, a.q, a.sql.restarted, append(key, since, since), func(row *row) error { return row.scan(&restarted) })
		text.Restarted = restarted > 0
	}
	return text, seq, true, err
}

// hardest returns the two open holds that are the hardest to lift. A hold without its
// event, which is half written, has no action.
func (a appender) hardest(ctx context.Context, was keyRow, key store.Key) (holds []store.State, seqs []int64, err error) {
	var seq, bound, first int64
	var s stateScanner
	account, number := a.d.text(key.Account), a.d.text(key.Number)
	err = query(ctx, a.q, a.sql.hardest, []any{account, number, was.holdsFrom, account, number}, func(row *row) error {
		err := row.scan(&seq, &bound, &s.action, &s.at, &s.received, &s.recorded, &s.source, &s.id)
		hold := store.State{Key: key}
		s.status.Int64 = int64(store.Held)
		s.state(&hold)
		if len(holds) > 0 && (bound > first || bound == first && seq > seqs[0]) { // a join has no order
			holds, seqs = slices.Insert(holds, 0, hold), slices.Insert(seqs, 0, seq)
			return err
		}
		first = bound
		holds, seqs = append(holds, hold), append(seqs, seq)
		return err
	})
	return holds, seqs, err
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
func (a appender) write(ctx context.Context, c change) error {
	key := []any{a.d.text(c.now.standing.State.Key.Account), a.d.text(c.now.standing.State.Key.Number)}
	count := saying{a.sql.count, slices.Concat([]any{c.now.events, bit(true)}, key, []any{c.was.events})}
	var insert []saying
	if c.record != nil {
		insert = []saying{{a.sql.insert, slices.Concat(key, []any{c.now.events}, recordArgs(a.d, *c.record))}}
	}
	update := func(half bool) saying {
		row := c.now
		row.half = half
		return saying{a.sql.update, rowArgs(a.d, row)}
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
		count.args[1] = bit(false)
		all = append([]saying{count}, insert...)
	case closes && careful:
		all = slices.Concat([]saying{update(true)}, c.holds, insert, []saying{{a.sql.whole, key}})
	case closes:
		all = slices.Concat([]saying{update(false)}, c.holds, insert)
	default:
		all = slices.Concat([]saying{count}, insert, c.holds, []saying{update(false)})
	}
	for i, s := range all {
		var err error
		switch {
		case i == 0 && c.now.events != c.was.events:
			err = a.fenced(ctx, s, c.was.events)
		case i > 0 && s.st == a.sql.update: // of what opens the gate: also where the lock was lost since
			err = a.fenced(ctx, s, c.now.events)
		default:
			_, err = exec(ctx, a.q, s.st, s.args...)
		}
		if codeOf(err).duplicate {
			return asConflict(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var errLockLost = errors.New("the key's row changed under its lock")

// fenced runs a statement that moves the number of events, or ends what is half written,
// and so changes the row on every database: if it changes none, the lock was lost.
func (a appender) fenced(ctx context.Context, s saying, events int64) error {
	if s.st == a.sql.update {
		s = saying{a.sql.fenced, append(s.args, events)}
	}
	result, err := exec(ctx, a.q, s.st, s.args...)
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if err != nil {
		return failed(s.st.role, err)
	}
	if rows != 1 {
		return asConflict(errLockLost)
	}
	return nil
}
