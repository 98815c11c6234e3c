package storetest

import (
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// fill appends n events to a key, and returns them as stored.
func (p *probe) fill(key store.Key, n int) []store.Event {
	events := make([]store.Event, n)
	for i := range events {
		ev := p.arrive(key, p.anyArrival())
		ev.Note = strconv.Itoa(i)
		events[i] = p.appendNew(ev).Event
	}
	return events
}

// anyArrival is a random one. Its time is as often old as new, and missing now
// and then.
func (p *probe) anyArrival() arrival {
	sources := []store.Source{store.SourceKeyword, store.SourceKeyword, store.SourceKeyword, store.SourceAgent, store.SourceWeb}
	a := out(max(0, p.rand.IntN(15)-2)).by(sources[p.rand.IntN(len(sources))])
	if p.rand.IntN(2) == 0 {
		a.status = store.OptedIn
	}
	if p.rand.IntN(2) == 0 {
		a.known = p.rand.IntN(15)
	}
	return a
}

func historyOrder(p *probe) {
	key := p.key()
	want := p.fill(key, 20)
	if d := diffEvents(want, p.history(key)); d != "" {
		p.failf("%s", d)
	}
	p.settled(key)
}

func historyLimit(p *probe) {
	key := p.key()
	want := p.fill(key, 12)
	for _, limit := range []int{1, 2, 3, 5, 6, 11, 12, 13, store.MaxLimit} {
		if d := diffEvents(want, p.historyBy(key, limit)); d != "" {
			p.failf("pages of %d, put together: %s", limit, d)
		}
	}
	if d := diffEvents(want, p.history(key)); d != "" {
		p.failf("pages of the default size, put together: %s", d)
	}
	for _, limit := range []int{-1, -1_000_000} {
		if _, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit}); err == nil {
			p.failf("Limit %d: no error", limit)
		}
	}
}

func historyThousand(p *probe) {
	key := p.key()
	want := p.fill(key, store.MaxLimit+2)
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		// A store may refuse what is over the limit.
		if _, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit}); limit > store.MaxLimit && isInvalid(err) {
			continue
		}
		if d := diffEvents(want, p.historyBy(key, limit)); d != "" {
			p.failf("pages for Limit %d, put together: %s", limit, d)
		}
	}
}

func historyStable(p *probe) {
	key := p.key()
	before := p.fill(key, 10)
	later := 8 // events that come between the pages
	var got []store.Event
	q := store.HistoryQuery{Key: key, Limit: 3}
	for pages := 0; ; pages++ {
		page, err := p.store.History(p.ctx, q)
		if err != nil {
			p.failf("History, page %d: %w", pages+1, err)
		}
		got = append(got, page.Events...)
		if page.Next == "" {
			break
		}
		p.pageCount("History", pages, len(got))
		q.After = page.Next
		if later > 0 {
			p.fill(key, 2)
			later -= 2
		}
	}
	p.isStart(got, p.history(key), len(before))
}

// isStart fails where pages, put together, are not the first events of the
// history, or fewer than there were before the first page.
func (p *probe) isStart(got, all []store.Event, before int) {
	if len(got) < before {
		p.failf("of %d events that were there before the first page %d are listed", before, len(got))
	}
	if len(got) > len(all) {
		p.failf("%d events are listed, %d are stored", len(got), len(all))
	}
	if d := diffEvents(all[:len(got)], got); d != "" {
		p.failf("an event is listed twice, or lost: %s", d)
	}
}

func historyConcurrent(p *probe) {
	const perWorker = 10
	writers := max(2, p.workers/2)
	for range p.rounds(1, 10, 300*time.Millisecond) {
		key := p.key()
		before := p.fill(key, 5)
		arrivals := make([]arrival, writers*perWorker)
		for i := range arrivals {
			arrivals[i] = p.anyArrival()
		}
		var writing atomic.Int64
		writing.Store(int64(writers))
		var listed [][]store.Event
		p.parallel(writers+1, func(i int) {
			if i == writers {
				for writing.Load() > 0 && !p.failed() {
					listed = append(listed, p.historyBy(key, 3))
				}
				return
			}
			defer writing.Add(-1)
			for _, a := range arrivals[i*perWorker : (i+1)*perWorker] {
				p.appendNew(p.arrive(key, a))
			}
		})
		all, _ := p.settled(key)
		for _, got := range listed {
			p.isStart(got, all, len(before))
		}
	}
}

func historySlice(p *probe) {
	key := p.key()
	p.fill(key, 6)
	for _, limit := range []int{0, 3} {
		read := func() []store.Event {
			page, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit})
			if err != nil {
				p.failf("History: %w", err)
			}
			return page.Events
		}
		got := read()
		want := slices.Clone(got)
		for range 2 { // what the second call returns may be kept as well
			scribble(got)
			got = read()
			if d := diffEvents(want, got); d != "" {
				p.failf("the page was written to, and the next one has it: %s", d)
			}
		}
	}
	p.settled(key)
}

// scribble overwrites a slice, and what lies behind it in its array.
func scribble[T any](s []T) {
	clear(s)
	clear(s[:cap(s)])
}
