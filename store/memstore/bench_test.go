package memstore_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

var large = flag.Bool("large", false, "measure 10,000,000 numbers, too")

// The benchmarks put the store beside what a host would write: a map behind a lock,
// which has the state and no history.

type plainKey struct{ account, number string }

type plainStore struct {
	mu     sync.RWMutex
	states map[plainKey]store.State
}

func (p *plainStore) get(account, number string) store.State {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if state, ok := p.states[plainKey{account, number}]; ok {
		return state
	}
	return store.State{Key: store.Key{Account: account, Number: number}}
}

func (p *plainStore) put(state store.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.states[plainKey{state.Key.Account, state.Key.Number}] = state
}

const benchAccount = "acct_4f9a1c"

func sizes() []int {
	if *large {
		return []int{10_000, 1_000_000, 10_000_000}
	}
	return []int{10_000, 1_000_000}
}

// randomNumbers returns distinct numbers of North America, those of the two parts
// different, each part in one buffer.
func randomNumbers(n, part int) []string {
	seen := make(map[int64]struct{}, n)
	rng := rand.New(rand.NewPCG(1, uint64(part)))
	var all strings.Builder
	all.Grow(12 * n)
	numbers := make([]string, n)
	for range n {
		for {
			number := 2_000_000_000 + rng.Int64N(4_000_000_000)*2 + int64(part)
			if _, ok := seen[number]; !ok {
				seen[number] = struct{}{}
				fmt.Fprintf(&all, "+1%d", number)
				break
			}
		}
	}
	for i := range numbers {
		numbers[i] = all.String()[12*i : 12*i+12]
	}
	return numbers
}

func optOut(number string, n int) store.Event {
	return store.Event{
		ID: fmt.Sprintf("SM%032x", n), Key: store.Key{Account: benchAccount, Number: number}, Status: store.OptedOut,
		At: time.Now().Add(-3 * time.Second), ReceivedAt: time.Now(), Source: store.SourceKeyword,
		From: number, To: "+15550100", Text: "Stop", Keyword: "STOP", KeywordSet: "1-1a1904443a26b293",
	}
}

func filled(b *testing.B, numbers []string) *memstore.Store {
	b.Helper()
	s := memstore.New()
	for i, number := range numbers {
		_, err := s.Append(b.Context(), optOut(number, i))
		require.NoError(b, err)
	}
	return s
}

func filledPlain(numbers []string) *plainStore {
	p := &plainStore{states: map[plainKey]store.State{}}
	for i, number := range numbers {
		number = strings.Clone(number) // as it came with a request
		state, _ := store.Next(store.State{}, optOut(number, i))
		state.RecordedAt = time.Now().UTC()
		p.put(state)
	}
	return p
}

// BenchmarkGet reads states of an E.164 number, alone and beside a writer that
// rests never.
func BenchmarkGet(b *testing.B) {
	for _, n := range sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			numbers := randomNumbers(n, 0)
			hits, misses := inOneBuffer(numbers), inOneBuffer(randomNumbers(n, 1))
			s, p := filled(b, numbers), filledPlain(numbers)
			putPlain := func(ev store.Event) {
				state, _ := store.Next(store.State{}, ev)
				p.put(state)
			}
			put := func(ev store.Event) {
				if _, err := s.Append(context.Background(), ev); err != nil {
					b.Error(err)
				}
			}
			for _, writer := range []bool{false, true} {
				beside := map[bool]string{false: "alone", true: "writer"}[writer]
				b.Run("hit/"+beside+"/plain", func(b *testing.B) {
					defer write(b, writer, hits, putPlain)()
					readPlain(b, p, hits)
				})
				b.Run("hit/"+beside+"/memstore", func(b *testing.B) {
					defer write(b, writer, hits, put)()
					read(b, s, hits)
				})
				b.Run("miss/"+beside+"/plain", func(b *testing.B) {
					defer write(b, writer, hits, putPlain)()
					readPlain(b, p, misses)
				})
				b.Run("miss/"+beside+"/memstore", func(b *testing.B) {
					defer write(b, writer, hits, put)()
					read(b, s, misses)
				})
			}
		})
	}
}

func readPlain(b *testing.B, p *plainStore, numbers []string) {
	b.Helper()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p.get(benchAccount, numbers[i])
		if i++; i == len(numbers) {
			i = 0
		}
	}
}

func read(b *testing.B, s *memstore.Store, numbers []string) {
	b.Helper()
	b.ReportAllocs()
	ctx := b.Context()
	i := 0
	for b.Loop() {
		if _, err := s.Get(ctx, store.Key{Account: benchAccount, Number: numbers[i]}); err != nil {
			b.Fatal(err)
		}
		if i++; i == len(numbers) {
			i = 0
		}
	}
}

