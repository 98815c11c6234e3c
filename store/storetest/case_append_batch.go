package storetest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// appendsBatches skips the case if the store has no AppendBatch of its own.
func (p *probe) appendsBatches() {
	if _, ok := store.As[store.BatchAppender](p.store); !ok {
		p.skip("the store has no BatchAppender")
	}
}

// tryBatch appends again if the batch lost against another write: nothing was written then.
func (p *probe) tryBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	return again(ctx, func() ([]store.Result, error) { return store.AppendBatch(ctx, p.store, events) })
}

func (p *probe) appendBatch(events []store.Event) []store.Result {
	results, err := p.tryBatch(p.ctx, events)
	p.mustf(err, "AppendBatch of %d events", len(events))
	p.checkf(len(results) == len(events), "AppendBatch of %d events: %d results", len(events), len(results))
	return results
}

func appendBatchEqualsAppends(p *probe) {
	p.appendsBatches()
	for range p.rounds(2, 30, 200*time.Millisecond) {
		p.randomBatches()
	}
}

// randomBatches appends random events to a few keys of two accounts, in batches of up to
// thirty, and compares each result with what the rule written a second time makes of it.
func (p *probe) randomBatches() {
	one := p.keyIn(p.otherAccount())
	keys := []store.Key{one, p.keyIn(one.Account), {Account: p.otherAccount(), Number: one.Number}, p.key(), p.key(), p.key()}
	books := map[store.Key]*rulebook.Book{}
	for _, key := range keys {
		books[key] = rulebook.New(key)
	}
	now := time.Now() // of the books; that of the records is the store's
	for range 12 {
		var events []store.Event
		var want []wanted
		for len(events) < 1+p.rand.IntN(30) {
			key := keys[p.rand.IntN(len(keys))]
			ev := p.anyEvent(p.event(key, p.anyArrival()), books[key].Records())
			ev.Note = strconv.Itoa(len(events))
			now = now.Add(time.Second).Truncate(store.Precision)
			if w := p.wants(books[key], ev, now); !errors.Is(w.err, store.ErrInvalid) { // that would fail the batch
				events, want = append(events, ev), append(want, w)
			}
		}
		results := p.appendBatch(events)
		for i, w := range want {
			p.samef(w.differs(results[i]), "result %d of %d (%s)", i+1, len(events), showEvent(events[i]))
		}
	}
	for key, book := range books {
		records, state := p.settled(key)
		p.samef(diffs(unrecorded(book.Records()), unrecorded(records)), "History after the batches")
		p.checkf(book.State().Status == state.Status, "Get after the batches is %v, want %v", state.Status, book.State().Status)
	}
}

// wanted is what an Append must answer, except for the times of recording.
type wanted struct {
	result  store.Result
	repeats []store.Record // of which a duplicate has one
	err     error
}

func (p *probe) wants(book *rulebook.Book, ev store.Event, now time.Time) (w wanted) {
	kept, err := ev.Normalize()
	p.mustf(err, "Normalize (%s)", showEvent(ev))
	if w.repeats, w.err = book.Repeats(kept); w.err != nil {
		return w
	}
	if len(w.repeats) > 0 {
		w.result = store.Result{State: book.State(), Duplicate: true}
		return w
	}
	w.result, err = book.Append(kept, now)
	p.mustf(err, "the rule refuses an event (%s)", showEvent(ev))
	return w
}

func (w wanted) differs(got store.Result) string {
	switch {
	case w.err != nil:
		if !errors.Is(got.Err, w.err) || got.Record != (store.Record{}) || got.State != (store.State{}) || got.Duplicate {
			return "it is refused, want a Result with nothing but Err: " + w.err.Error()
		}
		return ""
	case got.Err != nil:
		return "Err is " + got.Err.Error()
	case w.result.Duplicate != got.Duplicate:
		return "Duplicate is " + strconv.FormatBool(got.Duplicate)
	}
	record := unrecorded([]store.Record{got.Record})[0]
	if got.Duplicate {
		same := func(r store.Record) bool { return diff(r, record) == "" }
		if !slices.ContainsFunc(unrecorded(w.repeats), same) {
			return "the record is not one that is stored with this content"
		}
	} else if d := diff(unrecorded([]store.Record{w.result.Record})[0], record); d != "" {
		return d
	}
	want, state := w.result.State, got.State
	want.RecordedAt, state.RecordedAt = time.Time{}, time.Time{}
	return diff(want, state)
}

