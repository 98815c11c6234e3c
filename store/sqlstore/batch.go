package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// What one statement of a batch has at most: SQLite takes 32,766 arguments, an event has 19,
// and MySQL takes packets of 4 MB, in which evidence is twice as long.
const (
	maxBatchKeys  = 500
	maxBatchBytes = 1 << 20
)

// batch is many events that are appended in one transaction.
type batch struct {
	events  []store.Event
	results []store.Result
	untidy  []store.Key // whose table of holds is, still
}

// appendBatch appends events inside a transaction, in the order of their keys: two batches
// that lock the same keys in another order would wait for each other.
func (s session) appendBatch(ctx context.Context, events []store.Event) (batch, error) {
	b := batch{events: events, results: make([]store.Result, len(events))}
	if err := ctx.Err(); err != nil {
		return batch{}, err
	}
	for _, places := range b.chunks() {
		if err := s.appendChunk(ctx, &b, places); err != nil {
			return batch{}, err
		}
	}
	return b, nil
}

// chunks returns the places of the events by their keys, in chunks of one account that a
// statement can take. The events of one key have one list of places, in the given order.
func (b *batch) chunks() (chunks [][][]int) {
	order := make([]int, len(b.events))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		k, l := &b.events[i].Key, &b.events[j].Key
		return cmp.Or(cmp.Compare(k.Account, l.Account), cmp.Compare(k.Number, l.Number))
	})
	var chunk [][]int
	size := 0
	for len(order) > 0 {
		n := 1
		for n < len(order) && b.events[order[n]].Key == b.events[order[0]].Key {
			n++
		}
		evidence := 0
		for _, place := range order[:n] {
			evidence += evidenceOf(&b.events[place])
		}
		full := len(chunk) == maxBatchKeys || len(chunk) > 0 && size+evidence > maxBatchBytes
		if full || len(chunk) > 0 && b.events[chunk[0][0]].Key.Account != b.events[order[0]].Key.Account {
			chunks, chunk, size = append(chunks, chunk), nil, 0
		}
		chunk, order, size = append(chunk, order[:n]), order[n:], size+evidence
	}
	if len(chunk) > 0 {
		chunks = append(chunks, chunk)
	}
	return chunks
}

// evidenceOf returns how many bytes of an event have no other limit.
func evidenceOf(ev *store.Event) int {
	return len(ev.From) + len(ev.To) + len(ev.Text) + len(ev.Keyword) + len(ev.KeywordSet) + len(ev.Actor) + len(ev.Note)
}

// appendChunk appends the events of some keys: those that are simple in a few statements
// for all of them, and the others one by one.
func (s session) appendChunk(ctx context.Context, b *batch, keys [][]int) error {
	if len(keys) > 1 {
		var err error
		if keys, err = s.appendSimple(ctx, b, keys); err != nil {
			return err
		}
	}
	for _, places := range keys {
		untidy := false
		for _, place := range places {
			done, err := s.append(ctx, b.events[place])
			if err := b.answer(place, done.Result, err); err != nil {
				return err
			}
			untidy = done.untidy
		}
		if untidy {
			b.untidy = append(b.untidy, b.events[places[0]].Key)
		}
	}
	return nil
}

// answer keeps the result of an event. An event that is refused does not fail the batch.
func (b *batch) answer(place int, result store.Result, err error) error {
	switch {
	case errors.Is(err, store.ErrIDReused):
		result = store.Result{Err: err}
	case errors.Is(err, store.ErrInvalid):
		return fmt.Errorf("events[%d]: %w", place, err)
	case err != nil:
		return err
	}
	b.results[place] = result
	return nil
}

