package sqlstore

import (
	"cmp"
	"context"
	"fmt"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var (
	_ store.Counter = (*Store)(nil)
	_ store.Counter = (*txStore)(nil)
)

// The statement counts an account's rows by status, in the index by status alone.
func (s *statements) counts() {
	from := cmp.Or(s.countSQL, " FROM {state} WHERE account = ? AND status > 0")
	s.counted = s.statement("counts", s.marked("status, COUNT(*)", from+" GROUP BY status"))
}

// Count implements [store.Counter], with one statement that reads the account's entries in
// the index by status.
func (s *Store) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	return read(ctx, s, "Count", func(r session) (store.KeyCounts, error) { return r.counts(ctx, account) })
}

// Count locks what it counts where that keeps a read from being old: see [Store.WithTx].
func (t *txStore) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	return readTx(ctx, t, "Count", func(r session) (store.KeyCounts, error) { return r.counts(ctx, account) })
}

func (s session) counts(ctx context.Context, account string) (counts store.KeyCounts, err error) {
	if err := cursor.CheckAccount(ctx, account); err != nil {
		return store.KeyCounts{}, err
	}
	whole := false
	err = s.query(ctx, s.sql.counted, []any{account}, func(row *row) error {
		var status store.Status
		var n int64
		if err := row.scan(&status, &n); err != nil {
			return err
		}
		switch status {
		case store.Unknown: // the row of the mark
			whole = true
		case store.OptedIn, store.OptedOut, store.Held:
			counts.Add(status, n)
		default:
			return fmt.Errorf("%d rows have the status %d, which no store gives", n, status)
		}
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	if err != nil {
		return store.KeyCounts{}, err
	}
	return counts, nil
}
