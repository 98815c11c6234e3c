package storetest

import (
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func historyOrder(p *probe) {
	key := p.key()
	want := p.fill(key, 20)
	p.samef(diffs(want, p.history(key)), "History")
	p.settled(key)
}

func historyLimit(p *probe) {
	key := p.key()
	want := p.fill(key, 12)
	p.historyOf(key).hasLimits(want)
}

// thousand is a number of entries that is more than a page holds, and with [Options.Long]
// more than some columns, batches and caches do.
func (p *probe) thousand() int {
	if p.options.Long {
		return 2_600
	}
	return store.MaxLimit + 2
}

func historyThousand(p *probe) {
	key := p.key()
	events := make([]store.Event, p.thousand())
	for i := range events {
		events[i] = p.event(key, turn(i))
	}
	var want []store.Record
	for _, result := range p.atOnce(events) {
		want = append(want, result.Record)
	}
	p.historyOf(key).hasLargestPages(want)
	p.settled(key)
}

func historyStable(p *probe) {
	key := p.key()
	before := p.fill(key, 10)
	later := 0 // pairs of events that came between the pages
	listed := p.historyOf(key).pages(3, func([]store.Record) {
		if later < 4 {
			p.fill(key, 2)
			later++
		}
	})
	p.isStart(listed, p.history(key), len(before))
}

// isStart fails if pages, put together, are not the first records of the history, or are
// fewer than there were before the first page.
func (p *probe) isStart(listed, all []store.Record, before int) {
	p.checkf(len(listed) >= before, "of %d records that were there before the first page %d are listed", before, len(listed))
	p.samef(diffs(all[:min(len(listed), len(all))], listed), "a record is listed twice, or lost")
}

func historyConcurrent(p *probe) {
	const perWriter = 10
	writers := max(2, p.workers/2)
	for range p.rounds(1, 10, 300*time.Millisecond) {
		key := p.key()
		before := p.fill(key, 5)
		arrivals := make([]arrival, writers*perWriter)
		for i := range arrivals {
			arrivals[i] = p.anyArrival()
		}
		var listings [][]store.Record
		p.beside(1, func() { listings = append(listings, p.historyOf(key).all(3)) },
			writers, func(i int) { p.add(key, arrivals[i*perWriter:(i+1)*perWriter]...) })
		all, _ := p.settled(key)
		for _, listed := range listings {
			p.isStart(listed, all, len(before))
		}
	}
}

func historyCursor(p *probe) {
	key := p.key()
	p.fill(key, 3)
	history := p.historyOf(key)
	good := history.refusesBroken()
	for _, key := range []store.Key{p.key(), {Account: p.otherAccount(), Number: key.Number}} {
		other := p.historyOf(key)
		other.refuses(good, "the cursor of another key, on a key without records")
		p.fill(key, 3)
		other.refuses(good, "the cursor of another key")
	}
	if list := p.listOf(p.account, store.Unknown); list.offered() {
		p.populate(p.account, 4)
		history.refuses(list.next(), "a cursor of List")
	}
}

func historySlice(p *probe) {
	key := p.key()
	p.fill(key, 6)
	p.historyOf(key).isCallers()
	p.settled(key)
}
