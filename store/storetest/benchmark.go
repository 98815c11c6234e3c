package storetest

import (
	"testing"

	"github.com/seed-f10031e4/consent/store"
)

// The sizes that the benchmarks work on.
const (
	benchContacts = 10_000
	benchEvents   = 1_000
	benchBatch    = 1_000
)

// Benchmark measures what a host does all day: gates that miss and hit, appends that are
// new, known, held or all of one key, and pages. Each sub-benchmark has a store of its own.
//
// A benchmark of an optional interface that the store does not have is skipped.
func Benchmark(b *testing.B, newStore Factory) {
	b.Helper()
	for _, bench := range benchmarks() {
		b.Run(bench.name, func(b *testing.B) {
			s := newStore(b)
			if s == nil {
				b.Fatal("there is no store")
			}
			o, _ := (*Options)(nil).settings() // the defaults are right
			p := newProbe(b.Context(), s, o)
			defer func() { // the probe ends the goroutine if the store fails
				out := p.outcome()
				if out.err != nil {
					b.Error(out.err)
				}
				if out.skipped != "" {
					b.Skip(out.skipped)
				}
			}()
			b.ReportAllocs()
			call := bench.prepare(p)
			if bench.parallel {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						call(0)
					}
				})
				return
			}
			for n := 0; b.Loop(); n++ {
				call(n)
			}
		})
	}
}

// benchmark fills a store, and returns the call that is measured. It gets the number of
// the calls before.
type benchmark struct {
	name     string
	parallel bool
	prepare  func(*probe) (call func(n int))
}

func benchmarks() []benchmark {
	return []benchmark{
		{name: "Get/miss", prepare: func(p *probe) func(int) {
			p.populate(p.account, benchContacts)
			key := p.key()
			return func(int) { p.get(key) }
		}},
		{name: "Get/hit", prepare: func(p *probe) func(int) {
			states := p.populate(p.account, benchContacts)
			return func(n int) { p.get(states[n%len(states)].Key) }
		}},
		{name: "Append/new", prepare: func(p *probe) func(int) {
			return func(int) { p.append(p.event(p.key(), out(1))) }
		}},
		{name: "Append/duplicate", prepare: func(p *probe) func(int) {
			ev := p.event(p.key(), out(1))
			p.append(ev)
			return func(int) { p.append(ev) }
		}},
		{name: "Append/held-1000", prepare: func(p *probe) func(int) {
			key := p.key()
			for n := range benchEvents {
				p.append(p.event(key, held(n+1)))
			}
			return func(int) { p.append(p.event(key, held(benchEvents+1))) }
		}},
		{name: "Append/hotkey-parallel", parallel: true, prepare: func(p *probe) func(int) {
			key := p.key()
			return func(int) { p.append(p.event(key, out(1))) }
		}},
		{name: "AppendBatch/1000", prepare: func(p *probe) func(int) {
			p.appendsBatches()
			return func(int) {
				events := make([]store.Event, benchBatch)
				for i := range events {
					events[i] = p.event(p.key(), out(1))
				}
				p.appendBatch(events)
			}
		}},
		{name: "History/page", prepare: func(p *probe) func(int) {
			key := p.key()
			for n := range benchEvents {
				ev := p.event(key, out(n+1))
				ev.Text = "Stop"
				p.append(ev)
			}
			history := p.historyOf(key)
			return func(int) { history.first(0) }
		}},
		{name: "GetBatch/1000", prepare: func(p *probe) func(int) {
			p.batches()
			numbers := numbersOf(p.populate(p.account, benchContacts))[:benchBatch]
			return func(int) { p.getBatch(p.account, numbers) }
		}},
		{name: "List/1000", prepare: func(p *probe) func(int) {
			list := p.lists()
			p.populate(p.account, benchContacts)
			return func(int) { list.first(benchBatch) }
		}},
	}
}
