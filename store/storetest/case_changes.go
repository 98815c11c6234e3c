package storetest

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func (p *probe) changesOf(account string) listing[store.Record] {
	return p.changesSince(account, time.Time{})
}

func (p *probe) changesSince(account string, since time.Time) listing[store.Record] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.Record, store.Cursor, error) {
		page, err := store.Changes(ctx, p.store, store.ChangesQuery{Account: account, Since: since, After: after, Limit: limit})
		if err == nil && (page.Next == "") != (len(page.Records) == 0) {
			p.failf("Changes: a page of %d records, and Next is %q", len(page.Records), page.Next)
		}
		return page.Records, page.Next, err
	}
	return listing[store.Record]{probe: p, method: "Changes", page: page}
}

// changes returns the Changes of the case's account, or skips the case.
func (p *probe) changes() listing[store.Record] {
	changes := p.changesOf(p.account)
	if !changes.offered() {
		p.skip("the store has no ChangeLister")
	}
	return changes
}

// tail reads an account's changes, and goes on where it ended.
type tail struct {
	changes listing[store.Record]
	after   store.Cursor
}

// read returns what there is after the last call, in pages of a limit.
func (t *tail) read(limit int) []store.Record {
	const most = 5_000
	p := t.changes.probe
	var all []store.Record
	for {
		records, next, err := t.changes.page(p.ctx, t.after, limit)
		p.mustf(err, "Changes")
		if next == "" {
			return all
		}
		all, t.after = append(all, records...), next
		p.checkf(len(all) <= most, "Changes does not end: %d records", len(all))
	}
}

// reads fails if a tail does not have these records next. It waits for those that the store
// holds back.
func (t *tail) reads(want []store.Record, limit int, what string) {
	p := t.changes.probe
	var got []store.Record
	p.late(func() bool {
		got = append(got, t.read(limit)...)
		return len(got) >= len(want)
	})
	p.samef(diffs(want, got), "%s", what)
}

// late calls f until it is done, for as long as the store may hold records back.
func (p *probe) late(f func() bool) {
	const pause = 5 * time.Millisecond
	for start := time.Now(); !f() && time.Since(start) < p.options.Late; {
		time.Sleep(pause)
	}
}

// listed waits until the store lists n records of an account.
func (p *probe) listed(changes listing[store.Record], n int) {
	p.late(func() bool { return len(changes.all(0)) >= n })
}

// someKeys returns keys of an account, which are not in byte order.
func (p *probe) someKeys(account string, n int) []store.Key {
	keys := make([]store.Key, n)
	for i := range keys {
		keys[i] = p.keyIn(account)
	}
	slices.Reverse(keys)
	return keys
}

// changed appends n random events to some keys by turns, and returns the records.
func (p *probe) changed(keys []store.Key, n int) []store.Record {
	var records []store.Record
	for i := range n {
		ev := p.event(keys[i%len(keys)], p.anyArrival())
		records = append(records, p.appendNew(ev).Record)
		if p.rand.IntN(4) == 0 {
			p.append(ev) // a duplicate is no record
		}
	}
	return records
}

func changesOrder(p *probe) {
	p.changes()
	account := p.otherAccount()
	p.samef(diffs(nil, p.changesOf(account).all(0)), "of an account without records")
	keys := p.someKeys(account, 5)
	p.add(p.keyIn(p.otherAccount()), out(1))
	p.add(store.Key{Account: account + "x", Number: keys[0].Number}, out(1))
	want := p.changed(keys, 30)
	p.add(p.keyIn(p.otherAccount()), out(1))
	for _, limit := range []int{0, 7} {
		from := &tail{changes: p.changesOf(account)}
		from.reads(want, limit, "Changes")
	}
	for _, key := range keys {
		of := slices.DeleteFunc(p.changesOf(account).all(0), func(r store.Record) bool { return r.Key != key })
		p.samef(diffs(p.history(key), of), "Changes of one number, beside its History")
	}
}

func changesBatch(p *probe) {
	p.changes()
	p.appendsBatches()
	account := p.otherAccount()
	keys := p.someKeys(account, 5)
	var events []store.Event
	for n := range 4 {
		events = append(events, p.batchTo(keys[:5-n], n)...)
	}
	want := 0
	from := &tail{changes: p.changesOf(account)}
	for _, batch := range [][]store.Event{events[:5], events[2:9], events} { // with duplicates
		before := want
		for _, res := range p.appendBatch(batch) {
			if !res.Duplicate {
				want++
			}
		}
		var got []store.Record
		p.late(func() bool {
			got = append(got, from.read(3)...)
			return len(got) >= want-before
		})
		p.checkf(len(got) == want-before, "Changes after a batch of %d new records has %d", want-before, len(got))
	}
	for _, key := range keys {
		of := slices.DeleteFunc(p.changesOf(account).all(0), func(r store.Record) bool { return r.Key != key })
		p.samef(diffs(p.history(key), of), "Changes of one number, beside its History")
	}
}

func changesGoOn(p *probe) {
	p.changes()
	account := p.otherAccount()
	keys := p.someKeys(account, 3)
	from := &tail{changes: p.changesOf(account)}
	for n := range 12 {
		kept := from.after
		want := p.changed(keys, 1+n%5)
		from.reads(want, []int{0, 1, 2, 3}[n%4], "Changes from where it ended")
		from.reads(nil, 0, "Changes from where it ended, where nothing was recorded since")
		p.add(p.keyIn(p.otherAccount()), out(1))
		again := &tail{changes: from.changes, after: kept}
		again.reads(want, 0, "Changes from a cursor that was used before")
	}
}

