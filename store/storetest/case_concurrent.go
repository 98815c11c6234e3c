package storetest

import (
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// atomicAppend reads a key while one goroutine appends to it. Each event becomes the
// state, so what the state and the history show of it can be compared.
func atomicAppend(p *probe) {
	const events = 8
	for range p.rounds(10, 400, 400*time.Millisecond) {
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

// bothOrNeither reads the history before and after the state, of events that are
// numbered and effective.
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
		p.failf("%d effective events are stored, and the state after is that of event %d", len(before), of)
	}
	if len(after) < of {
		p.failf("the state is that of event %d, and %d events are stored after", of, len(after))
	}
}

func concurrentAppends(p *probe) {
	const perWorker = 12
	workers := p.workers
	for range p.rounds(1, 20, 300*time.Millisecond) {
		key := p.key()
		var batches [][]store.Event
		for range workers {
			var events []store.Event
			for range perWorker {
				events = append(events, p.arrive(key, p.anyArrival()))
			}
			batches = append(batches, events)
		}
		results := make([][]store.Result, workers)
		p.parallel(workers, func(i int) {
			for _, ev := range batches[i] {
				results[i] = append(results[i], p.appendNew(ev))
			}
		})
		p.allThere(key, results, workers*perWorker)
	}
	p.converges(workers)
}

// allThere fails where an event is lost, or is not as Append returned it.
func (p *probe) allThere(key store.Key, results [][]store.Result, want int) {
	events, _ := p.settled(key)
	if len(events) != want {
		p.failf("of %d events that were appended %d are stored", want, len(events))
	}
	place := make(map[string]int, len(events))
	states := make([]store.State, len(events)) // after each event
	var now store.State
	for i, ev := range events {
		place[ev.ID] = i
		now, _ = store.Next(now, ev)
		states[i] = now
	}
	for _, worker := range results {
		for _, res := range worker {
			at, ok := place[res.Event.ID]
			if !ok {
				p.failf("an event is lost (%s)", showEvent(res.Event))
			}
			if d := diffEvent(events[at], res.Event); d != "" {
				p.failf("Append returned another event than is stored: %s", d)
			}
			if !anyState(states[at:], res.State) {
				p.failf("Append returned a state that never was, or was before the event (%s)", showEvent(res.Event))
			}
		}
	}
}

func anyState(states []store.State, state store.State) bool {
	for _, s := range states {
		if diffState(s, state) == "" {
			return true
		}
	}
	return false
}

// converges lets goroutines race to the newest of events that all carry a time.
func (p *probe) converges(workers int) {
	key := p.key()
	arrivals := make([]arrival, 4*workers)
	for i := range arrivals {
		arrivals[i] = in(1 + p.rand.IntN(len(arrivals)))
		if p.rand.IntN(2) == 0 {
			arrivals[i] = out(1 + p.rand.IntN(len(arrivals)))
		}
	}
	p.parallel(workers, func(i int) {
		for _, a := range arrivals[4*i : 4*i+4] {
			p.appendNew(p.arrive(key, a))
		}
	})
	if _, state := p.settled(key); state.Status != newest(arrivals) {
		p.failf("the state is %v, of events whose newest is %v", state.Status, newest(arrivals))
	}
}

// concurrentCalls calls every method at once, for the race detector and for the
// deadlocks.
func concurrentCalls(p *probe) {
	keys := []store.Key{p.key(), p.key(), {Account: p.otherAccount(), Number: p.key().Number}}
	numbers := []string{keys[0].Number, keys[1].Number}
	b, canBatch := store.As[store.BatchGetter](p.store)
	l, canList := p.canList()
	seed := p.rand.Uint64()
	p.parallel(p.workers, func(i int) {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		for n := range p.rounds(10, 60, 200*time.Millisecond) {
			key := keys[r.IntN(len(keys))]
			switch r.IntN(5) {
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
			default:
				p.appendNew(p.alternate(key, n))
			}
		}
	})
	for _, key := range keys {
		p.settled(key)
	}
}
