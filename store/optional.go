package store

import (
	"context"
	"errors"
	"fmt"
)

// BatchGetter is a store that reads many states at once.
type BatchGetter interface {
	// GetBatch returns the states of an account's numbers, in the given order
	// and length, duplicates kept, each as Get would return it.
	GetBatch(ctx context.Context, account string, numbers []string) ([]State, error)
}

// BatchAppender is a store that appends many events at once.
type BatchAppender interface {
	// AppendBatch appends events in the given order, in one transaction: all of them are
	// stored, or none. Each result is the one that Append would return in its turn, and
	// the results have the order of the events. So the events of one key are applied in
	// the given order, and an event that is twice in a batch is a Duplicate the second time.
	//
	// An opt-in or a consent that Append would refuse with [ErrIDReused] is a Result with
	// nothing but Err, and the other events are stored. With any other error nothing is
	// stored, and there are no results. If no store takes one of the events, the error wraps
	// [ErrInvalid] and names its index.
	//
	// A batch may have any number of events, of any keys and accounts. It keeps its keys
	// locked until its end, so of a long list give about 1,000 at a time. Batches that run
	// at the same time do not deadlock, in whatever order they have their keys.
	AppendBatch(ctx context.Context, events []Event) ([]Result, error)
}

// ListQuery asks for a page of an account's states, by number.
type ListQuery struct {
	Account string
	Status  Status // Unknown: any
	After   Cursor // "": from the first
	Limit   int    // 0: 100, at most 1,000
}

// StatePage is a page of states. Next is "" at the end.
type StatePage struct {
	States []State `json:"states"`
	Next   Cursor  `json:"next"`
}

// Lister is a store that lists the states of an account.
type Lister interface {
	// List returns a page of the account's states with the given status, in the
	// byte order of their numbers, stable under concurrent appends: what was
	// there before the first page and keeps its status is listed exactly once. A cursor that
	// is broken, or of another query or store, is [ErrBadCursor].
	List(ctx context.Context, q ListQuery) (StatePage, error)
}

// ReviewQuery asks for a page of what waits in an account.
type ReviewQuery struct {
	Account string
	After   Cursor // "": from the first
	Limit   int    // 0: 100, at most 1,000
}

// Reviewer is a store that lists the texts which wait for a person.
type Reviewer interface {
	// Reviews returns a page of the account's holds that wait: each open hold of a key
	// that is Held, the one that was received first at the beginning. Pages are stable: a
	// hold that waits during the whole listing is listed exactly once. A cursor that is
	// broken, or of another query or store, is [ErrBadCursor].
	Reviews(ctx context.Context, q ReviewQuery) (RecordPage, error)
}

// IDsQuery asks for a page of an account's records by their IDs.
type IDsQuery struct {
	Account string
	Prefix  string // of [Event.ID]; "": any
	After   Cursor // "": from the first
	Limit   int    // 0: 100, at most 1,000
}

// IDLister is a store that finds the records of an account by their IDs, such as those of an
// import, whose IDs begin alike.
type IDLister interface {
	// EventIDs returns a page of the account's records whose ID begins with Prefix, in the byte
	// order of their IDs, those of one ID by number, and those of one number in the order of
	// recording. Pages are stable: what was there before the first page is listed exactly once.
	// A Prefix that begins no ID, since it has over 255 bytes, is not UTF-8 or holds a NUL, is
	// [ErrInvalid]. A cursor that is broken, or of another query or store, is [ErrBadCursor].
	EventIDs(ctx context.Context, q IDsQuery) (RecordPage, error)
}

// Unwrapper is a store that wraps another one. If the wrapper does not have an optional
// interface, [As] looks for the interface in the wrapped store. So a wrapper that must see
// every call does not implement Unwrapper, or implements every optional interface.
type Unwrapper interface{ Unwrap() Store }

// maxWrapped ends the search of As in a chain of wrappers that is a circle.
const maxWrapped = 100

// As finds an optional interface: s itself, or the first store that it wraps
// (see [Unwrapper]), that is a T.
func As[T any](s Store) (T, bool) {
	for range maxWrapped {
		if t, ok := s.(T); ok {
			return t, true
		}
		u, ok := s.(Unwrapper)
		if !ok {
			break
		}
		s = u.Unwrap()
	}
	var none T
	return none, false
}

// GetBatch reads many states through s's BatchGetter, or one by one.
func GetBatch(ctx context.Context, s Store, account string, numbers []string) ([]State, error) {
	if b, ok := As[BatchGetter](s); ok {
		return b.GetBatch(ctx, account, numbers)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := ValidateAccount(account); err != nil {
		return nil, err
	}
	states := make([]State, len(numbers))
	for i, number := range numbers {
		state, err := s.Get(ctx, Key{Account: account, Number: number})
		if err != nil {
			return nil, err
		}
		states[i] = state
	}
	return states, nil
}

// AppendBatch appends many events through s's BatchAppender, or one by one. One by one
// is no transaction: on an error AppendBatch returns the results so far, and what was
// stored stays. If no store takes one of the events, nothing is stored.
func AppendBatch(ctx context.Context, s Store, events []Event) ([]Result, error) {
	if b, ok := As[BatchAppender](s); ok {
		return b.AppendBatch(ctx, events)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := NormalizeAll(events); err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(events))
	for _, ev := range events {
		result, err := s.Append(ctx, ev)
		if errors.Is(err, ErrIDReused) {
			result, err = Result{Err: err}, nil
		}
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	return results, nil
}

// List lists states through s's Lister. A store that has none cannot list:
// errors.ErrUnsupported.
func List(ctx context.Context, s Store, q ListQuery) (StatePage, error) {
	l, ok := As[Lister](s)
	if !ok {
		return StatePage{}, fmt.Errorf("store: List: %w: the store is no Lister", errors.ErrUnsupported)
	}
	return l.List(ctx, q)
}

// Reviews lists what waits through s's Reviewer. A store that has none cannot list:
// errors.ErrUnsupported.
func Reviews(ctx context.Context, s Store, q ReviewQuery) (RecordPage, error) {
	r, ok := As[Reviewer](s)
	if !ok {
		return RecordPage{}, fmt.Errorf("store: Reviews: %w: the store is no Reviewer", errors.ErrUnsupported)
	}
	return r.Reviews(ctx, q)
}

// EventIDs lists records through s's IDLister. A store that has none cannot list:
// errors.ErrUnsupported.
func EventIDs(ctx context.Context, s Store, q IDsQuery) (RecordPage, error) {
	l, ok := As[IDLister](s)
	if !ok {
		return RecordPage{}, fmt.Errorf("store: EventIDs: %w: the store is no IDLister", errors.ErrUnsupported)
	}
	return l.EventIDs(ctx, q)
}
