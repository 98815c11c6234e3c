package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// The calls of a case. An error of the store ends the case.

func (p *probe) get(key store.Key) store.State {
	state, err := p.store.Get(p.ctx, key)
	if err != nil {
		p.failf("Get of %s: %w", showKey(key), err)
	}
	return state
}

func (p *probe) append(ev store.Event) store.Result {
	res, err := p.tryAppend(p.ctx, ev)
	if err != nil {
		p.failf("Append to %s (%s): %w", showKey(ev.Key), showEvent(ev), err)
	}
	return res
}

// appendNew appends an event that is not a duplicate.
func (p *probe) appendNew(ev store.Event) store.Result {
	res := p.append(ev)
	if res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	return res
}

// tryAppend appends again where the write lost against another one: nothing was
// written then.
func (p *probe) tryAppend(ctx context.Context, ev store.Event) (store.Result, error) {
	const pause = time.Millisecond
	for {
		res, err := p.store.Append(ctx, ev)
		if !errors.Is(err, store.ErrConflict) {
			return res, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return res, err
		}
	}
}

// history returns all events of a key, in pages of the default size.
func (p *probe) history(key store.Key) []store.Event { return p.historyBy(key, 0) }

// historyBy returns all events of a key, in pages of a limit.
func (p *probe) historyBy(key store.Key, limit int) []store.Event {
	var events []store.Event
	q := store.HistoryQuery{Key: key, Limit: limit}
	for pages := 0; ; pages++ {
		page, err := p.store.History(p.ctx, q)
		if err != nil {
			p.failf("History of %s, page %d: %w", showKey(key), pages+1, err)
		}
		p.pageSize("History", limit, len(page.Events))
		events = append(events, page.Events...)
		if page.Next == "" {
			return events
		}
		p.pageCount("History", pages, len(events))
		q.After = page.Next
	}
}

// list returns all states of a query, in pages of its limit.
func (p *probe) list(l store.Lister, q store.ListQuery) []store.State {
	var states []store.State
	for pages := 0; ; pages++ {
		page, err := l.List(p.ctx, q)
		if err != nil {
			p.failf("List, page %d: %w", pages+1, err)
		}
		p.pageSize("List", q.Limit, len(page.States))
		states = append(states, page.States...)
		if page.Next == "" {
			return states
		}
		p.pageCount("List", pages, len(states))
		q.After = page.Next
	}
}

func (p *probe) pageSize(method string, limit, got int) {
	most := limit
	switch {
	case limit == 0:
		most = store.DefaultLimit
	case limit > store.MaxLimit:
		most = store.MaxLimit
	}
	if got > most {
		p.failf("%s with Limit %d: a page of %d", method, limit, got)
	}
}

// pageCount ends a listing that does not end by itself: no case has as much.
func (p *probe) pageCount(method string, pages, got int) {
	const most = 5_000
	if pages > most || got > most {
		p.failf("%s does not end: %d pages with %d entries", method, pages, got)
	}
}

// batchGetter and lister skip the case where the store has none.

func (p *probe) batchGetter() store.BatchGetter {
	b, ok := store.As[store.BatchGetter](p.store)
	if !ok {
		p.skip("the store has no BatchGetter")
	}
	return b
}

func (p *probe) lister() store.Lister {
	l, ok := p.canList()
	if !ok {
		p.skip("the store has no Lister")
	}
	return l
}

// canList returns the Lister. A wrapper may have the method, and nothing to call
// with it: that is none.
func (p *probe) canList() (store.Lister, bool) {
	l, ok := store.As[store.Lister](p.store)
	if !ok {
		return nil, false
	}
	_, err := l.List(p.ctx, store.ListQuery{Account: p.account, Limit: 1})
	return l, !errors.Is(err, errors.ErrUnsupported)
}

func (p *probe) getBatch(b store.BatchGetter, account string, numbers []string) []store.State {
	states, err := b.GetBatch(p.ctx, account, numbers)
	if err != nil {
		p.failf("GetBatch of %d: %w", len(numbers), err)
	}
	if len(states) != len(numbers) {
		p.failf("GetBatch of %d numbers: %d states", len(numbers), len(states))
	}
	return states
}

// reviewer skips the case where the store has none.
func (p *probe) reviewer() store.Reviewer {
	r, ok := p.canReview()
	if !ok {
		p.skip("the store has no Reviewer")
	}
	return r
}

// canReview is canList for a Reviewer.
func (p *probe) canReview() (store.Reviewer, bool) {
	r, ok := store.As[store.Reviewer](p.store)
	if !ok {
		return nil, false
	}
	_, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: 1})
	return r, !errors.Is(err, errors.ErrUnsupported)
}

// reviews returns all that waits in an account, in pages of a limit.
func (p *probe) reviews(r store.Reviewer, account string, limit int) []store.Event {
	var waiting []store.Event
	q := store.ReviewQuery{Account: account, Limit: limit}
	for pages := 0; ; pages++ {
		page, err := r.Reviews(p.ctx, q)
		if err != nil {
			p.failf("Reviews, page %d: %w", pages+1, err)
		}
		p.pageSize("Reviews", limit, len(page.Reviews))
		waiting = append(waiting, page.Reviews...)
		if page.Next == "" {
			return waiting
		}
		p.pageCount("Reviews", pages, len(waiting))
		q.After = page.Next
	}
}