// appendSimple locks the rows of all the keys, and appends to those that have one event,
// if that neither opens nor ends a hold and the row tells all. It returns the others.
func (s session) appendSimple(ctx context.Context, b *batch, keys [][]int) (others [][]int, err error) {
	firsts, err := s.firsts(ctx, b, keys)
	if err != nil {
		return nil, err
	}
	rows, err := s.lockAll(ctx, firsts)
	if err != nil {
		return nil, err
	}
	changes := make([]change, 0, len(keys))
	var known []int // the places
	for i, places := range keys {
		switch was, place := rows[firsts[i].now.key()], places[0]; {
		case was.first: // and the row is written
			b.results[place] = store.Result{State: firsts[i].now.standing.InForce(), Record: *firsts[i].record}
			if s.sql.firstsSQL == "" {
				changes = append(changes, firsts[i])
			}
		case len(places) == 1 && isSimple(b.events[place].Action) && was.isSimple():
			known = append(known, place)
		default:
			others = append(others, places)
		}
	}
	same, err := s.sameIDs(ctx, b, rows, known)
	if err != nil {
		return nil, err
	}
	for _, place := range known {
		ev, was := b.events[place], rows[b.events[place].Key]
		stored, duplicate, err := store.Replay(ev, same[ev.Key].records)
		result := store.Result{State: was.standing.InForce(), Record: stored, Duplicate: duplicate}
		if err == nil && !duplicate {
			var c change
			if c, err = s.decide(ctx, was, ev, same[ev.Key], false); err == nil {
				result.State, result.Record = c.now.standing.InForce(), *c.record
				changes = append(changes, c)
			}
		}
		if err := b.answer(place, result, err); err != nil {
			return nil, err
		}
	}
	return others, s.writeAll(ctx, changes)
}

// firsts returns what the events make of the keys if they are new, each with the row (was)
// that is made for it. The row of a key whose one event is an opt-out has the opt-out, which
// then need not be written a second time. That of a key whose one event opens the gate is
// shut: it has the whole state but its status, which comes after the event. It has the
// status if the event is recorded by the same statement.
func (s session) firsts(ctx context.Context, b *batch, keys [][]int) ([]change, error) {
	firsts := make([]change, len(keys))
	for i, places := range keys {
		ev, c := b.events[places[0]], &firsts[i]
		c.now.standing.State.Key = ev.Key
		c.was = c.now
		if len(places) > 1 || !isSimple(ev.Action) {
			continue
		}
		first, err := s.decide(ctx, c.was, ev, events{}, false)
		if err != nil {
			return nil, err
		}
		switch state := first.now.standing.State; {
		case state.Status == store.OptedOut, state.Status == store.OptedIn && s.sql.firstsSQL != "":
			*c = change{was: first.now, now: first.now, record: first.record}
		case state.Status == store.OptedIn:
			*c = first
			c.was.shut = state
			c.was.shut.Status = store.Unknown
		default: // an Ask: nothing is in force
		}
	}
	return firsts, nil
}

// isNew reports whether a row that was locked is this one: it was made for it, and has no
// event yet.
func (k keyRow) isNew(locked keyRow) bool {
	return locked.last == 0 && locked.events == k.events && locked.standing == k.standing && locked.shut == k.shut && !locked.half
}

// isSimple reports whether an action has to do with no hold of a key that has none.
func isSimple(a store.Action) bool {
	return a == store.OptOut || a == store.OptIn || a == store.Consent || a == store.Ask
}

// isSimple reports whether the key has no hold, and nothing that is to be mended.
func (k keyRow) isSimple() bool {
	return !k.damaged() && !k.untidy && k.standing.Hold.Status == store.Unknown
}

// lockAll is lock for many keys of one account, and makes those that are new what they were
// in firsts.
func (s session) lockAll(ctx context.Context, firsts []change) (map[store.Key]keyRow, error) {
	args, numbers := make([][]any, len(firsts)), make([][]any, len(firsts))
	for i := range firsts {
		args[i], numbers[i] = simpleArgs(firsts[i].was), []any{firsts[i].was.key().Number}
		if s.sql.firstsSQL != "" {
			args[i] = append(args[i], evidenceArgs(firsts[i].record)...)
		}
	}
	rows := make(map[store.Key]keyRow, len(firsts))
	key := firsts[0].now.key()
	scan := func(row *row) error {
		before, first := []any{&key.Number}, false
		if s.sql.firstsSQL != "" {
			before = []any{&first, &key.Number}
		}
		k, err := scanRow(row, &key, before...)
		k.first = first
		rows[key] = k
		return err
	}
	var err error
	switch {
	case s.sql.lockFirst != nil && len(args) == 1:
		err = s.query(ctx, s.sql.lockFirst, args[0], scan)
	case s.sql.lockedAll == nil:
		err = s.queryAll(ctx, s.sql.lockAll, args, scan)
	default:
		if _, err = s.execAll(ctx, s.sql.lockAll, args); err == nil {
			err = s.queryAll(ctx, s.sql.lockedAll, numbers, scan, key.Account)
		}
	}
	if codeOf(err).duplicate {
		err = asConflict(err)
	}
	for i := range firsts {
		k, locked := rows[firsts[i].was.key()]
		if err == nil && !locked {
			err = errNoRow
		}
		if s.sql.firstsSQL == "" && locked {
			k.first = firsts[i].record != nil && firsts[i].was.isNew(k)
			k.shut = store.State{} // of any other row it means nothing
			rows[k.key()] = k
		}
	}
	return rows, err
}

