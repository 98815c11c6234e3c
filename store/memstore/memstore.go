package memstore

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Store is a store in memory. The zero Store is empty and ready.
type Store struct {
	seedOnce sync.Once
	seed     maphash.Seed // signs the cursors of this store

	mu       sync.RWMutex
	accounts map[string]*account
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.BatchGetter = (*Store)(nil)
	_ store.Lister      = (*Store)(nil)
	_ store.Checker     = (*Store)(nil)
)

// New returns an empty store.
func New() *Store { return new(Store) }

// Check implements [store.Checker]: a store in memory is always ready.
func (s *Store) Check(ctx context.Context) error { return ctx.Err() }

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := ready(ctx, key); err != nil {
		return store.State{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state(key), nil
}

// GetBatch implements [store.BatchGetter].
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, number := range numbers {
		if err := (store.Key{Account: account, Number: number}).Validate(); err != nil {
			return nil, err
		}
	}
	states := make([]store.State, len(numbers))
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i, number := range numbers {
		states[i] = s.state(store.Key{Account: account, Number: number})
	}
	return states, nil
}

// Append implements [store.Store].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	ev, err := ev.Normalize()
	if err != nil {
		return store.Result{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.state(ev.Key)
	contact := s.contact(ev.Key)
	stored, sameStatus := contact.find(ev.ID, ev.Status)
	_, otherStatus := contact.find(ev.ID, other(ev.Status))
	duplicate, err := store.Replay(now, ev, sameStatus, otherStatus)
	if err != nil {
		return store.Result{}, err
	}
	if duplicate {
		return store.Result{State: now, Event: stored, Duplicate: true}, nil
	}
	if contact == nil {
		contact = s.add(ev.Key)
	}
	ev.RecordedAt = time.Now().UTC().Truncate(store.Precision)
	ev.Prior = now.Status
	now, ev.Effective = store.Next(now, ev)
	contact.record(ev, now)
	return store.Result{State: now, Event: ev}, nil
}

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	if err := ready(ctx, q.Key); err != nil {
		return store.EventPage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.EventPage{}, err
	}
	from, err := s.historyPlace(q)
	if err != nil {
		return store.EventPage{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var events []store.Event
	if c := s.contact(q.Key); c != nil {
		events = c.events
	}
	if from > len(events) {
		return store.EventPage{}, store.ErrBadCursor
	}
	var page store.EventPage
	to := min(from+limit, len(events))
	page.Events = append(page.Events, events[from:to]...)
	if to < len(events) {
		page.Next = s.historyCursor(q.Key, to)
	}
	return page, nil
}

// ready is what every call on one key asks first.
func ready(ctx context.Context, key store.Key) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return key.Validate()
}

func other(s store.Status) store.Status {
	if s == store.OptedOut {
		return store.OptedIn
	}
	return store.OptedOut
}