// unrecorded returns records without their times of recording.
func unrecorded(records []store.Record) []store.Record {
	records = slices.Clone(records)
	for i := range records {
		records[i].RecordedAt = time.Time{}
	}
	return records
}

func appendBatchOrder(p *probe) {
	p.appendsBatches()
	key, other := p.key(), p.key()
	var events []store.Event
	for n := range 6 { // neither by time nor by id
		events = append(events, p.event(key, turn(n).sent(minute(9-n))), p.event(other, turn(n)))
	}
	slices.Reverse(events)
	results := p.appendBatch(events)
	for _, key := range []store.Key{key, other} {
		var want []store.Record
		for i, ev := range events {
			p.checkf(results[i].Record.ID == ev.ID, "result %d is of event %q, want %q", i+1, results[i].Record.ID, ev.ID)
			if ev.Key == key {
				want = append(want, results[i].Record)
			}
		}
		records, _ := p.settled(key)
		p.samef(diffs(want, records), "History")
	}
}

func appendBatchSize(p *probe) {
	p.appendsBatches()
	for _, none := range [][]store.Event{nil, {}} {
		p.checkf(len(p.appendBatch(none)) == 0, "a batch of nothing has results")
	}
	sizes := []int{1, 2_500} // more than one statement of a database may take
	if p.options.Long {
		sizes = append(sizes, 10_000)
	}
	for _, size := range sizes {
		account := p.otherAccount()
		events := make([]store.Event, size)
		for i := range events {
			events[i] = p.event(p.keyIn(account), turn(i))
			if i%100 == 99 { // now and then one that is there already
				events[i] = p.event(events[i-50].Key, turn(i))
			}
		}
		slices.Reverse(events)
		results := p.appendBatch(events)
		want := map[string]store.State{}
		for i, res := range results {
			p.samef(diff(events[i], res.Record.Event), "result %d of %d", i+1, size)
			want[res.State.Key.Number] = res.State
		}
		numbers := slices.Sorted(maps.Keys(want))
		for chunk := range slices.Chunk(numbers, store.MaxLimit) {
			for i, state := range p.getBatch(account, chunk) {
				p.samef(diff(want[chunk[i]], state), "Get after a batch of %d", size)
			}
		}
		for range 20 {
			p.settled(events[p.rand.IntN(size)].Key)
		}
		for i, res := range p.appendBatch(events) {
			p.checkf(res.Duplicate, "a batch of %d again: event %d is no Duplicate", size, i+1)
			p.samef(diff(results[i].Record, res.Record), "a batch of %d again: event %d", size, i+1)
		}
	}
}

func appendBatchDuplicate(p *probe) {
	p.appendsBatches()
	known, key := p.key(), p.key()
	stored := p.add(known, out(1)).Record
	first, second := p.event(key, out(1)), p.event(key, in(2))
	reused := first
	reused.At = minute(3) // another event, as the ids of some senders are not unique
	events := []store.Event{first, stored.Event, first, second, first, second, reused, reused}
	duplicates := []bool{false, true, true, false, true, true, false, true}
	results := p.appendBatch(events)
	for i, res := range results {
		p.checkf(res.Err == nil && res.Duplicate == duplicates[i], "event %d of %d: Duplicate is %t, Err is %v",
			i+1, len(events), res.Duplicate, res.Err)
	}
	p.samef(diff(stored, results[1].Record), "the record of a duplicate")
	p.samef(diff(results[0].Record, results[4].Record), "the record of a duplicate in the same batch")
	p.samef(diff(results[3].State, results[4].State), "the state beside a duplicate in the same batch")
	records, state := p.settled(key)
	p.samef(diffs([]store.Record{results[0].Record, results[3].Record, results[6].Record}, records), "History")
	p.samef(diff(state, results[7].State), "the last state")
	p.unchanged(key, "the batch again", func() {
		for i, res := range p.appendBatch(events) {
			p.checkf(res.Duplicate, "the batch again: event %d is no Duplicate", i+1)
		}
	})
}

