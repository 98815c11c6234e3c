package faultstore

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

var _ store.Searcher = (*Store)(nil)

// Search implements [store.Searcher]. If the wrapped store is no
// Searcher, the error is errors.ErrUnsupported.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	return call(s, Op{Kind: OpSearch, Key: store.Key{Account: q.Account}}, func() (store.StatePage, error) {
		return store.Search(ctx, s.wrapped, q)
	})
}
