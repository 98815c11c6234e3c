package sqlstore

import (
	"context"
	"math"

	"github.com/seed-f10031e4/consent/store"
)

// The table of holds has each hold that has opened. A hold is open if its row says so and
// its seq is not before keyRow.holdsFrom: so an opt-in ends any number of holds by one
// number in the key's row. A row says that the hold waits for a review; it does if it is
// open and the key is held, which the key's row tells. Rows that say what has changed
// since are tidied in batches.

// What became of a hold, as its row says it.
const (
	fateOpen     = 0
	fateEnded    = 1
	fateReleased = 2
)

// holdRow is a row of the table of holds.
type holdRow struct {
	seq          int64 // of the event that opened the hold
	since, bound int64 // in microseconds
	fate         int
	waits        bool
}

func newHold(r store.Record, seq int64) holdRow {
	h := holdRow{seq: seq, since: r.ReceivedOrRecorded().UnixMicro(), bound: math.MinInt64} // every opt-in lifts it
	if bound := store.LiftedAfter(r.At, r.ReceivedAt); !bound.IsZero() {
		h.bound = bound.UnixMicro()
	}
	return h
}

// setHold makes a row what it is here.
func (s session) setHold(key store.Key, h holdRow) saying {
	return saying{st: s.sql.setHold, args: []any{key, h.seq, h.since, h.bound, h.fate, h.waits}}
}

// fateIn returns what became of a hold, as its row says it beside the key's row.
func (h holdRow) fateIn(k keyRow) int {
	if h.fate == fateOpen && h.seq < k.holdsFrom {
		return fateEnded
	}
	return h.fate
}

// changeHolds adds to a change what becomes of the table of holds.
func (s session) changeHolds(c *change, settles settled) {
	r, key := c.record, c.now.key()
	was, now := c.was.standing.Hold, c.now.standing.Hold
	say := func(st *statement, args ...any) { c.holds = append(c.holds, saying{st: st, args: args}) }
	switch r.Action {
	case store.Hold:
		if r.Effective {
			h := newHold(*r, c.now.events)
			h.waits = c.now.held()
			c.holds = append(c.holds, s.setHold(key, h))
		}
	case store.OptIn:
		if was.Status != store.Unknown && now.Status == store.Unknown {
			c.now.holdsFrom, c.now.untidy = c.now.events, true
		} else if was.Status != store.Unknown {
			say(s.sql.endHolds, key, c.now.holdsFrom, r.At.UnixMicro())
		}
		if c.now.held() && !c.was.held() {
			say(s.sql.showHolds, key, c.now.holdsFrom)
		}
	case store.Release:
		if settles.text.Open {
			say(s.sql.endHold, fateReleased, key, settles.seq)
		}
	case store.Uphold:
		if text := settles.text; text.Open || text.Released && !text.Restarted {
			say(s.sql.endHold, fateEnded, key, settles.seq)
		}
	default: // no hold opens or ends
	}
	if c.was.held() && !c.now.held() && now.Status != store.Unknown { // hidden by an opt-out
		c.now.untidy = true
	}
}

// wantedHolds are the rows that the holds of a history should have. A hold that has not
// opened needs none; one that has ended is the same.
func wantedHolds(ledger *store.Ledger, seqs []int64) []holdRow {
	open := make(map[int]bool)
	for _, place := range ledger.Open() {
		open[place] = true
	}
	var want []holdRow
	for place, r := range ledger.Records() {
		if r.Action != store.Hold || seqs[place] == 0 {
			continue
		}
		h := newHold(r, seqs[place])
		switch {
		case open[place]:
			h.fate = fateOpen
		case ledger.Released(place):
			h.fate = fateReleased
		default:
			h.fate = fateEnded
		}
		want = append(want, h)
	}
	return want
}

// wrongHolds is what is wrong with the rows of a key's holds, beside its row.
type wrongHolds struct {
	rows   []holdRow // as they should be
	hidden bool      // a hold that waits has a row that does not say so
	shown  bool      // a hold that does not wait has a row that says so
	stale  bool      // there are rows to be tidied
}

