package faultstore

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

var _ store.RecordGetter = (*Store)(nil)

// GetRecords implements [store.RecordGetter]. If the wrapped store is no
// RecordGetter, it calls its own History for each page, and each of these calls can fail as well.
func (s *Store) GetRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	return call(s, Op{Kind: OpGetRecords, Key: key}, func() ([]store.Record, error) {
		if g, ok := store.As[store.RecordGetter](s.wrapped); ok {
			return g.GetRecords(ctx, key, id)
		}
		return store.GetRecords(ctx, single{s}, key, id)
	})
}