func changesMissNone(p *probe) {
	p.changes()
	for range p.rounds(2, 20, 100*time.Millisecond) {
		p.readsBeside()
	}
}

// readsBeside reads while others append, and fails if a record is missing, or if those of one
// number, each where it is listed last, are not in the order of its History.
func (p *probe) readsBeside() {
	const perWriter = 12
	account := p.otherAccount()
	keys := p.someKeys(account, 4)
	events := make([][]store.Event, max(2, p.workers-2)) // of each writer
	for i := range events {
		for n := range perWriter {
			events[i] = append(events[i], p.event(keys[(i+n)%len(keys)], turn(n)))
		}
	}
	_, batches := store.As[store.BatchAppender](p.store)
	var got []store.Record
	from, limits := &tail{changes: p.changesOf(account)}, []int{0, 3, 1}
	p.beside(1, func() { got = append(got, from.read(limits[len(got)%len(limits)])...) }, len(events), func(i int) {
		for n, ev := range events[i] {
			if batches && n%4 == 3 {
				p.appendBatch([]store.Event{ev})
			} else {
				p.append(ev)
			}
		}
	})
	last := map[string]int{} // where in got an event is, the last time
	p.late(func() bool {
		got = append(got, from.read(0)...)
		for n, r := range got {
			last[r.ID] = n
		}
		return len(last) >= len(events)*perWriter
	})
	for _, key := range keys {
		before := -1
		for _, r := range p.history(key) {
			at, there := last[r.ID]
			p.checkf(there, "an event was recorded while the pages were read, and is not listed (%s)", showEvent(r.Event))
			p.checkf(at > before, "an event is not listed in the order of History (%s)", showEvent(r.Event))
			p.samef(diff(r, got[at]), "Changes")
			before = at
		}
	}
}

func changesSinceTime(p *probe) {
	p.changes()
	account := p.otherAccount()
	all := p.changed(p.someKeys(account, 3), 9)
	p.listed(p.changesOf(account), len(all))
	for _, since := range []time.Time{{}, minute(1), all[0].RecordedAt, all[4].RecordedAt, all[8].RecordedAt} {
		for _, since := range []time.Time{since, since.Add(1), since.Add(-1), since.In(time.FixedZone("", -7_200))} {
			var want []store.Record
			for _, r := range all {
				if !r.RecordedAt.Before(since) {
					want = append(want, r)
				}
			}
			for _, limit := range []int{0, 2} {
				p.samef(diffs(want, p.changesSince(account, since).all(limit)), "Changes since %s", showTime(since))
			}
		}
	}
	for _, since := range []time.Time{
		time.Now().Add(time.Hour), time.Date(9_999, time.December, 31, 0, 0, 0, 0, time.UTC), time.Unix(math.MaxInt64/2, 0),
	} {
		p.samef(diffs(nil, p.changesSince(account, since).all(0)), "Changes since a time that is to come")
	}
	from := &tail{changes: p.changesSince(account, all[3].RecordedAt)}
	from.reads(all[3:], 2, "Changes since a time")
	later := p.changed(p.someKeys(account, 2), 3)
	from.changes = p.changesOf(account) // the cursor alone
	from.reads(later, 2, "Changes from a cursor that was given for a time")
}

func changesInvalid(p *probe) {
	p.changes()
	for _, text := range badTexts() {
		p.invalidf(p.changesOf(text).read(p.ctx), "Changes of the account %s", quote(text))
	}
}

func changesCancelled(p *probe) {
	changes := p.changes()
	p.add(p.key(), out(1))
	p.needsContext("Changes", changes.read)
	p.needsContext("Changes of an account without records", p.changesOf(p.otherAccount()).read)
}

func changesLimit(p *probe) {
	changes := p.changes()
	want := p.changed(p.someKeys(p.account, 3), 12)
	p.listed(changes, len(want))
	changes.hasLimits(want)
}

func changesThousand(p *probe) {
	changes := p.changes()
	n := store.MaxLimit + 2
	keys := p.someKeys(p.account, n/2)
	events := make([]store.Event, 0, n)
	for i, key := range keys {
		events = append(events, p.event(key, turn(i)), p.event(key, turn(i+1)))
	}
	p.atOnce(events)
	p.listed(changes, n)
	want := changes.all(n / 3)
	p.checkf(len(want) == n, "of %d records %d are listed", n, len(want))
	changes.hasLargestPages(want)
}

func changesCursor(p *probe) {
	changes := p.changes()
	key := p.key()
	p.fill(key, 3)
	p.listed(changes, 3)
	good := changes.refusesBroken()
	history := p.historyOf(key)
	changes.refuses(history.next(), "a cursor of History")
	history.refuses(good, "a cursor of Changes")
	account := p.otherAccount()
	other := p.changesOf(account)
	other.refuses(good, "the cursor of another account, on one without records")
	p.fill(p.keyIn(account), 2)
	other.refuses(good, "the cursor of another account")
}

func changesSlice(p *probe) {
	changes := p.changes()
	keys := p.someKeys(p.account, 2)
	want := p.changed(keys, 6)
	p.listed(changes, len(want))
	changes.isCallers()
	p.samef(diffs(want, changes.all(0)), "the page was written to, and the next one has it")
	for _, key := range keys {
		p.settled(key)
	}
}
