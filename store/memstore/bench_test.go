package memstore_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// plainStates is what a host would write: a map of states behind a lock, without a history.
type plainStates struct {
	mu     sync.RWMutex
	states map[store.Key]store.State
}

func (p *plainStates) get(k store.Key) store.State {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if state, ok := p.states[k]; ok {
		return state
	}
	return store.State{Key: k}
}

// numbers returns distinct numbers in a random order, of which only the even ones opted
// out.
func numbers(n int) (hits, misses []string) {
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(2 * n) {
		number := fmt.Sprintf("+1415%07d", i)
		if i%2 == 0 {
			hits = append(hits, number)
		} else {
			misses = append(misses, number)
		}
	}
	return hits, misses
}

// BenchmarkGate reads the state of one number and of a thousand, as a gate does, cycling
// through all numbers of a store and through a few.
func BenchmarkGate(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			hits, misses := numbers(n)
			s, p := memstore.New(), &plainStates{states: map[store.Key]store.State{}}
			for i, number := range hits {
				ev := event(fmt.Sprintf("SM%032x", i), store.OptOut, i)
				ev.Key.Number = number
				res, err := s.Append(b.Context(), ev)
				require.NoError(b, err)
				p.states[ev.Key] = res.State
			}
			for _, ask := range []struct {
				name    string
				numbers []string
			}{{"hit", hits}, {"miss", misses}, {"hit-few", hits[:1_000]}, {"miss-few", misses[:1_000]}} {
				b.Run(ask.name+"/plain", func(b *testing.B) { gatePlain(b, p, ask.numbers) })
				b.Run(ask.name+"/memstore", func(b *testing.B) { gate(b, s, ask.numbers) })
				b.Run(ask.name+"/plain-1000", func(b *testing.B) { gateBatchPlain(b, p, ask.numbers) })
				b.Run(ask.name+"/memstore-1000", func(b *testing.B) { gateBatch(b, s, ask.numbers) })
			}
		})
	}
}

func gatePlain(b *testing.B, p *plainStates, numbers []string) {
	b.Helper()
	for i := 0; b.Loop(); i++ {
		p.get(store.Key{Account: "acct", Number: numbers[i%len(numbers)]})
	}
}

func gate(b *testing.B, s *memstore.Store, numbers []string) {
	b.Helper()
	ctx := b.Context()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Get(ctx, store.Key{Account: "acct", Number: numbers[i%len(numbers)]}); err != nil {
			b.Fatal(err)
		}
	}
}

func gateBatchPlain(b *testing.B, p *plainStates, numbers []string) {
	b.Helper()
	for i := 0; b.Loop(); i += 1_000 {
		from := i % len(numbers)
		states := make([]store.State, 1_000)
		for j, number := range numbers[from : from+1_000] {
			states[j] = p.get(store.Key{Account: "acct", Number: number})
		}
	}
}

func gateBatch(b *testing.B, s *memstore.Store, numbers []string) {
	b.Helper()
	ctx := b.Context()
	for i := 0; b.Loop(); i += 1_000 {
		from := i % len(numbers)
		if _, err := s.GetBatch(ctx, "acct", numbers[from:from+1_000]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendHeld appends texts to a key in which many wait.
func BenchmarkAppendHeld(b *testing.B) {
	for _, n := range []int{10, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := memstore.New()
			hold(b, s, n)
			b.ReportAllocs()
			for i := n; b.Loop(); i++ {
				if _, err := s.Append(b.Context(), event(fmt.Sprint(i), store.Hold, i)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAppend opts out new numbers.
func BenchmarkAppend(b *testing.B) {
	hits, _ := numbers(1_000_000)
	s := memstore.New()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ev := event(fmt.Sprint(i), store.OptOut, i)
		ev.Key.Number, ev.At = hits[i%len(hits)], noon.Add(time.Duration(i)*time.Second)
		if _, err := s.Append(b.Context(), ev); err != nil {
			b.Fatal(err)
		}
	}
}
