package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// listing is what a store answers in pages: the History of a key, and a List, the Reviews or the
// EventIDs of an account. The promises of all are alike.
type listing[T store.Record | store.State] struct {
	probe  *probe
	method string
	page   func(ctx context.Context, after store.Cursor, limit int) ([]T, store.Cursor, error)
}

func (p *probe) historyOf(key store.Key) listing[store.Record] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.Record, store.Cursor, error) {
		page, err := p.store.History(ctx, store.HistoryQuery{Key: key, After: after, Limit: limit})
		return page.Records, page.Next, err
	}
	return listing[store.Record]{probe: p, method: "History", page: page}
}

func (p *probe) listOf(account string, status store.Status) listing[store.State] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.State, store.Cursor, error) {
		page, err := store.List(ctx, p.store, store.ListQuery{Account: account, Status: status, After: after, Limit: limit})
		return page.States, page.Next, err
	}
	return listing[store.State]{probe: p, method: "List", page: page}
}

func (p *probe) reviewsOf(account string) listing[store.Record] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.Record, store.Cursor, error) {
		page, err := store.Reviews(ctx, p.store, store.ReviewQuery{Account: account, After: after, Limit: limit})
		return page.Records, page.Next, err
	}
	return listing[store.Record]{probe: p, method: "Reviews", page: page}
}

// lists returns the List of the case's account, or skips the case.
func (p *probe) lists() listing[store.State] {
	list := p.listOf(p.account, store.Unknown)
	if !list.offered() {
		p.skip("the store has no Lister")
	}
	return list
}

// reviews returns the Reviews of the case's account, or skips the case.
func (p *probe) reviews() listing[store.Record] {
	reviews := p.reviewsOf(p.account)
	if !reviews.offered() {
		p.skip("the store has no Reviewer")
	}
	return reviews
}

// offered reports whether the store has the listing. A wrapper may have the method and
// nothing to call with it: then the store has none.
func (l listing[T]) offered() bool {
	_, _, err := l.page(l.probe.ctx, "", 1)
	return !errors.Is(err, errors.ErrUnsupported)
}

// read returns the error of reading the first page.
func (l listing[T]) read(ctx context.Context) error {
	_, _, err := l.page(ctx, "", 0)
	return err
}

// differs returns a function that reads the first page, and names what is not as wanted.
func (l listing[T]) differs(want []T) func(context.Context) (difference string, err error) {
	return func(ctx context.Context) (string, error) {
		entries, _, err := l.page(ctx, "", 0)
		return diffs(want, entries), err
	}
}

// first returns the first page of a limit.
func (l listing[T]) first(limit int) ([]T, store.Cursor) {
	entries, next, err := l.page(l.probe.ctx, "", limit)
	l.probe.mustf(err, "%s", l.method)
	return entries, next
}

// all returns the pages of a limit, put together.
func (l listing[T]) all(limit int) []T { return l.pages(limit, func([]T) {}) }

// pages puts the pages of a limit together, and calls a function with each page before it
// reads the next one. No case has a listing as long as the one that it ends.
func (l listing[T]) pages(limit int, between func(page []T)) []T {
	const most = 5_000
	largest := min(limit, store.MaxLimit)
	if limit == 0 {
		largest = store.DefaultLimit
	}
	var all []T
	var after store.Cursor
	for page := 1; ; page++ {
		entries, next, err := l.page(l.probe.ctx, after, limit)
		l.probe.mustf(err, "%s, page %d", l.method, page)
		l.probe.checkf(len(entries) <= largest, "%s with Limit %d: a page of %d", l.method, limit, len(entries))
		all = append(all, entries...)
		if next == "" {
			return all
		}
		l.probe.checkf(page <= most && len(all) <= most, "%s does not end: %d pages with %d entries", l.method, page, len(all))
		between(entries)
		after = next
	}
}

// hasLimits fails if pages of some limit, put together, are not what is wanted, or if a
// negative limit is taken.
func (l listing[T]) hasLimits(want []T) {
	for _, limit := range []int{0, 1, 2, 3, 5, 6, 11, 12, 13, store.MaxLimit} {
		l.probe.samef(diffs(want, l.all(limit)), "%s in pages of %d, put together", l.method, limit)
	}
	for _, limit := range []int{-1, -1_000_000} {
		_, _, err := l.page(l.probe.ctx, "", limit)
		l.probe.checkf(err != nil, "%s with Limit %d: no error", l.method, limit)
	}
}

// hasLargestPages is for what does not fit into one page.
func (l listing[T]) hasLargestPages(want []T) {
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		_, _, err := l.page(l.probe.ctx, "", limit)
		if limit > store.MaxLimit && errors.Is(err, store.ErrInvalid) {
			continue // a store may refuse what is over the limit
		}
		l.probe.samef(diffs(want, l.all(limit)), "%s in pages for Limit %d, put together", l.method, limit)
	}
}

// listedOnce fails if an entry is listed twice, or if one that stays is not listed.
func (p *probe) listedOnce(listed, stay []string) {
	times := map[string]int{}
	for _, id := range listed {
		times[id]++
	}
	for id, n := range times {
		p.checkf(n == 1, "%q is listed %d times", id, n)
	}
	for _, id := range stay {
		p.checkf(times[id] == 1, "%q, which does not change, is not listed", id)
	}
}

// isCallers writes to pages, and fails if that is seen in another one.
func (l listing[T]) isCallers() {
	for _, limit := range []int{0, 3} {
		page, _ := l.first(limit)
		want := slices.Clone(page)
		for range 2 { // what the second call returns may be kept as well
			scribble(page)
			page, _ = l.first(limit)
			l.probe.samef(diffs(want, page), "the page was written to, and the next one has it")
		}
	}
}

// next returns the cursor after the first entry of several.
func (l listing[T]) next() store.Cursor {
	_, next := l.first(1)
	l.probe.checkf(next != "", "%s with Limit 1 of more entries: Next is \"\"", l.method)
	return next
}

// refuses fails if a cursor is taken.
func (l listing[T]) refuses(after store.Cursor, what string) {
	_, _, err := l.page(l.probe.ctx, after, 1)
	l.probe.checkf(errors.Is(err, store.ErrBadCursor), "%s with %s: error is %v", l.method, what, err)
}

// refusesBroken fails if a cursor is taken that no store has given, and returns one that
// the store has.
func (l listing[T]) refusesBroken() store.Cursor {
	good := l.next()
	cursors := []store.Cursor{
		"x", "-1", "0", "1", "1000000", "null", "{}", " ", "\x00", "\xff", "=", "AA==", "%", "'", "😀", store.Cursor(l.probe.account),
		good[:len(good)-1], good[:len(good)/2], good[1:], good + good, good + "A", good + "\n", " " + good,
		store.Cursor(strings.Repeat("A", 100_000)), store.Cursor(strings.Repeat("\xff", 1_000)),
	}
	for _, size := range []int{1, 8, 16, 24, 40, 100} {
		random := make([]byte, size)
		for i := range random {
			random[i] = byte(l.probe.rand.Uint32())
		}
		cursors = append(cursors,
			store.Cursor(base64.RawURLEncoding.EncodeToString(random)), store.Cursor(base64.StdEncoding.EncodeToString(random)))
	}
	for _, c := range cursors {
		if c != "" && c != good {
			l.refuses(c, "the broken cursor "+quote(string(c)))
		}
	}
	return good
}
