package memstore

import (
	"context"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// Store is a store in memory. The zero Store is empty and ready.
type Store struct {
	mu       sync.RWMutex
	contacts map[store.Key]*contact
	accounts map[string]*account
	last     time.Time // of the latest record
}

// contact is what is kept of one key.
type contact struct {
	state  store.State // what the ledger leads to
	ledger *store.Ledger
}

// account lists the numbers of one account.
type account struct {
	held   map[string]bool // those that are Held
	sorted []string        // in order
	recent []string        // those that are not in sorted yet
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.BatchGetter = (*Store)(nil)
	_ store.Lister      = (*Store)(nil)
	_ store.Reviewer    = (*Store)(nil)
)

// New returns an empty store.
func New() *Store { return new(Store) }

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := cursor.CheckKey(ctx, key); err != nil {
		return store.State{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state(key), nil
}

// state returns the state of a key. The caller holds the lock.
func (s *Store) state(key store.Key) store.State {
	if c := s.contacts[key]; c != nil {
		return c.state
	}
	return store.State{Key: key}
}

// GetBatch implements [store.BatchGetter]. It answers for one moment.
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := cursor.CheckBatch(ctx, account, numbers); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	states := make([]store.State, len(numbers))
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
	c, known := s.contacts[ev.Key]
	if !known {
		c = &contact{ledger: store.NewLedger(ev.Key, nil)}
	}
	result, err := c.ledger.Append(ev, s.now())
	if err != nil {
		return store.Result{}, err
	}
	c.state = result.State
	a := s.account(ev.Key.Account)
	if !known {
		s.contacts[ev.Key] = c
		a.recent = append(a.recent, ev.Key.Number)
	}
	if c.state.Status == store.Held {
		a.held[ev.Key.Number] = true
	} else {
		delete(a.held, ev.Key.Number)
	}
	return result, nil
}

// now returns the time of a record: later than that of every record before.
func (s *Store) now() time.Time {
	now := time.Now().UTC().Truncate(store.Precision)
	if !now.After(s.last) {
		now = s.last.Add(store.Precision)
	}
	s.last = now
	return now
}

// account returns what lists the numbers of an account, and makes it for a new one.
func (s *Store) account(name string) *account {
	if s.accounts == nil {
		s.accounts, s.contacts = make(map[string]*account), make(map[store.Key]*contact)
	}
	a := s.accounts[name]
	if a == nil {
		a = &account{held: make(map[string]bool)}
		s.accounts[name] = a
	}
	return a
}

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	listing, err := cursor.History(ctx, "memstore", q)
	if err != nil {
		return store.RecordPage{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var records []store.Record
	if c := s.contacts[q.Key]; c != nil {
		records = c.ledger.Records()
	}
	first := int(min(listing.After.Seq, int64(len(records)))) // the page begins after so many
	last := min(first+listing.Limit, len(records))
	page := store.RecordPage{Records: append([]store.Record(nil), records[first:last]...)}
	if last < len(records) {
		page.Next = listing.Cursor(cursor.Place{Seq: int64(last)})
	}
	return page, nil
}
