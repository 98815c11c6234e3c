package storetest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// atomicAppend reads a key while one goroutine appends to it. Each event becomes the
// state, so what the state and the history show of it can be compared.
func atomicAppend(p *probe) {
	const events = 8
	for range p.rounds(20, 400, 150*time.Millisecond) {
		key := p.key()
		var done atomic.Bool
		p.parallel(1+max(2, p.workers/2), func(i int) {
			if i > 0 {
				for !done.Load() && !p.failed() {
					p.bothOrNeither(key)
				}
				return
			}
			defer done.Store(true)
			for n := 1; n <= events; n++ {
				ev := p.alternate(key, n)
				ev.ID = strconv.Itoa(n)
				p.append(ev)
			}
		})
		p.settled(key)
	}
}

// bothOrNeither reads the history before and after the state, of events that are numbered
// and effective.
func (p *probe) bothOrNeither(key store.Key) {
	before := p.history(key)
	state := p.get(key)
	after := p.history(key)
	of := 0
	if state.Status != store.Unknown {
		n, err := strconv.Atoi(state.EventID)
		if err != nil {
			p.failf("the state is that of event %q", state.EventID)
		}
		of = n
	}
	if len(before) > of {
		p.failf("%d effective records are stored, and the state after is that of event %d", len(before), of)
	}
	if len(after) < of {
		p.failf("the state is that of event %d, and %d records are stored after", of, len(after))
	}
}

func concurrentAppends(p *probe) {
	for range p.rounds(1, 20, 300*time.Millisecond) {
		p.race(p, p)
	}
	p.converges(p, p)
}

// race lets goroutines append to one key, by turns through one of two probes.
func (p *probe) race(probes ...*probe) {
	const perWorker = 12
	key := p.key()
	batches := make([][]store.Event, p.workers)
	for i := range batches {
		for range perWorker {
			batches[i] = append(batches[i], p.arrive(key, p.anyArrival()))
		}
	}
	results := make([][]store.Result, p.workers)
	p.parallel(p.workers, func(i int) {
		for _, ev := range batches[i] {
			results[i] = append(results[i], probes[i%len(probes)].appendNew(ev))
		}
	})
	p.allThere(key, results, p.workers*perWorker)
}

// allThere fails if a record is lost, or is not as Append returned it.
func (p *probe) allThere(key store.Key, results [][]store.Result, want int) {
	records, _ := p.settled(key)
	if len(records) != want {
		p.failf("of %d events that were appended %d are stored", want, len(records))
	}
	place := make(map[string]int, len(records))
	states := make([]store.State, len(records)) // after each record
	book := rulebook.New(key)
	for i, r := range records {
		place[r.ID] = i
		book.Add(r)
		states[i] = book.State()
	}
	for _, res := range slices.Concat(results...) {
		at, ok := place[res.Record.ID]
		if !ok {
			p.failf("an event is lost (%s)", showEvent(res.Record.Event))
		}
		if d := diffRecord(records[at], res.Record); d != "" {
			p.failf("Append returned another record than is stored: %s", d)
		}
		if !slices.ContainsFunc(states[at:], func(s store.State) bool { return diffState(s, res.State) == "" }) {
			p.failf("Append returned a state that never was, or was before the event (%s)", showEvent(res.Record.Event))
		}
	}
}

// converges lets goroutines race to the newest of events that all carry a time.
func (p *probe) converges(probes ...*probe) {
	key := p.key()
	arrivals := make([]arrival, 4*p.workers)
	for i := range arrivals {
		at := 1 + p.rand.IntN(len(arrivals))
		arrivals[i] = []arrival{in(at), in(at), out(at), held(at), consent(at)}[p.rand.IntN(5)]
	}
	p.parallel(p.workers, func(i int) {
		for _, a := range arrivals[4*i : 4*i+4] {
			probes[i%len(probes)].appendNew(p.arrive(key, a))
		}
	})
	if _, state := p.settled(key); state.Status != dated(arrivals) {
		p.failf("the state is %v, of events that end as %v", state.Status, dated(arrivals))
	}
}

// concurrentCalls calls every method at once, for the race detector and for deadlocks.
func concurrentCalls(p *probe) {
	keys := []store.Key{p.key(), p.key(), {Account: p.otherAccount(), Number: p.key().Number}}
	numbers := []string{keys[0].Number, keys[1].Number}
	b, canBatch := p.canBatch()
	l, canList := p.canList()
	r, canReview := p.canReview()
	seed := p.rand.Uint64()
	p.parallel(p.workers, func(i int) {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		for n := range p.rounds(10, 60, 200*time.Millisecond) {
			key := keys[random.IntN(len(keys))]
			switch random.IntN(7) {
			case 0:
				p.get(key)
			case 1:
				p.historyBy(key, 50)
			case 2:
				if canBatch {
					p.getBatch(b, p.account, numbers)
				}
			case 3:
				if canList {
					p.list(l, store.ListQuery{Account: p.account, Limit: 1})
				}
			case 4:
				if canReview {
					p.reviews(r, p.account, 50)
				}
			case 5:
				p.appendNew(p.arrive(key, held(n+1)))
			default:
				p.appendNew(p.alternate(key, n))
			}
		}
	})
	for _, key := range keys {
		p.settled(key)
	}
}
