package memstore

import (
	"context"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Store is a store in memory. The zero Store is empty and ready.
type Store struct {
	shards       [1 << shardBits]shard // first, where a cache line begins
	hashes       hashes
	dictionaries dictionaries
	orders       orders
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.BatchReader = (*Store)(nil)
	_ store.Lister      = (*Store)(nil)
	_ store.Checker     = (*Store)(nil)
	_ store.Reviewer    = (*Store)(nil)
)

// New returns an empty store.
func New() *Store { return new(Store) }

// Check implements [store.Checker]: a store in memory is always ready.
func (s *Store) Check(ctx context.Context) error { return ctx.Err() }

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := ctx.Err(); err != nil {
		return store.State{}, err
	}
	var w wanted
	if err := s.want(&w, key); err != nil {
		return store.State{}, err
	}
	state := store.State{Key: key}
	r, word := s.find(&w)
	if isAside(word) {
		return s.asideState(&w), nil
	}
	if r = w.shard.inForce(r); r != nil {
		s.dictionaries.state(r, &state)
	}
	return state, nil
}

// Append implements [store.Store].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	ev, err := ev.NormalizeAny()
	if err != nil {
		return store.Result{}, err
	}
	var w wanted
	if err := s.want(&w, ev.Key); err != nil {
		return store.Result{}, err
	}
	w.shard.mu.Lock()
	defer w.shard.mu.Unlock()
	c := s.contact(&w)
	same, other := c.find(s, ev.ID, ev.Status), c.findOther(s, ev.ID, ev.Status)
	duplicate, err := store.Replay(c.standing.Consent, ev, same != 0, other)
	if err != nil {
		return store.Result{}, err
	}
	if duplicate {
		return store.Result{State: c.state, Event: s.dictionaries.event(w.shard.arena.at(same), ev.Key), Duplicate: true}, nil
	}
	ev.RecordedAt = time.Now().UTC().Truncate(store.Precision)
	ev.Prior = c.state.Status
	after, err := c.record(s, &ev)
	if err != nil {
		return store.Result{}, err
	}
	return store.Result{State: after, Event: ev}, nil
}
