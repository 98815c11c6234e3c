package faultstore

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Store is a store that fails where its Injector says so, and otherwise does what the
// wrapped store does. It is safe for concurrent use if the wrapped store is.
//
// An injected error is returned as the Injector gave it.
//
// A Store has every optional interface, and is no store.Unwrapper: store.As finds no way
// around it.
type Store struct {
	wrapped store.Store
	inject  Injector
	calls   atomic.Int64
}

var (
	_ store.Store         = (*Store)(nil)
	_ store.BatchGetter   = (*Store)(nil)
	_ store.BatchAppender = (*Store)(nil)
	_ store.Lister        = (*Store)(nil)
	_ store.Reviewer      = (*Store)(nil)
	_ store.IDLister      = (*Store)(nil)
	_ store.TxBound       = (*Store)(nil)
	_ store.ChangeLister  = (*Store)(nil)
	_ store.Eraser        = (*Store)(nil)
)

var errNoStore = errors.New("faultstore: no store is wrapped")

// Wrap returns a Store around s. With a nil Injector no call fails; with a nil s every
// call does.
func Wrap(s store.Store, inject Injector) *Store {
	return &Store{wrapped: s, inject: inject}
}

// Calls returns how many calls there were, including those that failed.
func (s *Store) Calls() int { return int(s.calls.Load()) }

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	return call(s, Op{Kind: OpGet, Key: key}, func() (store.State, error) { return s.wrapped.Get(ctx, key) })
}

// Append implements [store.Store].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	return call(s, Op{Kind: OpAppend, Key: ev.Key, Event: ev}, func() (store.Result, error) { return s.wrapped.Append(ctx, ev) })
}

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	return call(s, Op{Kind: OpHistory, Key: q.Key}, func() (store.RecordPage, error) { return s.wrapped.History(ctx, q) })
}

// GetBatch implements [store.BatchGetter]. If the wrapped store has none, it calls its own
// Get for each number, and each of these calls can fail as well.
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return call(s, Op{Kind: OpGetBatch, Key: store.Key{Account: account}}, func() ([]store.State, error) {
		if b, ok := store.As[store.BatchGetter](s.wrapped); ok {
			return b.GetBatch(ctx, account, numbers)
		}
		return store.GetBatch(ctx, single{s}, account, numbers)
	})
}

// AppendBatch implements [store.BatchAppender]. If the wrapped store has none, it calls its
// own Append for each event, and each of these calls can fail as well.
func (s *Store) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	return call(s, Op{Kind: OpAppendBatch, Events: events}, func() ([]store.Result, error) {
		if b, ok := store.As[store.BatchAppender](s.wrapped); ok {
			return b.AppendBatch(ctx, events)
		}
		return store.AppendBatch(ctx, single{s}, events)
	})
}

// List implements [store.Lister]. If the wrapped store has none, the answer is
// errors.ErrUnsupported.
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return call(s, Op{Kind: OpList, Key: store.Key{Account: q.Account}}, func() (store.StatePage, error) {
		return store.List(ctx, s.wrapped, q)
	})
}

// Reviews implements [store.Reviewer]. If the wrapped store has none, the answer is
// errors.ErrUnsupported.
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	return call(s, Op{Kind: OpReviews, Key: store.Key{Account: q.Account}}, func() (store.RecordPage, error) {
		return store.Reviews(ctx, s.wrapped, q)
	})
}

// EventIDs implements [store.IDLister]. If the wrapped store has none, the answer is
// errors.ErrUnsupported.
func (s *Store) EventIDs(ctx context.Context, q store.IDsQuery) (store.RecordPage, error) {
	return call(s, Op{Kind: OpEventIDs, Key: store.Key{Account: q.Account}}, func() (store.RecordPage, error) {
		return store.EventIDs(ctx, s.wrapped, q)
	})
}

// TxBound implements [store.TxBound]: it reports whether the wrapped store is bound to a
// transaction. It is no call of a store, and no Injector sees it.
func (s *Store) TxBound() bool { return store.InTx(s.wrapped) }

// Changes implements [store.ChangeLister]. If the wrapped store has none, the answer is
// errors.ErrUnsupported.
func (s *Store) Changes(ctx context.Context, q store.ChangesQuery) (store.RecordPage, error) {
	return call(s, Op{Kind: OpChanges, Key: store.Key{Account: q.Account}}, func() (store.RecordPage, error) {
		return store.Changes(ctx, s.wrapped, q)
	})
}

// Erase implements [store.Eraser]. If the wrapped store has none, the answer is
// errors.ErrUnsupported.
func (s *Store) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	_, err := call(s, Op{Kind: OpErase, Key: key}, func() (struct{}, error) {
		return struct{}{}, store.EraseKey(ctx, s.wrapped, key, actor, note, at)
	})
	return err
}

// single is a Store without its BatchGetter and its BatchAppender.
type single struct{ store.Store }

// call counts a call, asks the injector whether it fails, and makes it or not.
func call[T any](s *Store, op Op, forward func() (T, error)) (T, error) {
	var none T
	op.Index = int(s.calls.Add(1))
	var fault error
	if s.inject != nil {
		fault = s.inject(op)
	}
	if s.wrapped == nil {
		return none, errNoStore
	}
	if fault == nil {
		return forward()
	}
	if lost, ok := errors.AsType[after](fault); ok {
		_, _ = forward() // whatever the reply is, it is lost
		fault = lost.error
	}
	return none, fault
}
