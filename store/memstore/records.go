package memstore

import (
	"context"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var _ store.RecordGetter = (*Store)(nil)

// GetRecords implements [store.RecordGetter].
func (s *Store) GetRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	if err := cursor.CheckRecords(ctx, key, id); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var records []store.Record
	for _, r := range s.records(key) {
		if r.ID == id {
			records = append(records, r)
		}
	}
	return records, nil
}