// inOneBuffer returns the numbers in another order, one behind the other in memory.
func inOneBuffer(numbers []string) []string {
	order := rand.New(rand.NewPCG(3, 0)).Perm(len(numbers))
	var all strings.Builder
	all.Grow(12 * len(numbers))
	for _, i := range order {
		all.WriteString(numbers[i])
	}
	queries := make([]string, len(numbers))
	for i := range queries {
		queries[i] = all.String()[12*i : 12*i+12]
	}
	return queries
}

// flip is an event that changes a state, or makes it newer.
func flip(number string, i int) store.Event {
	ev := store.Event{
		ID: strconv.Itoa(i), Key: store.Key{Account: benchAccount, Number: number}, Status: store.OptedIn, Source: store.SourceKeyword,
		At: time.Unix(2_000_000_000+int64(i), 0),
	}
	if i%2 == 0 {
		ev.Status = store.OptedOut
	}
	return ev
}

var written atomic.Int64 // so that no event is written twice

// write calls put until stop is called, and reports how often.
func write(b *testing.B, really bool, numbers []string, put func(store.Event)) (stop func()) {
	b.Helper()
	if !really {
		return func() {}
	}
	var done atomic.Bool
	var wg sync.WaitGroup
	start, n := time.Now(), 0
	wg.Go(func() {
		for !done.Load() {
			i := int(written.Add(1))
			put(flip(numbers[i*7919%len(numbers)], i))
			n++
		}
	})
	return func() {
		done.Store(true)
		wg.Wait()
		b.ReportMetric(float64(n)/time.Since(start).Seconds(), "writes/s")
	}
}

// BenchmarkGetBatch reads many states at once, every tenth of a number that is there.
func BenchmarkGetBatch(b *testing.B) {
	for _, n := range sizes() {
		numbers, others := randomNumbers(n, 0), randomNumbers(n, 1)
		for i := range others {
			if i%10 == 0 {
				others[i] = numbers[i]
			}
		}
		queries := inOneBuffer(others)
		s, p := filled(b, numbers), filledPlain(numbers)
		batch := min(n, 1_000_000)
		perNumber := func(b *testing.B) {
			b.Helper()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch), "ns/number")
		}
		b.Run(fmt.Sprintf("%d/plain", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				states := make([]store.State, batch)
				for i, number := range queries[:batch] {
					states[i] = p.get(benchAccount, number)
				}
			}
			perNumber(b)
		})
		b.Run(fmt.Sprintf("%d/memstore", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.GetBatch(b.Context(), benchAccount, queries[:batch]); err != nil {
					b.Fatal(err)
				}
			}
			perNumber(b)
		})
	}
}

// BenchmarkAppend records opt-outs of new numbers, the first million into an empty
// store.
func BenchmarkAppend(b *testing.B) {
	numbers := randomNumbers(1_000_000, 0)
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		p := &plainStore{states: map[plainKey]store.State{}}
		for i := 0; b.Loop(); i++ {
			number := numbers[i%len(numbers)]
			state, _ := store.Next(store.State{}, optOut(number, i))
			p.put(state)
		}
	})
	b.Run("memstore", func(b *testing.B) {
		b.ReportAllocs()
		s := memstore.New()
		for i := 0; b.Loop(); i++ {
			if _, err := s.Append(b.Context(), optOut(numbers[i%len(numbers)], i)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMemory reports what a number costs that opted out once, and how long the
// garbage collector is busy with the store.
func BenchmarkMemory(b *testing.B) {
	for _, n := range sizes() {
		numbers := randomNumbers(n, 0)
		b.Run(fmt.Sprintf("%d/plain", n), func(b *testing.B) {
			heap := heapAlloc()
			p := filledPlain(numbers)
			heap = heapAlloc() - heap
			collect(b)
			b.ReportMetric(float64(heap)/float64(n), "B/number")
			runtime.KeepAlive(p)
		})
		b.Run(fmt.Sprintf("%d/memstore", n), func(b *testing.B) {
			heap := heapAlloc()
			s := filled(b, numbers)
			heap = heapAlloc() - heap
			collect(b)
			b.ReportMetric(float64(heap)/float64(n), "B/number")
			b.ReportMetric(float64(s.IndexBytes())/float64(n), "index-B/number")
			runtime.KeepAlive(s)
		})
		runtime.KeepAlive(numbers)
	}
}

// BenchmarkSmallAccounts reports what an account costs of which one number opted
// out.
func BenchmarkSmallAccounts(b *testing.B) {
	const n = 100_000
	numbers := randomNumbers(n, 0)
	heap := heapAlloc()
	s := memstore.New()
	for i, number := range numbers {
		ev := optOut(number, i)
		ev.Key.Account = fmt.Sprintf("account-%06d", i)
		_, err := s.Append(b.Context(), ev)
		require.NoError(b, err)
	}
	heap = heapAlloc() - heap
	collect(b)
	b.ReportMetric(float64(heap)/n, "B/account")
	runtime.KeepAlive(s)
	runtime.KeepAlive(numbers)
}

func heapAlloc() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// collect measures the garbage collector: ns/op is of one collection.
func collect(b *testing.B) {
	b.Helper()
	for b.Loop() {
		runtime.GC()
	}
}
