package storetest

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
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
		run  func(*bencher)
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
			b.ReportAllocs()
			o, _ := (*Options)(nil).settings() // the defaults are right
			bench.run(&bencher{B: b, probe: newProbe(b.Context(), s, o)})
		})
	}
}

// bencher calls a store in the goroutine of a benchmark, which a probe's own calls would
// end.
type bencher struct {
	*testing.B
	probe *probe
}

func (b *bencher) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// append appends one event, again if it lost against another.
func (b *bencher) append(ev store.Event) error {
	_, err := b.probe.tryAppend(b.probe.ctx, ev)
	return err
}

// contacts returns numbers of the account that are opted out.
func (b *bencher) contacts() []string {
	b.Helper()
	p := b.probe
	numbers := make([]string, benchContacts)
	for i := range numbers {
		numbers[i] = p.key().Number
	}
	errs := make([]error, p.workers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range p.workers {
		wg.Go(func() {
			for i := next.Add(1); i <= benchContacts && errs[worker] == nil; i = next.Add(1) {
				key := store.Key{Account: p.account, Number: numbers[i-1]}
				errs[worker] = b.append(p.event(key, store.OptOut, minute(1)))
			}
		})
	}
	wg.Wait()
	b.must(errors.Join(errs...))
	return numbers
}

func benchGetMiss(b *bencher) {
	b.contacts()
	key := b.probe.key()
	for b.Loop() {
		_, err := b.probe.store.Get(b.probe.ctx, key)
		b.must(err)
	}
}

func benchGetHit(b *bencher) {
	numbers := b.contacts()
	i := 0
	for b.Loop() {
		_, err := b.probe.store.Get(b.probe.ctx, store.Key{Account: b.probe.account, Number: numbers[i%len(numbers)]})
		b.must(err)
		i++
	}
}

func benchAppendNew(b *bencher) {
	for b.Loop() {
		b.must(b.append(b.probe.event(b.probe.key(), store.OptOut, minute(1))))
	}
}

func benchAppendDuplicate(b *bencher) {
	ev := b.probe.event(b.probe.key(), store.OptOut, minute(1))
	b.must(b.append(ev))
	for b.Loop() {
		b.must(b.append(ev))
	}
}

// benchAppendHeld appends texts to a key that has a thousand open holds.
func benchAppendHeld(b *bencher) {
	key := b.probe.key()
	for n := range benchEvents {
		b.must(b.append(b.probe.event(key, store.Hold, minute(n))))
	}
	for b.Loop() {
		b.must(b.append(b.probe.event(key, store.Hold, minute(benchEvents))))
	}
}

func benchHotkey(b *bencher) {
	key := b.probe.key()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := b.append(b.probe.event(key, store.OptOut, minute(1))); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func benchHistory(b *bencher) {
	key := b.probe.key()
	for n := range benchEvents {
		ev := b.probe.event(key, store.OptOut, minute(n))
		ev.Text, ev.Note = "Stop", strconv.Itoa(n)
		b.must(b.append(ev))
	}
	for b.Loop() {
		_, err := b.probe.store.History(b.probe.ctx, store.HistoryQuery{Key: key})
		b.must(err)
	}
}

func benchGetBatch(b *bencher) {
	batch, ok := store.As[store.BatchGetter](b.probe.store)
	if !ok {
		b.Skip("the store has no BatchGetter")
	}
	numbers := b.contacts()[:benchBatch]
	for b.Loop() {
		_, err := batch.GetBatch(b.probe.ctx, b.probe.account, numbers)
		b.must(err)
	}
}

func benchList(b *bencher) {
	l, ok := b.probe.canList()
	if !ok {
		b.Skip("the store has no Lister")
	}
	b.contacts()
	q := store.ListQuery{Account: b.probe.account, Limit: benchBatch}
	for b.Loop() {
		_, err := l.List(b.probe.ctx, q)
		b.must(err)
	}
}
