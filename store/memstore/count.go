package memstore

import (
	"context"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var _ store.Counter = (*Store)(nil)

// Count implements [store.Counter].
func (s *Store) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	if err := cursor.CheckAccount(ctx, account); err != nil {
		return store.KeyCounts{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var counts store.KeyCounts
	if a := s.accounts[account]; a != nil {
		for _, numbers := range [][]string{a.sorted, a.recent} {
			for _, number := range numbers {
				counts.Add(s.state(store.Key{Account: account, Number: number}).Status, 1)
			}
		}
	}
	return counts, nil
}
