package optout

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// OptedOut yields the master list: every state of the account that is opted out,
// by number. An error is yielded once, last; errors.ErrUnsupported if the
// store cannot list. Ranging again starts anew, and nothing is held open while
// the loop body runs.
//
// A sender without a plus sign ("4155552671") is kept under its digits too, beside the
// number that they are read as (+14155552671). OptedOut yields the number. It yields the
// digits only if the number is not opted out, and has not texted START since. Of a line
// with two spellings (+55 11 98765-4321 and +55 11 8765-4321) it yields the newer one.
func (g *Guard) OptedOut(ctx context.Context, account string) iter.Seq2[store.State, error] {
	return func(yield func(store.State, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(store.State{}, err)
			return
		}
		pages(ctx, yield, func(after store.Cursor) ([]store.State, store.Cursor, error) {
			return g.listed(ctx, s, account, after, store.MaxLimit)
		})
	}
}

// listed returns the part of the master list that is in a page of the store.
func (g *Guard) listed(
	ctx context.Context, s store.Store, account string, after store.Cursor, limit int,
) (listed []store.State, next store.Cursor, err error) {
	page, err := store.List(ctx, s, store.ListQuery{Account: account, Status: store.OptedOut, After: after, Limit: limit})
	if err != nil {
		return nil, "", err
	}
	twins, err := twinsOf(ctx, s, account, page.States)
	if err != nil {
		return nil, "", err
	}
	listed = page.States[:0]
	for _, state := range page.States {
		if state.Key.Account != account || state.Status != store.OptedOut {
			return nil, "", errBadState
		}
		again, err := g.listedElsewhere(ctx, s, state, twins[state.Key.Number])
		if err != nil {
			return nil, "", err
		}
		if !again {
			listed = append(listed, state)
		}
	}
	return listed, page.Next, nil
}

// listedElsewhere reports whether digits that opted out are in the list as the number
// that they are read as, or give way to its START; and whether a number is in the list in
// the newer spelling of its line, or gives way to a START in the other one. twin is the
// state of the other spelling.
func (g *Guard) listedElsewhere(ctx context.Context, s store.Store, state, twin store.State) (bool, error) {
	if twin.Status == store.OptedOut {
		return number.IsOlder(state.Key.Number), nil
	}
	n, digits := g.digitsOnly(state.Key.Number)
	if twin.Status != store.Unknown {
		n = number.Number{Key: state.Key.Number}
	} else if !digits {
		return false, nil
	}
	now, err := g.readDigits(ctx, s, state.Key.Account, &n)
	if err != nil || now.state.Status != store.OptedOut {
		return true, err
	}
	if !digits {
		return false, nil
	}
	if slices.ContainsFunc(now.line, func(s store.State) bool { return s.Status == store.OptedOut }) {
		return true, nil
	}
	return g.listedAsWritten(ctx, s, state)
}

// listedAsWritten reports whether digits opted out by a text that is in the list as it is
// written, because the digits alone would be another number: 415-555-01012.
func (g *Guard) listedAsWritten(ctx context.Context, s store.Store, state store.State) (bool, error) {
	for r, err := range g.historyOf(ctx, s, state.Key) {
		if err != nil {
			return false, err
		}
		if r.ID != state.EventID {
			continue
		}
		if n := g.r().numbers.Read(r.From); !n.Valid && n.Key != "" && n.Key != state.Key.Number {
			now, err := states(ctx, s, state.Key.Account, []string{n.Key})
			return err == nil && now[0].Status == store.OptedOut, err
		}
	}
	return false, nil
}

// digitsOnly reads a key of the store, and reports whether it is the digits of a line as they
// came, beside the line's number.
func (g *Guard) digitsOnly(key string) (number.Number, bool) {
	if strings.HasPrefix(key, "+") {
		return number.Number{}, false
	}
	n := g.r().numbers.Read(key)
	return n, n.Digits == key && n.Key != key
}

// History yields all that is recorded of a number, in the order of recording. Then it
// yields what is recorded in the other spelling of its line alone. For digits without a
// plus sign it then yields the records of the digits alone, and those of the second number
// that they can be read as. An error is yielded once, last. Ranging again starts anew, and
// nothing is held open while the loop body runs.
func (g *Guard) History(ctx context.Context, account, raw string) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(store.Record{}, err)
			return
		}
		n := g.r().numbers.Read(raw)
		keys := n.AppendKeys(nil)
		if len(keys) == 0 {
			yield(store.Record{}, errNumber(raw, &n))
			return
		}
		yielded := make(yieldedEvents)
		for _, key := range keys {
			if key == n.Other {
				clear(yielded) // another contact
			}
			for r, err := range g.historyOf(ctx, s, store.Key{Account: account, Number: key}) {
				if err == nil && len(keys) > 1 && yielded.hasCopyOf(r) {
					continue
				}
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

// yieldedEvents has the key under which each event was yielded first.
type yieldedEvents map[store.Event]string

// hasCopyOf reports whether a record was yielded under another key.
func (y yieldedEvents) hasCopyOf(r store.Record) bool {
	ev, key := r.Event, r.Key.Number
	ev.Key = store.Key{}
	under, known := y[ev]
	if !known {
		y[ev] = key
	}
	return known && under != key
}

// historyOf yields all that is recorded of one key.
func (g *Guard) historyOf(ctx context.Context, s store.Store, key store.Key) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		pages(ctx, yield, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
			page, err := s.History(ctx, store.HistoryQuery{Key: key, After: after, Limit: store.MaxLimit})
			return page.Records, page.Next, err
		})
	}
}

// pages yields what next returns, page by page.
func pages[T any](ctx context.Context, yield func(T, error) bool, next func(store.Cursor) ([]T, store.Cursor, error)) {
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
			return
		}
		for i := range items {
			if !yield(items[i], nil) {
				return
			}
		}
		if cursor == "" {
			return
		}
		after = cursor
	}
}
