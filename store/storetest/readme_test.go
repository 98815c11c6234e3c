package storetest_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// region store

// mapStore is a whole store: it keeps the records, and a Ledger does the rest.
type mapStore struct {
	mu      sync.Mutex
	records map[store.Key][]store.Record
}

func (m *mapStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := key.Validate(); err != nil {
		return store.State{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return store.NewLedger(key, m.records[key]).State(), ctx.Err()
}

func (m *mapStore) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev, err := ev.Normalize() // validated, in UTC, as every store keeps it
	if err != nil {
		return store.Result{}, err
	}
	m.mu.Lock() // in a database: one transaction, which begins with a lock on the key
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	ledger := store.NewLedger(ev.Key, m.records[ev.Key])
	result, err := ledger.Append(ev, time.Now().UTC().Truncate(store.Precision))
	if err != nil {
		return store.Result{}, err
	}
	m.records[ev.Key] = ledger.Records()
	return result, nil
}

func (m *mapStore) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.RecordPage{}, err
	}
	if err := q.Key.Validate(); err != nil {
		return store.RecordPage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	records := m.records[q.Key]
	from := 0
	if q.After != "" { // "2 acme +14155552671": the next record, of this key
		for from = 1; q.After != cursor(from, q.Key); from++ {
			if from >= len(records) {
				return store.RecordPage{}, store.ErrBadCursor
			}
		}
	}
	to := min(from+limit, len(records))
	page := store.RecordPage{Records: append([]store.Record(nil), records[from:to]...)}
	if to < len(records) {
		page.Next = cursor(to, q.Key)
	}
	return page, ctx.Err()
}

func cursor(next int, key store.Key) store.Cursor {
	return store.Cursor(strconv.Itoa(next) + " " + key.Account + " " + key.Number)
}

// endregion store

// region run

func TestMapStore(t *testing.T) {
	storetest.Run(t, newMapStore, nil)
}

func BenchmarkMapStore(b *testing.B) {
	storetest.Benchmark(b, newMapStore)
}

// endregion run

func newMapStore(testing.TB) store.Store {
	return &mapStore{records: make(map[store.Key][]store.Record)}
}
