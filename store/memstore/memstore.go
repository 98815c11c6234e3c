package memstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	ids    *ids            // nil until somebody asks for them

	changes []cursor.Place // of the records in the order of recording: the number, and the place among its records
}

var (
	_ store.Store         = (*Store)(nil)
	_ store.BatchGetter   = (*Store)(nil)
	_ store.BatchAppender = (*Store)(nil)
	_ store.Lister        = (*Store)(nil)
	_ store.Reviewer      = (*Store)(nil)
	_ store.IDLister      = (*Store)(nil)
	_ store.ChangeLister  = (*Store)(nil)
	_ store.Eraser        = (*Store)(nil)
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
	return s.append(ev)
}

// AppendBatch implements [store.BatchAppender].
func (s *Store) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	events, err := store.NormalizeAll(events)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	results := make([]store.Result, len(events))
	before := make(map[store.Key]int, len(events)) // the records of each key that is written to
	for i, ev := range events {
		if _, known := before[ev.Key]; !known {
			before[ev.Key] = len(s.records(ev.Key))
		}
		results[i], err = s.append(ev)
		if errors.Is(err, store.ErrIDReused) {
			results[i].Err, err = err, nil
		}
		if err != nil {
			s.takeBack(before)
			return nil, fmt.Errorf("events[%d]: %w", i, err)
		}
	}
	return results, nil
}

// append appends an event. The caller holds the lock.
func (s *Store) append(ev store.Event) (store.Result, error) {
	c, known := s.contacts[ev.Key]
	if !known {
		c = &contact{ledger: store.NewLedger(ev.Key, nil)}
	}
	result, err := c.ledger.Append(ev, s.now())
	if err != nil {
		return store.Result{}, err
	}
	a := s.account(ev.Key.Account)
	if !known {
		a.recent = append(a.recent, ev.Key.Number)
		s.contacts[ev.Key] = c
	}
	if !result.Duplicate {
		s.index(ev, len(c.ledger.Records())-1)
	}
	s.setState(c, result.State)
	return result, nil
}

// index adds a new record to what lists the records of its account.
func (s *Store) index(ev store.Event, place int) {
	a := s.account(ev.Key.Account)
	a.changes = append(a.changes, cursor.Place{Number: ev.Key.Number, Seq: int64(place)})
	if a.ids != nil {
		a.ids.add(ev, place)
	}
}

func (s *Store) setState(c *contact, state store.State) {
	c.state = state
	held := s.account(state.Key.Account).held
	if state.Status == store.Held {
		held[state.Key.Number] = true
	} else {
		delete(held, state.Key.Number)
	}
}

// records returns the records of a key. The caller holds the lock.
func (s *Store) records(key store.Key) []store.Record {
	if c := s.contacts[key]; c != nil {
		return c.ledger.Records()
	}
	return nil
}

// takeBack leaves each key as many records as it had before a batch. Of a key that was new
// an empty contact remains, which nothing shows.
func (s *Store) takeBack(before map[store.Key]int) {
	for key, records := range before {
		c := s.contacts[key]
		if c == nil {
			continue
		}
		c.ledger = store.NewLedger(key, c.ledger.Records()[:records])
		s.setState(c, c.ledger.State())
		a := s.account(key.Account)
		a.ids = nil
		for last, place := range slices.Backward(a.changes) { // those of the batch are the last
			kept, inBatch := before[store.Key{Account: key.Account, Number: place.Number}]
			if !inBatch || place.Seq < int64(kept) {
				break
			}
			a.changes = a.changes[:last]
		}
	}
}

// Erase implements [store.Eraser]. What a caller has read before keeps its evidence.
func (s *Store) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ev, err := store.ErasureOf(key, actor, note, at)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contacts[key]
	if c == nil {
		return nil
	}
	before := len(c.ledger.Records())
	err = c.ledger.Erase(ev, s.now())
	if len(c.ledger.Records()) > before {
		s.index(ev, before)
	}
	return err
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
	records := s.records(q.Key)
	first := int(min(listing.After.Seq, int64(len(records)))) // the page begins after so many
	last := min(first+listing.Limit, len(records))
	page := store.RecordPage{Records: append([]store.Record(nil), records[first:last]...)}
	if last < len(records) {
		page.Next = listing.Cursor(cursor.Place{Seq: int64(last)})
	}
	return page, nil
}
