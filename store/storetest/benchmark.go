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
	for _, bench := range []struct {
		name string
		run  func(*testing.B, *probe)
	}{
		{"Get/miss", benchGetMiss},
		{"Get/hit", benchGetHit},
		{"Append/new", benchAppendNew},
		{"Append/duplicate", benchAppendDuplicate},
		{"Append/held-1000", benchAppendHeld},
		{"Append/hotkey-parallel", benchHotkey},
		{"History/page", benchHistory},
		{"GetBatch/1000", benchGetBatch},
		{"List/1000", benchList},
	} {
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
			bench.run(b, p)
		})
	}
}

func benchGetMiss(b *testing.B, p *probe) {
	p.populate(p.account, benchContacts)
	key := p.key()
	for b.Loop() {
		p.get(key)
	}
}

func benchGetHit(b *testing.B, p *probe) {
	states := p.populate(p.account, benchContacts)
	i := 0
	for b.Loop() {
		p.get(states[i%len(states)].Key)
		i++
	}
}

func benchAppendNew(b *testing.B, p *probe) {
	for b.Loop() {
		p.append(p.event(p.key(), out(1)))
	}
}

func benchAppendDuplicate(b *testing.B, p *probe) {
	ev := p.event(p.key(), out(1))
	p.append(ev)
	for b.Loop() {
		p.append(ev)
	}
}

// benchAppendHeld appends texts to a key that has a thousand open holds.
func benchAppendHeld(b *testing.B, p *probe) {
	key := p.key()
	for n := range benchEvents {
		p.append(p.event(key, held(n+1)))
	}
	for b.Loop() {
		p.append(p.event(key, held(benchEvents+1)))
	}
}

func benchHotkey(b *testing.B, p *probe) {
	key := p.key()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			p.append(p.event(key, out(1)))
		}
	})
}

func benchHistory(b *testing.B, p *probe) {
	key := p.key()
	for n := range benchEvents {
		ev := p.event(key, out(n+1))
		ev.Text = "Stop"
		p.append(ev)
	}
	history := p.historyOf(key)
	for b.Loop() {
		history.first(0)
	}
}

func benchGetBatch(b *testing.B, p *probe) {
	p.batches()
	numbers := numbersOf(p.populate(p.account, benchContacts))[:benchBatch]
	for b.Loop() {
		p.getBatch(p.account, numbers)
	}
}

func benchList(b *testing.B, p *probe) {
	list := p.listOf(p.account, store.Unknown).orSkip()
	p.populate(p.account, benchContacts)
	for b.Loop() {
		list.first(benchBatch)
	}
}