func appendBatchRefused(p *probe) {
	p.appendsBatches()
	stopped, fresh := p.key(), p.key()
	stored := p.add(stopped, out(1)).Record
	known := p.event(stopped, in(2))
	known.ID = stored.ID
	first := p.event(fresh, out(1))
	again := p.event(fresh, consent(2))
	again.ID = first.ID // of an event of the same batch
	last := p.event(p.key(), out(1))
	results := p.appendBatch([]store.Event{known, first, again, last})
	for i, refused := range []bool{true, false, true, false} {
		p.checkf(errors.Is(results[i].Err, store.ErrIDReused) == refused, "event %d: Err is %v", i+1, results[i].Err)
		if refused {
			results[i].Err = nil
			p.checkf(results[i] == store.Result{}, "event %d is refused, and has a result", i+1)
		}
	}
	for _, key := range []store.Key{stopped, fresh, last.Key} {
		records, _ := p.settled(key)
		p.checkf(len(records) == 1 && records[0].Action == store.OptOut, "%d records of %s, want its opt-out", len(records), showKey(key))
	}
}

func appendBatchInvalid(p *probe) {
	p.appendsBatches()
	bad := p.badEvents(p.key())[:4]
	bad = append(bad, p.event(p.badKeys()[0], out(1)), p.event(p.badKeys()[1], out(1)))
	used := p.key()
	text := p.add(used, held(1).received(2)).Record.Event
	review := p.review(store.Release, text)
	review.Text += "." // names no text
	bad = append(bad, review)
	for _, ev := range bad {
		for _, at := range []int{0, 1, 3} {
			fresh, twice := p.key(), p.key()
			good := []store.Event{p.event(fresh, out(1)), p.event(used, out(1)), p.event(twice, out(1)), p.event(twice, in(2))}
			events := slices.Insert(slices.Clone(good), at, ev)
			p.unchanged(used, "a batch with an event that no store takes", func() {
				_, err := p.tryBatch(p.ctx, events)
				p.invalidf(err, "AppendBatch with event %d (%s)", at+1, showEvent(ev))
			})
			p.untouched(fresh, "a batch that failed")
			p.untouched(twice, "a batch that failed")
			for i, res := range p.appendBatch(good) { // what failed has left nothing
				p.checkf(!res.Duplicate && res.Err == nil, "event %d after a batch that failed: Duplicate is %t, Err is %v",
					i+1, res.Duplicate, res.Err)
			}
			p.settled(twice)
		}
	}
}

// appendBatchAtomic reads keys while batches append to all of them at once: what the first
// key shows of a batch, the last one has to show too.
func appendBatchAtomic(p *probe) {
	p.appendsBatches()
	const keys, batches = 10, 6
	for range p.rounds(5, 100, 200*time.Millisecond) {
		all := make([]store.Key, keys)
		for i := range all {
			all[i] = p.key()
		}
		count := func(key store.Key) int { return len(p.history(key)) }
		p.beside(2, func() {
			for _, pair := range [][2]store.Key{{all[0], all[keys-1]}, {all[keys-1], all[0]}, {all[0], all[keys/2]}} {
				one := count(pair[0])
				two := count(pair[1])
				p.checkf(two >= one, "one key has %d events of the batches, and after that another one %d", one, two)
			}
		}, 1, func(int) {
			for n := range batches {
				p.appendBatch(p.batchTo(all, n))
			}
		})
		for _, key := range all {
			p.settled(key)
		}
	}
}

// batchTo returns a batch of one new event for each key.
func (p *probe) batchTo(keys []store.Key, n int) []store.Event {
	events := make([]store.Event, len(keys))
	for i, key := range keys {
		events[i] = p.event(key, turn(n))
	}
	return events
}

