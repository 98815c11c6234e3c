package storetest

import (
	"math/rand/v2"
	"slices"
	"strconv"
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
		p.beside(max(2, p.workers/2), func() { p.bothOrNeither(key) }, 1, func(int) {
			for n := 1; n <= events; n++ {
				ev := p.event(key, turn(n))
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
	before, state, after := p.history(key), p.get(key), p.history(key)
	of := 0
	if state.Status != store.Unknown {
		n, err := strconv.Atoi(state.EventID)
		p.mustf(err, "the state is that of event %q", state.EventID)
		of = n
	}
	p.checkf(len(before) <= of, "%d effective records are stored, and the state after is that of event %d", len(before), of)
	p.checkf(of <= len(after), "the state is that of event %d, and %d records are stored after", of, len(after))
}

func concurrentAppends(p *probe) { p.races(p) }

func twoProcesses(p *probe) { p.races(p, p.reopen()) }

// races lets goroutines append to one key again and again, by turns through some probes.
func (p *probe) races(probes ...*probe) {
	for range p.rounds(1, 20, 300*time.Millisecond) {
		p.race(probes)
	}
	p.converges(probes)
}

// race fails if of concurrent Appends a record is lost, or is not as Append returned it.
func (p *probe) race(probes []*probe) {
	const perWorker = 12
	key := p.key()
	events := make([]store.Event, p.workers*perWorker)
	for i := range events {
		events[i] = p.event(key, p.anyArrival())
	}
	results := make([]store.Result, len(events))
	p.spread(len(events), func(i int) { results[i] = probes[i%len(probes)].appendNew(events[i]) })

	records, _ := p.settled(key)
	p.checkf(len(records) == len(results), "of %d events that were appended %d are stored", len(results), len(records))
	states := make([]store.State, len(records)) // after each record
	book := rulebook.New(key)
	for i, r := range records {
		book.Add(r)
		states[i] = book.State()
	}
	for _, res := range results {
		at := slices.IndexFunc(records, func(r store.Record) bool { return r.ID == res.Record.ID })
		p.checkf(at >= 0, "an event is lost (%s)", showEvent(res.Record.Event))
		p.samef(diff(records[at], res.Record), "Append returned another record than is stored")
		was := slices.ContainsFunc(states[at:], func(s store.State) bool { return diff(s, res.State) == "" })
		p.checkf(was, "Append returned a state that never was, or was before the event (%s)", showEvent(res.Record.Event))
	}
}

// converges lets goroutines race to the newest of events that all carry a time.
func (p *probe) converges(probes []*probe) {
	key := p.key()
	arrivals := make([]arrival, 4*p.workers)
	for i := range arrivals {
		at := 1 + p.rand.IntN(len(arrivals))
		arrivals[i] = []arrival{in(at), in(at), out(at), held(at), consent(at)}[p.rand.IntN(5)]
	}
	p.spread(len(arrivals), func(i int) { probes[i%len(probes)].add(key, arrivals[i]) })
	p.endsf(key, dated(arrivals), "%v", arrivals)
}

// concurrentCalls calls every method at once, for the race detector and for deadlocks.
func concurrentCalls(p *probe) {
	keys := []store.Key{p.key(), p.key(), p.keyIn(p.otherAccount())}
	calls := []func(key store.Key, n int){
		func(key store.Key, _ int) { p.get(key) },
		func(key store.Key, _ int) { p.historyOf(key).all(50) },
		func(store.Key, int) { p.getBatch(p.account, []string{keys[0].Number, keys[1].Number}) },
		func(key store.Key, n int) { p.add(key, held(n+1)) },
		func(key store.Key, n int) { p.add(key, turn(n)) },
	}
	if list := p.listOf(p.account, store.Unknown); list.offered() {
		calls = append(calls, func(store.Key, int) { list.all(1) })
	}
	if reviews := p.reviewsOf(p.account); reviews.offered() {
		calls = append(calls, func(store.Key, int) { reviews.all(50) })
	}
	if changes := p.changesOf(p.account); changes.offered() {
		calls = append(calls, func(store.Key, int) { (&tail{changes: changes}).read(50) })
	}
	seed := p.rand.Uint64()
	p.parallel(p.workers, func(i int) {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		for n := range p.rounds(10, 60, 200*time.Millisecond) {
			calls[random.IntN(len(calls))](keys[random.IntN(len(keys))], n)
		}
	})
	for _, key := range keys {
		p.settled(key)
	}
}

// reopened opens the data a second time, and reads what the first store acknowledged.
func reopened(p *probe) {
	second := p.reopen() // which has seen nothing yet
	var events []store.Event
	for _, a := range []arrival{out(1), in(1), consent(1), held(1), held(0).received(3), ask(0)} {
		events = append(events, p.add(p.key(), a).Record.Event)
	}
	p.appendNew(p.review(store.Release, events[3]))
	others := []*probe{second, p.reopen()} // the other opens what was appended
	for _, other := range others {
		for _, ev := range events {
			records, state := p.settled(ev.Key)
			p.samef(diffs(records, other.history(ev.Key)), "History of %v", ev.Action)
			other.everywhere(state)
			other.isDuplicate(ev, ev.Action.String()+" redelivered to another store")
		}
	}
	// What one of them writes the other has to see at once.
	key := events[0].Key
	second.add(key, in(5))
	p.endsf(key, isIn, "an opt-in was acknowledged by the second store, and in the first")
	p.add(key, out(6))
	for _, other := range others {
		other.endsf(key, isOut, "an opt-out was acknowledged by the first store, and in another")
		other.everywhere(p.get(key))
	}
}
