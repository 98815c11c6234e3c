package sqlstore

import (
	"context"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var (
	_ store.RecordGetter = (*Store)(nil)
	_ store.RecordGetter = (*txStore)(nil)
)

// GetRecords implements [store.RecordGetter], with the index by id.
func (s *Store) GetRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	return read(ctx, s, "GetRecords", func(r session) ([]store.Record, error) { return r.getRecords(ctx, key, id) })
}

func (t *txStore) GetRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	return readTx(ctx, t, "GetRecords", func(r session) ([]store.Record, error) { return r.getRecords(ctx, key, id) })
}

func (s session) getRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	if err := cursor.CheckRecords(ctx, key, id); err != nil {
		return nil, err
	}
	var same events
	err := s.withID(ctx, key, id, &same)
	return same.records, err
}