func appendBatchCancelled(p *probe) {
	p.appendsBatches()
	used, fresh := p.key(), p.key()
	p.add(used, out(1))
	p.unchanged(used, "AppendBatch", func() {
		for _, events := range [][]store.Event{{p.event(used, in(2)), p.event(fresh, out(1))}, {p.event(fresh, out(1))}, nil} {
			p.needsContext("AppendBatch", func(ctx context.Context) error {
				_, err := p.tryBatch(ctx, events)
				return err
			})
		}
	})
	p.untouched(fresh, "a batch whose context was cancelled")
}

func appendBatchMidway(p *probe) {
	p.appendsBatches()
	used := []store.Key{p.key(), p.key(), p.key()}
	midway := func(ctx context.Context, look int) {
		fresh := []store.Key{p.key(), p.key()}
		events := p.batchTo(slices.Concat(used, fresh), look)
		events = append(events, p.event(used[0], turn(look+1))) // the second of one key
		_, err := p.tryBatch(ctx, events)
		there := 0
		for _, res := range p.appendBatch(events) { // after a cancelled write that still arrives
			if res.Duplicate {
				there++
			}
		}
		p.checkf(there == len(events) || there == 0 && err != nil, "of %d events %d were there, after the error %v", len(events), there, err)
		for _, ev := range events {
			p.settled(ev.Key)
		}
	}
	p.withFuses(midway)
	for n := range p.rounds(5, 20, 200*time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, time.Duration(p.rand.Int64N(int64(4*time.Millisecond))))
		midway(ctx, n)
		cancel()
	}
}

func appendBatchConcurrent(p *probe) {
	p.appendsBatches()
	for range p.rounds(2, 10, 300*time.Millisecond) {
		p.raceBatches()
	}
}

// raceBatches lets batches and Appends race to the same keys, of which each batch has its
// own order, and some twice. It fails if a record is lost, or is not as AppendBatch
// returned it.
func (p *probe) raceBatches() {
	const perWorker = 4
	keys := make([]store.Key, 12)
	for i := range keys {
		keys[i] = p.key()
	}
	batches := make([][]store.Event, p.workers*perWorker)
	holds := make([]store.Event, len(batches))
	for i := range batches {
		batches[i] = append(p.batchTo(keys, i), p.batchTo(keys[:6], i)...)
		p.rand.Shuffle(len(batches[i]), func(a, b int) { batches[i][a], batches[i][b] = batches[i][b], batches[i][a] })
		if i%2 == 0 {
			slices.SortFunc(batches[i], func(a, b store.Event) int { return cmp.Compare(b.Key.Number, a.Key.Number) })
		}
		holds[i] = p.event(keys[i%len(keys)], held(1))
	}
	results := make([][]store.Result, len(batches))
	p.spread(len(batches), func(i int) {
		p.append(holds[i])
		results[i] = p.appendBatch(batches[i])
	})

	found := map[string]store.Record{}
	for _, key := range keys {
		records, _ := p.settled(key)
		for _, r := range records {
			_, twice := found[r.ID]
			p.checkf(!twice, "an event is stored twice (%s)", showEvent(r.Event))
			found[r.ID] = r
		}
	}
	for i, events := range batches {
		for n, ev := range append(events, holds[i]) {
			r, there := found[ev.ID]
			p.checkf(there, "an event is lost (%s)", showEvent(ev))
			if n < len(results[i]) {
				p.samef(diff(r, results[i][n].Record), "AppendBatch returned another record than is stored")
			}
		}
	}
}

func appendBatchSlice(p *probe) {
	p.appendsBatches()
	keys := []store.Key{p.key(), p.key(), p.key()}
	slices.Reverse(keys)
	var events []store.Event
	for round := range 3 {
		next := p.batchTo(keys, round)
		if events == nil {
			events = make([]store.Event, len(next))
		}
		copy(events, next) // the same slice, with other events
		results := p.appendBatch(events)
		p.checkf(slices.Equal(events, next), "AppendBatch wrote to its argument")
		scribble(events[:0])
		for i := range next {
			p.samef(diff(next[i], results[i].Record.Event), "event %d: an argument was written to after the call", i+1)
		}
		scribble(results)
		for _, ev := range next {
			records, state := p.settled(ev.Key)
			p.checkf(len(records) == round+1 && state.EventID == ev.ID, "round %d: %d records, the state is of event %q",
				round+1, len(records), state.EventID)
		}
	}
}
