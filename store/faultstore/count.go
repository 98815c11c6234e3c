package faultstore

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

var _ store.Counter = (*Store)(nil)

// Count implements [store.Counter], by the List of the wrapped store if that is no Counter.
// If it is no Lister either, the answer is errors.ErrUnsupported.
func (s *Store) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	return call(s, Op{Kind: OpCount, Key: store.Key{Account: account}}, func() (store.KeyCounts, error) {
		return store.Count(ctx, s.wrapped, account)
	})
}
