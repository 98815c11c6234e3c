package optout

import (
	"context"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// OptedOutPage returns a page of what [Guard.OptedOut] yields, for a web page: up to limit
// states after the cursor of the page before, which is "" for the first page. The page's
// Next is "" at the end. A limit of 0 means 100, and pages have at most 1,000 states. A
// cursor that is broken, or of another list, is [store.ErrBadCursor].
func (g *Guard) OptedOutPage(ctx context.Context, account string, after store.Cursor, limit int) (store.StatePage, error) {
	s, err := g.ready(account)
	if err != nil {
		return store.StatePage{}, err
	}
	const most = store.MaxLimit // of those that are listed elsewhere there may be many in a row
	states, next, err := fillPage(ctx, after, limit, most, func(after store.Cursor, limit int) ([]store.State, store.Cursor, error) {
		return g.listed(ctx, s, account, after, limit)
	})
	return store.StatePage{States: states, Next: next}, err
}

// ReviewPage is a page of texts that wait for a person. Next is "" at the end.
type ReviewPage struct {
	Reviews []Review     `json:"reviews"`
	Next    store.Cursor `json:"next,omitzero"`
}

// ReviewsPage returns a page of what [Guard.Reviews] yields. The cursor and the limit are as
// in [Guard.OptedOutPage].
//
// A text of digits that a START of their number has ended stays in the store until it is settled
// under the digits. A page reads past the texts that it leaves out, and goes on until it is full: it
// costs up to six calls of the store for each text, returned or left out. The next page does not
// read them again.
func (g *Guard) ReviewsPage(ctx context.Context, account string, after store.Cursor, limit int) (ReviewPage, error) {
	s, err := g.ready(account)
	if err != nil {
		return ReviewPage{}, err
	}
	var copies copies
	const most = 1 // what was read is a copy when it is read again
	reviews, next, err := fillPage(ctx, after, limit, most, func(after store.Cursor, limit int) ([]Review, store.Cursor, error) {
		page, err := store.Reviews(ctx, s, store.ReviewQuery{Account: account, After: after, Limit: limit})
		if err != nil {
			return nil, "", err
		}
		waiting, err := g.waiting(ctx, s, account, page.Records, &copies)
		if err != nil {
			return nil, "", err
		}
		var reviews []Review
		for _, r := range waiting {
			listed, err := g.listedBefore(ctx, s, r)
			if err != nil {
				return nil, "", err
			}
			if !listed {
				reviews = append(reviews, newReview(r))
			}
		}
		return reviews, page.Next, nil
	})
	return ReviewPage{Reviews: reviews, Next: next}, err
}

// fillPage returns a page of limit items, of pages that may have fewer, since what is listed
// elsewhere was left out of them. After a page that had fewer it reads twice as many rows, up
// to most, and half as many again if these have too many items.
func fillPage[T any](
	ctx context.Context, after store.Cursor, limit, most int, read func(after store.Cursor, limit int) ([]T, store.Cursor, error),
) (page []T, next store.Cursor, err error) {
	limit, err = store.PageLimit(limit)
	size := limit
	for err == nil && len(page) < limit {
		missing := limit - len(page)
		size = max(min(size, most), missing)
		var items []T
		items, next, err = read(after, size)
		switch {
		case err != nil:
		case ctx.Err() != nil:
			err = ctx.Err()
		case next != "" && next == after:
			err = errNoEnd
		case len(items) > missing:
			size /= 2
			continue
		default:
			page = append(page, items...)
			if next == "" {
				return page, "", nil
			}
			size *= 2
		}
		after = next
	}
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

// listedBefore reports whether a text that waits under several keys of its number is listed
// under an earlier one, which may be on an earlier page.
func (g *Guard) listedBefore(ctx context.Context, s store.Store, r store.Record) (bool, error) {
	for _, text := range g.copiesOf(r)[1:] {
		if text.Key.Number > r.Key.Number {
			continue
		}
		waits, err := g.waits(ctx, s, text)
		if err != nil || waits {
			return waits, err
		}
	}
	return false, nil
}

// waits reports whether a text is listed for review under its key.
func (g *Guard) waits(ctx context.Context, s store.Store, text store.Record) (bool, error) {
	now, err := states(ctx, s, text.Key.Account, []string{text.Key.Number})
	if err != nil || now[0].Status != store.Held {
		return false, err
	}
	var history []store.Record
	for r, err := range g.historyOf(ctx, s, text.Key) {
		if err != nil {
			return false, err
		}
		history = append(history, r)
	}
	isOpen := slices.ContainsFunc(store.NewLedger(text.Key, history).Open(), func(place int) bool {
		return history[place].Event == text.Event
	})
	if !isOpen {
		return false, nil
	}
	restarted, err := g.restarted(ctx, s, text)
	return !restarted, err
}
