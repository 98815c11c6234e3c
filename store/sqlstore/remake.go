package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// holdRow is a row of the table of holds.
type holdRow struct {
	seq, since, bound int64
	fate              int
	waits             bool
}

// history is all that is known of a key beside its row.
type history struct {
	records
	holds []holdRow
}

// remake makes the standing of a key anew from its events, with one more if ev is not nil,
// by a store.Ledger. It is for a row that was lost or half written, and for the review of
// an opt-out: the standing is then that of the history without it.
func (a appender) remake(was keyRow, h history, ev *store.Event, now time.Time) (change, *store.Ledger, error) {
	c := change{was: was, now: was, remade: true}
	c.now.events = max(was.events, was.last)
	all := append(slices.Clone(h.records.records), was.unexplained(h.records.records)...)
	seqs := append(slices.Clone(h.seqs), make([]int64, len(all)-len(h.seqs))...)
	ledger := store.NewLedger(was.standing.State.Key, all)
	if ev != nil {
		result, err := ledger.Append(*ev, now)
		if err != nil {
			return change{}, nil, err
		}
		c.record = &result.Record
		c.now.events++
		seqs = append(seqs, c.now.events)
	}
	c.now.standing = was.explained(ledger.Standing())
	a.remakeHolds(&c, ledger, seqs, h.holds)
	return c, ledger, nil
}

// unexplained returns the opt-out and the hold of a row that no event of the history
// explains: a host that committed after an error has left them half written, or the events
// were lost. They stay in force. As records they have no ID, so that they are nobody's
// duplicate.
func (k keyRow) unexplained(known []store.Record) []store.Record {
	var half []store.Record
	for _, s := range []store.State{k.standing.Hold, k.standing.State} {
		if s.Status != store.OptedOut && s.Status != store.Held {
			continue
		}
		action := store.OptOut
		if s.Status == store.Held {
			action = store.Hold
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

// remakeHolds adds to a change what makes the table of holds that of the ledger. Most rows
// need no change: those before the first open hold have ended by keyRow.holdsFrom.
func (a appender) remakeHolds(c *change, ledger *store.Ledger, seqs []int64, rows []holdRow) {
	key := []any{a.d.text(c.now.standing.State.Key.Account), a.d.text(c.now.standing.State.Key.Number)}
	want := wantedHolds(ledger, seqs, c.now.held())
	c.now.holdsFrom = c.now.events + 1
	for _, w := range want {
		if w.fate == fateOpen {
			c.now.holdsFrom = min(c.now.holdsFrom, w.seq)
		}
	}
	have := make(map[int64]holdRow, len(rows))
	for _, row := range rows {
		have[row.seq] = row
	}
	show := false
	for _, w := range want {
		row, there := have[w.seq]
		delete(have, w.seq)
		switch {
		case !there && w.fate != fateEnded, there && row.differs(w, c.now.holdsFrom):
			c.holds = append(c.holds, saying{a.sql.setHold, slices.Concat(key, []any{w.seq, w.since, w.bound, int64(w.fate), bit(w.waits)})})
		case there:
			show = show || w.waits && !row.waits
			c.now.untidy = c.now.untidy || row.stale(w.waits, c.now.holdsFrom)
		}
	}
	for _, row := range have { // rows of no hold
		if row.at(c.now.holdsFrom) == fateOpen {
			c.holds = append(c.holds, saying{a.sql.endHold, slices.Concat([]any{int64(fateEnded)}, key, []any{row.seq})})
		}
		c.now.untidy = c.now.untidy || row.stale(false, c.now.holdsFrom)
	}
	if show {
		c.holds = append(c.holds, saying{a.sql.showHolds, slices.Concat(key, []any{c.now.holdsFrom})})
	}
}

// wantedHolds are the rows that the holds of a history should have. A hold that has not
// opened needs none; one that has ended is the same.
func wantedHolds(ledger *store.Ledger, seqs []int64, held bool) []holdRow {
	open := make(map[int]bool)
	for _, place := range ledger.Open() {
		open[place] = true
	}
	var want []holdRow
	for place, r := range ledger.Records() {
		if r.Action != store.Hold || place >= len(seqs) || seqs[place] == 0 {
			continue
		}
		row := holdRow{
			seq: seqs[place], since: r.ReceivedOrRecorded().UnixMicro(), bound: boundOf(store.LiftedAfter(r.At, r.ReceivedAt)), fate: fateEnded,
		}
		switch {
		case open[place]:
			row.fate, row.waits = fateOpen, held
		case ledger.Released(place):
			row.fate = fateReleased
		}
		want = append(want, row)
	}
	return want
}

// at returns what a row says beside a keyRow.holdsFrom.
func (h holdRow) at(holdsFrom int64) int {
	if h.fate == fateOpen && h.seq < holdsFrom {
		return fateEnded
	}
	return h.fate
}

// differs reports whether a row is wrong, beside a keyRow.holdsFrom and whether it waits.
func (h holdRow) differs(want holdRow, holdsFrom int64) bool {
	return h.at(holdsFrom) != want.fate || want.fate == fateOpen && (h.since != want.since || h.bound != want.bound)
}

// stale reports whether a row is right, beside a keyRow.holdsFrom, and untidy.
func (h holdRow) stale(waits bool, holdsFrom int64) bool {
	return h.fate == fateOpen && (h.seq < holdsFrom || h.waits && !waits)
}

// pageSize is how many rows of a key are read at once.
const pageSize = 1_000

// history reads a key's events and holds.
func (a appender) history(ctx context.Context, key store.Key) (h history, err error) {
	err = a.pages(ctx, key, a.sql.history.page, func(row *row) (seq int64, err error) {
		record, err := scanRecord(row, key, &seq)
		h.records.records, h.seqs = append(h.records.records, record), append(h.seqs, seq)
		return seq, err
	})
	if err != nil {
		return history{}, err
	}
	err = a.pages(ctx, key, a.sql.allHolds, func(row *row) (seq int64, err error) {
		var hold holdRow
		var waits int64
		err = row.scan(&hold.seq, &hold.since, &hold.bound, &hold.fate, &waits)
		hold.waits = waits != 0
		h.holds = append(h.holds, hold)
		return hold.seq, err
	})
	return h, err
}

// pages reads all rows of a key, a page after the other.
func (a appender) pages(ctx context.Context, key store.Key, st statement, scan func(*row) (seq int64, err error)) error {
	for more, after := true, int64(0); more; {
		rows := 0
		args := []any{a.d.text(key.Account), a.d.text(key.Number), after, int64(pageSize)}
		err := query(ctx, a.q, st, args, func(row *row) (err error) {
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
