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

// mapStore is a whole store.
type mapStore struct {
	mu      sync.Mutex
	ledgers map[store.Key]*store.Ledger // the records of each key, and what follows from them
}

func (m *mapStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := key.Validate(); err != nil {
		return store.State{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ledger(key).State(), ctx.Err() // never seen: Unknown
}

func (m *mapStore) ledger(key store.Key) *store.Ledger {
	if ledger, seen := m.ledgers[key]; seen {
		return ledger
	}
	return store.NewLedger(key, nil) // in a database: of the records that are stored
}

func (m *mapStore) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev, err := ev.Normalize() // validated, in UTC, as every store keeps it
	if err != nil {
		return store.Result{}, err
	}
	m.mu.Lock() // in a database: one transaction, which starts with a write
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	ledger := m.ledger(ev.Key)
	result, err := ledger.Append(ev, time.Now().UTC().Truncate(store.Precision)) // the one rule
	if err != nil {
		return store.Result{}, err
	}
	m.ledgers[ev.Key] = ledger // in a database: insert result.Record, unless it is a Duplicate
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
	records := m.ledger(q.Key).Records()
	from := 0
	if q.After != "" { // "2 acme +14155552671": the next record, of this key
		for from = 1; q.After != cursor(from, q.Key); from++ {
			if from >= len(records) {
				return store.RecordPage{}, store.ErrBadCursor
			}
		}
	}
	var page store.RecordPage
	to := min(from+limit, len(records))
	page.Records = append(page.Records, records[from:to]...)
	if to < len(records) {
		page.Next = cursor(to, q.Key)
	}
	return page, ctx.Err()
}

func cursor(next int, key store.Key) store.Cursor {
	return store.Cursor(strconv.Itoa(next) + " " + key.Account + " " + key.Number)
}

// endregion store

func newMapStore() *mapStore {
	return &mapStore{ledgers: map[store.Key]*store.Ledger{}}
}

// region run

func TestMapStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return newMapStore() }, nil)
}

func BenchmarkMapStore(b *testing.B) {
	storetest.Benchmark(b, func(testing.TB) store.Store { return newMapStore() })
}

// endregion run
