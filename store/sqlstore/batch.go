package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// What one statement of a batch has at most: SQLite takes 32,766 arguments, an event has 18,
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

// chunks returns the places of the events by their keys, in as many chunks as there are
// statements. The events of one key are in one place list, in the given order.
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
		if len(chunk) == maxBatchKeys || len(chunk) > 0 && size+evidence > maxBatchBytes {
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
			if err = b.answer(place, done.Result, err); err != nil {
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
	rows, err := s.lockAll(ctx, b, keys)
	if err != nil {
		return nil, err
	}
	var simple []int // the places
	for _, places := range keys {
		ev := &b.events[places[0]]
		if len(places) == 1 && isSimple(ev.Action) && rows[ev.Key].isSimple() {
			simple = append(simple, places[0])
		} else {
			others = append(others, places)
		}
	}
	same, err := s.sameIDs(ctx, b, rows, simple)
	if err != nil {
		return nil, err
	}
	var changes []change
	for _, place := range simple {
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
		if err = b.answer(place, result, err); err != nil {
			return nil, err
		}
	}
	return others, s.writeAll(ctx, changes)
}

// isSimple reports whether an action has to do with no hold of a key that has none.
func isSimple(a store.Action) bool {
	return a == store.OptOut || a == store.OptIn || a == store.Consent || a == store.Ask
}

// isSimple reports whether the key has no hold, and nothing that is to be mended.
func (k keyRow) isSimple() bool {
	return !k.damaged() && !k.untidy && k.standing.Hold.Status == store.Unknown
}

// lockAll is lock for many keys.
func (s session) lockAll(ctx context.Context, b *batch, keys [][]int) (map[store.Key]keyRow, error) {
	args := make([][]any, len(keys))
	for i, places := range keys {
		args[i] = []any{b.events[places[0]].Key}
	}
	st := s.sql.lockAll
	if s.sql.lockedAll != nil {
		if _, err := s.execAll(ctx, st, args); err != nil {
			return nil, err
		}
		st = s.sql.lockedAll
	}
	rows := make(map[store.Key]keyRow, len(keys))
	var key store.Key
	err := s.queryAll(ctx, st, args, func(row *row) error {
		k, err := scanRow(row, &key, &key.Account, &key.Number)
		rows[key] = k
		return err
	})
	for _, arg := range args {
		if _, locked := rows[arg[0].(store.Key)]; err == nil && !locked { //nolint:forcetypeassert // as above
			err = errNoRow
		}
	}
	return rows, err
}

// sameIDs is sameID for events of different keys.
func (s session) sameIDs(ctx context.Context, b *batch, rows map[store.Key]keyRow, places []int) (map[store.Key]events, error) {
	var args [][]any
	for _, place := range places {
		if ev := &b.events[place]; rows[ev.Key].events != 0 || rows[ev.Key].last != 0 {
			args = append(args, []any{ev.Key, ev.ID})
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	found := make(map[store.Key]events)
	whole := false
	err := s.queryAll(ctx, s.sql.sameIDs, args, func(row *row) error {
		var key store.Key
		var seq int64
		r, err := scanRecord(row, key, &key.Account, &key.Number, &seq)
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
	var closing, inserts, opening [][]any
	for _, c := range changes {
		key, row := c.now.key(), &closing
		if now := c.now.standing; now != c.was.standing && now.State.Status != store.OptedOut {
			row = &opening
		}
		*row = append(*row, slices.Concat([]any{key}, stateArgs(c.now.standing.InForce()), []any{c.now.events}))
		inserts = append(inserts, append([]any{key, c.now.events}, recordArgs(*c.record)...))
	}
	if err := s.setAll(ctx, closing); err != nil {
		return err
	}
	if len(inserts) > 0 {
		if _, err := s.execAll(ctx, s.sql.insertAll, inserts); err != nil {
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
	result, err := s.execAll(ctx, s.sql.setAll, rows)
	if err != nil {
		return err
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return failed(s.sql.setAll.role, err)
	}
	if changed != int64(len(rows))*max(s.sql.perUpsert, 1) {
		return asConflict(errLockLost)
	}
	return nil
}
