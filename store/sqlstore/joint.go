package sqlstore

import (
	"context"
	"strings"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// A joint statement writes a key's row and its event: the database does both or neither, so
// nothing can come between them. Each saves a round trip. They serve what changes no row of
// the table of holds, where the database can (dialect.joint).

// jointly makes the joint statements.
func (s *statements) jointly() {
	if !s.joint {
		return
	}
	state, event := strings.Split(stateColumns, ", "), strings.Split(eventColumns, ", ")
	// The row of a key without events is made as the event wants it, and any other row is
	// locked as it is. The event is recorded if the row is the one that was made: if it is
	// another one after all, the event's place in the history is taken, which is a conflict.
	// Whether there are events is asked with a LIMIT: for EXISTS, a plan that was made while the
	// table was small reads all of it.
	s.lockFirst = s.statement("lock and first event",
		"WITH new AS (SELECT "+casts("ttt", "account, number, backwards")+", "+
			casts(stateTypes, "s_"+strings.Join(state, ", s_"))+", "+casts(eventTypes, eventColumns)+"), "+
			"locked AS (INSERT INTO {state} AS s (account, number, backwards, "+stateColumns+", events, holds_from, untidy, half) "+
			"SELECT new.account, new.number, new.backwards, "+
			"COALESCE(one.s_status, 0), COALESCE(one.s_action, 0), one.s_at_us, one.s_received_us, COALESCE(one.s_recorded_us, 0), "+
			"COALESCE(one.s_source, ''), COALESCE(one.s_event_id, ''), COALESCE(one.s_events, 0), 0, 0, 0 "+
			"FROM new LEFT JOIN LATERAL (SELECT new.s_"+strings.Join(state, ", new.s_")+", 1 AS s_events WHERE "+
			"(SELECT e.seq FROM {events} AS e WHERE e.account = new.account AND e.number = new.number "+
			"ORDER BY e.seq DESC LIMIT 1) IS NULL) AS one ON TRUE "+
			"ON CONFLICT (account, number) DO UPDATE SET events = s.events RETURNING account, "+allRowColumns+" AS last), "+
			"event AS (INSERT INTO {events} (account, number, seq, "+eventColumns+") "+
			"SELECT new.account, new.number, 1, new."+strings.Join(event, ", new.")+" FROM new JOIN locked AS l "+
			"ON l.events = 1 AND l.last IS NULL AND l.status = new.s_status AND l.action = new.s_action "+
			"AND l.recorded_us = new.s_recorded_us AND l.event_id = new.s_event_id RETURNING seq) "+
			"SELECT {mark}, (SELECT COUNT(*) FROM event), "+stateColumns+", "+underColumns+", events, holds_from, untidy, half, last FROM locked")
	s.updateAndInsert = s.statement("state and event",
		"WITH changed AS (UPDATE {state} SET "+strings.ReplaceAll(stateColumns+", "+underColumns, ",", " = ?,")+" = ?, "+
			"events = ?, holds_from = ?, untidy = ?, half = ?"+thisKey+" AND events = ? RETURNING account, number, events), "+
			"event AS (INSERT INTO {events} (account, number, seq, "+eventColumns+") "+
			"SELECT account, number, events, "+casts(eventTypes, "")+" FROM changed RETURNING seq) "+
			"SELECT {mark}, COUNT(*) FROM event")
}

// The types of stateColumns and eventColumns, a letter each: see typeOf.
const (
	stateTypes = "nnnnntt"
	eventTypes = "tnnnntnnbbbbbbbn"
)

// casts are arguments with their types, and with their names if they have any.
func casts(types, names string) string {
	named := strings.Split(names, ", ")
	var all []string
	for i, letter := range types {
		one := "CAST(? AS " + typeOf(letter) + ")"
		if names != "" {
			one += " AS " + named[i]
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

// lockOrFirst locks the key's row, as lock does. If the key is new and the event shows in its
// state, it appends the event in the same statement, and returns the record.
func (s session) lockOrFirst(ctx context.Context, ev store.Event) (was keyRow, first *store.Record, err error) {
	if s.sql.lockFirst == nil || !isSimple(ev.Action) {
		was, err = s.lock(ctx, ev.Key)
		return was, nil, err
	}
	was.standing.State.Key = ev.Key
	c, err := s.decide(ctx, was, ev, events{}, false)
	if err != nil {
		return keyRow{}, nil, err
	}
	state := c.now.standing.InForce()
	if state.Status == store.Unknown { // as the row of a key that is locked
		was, err = s.lock(ctx, ev.Key)
		return was, nil, err
	}
	args := append([]any{ev.Key, cursor.Backwards(ev.Key.Number)}, stateArgs(state)...)
	recorded, found := 0, false
	err = s.query(ctx, s.sql.lockFirst, append(args, recordArgs(*c.record)...), func(row *row) (err error) {
		found = true
		was, err = scanRow(row, &ev.Key, &recorded)
		return err
	})
	switch {
	case codeOf(err).duplicate:
		return keyRow{}, nil, asConflict(err)
	case err != nil:
		return keyRow{}, nil, err
	case !found:
		return keyRow{}, nil, errNoRow
	case recorded == 1:
		return c.now, c.record, nil
	}
	return was, nil, nil
}

// writeJointly writes a change with a record, and without rows of holds. The fence is on the
// row: if the lock was lost, nothing is written.
func (s session) writeJointly(ctx context.Context, c change) error {
	recorded := 0
	args := append(append(rowArgs(c.now), c.was.events), recordArgs(*c.record)...)
	err := s.query(ctx, s.sql.updateAndInsert, args, func(row *row) error { return row.scan(&recorded) })
	switch {
	case codeOf(err).duplicate:
		return asConflict(err)
	case err == nil && recorded != 1:
		return asConflict(errLockLost)
	}
	return err
}
