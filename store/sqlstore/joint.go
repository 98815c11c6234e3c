package sqlstore

import (
	"context"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// A joint statement writes a key's row and its event: the database does both or neither, so
// nothing can come between them. It saves a round trip. One of them locks many rows, or one, and
// records the first events of those that are new (dialect.firstsSQL). The other one writes a
// later event that changes no row of the table of holds (dialect.joint).

// jointly makes the joint statement of a later event.
func (s *statements) jointly() {
	if !s.joint {
		return
	}
	s.updateAndInsert = s.statement("state and event",
		"WITH changed AS (UPDATE {state} SET "+strings.ReplaceAll(stateColumns+", "+underColumns, ",", " = ?,")+" = ?, "+
			"events = ?, holds_from = ?, untidy = ?, half = ?"+thisKey+" AND events = ? RETURNING account, number, events), "+
			"event AS (INSERT INTO {events} (account, number, seq, "+eventColumns+") "+
			"SELECT account, number, events, "+strings.Join(casts(eventTypes), ", ")+" FROM changed RETURNING seq) "+
			"SELECT {mark}, COUNT(*) FROM event")
}

// lockOrFirst locks the key's row, as lock does. If the key is new and the event shows in its
// state, it appends the event in the same statement, which is that of a batch, and returns
// the record.
func (s session) lockOrFirst(ctx context.Context, ev store.Event) (was keyRow, first *store.Record, err error) {
	if s.sql.firstsSQL != "" && isSimple(ev.Action) {
		firsts, err := s.firsts(ctx, &batch{events: []store.Event{ev}}, [][]int{{0}})
		if err != nil {
			return keyRow{}, nil, err
		}
		if firsts[0].record != nil {
			rows, err := s.lockAll(ctx, firsts)
			if was = rows[ev.Key]; was.first {
				first = firsts[0].record
			}
			return was, first, err
		}
	}
	was, err = s.lock(ctx, ev.Key)
	return was, nil, err
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
