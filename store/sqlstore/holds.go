package sqlstore

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

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

// tidyBatch is how many rows a transaction tidies, while it holds the key's lock, and on
// SQLite everybody's.
const tidyBatch = 500

// changeHolds adds to a change what becomes of the table of holds; seq is that of the hold
// that the record settles.
func (a appender) changeHolds(c *change, text store.Text, seq int64) {
	r := c.record
	was, now := c.was.standing.Hold, c.now.standing.Hold
	key := []any{a.d.text(r.Key.Account), a.d.text(r.Key.Number)}
	say := func(st statement, args ...any) { c.holds = append(c.holds, saying{st, args}) }
	switch r.Action {
	case store.Hold:
		if r.Effective {
			say(a.sql.setHold, slices.Concat(key, []any{c.now.events}, newHold(*r), []any{int64(fateOpen), bit(c.now.held())})...)
		}
	case store.OptIn:
		if was.Status != store.Unknown && now.Status == store.Unknown {
			c.now.holdsFrom, c.now.untidy = c.now.events, true
		} else if was.Status != store.Unknown {
			say(a.sql.endHolds, slices.Concat(key, []any{c.now.holdsFrom, r.At.UnixMicro()})...)
		}
		if c.now.held() && !c.was.held() {
			say(a.sql.showHolds, slices.Concat(key, []any{c.now.holdsFrom})...)
		}
	case store.Release:
		if text.Open {
			say(a.sql.endHold, slices.Concat([]any{int64(fateReleased)}, key, []any{seq})...)
		}
	case store.Uphold:
		if text.Open || text.Released && !text.Restarted {
			say(a.sql.endHold, slices.Concat([]any{int64(fateEnded)}, key, []any{seq})...)
		}
	default: // no hold opens or ends
	}
	if c.was.held() && !c.now.held() && now.Status != store.Unknown { // hidden by an opt-out
		c.now.untidy = true
	}
}

// newHold are the values of since_us and bound_us.
func newHold(r store.Record) []any {
	return []any{r.ReceivedOrRecorded().UnixMicro(), boundOf(store.LiftedAfter(r.At, r.ReceivedAt))}
}

func boundOf(t time.Time) int64 {
	if t.IsZero() { // before every opt-in
		return math.MinInt64
	}
	return t.UnixMicro()
}

// tidy makes one batch of rows say what is so, under the key's lock, and reports whether
// there may be more.
func (a appender) tidy(ctx context.Context, k keyRow) (more bool, err error) {
	key := []any{a.d.text(k.standing.State.Key.Account), a.d.text(k.standing.State.Key.Number)}
	waiting := int64(math.MaxInt64) // none waits
	if k.held() {
		waiting = k.holdsFrom
	}
	for _, stale := range []struct {
		waits bool // what the rows say
		until int64
	}{{true, waiting}, {false, k.holdsFrom}} {
		var first, last sql.NullInt64
		count := 0
		err := query(ctx, a.q, a.sql.staleHolds, slices.Concat(key, []any{bit(stale.waits), stale.until}), func(row *row) error {
			return row.scan(&first, &last, &count)
		})
		if err != nil {
			return false, err
		}
		if count == 0 {
			continue
		}
		_, err = exec(ctx, a.q, a.sql.tidyHolds, slices.Concat([]any{k.holdsFrom}, key, []any{bit(stale.waits), first.Int64, last.Int64})...)
		if err != nil || count == tidyBatch {
			return true, err
		}
	}
	_, err = exec(ctx, a.q, a.sql.tidied, key...)
	return false, err
}

// tidy tidies a key's rows in transactions of their own. What stays untidy is right all
// the same, and slower to read; the next Append of the key goes on. So an error ends it,
// and is nobody's.
func (s *Store) tidy(ctx context.Context, key store.Key) {
	for more := true; more; {
		err := inTx(ctx, s.db, s.dialect.isolation, func(tx *sql.Tx) error {
			a := s.appender(tx)
			k, err := a.lock(ctx, key)
			more = k.untidy
			if err == nil && more {
				more, err = a.tidy(ctx, k)
			}
			return err
		})
		if err != nil {
			if s.retry.logger != nil {
				s.retry.logger.DebugContext(ctx, "sqlstore: the table of holds stays untidy for now", "error", err)
			}
			return
		}
	}
}
