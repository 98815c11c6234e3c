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
	mu     sync.Mutex
	state  map[store.Key]store.State
	events map[store.Key][]store.Event
}

func (m *mapStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := key.Validate(); err != nil {
		return store.State{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now(key), ctx.Err()
}

func (m *mapStore) now(key store.Key) store.State {
	if state, seen := m.state[key]; seen {
		return state
	}
	return store.State{Key: key} // never seen: Unknown
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

	now := m.now(ev.Key)
	var stored store.Event // the latest with this id and status
	var sameStatus, otherStatus bool
	for _, old := range m.events[ev.Key] {
		if old.ID == ev.ID && old.Status == ev.Status {
			stored, sameStatus = old, true
		}
		otherStatus = otherStatus || old.ID == ev.ID && old.Status != ev.Status
	}
	duplicate, err := store.Replay(now, ev, sameStatus, otherStatus)
	if err != nil || duplicate {
		return store.Result{State: now, Event: stored, Duplicate: duplicate}, err
	}

	ev.RecordedAt = time.Now().UTC().Truncate(store.Precision)
	ev.Prior = now.Status
	now, ev.Effective = store.Next(now, ev) // the one rule
	m.events[ev.Key] = append(m.events[ev.Key], ev)
	m.state[ev.Key] = now
	return store.Result{State: now, Event: ev}, nil
}

func (m *mapStore) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.EventPage{}, err
	}
	if err := q.Key.Validate(); err != nil {
		return store.EventPage{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events[q.Key]
	from := 0
	if q.After != "" { // "2 acme +14155552671": the next event, of this key
		for from = 1; q.After != cursor(from, q.Key); from++ {
			if from >= len(events) {
				return store.EventPage{}, store.ErrBadCursor
			}
		}
	}
	var page store.EventPage
	to := min(from+limit, len(events))
	page.Events = append(page.Events, events[from:to]...)
	if to < len(events) {
		page.Next = cursor(to, q.Key)
	}
	return page, ctx.Err()
}

func cursor(next int, key store.Key) store.Cursor {
	return store.Cursor(strconv.Itoa(next) + " " + key.Account + " " + key.Number)
}

// endregion store

func newMapStore() *mapStore {
	return &mapStore{state: map[store.Key]store.State{}, events: map[store.Key][]store.Event{}}
}

// region run

func TestMapStore(t *testing.T) {
	storetest.Run(t, func() store.Store { return newMapStore() }, nil)
}

func BenchmarkMapStore(b *testing.B) {
	storetest.Benchmark(b, func() store.Store { return newMapStore() })
}

// endregion run
