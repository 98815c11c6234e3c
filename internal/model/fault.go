package model

import (
	"context"
	"errors"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

var errFault = errors.New("model: injected fault")

// fault is the call of the store that fails, counted from 1, and whether it fails after
// the work was done. 0: none.
type fault struct {
	call  int
	after bool
}

// faultyStore fails at the call that arm names. It is no store.Unwrapper: nothing finds a way
// around it.
type faultyStore struct {
	wrapped store.Store
	next    fault
	fired   bool
	calls   int
}

var (
	_ store.Store       = (*faultyStore)(nil)
	_ store.BatchGetter = (*faultyStore)(nil)
	_ store.Lister      = (*faultyStore)(nil)
	_ store.Reviewer    = (*faultyStore)(nil)
	_ store.Eraser      = (*faultyStore)(nil)
)

// arm makes a later call fail, counted from now.
func (s *faultyStore) arm(f fault) { s.next, s.fired = f, false }

// disarm reports whether a call failed.
func (s *faultyStore) disarm() bool {
	s.next = fault{}
	return s.fired
}

func attempt[T any](s *faultyStore, call func() (T, error)) (T, error) {
	var none T
	s.calls++
	if s.next.call == 0 {
		return call()
	}
	s.next.call--
	if s.next.call > 0 {
		return call()
	}
	s.fired = true
	if s.next.after {
		_, _ = call() // the work is done, the answer is lost
	}
	return none, errFault
}

func (s *faultyStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	return attempt(s, func() (store.State, error) { return s.wrapped.Get(ctx, key) })
}

func (s *faultyStore) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	return attempt(s, func() (store.Result, error) { return s.wrapped.Append(ctx, ev) })
}

func (s *faultyStore) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	return attempt(s, func() (store.RecordPage, error) { return s.wrapped.History(ctx, q) })
}

func (s *faultyStore) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return attempt(s, func() ([]store.State, error) { return store.GetBatch(ctx, s.wrapped, account, numbers) })
}

func (s *faultyStore) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return attempt(s, func() (store.StatePage, error) { return store.List(ctx, s.wrapped, q) })
}

func (s *faultyStore) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	return attempt(s, func() (store.RecordPage, error) { return store.Reviews(ctx, s.wrapped, q) })
}

func (s *faultyStore) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	_, err := attempt(s, func() (struct{}, error) { return struct{}{}, store.EraseKey(ctx, s.wrapped, key, actor, note, at) })
	return err
}