// simpleArgs are the arguments of lockAll and setAll for the row of a key without holds.
func simpleArgs(k keyRow) []any {
	state := stateArgs(k.standing.InForce())
	if k.shut.Action != store.NoAction {
		opened := k.shut
		opened.Status = store.OptedIn
		state = append([]any{store.Unknown}, stateArgs(opened)[1:]...)
	}
	return slices.Concat([]any{k.key(), cursor.Backwards(k.key().Number)}, state, []any{k.events})
}

// sameIDs is sameID for events of different keys.
func (s session) sameIDs(ctx context.Context, b *batch, rows map[store.Key]keyRow, places []int) (map[store.Key]events, error) {
	var args [][]any
	for _, place := range places {
		if ev := &b.events[place]; rows[ev.Key].events != 0 || rows[ev.Key].last != 0 {
			args = append(args, []any{ev.Key, ev.ID})
		}
	}
	found := make(map[store.Key]events)
	if len(args) == 0 {
		return found, nil
	}
	whole := false
	err := s.queryAll(ctx, s.sql.sameIDs, args, func(row *row) error {
		key := b.events[places[0]].Key
		var seq int64
		r, err := scanRecord(row, key, &key.Number, &seq)
		if err != nil {
			return err
		}
		if r.ID == "" { // the row of the mark
			whole = true
			return nil
		}
		r.Key = key
		same := found[key]
		same.add(seq, r)
		found[key] = same
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	return found, err
}

// writeAll is write for simple changes of different keys, and its order is as safe: what
// closes the gate is in the rows before the events are recorded, and what opens it after
// that. An event without its effect is found by its place in the history, which is after
// the last one that the row knows.
func (s session) writeAll(ctx context.Context, changes []change) error {
	var closing, inserts, opening, shut [][]any
	for _, c := range changes {
		switch now := c.now.standing; {
		case c.now.events == c.was.events: // the row of a new key, as it was made
		case c.was.shut.Action != store.NoAction:
			shut = append(shut, []any{c.now.key().Number})
		case now != c.was.standing && now.State.Status != store.OptedOut:
			opening = append(opening, simpleArgs(c.now))
		default:
			closing = append(closing, simpleArgs(c.now))
		}
		inserts = append(inserts, append([]any{c.now.key(), c.now.events}, recordArgs(*c.record)...))
	}
	if err := s.setAll(ctx, closing); err != nil {
		return err
	}
	if len(inserts) > 0 {
		if _, err := s.execAll(ctx, s.sql.insertAll, inserts); err != nil {
			return err
		}
	}
	if len(shut) > 0 {
		if err := s.changeAll(ctx, s.sql.openAll, shut, 1, changes[0].now.key().Account); err != nil {
			return err
		}
	}
	return s.setAll(ctx, opening)
}

// setAll writes the states and the number of events of rows, each of which has one event
// less. If the lock of a row was lost, another event has been counted, and it is a conflict.
func (s session) setAll(ctx context.Context, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	return s.changeAll(ctx, s.sql.setAll, rows, max(s.sql.perUpsert, 1))
}

// changeAll changes rows, each of which the database counts so often.
func (s session) changeAll(ctx context.Context, m *many, rows [][]any, each int64, before ...any) error {
	result, err := s.execAll(ctx, m, rows, before...)
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return failed(m.role, err)
	}
	if changed != int64(len(rows))*each {
		return asConflict(errLockLost)
	}
	return nil
}
