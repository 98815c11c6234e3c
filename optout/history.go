package optout

import (
	"context"
	"iter"

	"github.com/seed-f10031e4/consent/store"
)

// OptedOut yields the master list: every state of the account that is opted out,
// by number. An error is yielded once, last; errors.ErrUnsupported where the
// store cannot list. Ranging again starts anew, and nothing is held open while
// the loop body runs.
func (g *Guard) OptedOut(ctx context.Context, account string) iter.Seq2[store.State, error] {
	return func(yield func(store.State, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(store.State{}, err)
			return
		}
		pages(ctx, yield, func(after store.Cursor) ([]store.State, store.Cursor, error) {
			page, err := store.List(ctx, s, store.ListQuery{
				Account: account, Status: store.OptedOut, After: after, Limit: store.MaxLimit,
			})
			for i := range page.States {
				if state := &page.States[i]; err == nil && (state.Key.Account != account || state.Status != store.OptedOut) {
					err = errBadState
				}
			}
			return page.States, page.Next, err
		})
	}
}

// History yields all that is recorded of a number, in the order of recording;
// of digits that can be read as two numbers, that of the one and then that of the
// other. An error is yielded once, last. Ranging again starts anew, and nothing is
// held open while the loop body runs.
func (g *Guard) History(ctx context.Context, account, number string) iter.Seq2[store.Event, error] {
	return func(yield func(store.Event, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(store.Event{}, err)
			return
		}
		a := g.address(number)
		numbers := a.Readings()
		if len(numbers) == 0 {
			yield(store.Event{}, errNumber(number))
			return
		}
		for _, number := range numbers {
			if !eventsOf(ctx, s, store.Key{Account: account, Number: number}, yield) {
				return
			}
		}
	}
}

// historyOf yields all that is recorded of one key.
func (g *Guard) historyOf(ctx context.Context, key store.Key) iter.Seq2[store.Event, error] {
	return func(yield func(store.Event, error) bool) {
		s, err := g.ready(key.Account)
		if err != nil {
			yield(store.Event{}, err)
			return
		}
		eventsOf(ctx, s, key, yield)
	}
}

// find returns the event of a key with this id and status.
func (g *Guard) find(ctx context.Context, key store.Key, id string, status store.Status) (found store.Event, ok bool, err error) {
	for ev, err := range g.historyOf(ctx, key) {
		if err != nil {
			return store.Event{}, false, err
		}
		if ev.ID == id && ev.Status == status {
			found, ok = ev, true
		}
	}
	return found, ok, nil
}

// eventsOf reports whether the end was reached.
func eventsOf(ctx context.Context, s store.Store, key store.Key, yield func(store.Event, error) bool) bool {
	return pages(ctx, yield, func(after store.Cursor) ([]store.Event, store.Cursor, error) {
		page, err := s.History(ctx, store.HistoryQuery{Key: key, After: after, Limit: store.MaxLimit})
		return page.Events, page.Next, err
	})
}

// pages yields what next returns, page by page, and reports whether the end was
// reached: no error, and the caller did not stop.
func pages[T any](ctx context.Context, yield func(T, error) bool, next func(store.Cursor) ([]T, store.Cursor, error)) bool {
	var after store.Cursor
	for {
		items, cursor, err := next(after)
		switch {
		case err != nil:
		case ctx.Err() != nil:
			err = ctx.Err()
		case cursor != "" && cursor == after:
			err = errNoEnd
		}
		if err != nil {
			var none T
			yield(none, err)
			return false
		}
		for i := range items {
			if !yield(items[i], nil) {
				return false
			}
		}
		if cursor == "" {
			return true
		}
		after = cursor
	}
}
