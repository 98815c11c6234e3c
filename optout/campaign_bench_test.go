package optout_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// BenchmarkGateSeq decides about the recipients of a campaign, of whom a tenth opted
// out: by GateSeq, by a loop over Gate, and by the code that users write today, which
// looks a string up as it came.
func BenchmarkGateSeq(b *testing.B) {
	n := 1_000_000
	if testing.Short() {
		n = 10_000
	}
	s, numbers := optedOut(b, n/10)
	guard, err := optout.New(s, &optout.Options{DefaultRegion: "US"})
	require.NoError(b, err)
	blocked := make(map[store.Key]store.State, len(numbers))
	for _, number := range numbers {
		key := store.Key{Account: "acct", Number: number}
		blocked[key] = store.State{Key: key, Status: store.OptedOut}
	}
	people := make([]recipient, n)
	for i := range people {
		people[i] = recipient{name: "Ada", phone: fmt.Sprintf("+1%03d%03d%04d", 301+i/8_000_000, 200+i/10_000%800, i%10_000)}
		if i%10 == 3 {
			people[i].phone = numbers[i/10]
		}
	}
	want := n - len(numbers)
	for _, way := range []struct {
		name string
		left func(ctx context.Context) (int, error)
	}{
		{"gateseq", func(ctx context.Context) (left int, err error) {
			for f, err := range optout.GateSeq(ctx, guard, "acct", slices.Values(people), phoneOf) {
				if err != nil {
					return 0, err
				}
				if f.Decision.Allowed {
					left++
				}
			}
			return left, nil
		}},
		{"one-by-one", func(ctx context.Context) (left int, err error) {
			for _, r := range people {
				d, err := guard.Gate(ctx, "acct", r.phone)
				if err != nil {
					return 0, err
				}
				if d.Allowed {
					left++
				}
			}
			return left, nil
		}},
		{"map", func(context.Context) (left int, err error) {
			var lock sync.RWMutex
			for _, r := range people {
				lock.RLock()
				state := blocked[store.Key{Account: "acct", Number: r.phone}]
				lock.RUnlock()
				if state.Status != store.OptedOut {
					left++
				}
			}
			return left, nil
		}},
	} {
		b.Run(fmt.Sprintf("%d/%s", n, way.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				left, err := way.left(b.Context())
				require.NoError(b, err)
				require.Equal(b, want, left)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
		})
	}
}
