package storetest

import (
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func historyOrder(p *probe) {
	key := p.key()
	want := p.fill(key, 20)
	if d := diffRecords(want, p.history(key)); d != "" {
		p.failf("%s", d)
	}
	p.settled(key)
}

func historyLimit(p *probe) {
	key := p.key()
	want := p.fill(key, 12)
	for _, limit := range []int{1, 2, 3, 5, 6, 11, 12, 13, store.MaxLimit} {
		if d := diffRecords(want, p.historyBy(key, limit)); d != "" {
			p.failf("pages of %d, put together: %s", limit, d)
		}
	}
	if d := diffRecords(want, p.history(key)); d != "" {
		p.failf("pages of the default size, put together: %s", d)
	}
	for _, limit := range []int{-1, -1_000_000} {
		if _, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit}); err == nil {
			p.failf("Limit %d: no error", limit)
		}
	}
}

// historyThousand appends more than a page holds, and with [Options.Long] more than some
// columns, batches and caches do.
func historyThousand(p *probe) {
	size := store.MaxLimit + 2
	if p.options.Long {
		size = 2_600
	}
	key := p.key()
	want := make([]store.Record, size)
	for i := range want {
		ev := p.alternate(key, i)
		ev.Note = strconv.Itoa(i)
		want[i] = p.appendNew(ev).Record
	}
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		// A store may refuse what is over the limit.
		if _, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit}); limit > store.MaxLimit && isInvalid(err) {
			continue
		}
		if d := diffRecords(want, p.historyBy(key, limit)); d != "" {
			p.failf("pages for Limit %d, put together: %s", limit, d)
		}
	}
	_, state := p.settled(key)
	if last := want[size-1]; state.EventID != last.ID {
		p.failf("after %d events the state is that of %s, want %s", size, quote(state.EventID), quote(last.ID))
	}
}

func historyStable(p *probe) {
	key := p.key()
	before := p.fill(key, 10)
	later := 8 // events that come between the pages
	q := store.HistoryQuery{Key: key, Limit: 3}
	got := pages(p, "History", q.Limit, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
		if after != "" && later > 0 {
			p.fill(key, 2)
			later -= 2
		}
		q.After = after
		page, err := p.store.History(p.ctx, q)
		return page.Records, page.Next, err
	})
	p.isStart(got, p.history(key), len(before))
}

// isStart fails if pages, put together, are not the first records of the history, or are
// fewer than there were before the first page.
func (p *probe) isStart(got, all []store.Record, before int) {
	if len(got) < before {
		p.failf("of %d records that were there before the first page %d are listed", before, len(got))
	}
	if len(got) > len(all) {
		p.failf("%d records are listed, %d are stored", len(got), len(all))
	}
	if d := diffRecords(all[:len(got)], got); d != "" {
		p.failf("a record is listed twice, or lost: %s", d)
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
		var listed [][]store.Record
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
		read := func() []store.Record {
			page, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: limit})
			if err != nil {
				p.failf("History: %w", err)
			}
			return page.Records
		}
		got := read()
		want := slices.Clone(got)
		for range 2 { // what the second call returns may be kept as well
			scribble(got)
			got = read()
			if d := diffRecords(want, got); d != "" {
				p.failf("the page was written to, and the next one has it: %s", d)
			}
		}
	}
	p.settled(key)
}
