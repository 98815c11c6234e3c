package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Erase implements [store.Eraser], in a transaction of its own, which is run again as that
// of Append. One statement erases all events of the key.
//
// The tables no longer hold the evidence when Erase has returned nil. What the database
// keeps beside its tables is out of reach: see "Erasure" in the documentation of the
// package.
func (s *Store) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	ev, err := store.ErasureOf(key, actor, note, at)
	if err != nil {
		return err
	}
	untidy := false
	err = s.run(ctx, "Erase", func() error {
		if err := s.prepare(ctx, s.sql.erases); err != nil {
			return err
		}
		return s.inTx(ctx, func(tx session) (err error) {
			untidy, err = tx.erase(ctx, ev)
			return err
		})
	})
	if err == nil && untidy {
		s.tidy(ctx, key)
	}
	return err
}

func (t *txStore) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	if t.refused != nil {
		return t.refused
	}
	ev, err := store.ErasureOf(key, actor, note, at)
	if err != nil {
		return err
	}
	_, err = t.tx.erase(ctx, ev)
	return t.wrap("Erase", err)
}

// erase erases the events of a key inside a transaction, and records it. It locks the key
// first, so that an Append comes before it or after it. The evidence goes before the event
// that says so is recorded: a host that commits after an error between the two has no
// record of what was not done.
func (s session) erase(ctx context.Context, ev store.Event) (untidy bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	was, err := s.lock(ctx, ev.Key)
	if err != nil {
		return false, err
	}
	if was.events == 0 && was.last == 0 && was.standing.InForce().Status == store.Unknown {
		_, err := s.exec(ctx, s.sql.forget, ev.Key) // the row that the lock has made
		return false, err
	}
	restore, err := s.secureDelete(ctx)
	if err != nil {
		return false, err
	}
	if err = s.eraseApart(ctx, ev.Key); err == nil {
		_, err = s.exec(ctx, s.sql.erase, ev.Key)
	}
	if restoreErr := restore(ctx); err == nil {
		err = restoreErr
	}
	if err != nil {
		return false, err
	}
	done, err := s.append(ctx, ev)
	return done.untidy, err
}

// secureDelete makes the database overwrite what it frees, where it can.
func (s session) secureDelete(ctx context.Context) (restore func(context.Context) error, err error) {
	if s.sql.secureDelete == nil {
		return func(context.Context) error { return nil }, nil
	}
	return s.sql.secureDelete(ctx, s)
}

// eraseApart erases the events of which a review has settled some and not others, or a Void may
// take back some and not others: they must be told apart after that too. There are none if the
// ids of messages and requests are unique.
func (s session) eraseApart(ctx context.Context, key store.Key) error {
	var ids []string
	for _, st := range []*statement{s.sql.settledApart, s.sql.recordedApart} {
		whole := false
		err := s.query(ctx, st, []any{key}, func(row *row) error {
			var id string
			err := row.scan(&id)
			if id == "" { // the row of the mark
				whole = true
			} else if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			return err
		})
		if err == nil && !whole {
			err = errWrongTable
		}
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := s.eraseID(ctx, key, id); err != nil {
			return err
		}
	}
	return nil
}

// eraseID erases the events with an id, and the Voids of them.
func (s session) eraseID(ctx context.Context, key store.Key, id string) error {
	all, err := s.sameID(ctx, keyRow{events: 1}, store.Event{ID: store.VoidPrefix + id, Key: key, Action: store.Void})
	if err != nil {
		return err
	}
	var same []*store.Record
	var seqs []int64
	for i := range all.records {
		// An event may have the id of a Void, and a Void the id of these events.
		if r := &all.records[i]; (r.Action == store.Void) == (r.ID != id) {
			same, seqs = append(same, r), append(seqs, all.seqs[i])
		}
	}
	store.EraseSame(same)
	for i, r := range same {
		if r.Action == store.Erase {
			continue
		}
		if _, err := s.exec(ctx, s.sql.eraseApart, []byte(r.From), []byte(r.Text), key, seqs[i]); err != nil {
			return err
		}
	}
	return nil
}
