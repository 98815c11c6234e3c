package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// history is all that is known of a key beside its row.
type history struct {
	events

	holds []holdRow
}

// remake makes the standing of a key anew from its events, with one more if ev is not nil,
// by a store.Ledger. It is for a row that was lost or half written, and for what takes an
// opt-out or a consent back: the standing is then that of the history without it.
func (s session) remake(was keyRow, h history, ev *store.Event, now time.Time) (change, error) {
	c := change{was: was, now: was, remade: true}
	c.now.events = max(was.events, was.last)
	all := slices.Concat(h.records, was.unexplained(h.records))
	seqs := append(slices.Clone(h.seqs), make([]int64, len(all)-len(h.seqs))...)
	ledger := store.NewLedger(was.key(), all)
	if ev != nil {
		result, err := ledger.Append(*ev, now)
		if err != nil {
			return change{}, err
		}
		c.record = &result.Record
		c.now.events++
		seqs = append(seqs, c.now.events)
	}
	c.now.standing = was.explained(ledger.Standing())
	c.want = wantedHolds(ledger, seqs)
	s.remakeHolds(&c, h.holds)
	return c, nil
}

// unexplained returns the opt-out and the hold of a row that no event of the history
// explains: a host that committed after an error has left them half written, or the events
// were lost. They stay in force. As records they have no ID, so that they are nobody's
// duplicate.
func (k keyRow) unexplained(known []store.Record) []store.Record {
	var half []store.Record
	for _, s := range []store.State{k.standing.Hold, k.standing.State} {
		action := store.Hold
		switch s.Status {
		case store.Held:
		case store.OptedOut:
			action = store.OptOut
		default:
			continue
		}
		explained := slices.ContainsFunc(known, func(r store.Record) bool {
			return r.ID == s.EventID && r.Action == s.Action && r.RecordedAt.Equal(s.RecordedAt)
		})
		if !explained {
			half = append(half, store.Record{
				Event:      store.Event{Key: s.Key, Action: action, At: s.At, ReceivedAt: s.ReceivedAt, Source: s.Source},
				RecordedAt: s.RecordedAt,
			})
		}
	}
	return half
}

// explained gives the states that unexplained records have made their ID and action back.
func (k keyRow) explained(s store.Standing) store.Standing {
	if s.State.Status == store.OptedOut && s.State.EventID == "" {
		s.State = k.standing.State
	}
	if s.Hold.Status == store.Held && s.Hold.EventID == "" {
		s.Hold = k.standing.Hold
	}
	return s
}

// pageSize is how many rows of a key are read at once.
const pageSize = 1_000

// keyHistory reads a key's events and holds.
func (s session) keyHistory(ctx context.Context, key store.Key) (h history, err error) {
	err = s.pages(ctx, key, s.sql.history.page, func(row *row) (seq int64, err error) {
		r, err := scanRecord(row, key, &seq)
		h.records, h.seqs = append(h.records, r), append(h.seqs, seq)
		return seq, err
	})
	if err != nil {
		return history{}, err
	}
	err = s.pages(ctx, key, s.sql.allHolds, func(row *row) (seq int64, err error) {
		var hold holdRow
		err = row.scan(&hold.seq, &hold.since, &hold.bound, &hold.fate, &hold.waits)
		h.holds = append(h.holds, hold)
		return hold.seq, err
	})
	return h, err
}

// pages reads all rows of a key, a page after the other.
func (s session) pages(ctx context.Context, key store.Key, st *statement, scan func(*row) (seq int64, err error)) error {
	for more, after := true, int64(0); more; {
		rows := 0
		err := s.query(ctx, st, []any{key, after, pageSize}, func(row *row) (err error) {
			rows++
			after, err = scan(row)
			return err
		})
		if err != nil {
			return err
		}
		more = rows == pageSize
	}
	return nil
}
