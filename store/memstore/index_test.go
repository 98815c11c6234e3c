package memstore

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
)

// TestIndexAgreesWithAMap draws words with few tags, so that buckets run over.
func TestIndexAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tags := rapid.SliceOfN(rapid.Uint64Range(1, 1<<tagBits-1), 1, 5).Draw(t, "tags")
		tags = append(tags, 1<<tagBits-1)
		x, model, used := newIndex(1), map[uint64][]uint64{}, 0
		for ref := range uint32(rapid.IntRange(1, 300).Draw(t, "words")) {
			tag := rapid.SampledFrom(tags).Draw(t, "tag")
			word := wordOf(tag, ref+1, codeOf(store.OptedIn))
			if old := model[tag]; len(old) > 0 && rapid.Bool().Draw(t, "replace") {
				i := rapid.IntRange(0, len(old)-1).Draw(t, "which")
				x.replace(old[i], word)
				old[i] = word
				continue
			}
			if !x.enough(used) {
				x = x.grown()
			}
			x.put(word)
			used++
			model[tag] = append(model[tag], word)
		}
		all := 0
		for tag, want := range model {
			got := slices.Sorted(x.tagged(tag))
			slices.Sort(want)
			require.Equal(t, want, got)
			home := x.home(tag)
			require.Equal(t, filterBits(tag), x.filter[home].Load()&filterBits(tag))
			if match := x.buckets[home].match(tag); match != 0 {
				require.Contains(t, want, match)
			} else {
				require.True(t, x.buckets[home].full())
			}
			all += len(want)
		}
		require.Len(t, slices.Collect(x.words), all)
	})
}

// TestNumbersOfOneTagAreToldApart looks for numbers that the index cannot tell
// apart, among enough that there are some.
func TestNumbersOfOneTagAreToldApart(t *testing.T) {
	type place struct {
		shard *shard
		tag   uint64
	}
	s := New()
	seen := map[place]string{}
	alike := 0
	for i := 0; alike < 3; i++ {
		number := fmt.Sprintf("+1%010d", 2_000_000_000+i)
		var w wanted
		require.NoError(t, s.want(&w, store.Key{Account: "acct", Number: number}))
		other, ok := seen[place{w.shard, w.tag}]
		seen[place{w.shard, w.tag}] = number
		if !ok {
			continue
		}
		alike++
		appendStatus(t, s, number, store.OptedOut)
		requireStatus(t, s, number, store.OptedOut)
		requireStatus(t, s, other, store.Unknown)
		appendStatus(t, s, other, store.OptedIn)
		requireStatus(t, s, number, store.OptedOut)
		requireStatus(t, s, other, store.OptedIn)
	}
}

func appendStatus(t *testing.T, s *Store, number string, status store.Status) {
	t.Helper()
	_, err := s.Append(t.Context(), store.Event{ID: "1", Key: store.Key{Account: "acct", Number: number}, Status: status, Source: store.SourceWeb})
	require.NoError(t, err)
}

func requireStatus(t *testing.T, s *Store, number string, want store.Status) {
	t.Helper()
	state, err := s.Get(t.Context(), store.Key{Account: "acct", Number: number})
	require.NoError(t, err)
	require.Equal(t, want, state.Status)
	states, err := s.GetBatch(t.Context(), "acct", []string{number})
	require.NoError(t, err)
	require.Equal(t, []store.State{state}, states)
}

// TestABlockOfNumbersIsSpread fills an index with numbers in a row, as an operator
// gives them out, and counts the misses that the filter does not tell.
func TestABlockOfNumbersIsSpread(t *testing.T) {
	const n = 100_000
	s := New()
	place := func(i int) (*index, uint64) {
		var w wanted
		require.NoError(t, s.want(&w, store.Key{Account: "acct", Number: fmt.Sprintf("+1415%07d", i)}))
		return w.shard.index.Load(), w.tag
	}
	for i := range n {
		appendStatus(t, s, fmt.Sprintf("+1415%07d", i), store.OptedOut)
	}
	untold := 0
	for i := n; i < 2*n; i++ {
		if x, tag := place(i); x.filter[x.home(tag)].Load()&filterBits(tag) == filterBits(tag) {
			untold++
		}
	}
	require.Less(t, untold, n/20)
	require.Less(t, s.IndexBytes(), 24*n)
}
