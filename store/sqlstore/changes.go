package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// DefaultLongestTransaction is the LongestTransaction of Options that name none.
const DefaultLongestTransaction = time.Hour

var (
	errRestored = errors.New(`the events are from another cluster of PostgreSQL: see "Changes" in the documentation of sqlstore`)
	errInTx     = fmt.Errorf("in a transaction: %w: ask the plain store", errors.ErrUnsupported)
)

// listsChanges makes the statements that list changes.
func (s *statements) listsChanges() {
	from, order := " FROM {events}"+s.changesIndex+" WHERE account = ? AND place > ?", "place"
	if s.sharedPlaces {
		from, order = " FROM {events} WHERE account = ? AND (place, number, seq) > (?, ?, ?)", "place, number, seq"
	}
	from += " AND recorded_us >= ?"
	if s.firstOpen != "" {
		from += " AND place < " + s.firstOpen
	}
	s.changes = s.paged("changes", "place, number, seq, "+eventColumns, from, order)
	if s.nextPlace != "" {
		s.restored = s.statement("changes of another cluster", "SELECT {mark}, "+s.nextPlace+", COUNT(*) FROM "+
			"(SELECT 1 AS one FROM {events} WHERE account = ? AND place >= "+s.nextPlace+" LIMIT 1) AS later")
	}
	if s.lateSQL != "" {
		s.late = s.statement("late changes", s.lateSQL)
	}
}

// listChanges lists the records of an account by their places. What a place is, the
// dialects say.
func (s session) listChanges(ctx context.Context, q store.ChangesQuery, longest time.Duration) (page store.RecordPage, err error) {
	listing, err := cursor.Changes(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	// What was recorded before settled has taken its place at the latest one transaction after
	// that, and who took a place before has committed after one more.
	since, settled := micro(q.Since), time.Now().Add(-longest).Add(-longest).UnixMicro()
	after := listing.After
	if s.sql.late != nil {
		if after, err = s.afterLate(ctx, q.Account, after, settled); err != nil {
			return page, err
		}
	}
	const tries = 5
	for try := 0; try < tries; try++ {
		args := s.changesArgs(q.Account, after, since, settled)
		err = s.query(ctx, s.sql.changes.page, append(slices.Clip(args), listing.Limit), func(row *row) error {
			var at cursor.Place
			r, err := scanRecord(row, store.Key{}, &at.Since, &at.Number, &at.Seq)
			r.Key = store.Key{Account: q.Account, Number: at.Number}
			if after = s.afterRecord(after, at); err == nil && r.RecordedAt.UnixMicro() >= since {
				page.Records = append(page.Records, r)
			}
			try = -1 // what is not listed yet gets tries of its own
			return err
		})
		if err != nil {
			return store.RecordPage{}, err
		}
		if len(page.Records) > 0 {
			page.Next = listing.Cursor(after)
			return page, nil
		}
		there := -1
		args = s.changesArgs(q.Account, after, since, settled)
		err = s.query(ctx, s.sql.changes.any, args, func(row *row) error { return row.scan(&there) })
		if err == nil && there == 0 && s.sql.restored != nil {
			err = s.checkCluster(ctx, q.Account, after.Since)
		}
		if err != nil || there == 0 {
			return page, err
		}
	}
	return page, errWrongTable
}

// changesArgs are the arguments of statements.changes.
func (s session) changesArgs(account string, after cursor.Place, since, settled int64) []any {
	switch {
	case s.sql.sharedPlaces:
		return []any{account, after.Since, after.Number, after.Seq, since}
	case s.sql.late != nil: // what is not settled is counted
		return []any{account, after.Since, min(since, settled)}
	default:
		return []any{account, after.Since, since}
	}
}

// checkCluster fails if a record or a cursor has a place that this cluster has not come to:
// it would not be listed for long, and what is recorded meanwhile would not come after it.
func (s session) checkCluster(ctx context.Context, account string, after int64) error {
	var next, later int64
	err := s.query(ctx, s.sql.restored, []any{account}, func(row *row) error { return row.scan(&next, &later) })
	switch {
	case err != nil:
		return err
	case next == 0: // the statement always has a row
		return errWrongTable
	case later > 0:
		return errRestored
	case after >= next:
		return store.ErrBadCursor
	}
	return nil
}

// afterLate returns where a listing goes on whose places are taken before their records are
// committed. In its place, Since is the place of the last record that was read. Up to the
// place Seq all are committed, since that one is settled. Count is how many were read after
// Seq. If there are more now, some were committed late, and the listing goes on after Seq.
func (s session) afterLate(ctx context.Context, account string, after cursor.Place, settled int64) (cursor.Place, error) {
	there, last, beyond := int64(-1), int64(0), int64(0)
	err := s.query(ctx, s.sql.late, []any{account, settled, account, after.Seq, after.Since}, func(row *row) error {
		return row.scan(&there, &last, &beyond)
	})
	switch {
	case err != nil:
		return after, err
	case there < 0: // the statement always has a row
		return after, errWrongTable
	case there != after.Count:
		return cursor.Place{Since: after.Seq, Seq: max(after.Seq, last)}, nil
	case last > after.Seq:
		return cursor.Place{Since: after.Since, Seq: last, Count: beyond}, nil
	}
	return after, nil
}

// afterRecord returns where a listing goes on after a record.
func (s session) afterRecord(after, at cursor.Place) cursor.Place {
	if s.sql.late == nil {
		return at
	}
	after.Since = at.Since
	if at.Since > after.Seq {
		after.Count++
	}
	return after
}

// micro returns the first microsecond that is not before a time, of those that records have.
func micro(since time.Time) int64 {
	const first, last = 1, 9_999 // years
	switch {
	case since.IsZero() || since.Year() < first:
		return math.MinInt64
	case since.Year() > last:
		return math.MaxInt64
	}
	return since.Add(store.Precision - 1).UnixMicro()
}