// compareHolds compares rows with those that are wanted. Most need no change: those before
// the first open hold have ended by keyRow.holdsFrom.
func compareHolds(k keyRow, want, have []holdRow) (wrong wrongHolds) {
	wanted := make(map[int64]holdRow, len(want))
	for _, w := range want {
		w.waits = w.fate == fateOpen && k.held()
		wanted[w.seq] = w
	}
	for _, h := range have {
		w, known := wanted[h.seq]
		delete(wanted, h.seq)
		if !known { // a row of no hold
			w = holdRow{seq: h.seq, since: h.since, bound: h.bound, fate: fateEnded}
		}
		if h.fateIn(k) != w.fate || w.fate == fateOpen && (h.since != w.since || h.bound != w.bound) {
			wrong.rows = append(wrong.rows, w)
		} else {
			stale := h.fate == fateOpen && (h.seq < k.holdsFrom || h.waits && !w.waits)
			wrong.stale = wrong.stale || stale
			wrong.shown = wrong.shown || stale && h.waits
			wrong.hidden = wrong.hidden || w.waits && !h.waits
		}
	}
	for _, w := range want {
		if w, missing := wanted[w.seq]; missing && w.fate != fateEnded {
			wrong.rows = append(wrong.rows, w)
		}
	}
	return wrong
}

// remakeHolds adds to a change what makes the table of holds that of the events.
func (s session) remakeHolds(c *change, have []holdRow) {
	key := c.now.key()
	c.now.holdsFrom = c.now.events + 1
	for _, w := range c.want {
		if w.fate == fateOpen {
			c.now.holdsFrom = min(c.now.holdsFrom, w.seq)
		}
	}
	wrong := compareHolds(c.now, c.want, have)
	for _, h := range wrong.rows {
		c.holds = append(c.holds, s.setHold(key, h))
	}
	if wrong.hidden {
		c.holds = append(c.holds, saying{st: s.sql.showHolds, args: []any{key, c.now.holdsFrom}})
	}
	c.now.untidy = c.now.untidy || wrong.stale
}

// tidyBatch is how many rows a transaction tidies, while it holds the key's lock, and on
// SQLite everybody's.
const tidyBatch = 500

// tidy makes one batch of rows say what is so, under the key's lock, and reports whether
// there may be more.
func (s session) tidy(ctx context.Context, k keyRow) (more bool, err error) {
	waiting := int64(math.MaxInt64) // none waits
	if k.held() {
		waiting = k.holdsFrom
	}
	for _, stale := range []struct {
		waits bool // what the rows say
		until int64
	}{{true, waiting}, {false, k.holdsFrom}} {
		var first, last int64
		count := 0
		err := s.query(ctx, s.sql.staleHolds, []any{k.key(), stale.waits, stale.until}, func(row *row) error {
			return row.scan(&first, &last, &count)
		})
		if err != nil {
			return false, err
		}
		if count == 0 {
			continue
		}
		_, err = s.exec(ctx, s.sql.tidyHolds, k.holdsFrom, k.key(), stale.waits, first, last)
		if err != nil || count == tidyBatch {
			return true, err
		}
	}
	_, err = s.exec(ctx, s.sql.tidied, k.key())
	return false, err
}

// tidy tidies a key's rows in transactions of their own. What stays untidy is right all
// the same, and slower to read; the next Append of the key goes on. So an error ends it,
// and is nobody's.
func (s *Store) tidy(ctx context.Context, key store.Key) {
	for more := true; more; {
		err := s.inTx(ctx, func(tx session) error {
			k, err := tx.lock(ctx, key)
			more = k.untidy
			if err == nil && more {
				more, err = tx.tidy(ctx, k)
			}
			return err
		})
		if err != nil {
			if s.opts.Logger != nil {
				s.opts.Logger.DebugContext(ctx, "sqlstore: the table of holds stays untidy for now", "error", err)
			}
			return
		}
	}
}
