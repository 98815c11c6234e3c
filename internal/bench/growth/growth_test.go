package growth_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/bench/growth"
	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const account = "acme"

// growthSizes are the numbers of opt-outs. 10^7 takes minutes and gigabytes.
func growthSizes() []int {
	switch {
	case testing.Short():
		return []int{1_000, 10_000}
	case os.Getenv(growth.LargeEnv) != "":
		return []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000}
	default:
		return []int{1_000, 10_000, 100_000, 1_000_000}
	}
}

// numberAt are numbers that phonenumbers knows, each another: those of the even
// opted out.
func numberAt(i int) string {
	return fmt.Sprintf("+1%03d%03d%04d", 201+i/8_000_000, 200+i/10_000%800, i%10_000)
}

// asked are numbers in no order, those that opted out or others.
func asked(n, first int) []string {
	const most = 1 << 16
	random := rand.New(rand.NewPCG(1, uint64(n)))
	numbers := make([]string, min(n, most))
	for i := range numbers {
		numbers[i] = numberAt(2*random.IntN(n) + first)
	}
	return numbers
}

// keeper remembers opt-outs: the Guard over memstore, or the map that users write.
type keeper struct {
	ways map[string]func(number string) bool // each reports an opt-out
	size float64                             // bytes of a number
	gc   time.Duration                       // of a collection while it is there
}

// kept makes a keeper of what build returns, and measures it.
func kept(n int, build func() map[string]func(string) bool) keeper {
	before := heap()
	k := keeper{ways: build()}
	k.size = float64(heap()-before) / float64(n)
	var took []time.Duration
	for range 3 {
		start := time.Now()
		runtime.GC()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	k.gc = took[len(took)/2]
	return k
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first one finds, the second frees
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func newMap(n int) keeper {
	return kept(n, func() map[string]func(string) bool {
		var lock sync.RWMutex
		type key struct{ account, number string }
		states := map[key]store.State{}
		now := time.Now()
		for i := range n {
			at := numberAt(2 * i)
			states[key{account, at}] = store.State{
				Key: store.Key{Account: account, Number: at}, Status: store.OptedOut, Action: store.OptOut, At: now, ReceivedAt: now, RecordedAt: now,
				Source: store.SourceKeyword, EventID: fmt.Sprintf("SM%032d", i),
			}
		}
		stateOf := func(number string) store.State { // as Get and Gate return it
			lock.RLock()
			defer lock.RUnlock()
			return states[key{account, number}]
		}
		asIs := func(number string) bool {
			state := stateOf(number)
			return state.Status == store.OptedOut
		}
		var reader *number.Reader
		return map[string]func(string) bool{"map": asIs, "map-read": func(raw string) bool {
			var n number.Number
			reader.ReadInto(raw, &n)
			return n.Valid && asIs(n.Key)
		}}
	})
}

func newGate(b *testing.B, n int) keeper {
	b.Helper()
	ctx := context.Background()
	return kept(n, func() map[string]func(string) bool {
		s := memstore.New()
		now := time.Now()
		for i := range n {
			_, err := s.Append(ctx, store.Event{
				ID: fmt.Sprintf("SM%032d", i), Key: store.Key{Account: account, Number: numberAt(2 * i)}, Action: store.OptOut,
				At: now, ReceivedAt: now, Source: store.SourceKeyword, Keyword: "STOP", Text: "STOP",
			})
			require.NoError(b, err)
		}
		guard, err := optout.New(s, nil)
		require.NoError(b, err)
		return map[string]func(string) bool{
			"gate": func(number string) bool {
				d, err := guard.Gate(ctx, account, number)
				return err == nil && !d.Allowed
			},
			"store": func(number string) bool {
				state, err := s.Get(ctx, store.Key{Account: account, Number: number})
				return err == nil && state.Status == store.OptedOut
			},
		}
	})
}

// BenchmarkGrowth asks for numbers that opted out (hit) and others (miss), in no
// order, by the number of opt-outs. It reports also the bytes that are kept for an
// opt-out, in memstore with its history, and the time of a collection.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range growthSizes() {
		for _, build := range []func() keeper{
			func() keeper { return newMap(n) },
			func() keeper { return newGate(b, n) },
		} {
			k := build()
			for _, way := range []string{"map", "map-read", "gate", "store"} {
				optedOut := k.ways[way]
				if optedOut == nil {
					continue
				}
				for first, what := range []string{"hit", "miss"} {
					numbers := asked(n, first)
					b.Run(fmt.Sprintf("%s/%d/%s", what, n, way), func(b *testing.B) {
						b.ReportAllocs()
						i, found := 0, 0
						for b.Loop() {
							if optedOut(numbers[i]) {
								found++
							}
							if i++; i == len(numbers) {
								i = 0
							}
						}
						if what == "hit" {
							require.Equal(b, b.N, found)
						} else {
							require.Zero(b, found)
						}
					})
				}
				if way == "map" || way == "gate" {
					report(b, fmt.Sprintf("memory/%d/%s", n, way), k.size, "bytes/number")
					report(b, fmt.Sprintf("collection/%d/%s", n, way), float64(k.gc.Nanoseconds()), "ns/GC")
				}
			}
			runtime.KeepAlive(k)
		}
	}
}

// report is a benchmark of what was measured.
func report(b *testing.B, name string, value float64, unit string) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		for b.Loop() { // it is measured
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(value, unit)
	})
}
