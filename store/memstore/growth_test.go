package memstore_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// TestWhatWasAcknowledgedIsSeenWhileTheStoreGrows has writers opt numbers out, each
// its own, and readers that ask in every way for those whose Append has returned.
func TestWhatWasAcknowledgedIsSeenWhileTheStoreGrows(t *testing.T) {
	const writers, readers, each = 3, 4, 4_000
	s := memstore.New()
	number := func(w, i int) string {
		if i%50 == 0 {
			return fmt.Sprint("sender ", w, " ", i)
		}
		return fmt.Sprintf("+1%d%09d", w, i*7)
	}
	id := func(i int) string { return "SM" + strings.Repeat("x", i%60) + fmt.Sprint(i) }
	var acknowledged [writers]atomic.Int64
	var running atomic.Int64
	running.Store(writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			defer running.Add(-1)
			for i := range each {
				ev := store.Event{
					ID: id(i), Key: store.Key{Account: "acct", Number: number(w, i)}, Status: store.OptedOut, At: noon.Add(time.Duration(i) * time.Second),
					Source: store.SourceKeyword, Text: "Stop", Note: strings.Repeat("n", i%3*50),
				}
				if _, err := s.Append(t.Context(), ev); err != nil {
					t.Error(err)
				}
				acknowledged[w].Store(int64(i + 1))
			}
		})
	}
	for r := range readers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(r), 0))
			for running.Load() > 0 && !t.Failed() {
				w := rng.IntN(writers)
				n := int(acknowledged[w].Load())
				if n == 0 {
					continue
				}
				numbers, is := make([]string, 20), make([]int, 20)
				for i := range numbers {
					is[i] = rng.IntN(n)
					if rng.IntN(2) == 0 {
						is[i] = n - 1
					}
					numbers[i] = number(w, is[i])
				}
				states, err := s.GetBatch(t.Context(), "acct", numbers)
				if err != nil {
					t.Error(err)
					return
				}
				for i, state := range states {
					one, err := s.Get(t.Context(), state.Key)
					if err != nil || one != state || state.Status != store.OptedOut || state.EventID != id(is[i]) ||
						!state.At.Equal(noon.Add(time.Duration(is[i])*time.Second)) || state.Key.Number != numbers[i] {
						t.Errorf("%q: %+v, %v; in the batch %+v", numbers[i], one, err, state)
						return
					}
				}
				page, err := s.History(t.Context(), store.HistoryQuery{Key: states[0].Key})
				if err != nil || len(page.Events) != 1 || page.Events[0].Text != "Stop" {
					t.Errorf("%+v, %v", page.Events, err)
				}
			}
		})
	}
	for running.Load() > 0 {
		before := 0
		for w := range writers {
			before += int(acknowledged[w].Load())
		}
		if listed := countListed(t, s); listed < before {
			t.Errorf("%d are listed, of %d", listed, before)
			break
		}
	}
	wg.Wait()
	require.Equal(t, writers*each, countListed(t, s))
}

func countListed(t *testing.T, s *memstore.Store) int {
	t.Helper()
	n, last := 0, ""
	q := store.ListQuery{Account: "acct", Limit: store.MaxLimit}
	for {
		page, err := s.List(t.Context(), q)
		require.NoError(t, err)
		for _, state := range page.States {
			require.Less(t, last, state.Key.Number)
			last = state.Key.Number
			n++
		}
		if q.After = page.Next; q.After == "" {
			return n
		}
	}
}

// TestAReaderSeesOneStateOrTheNext flips keys, whose events tell their place, and
// holds that no reader goes back, or sees parts of two.
func TestAReaderSeesOneStateOrTheNext(t *testing.T) {
	const events = 3_000
	s := memstore.New()
	key := store.Key{Account: "acct", Number: "+14155552671"}
	event := func(i int) store.Event {
		ev := store.Event{
			ID: fmt.Sprint(i), Key: key, Status: store.OptedIn, Source: store.SourceKeyword, At: noon.Add(time.Duration(i) * time.Second),
			ReceivedAt: noon.Add(time.Duration(i) * time.Minute),
		}
		if i%2 == 0 {
			ev.Status = store.OptedOut
		}
		return ev
	}
	var done atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done.Store(true)
		for i := range events {
			if _, err := s.Append(t.Context(), event(i)); err != nil {
				t.Error(err)
			}
			if i%3 == 0 { // too old, and so not the state
				late := event(i)
				late.ID, late.Status, late.At = fmt.Sprint("late ", i), store.OptedOut, noon.Add(-time.Hour)
				if _, err := s.Append(t.Context(), late); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			last := -1
			for !done.Load() && !t.Failed() {
				state, err := s.Get(t.Context(), key)
				if err != nil {
					t.Error(err)
				}
				if state.Status == store.Unknown && last < 0 {
					continue
				}
				var i int
				if _, err := fmt.Sscan(state.EventID, &i); err != nil || i < last {
					t.Errorf("%+v after %d, %v", state, last, err)
				}
				last = i
				want := event(i)
				if state.Status != want.Status || !state.At.Equal(want.At) || !state.ReceivedAt.Equal(want.ReceivedAt) {
					t.Errorf("%+v, want %+v", state, want)
				}
			}
		})
	}
	wg.Wait()
}

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func TestLargeEvidenceIsKept(t *testing.T) {
	s := memstore.New()
	for i := range 40 {
		key := store.Key{Account: "acct", Number: fmt.Sprint("+1", i%5)}
		for _, size := range []int{10, 10_000, 20_000, 70_000} {
			_, err := s.Append(t.Context(), store.Event{
				ID: fmt.Sprint(i, " ", size), Key: key, Status: store.OptedOut, Note: strings.Repeat(string(rune('a'+i%26)), size),
			})
			require.NoError(t, err)
		}
	}
	for i := range 5 {
		page, err := s.History(t.Context(), store.HistoryQuery{Key: store.Key{Account: "acct", Number: fmt.Sprint("+1", i)}})
		require.NoError(t, err)
		require.Len(t, page.Events, 32)
		for _, ev := range page.Events {
			var at, size int
			_, err := fmt.Sscan(ev.ID, &at, &size)
			require.NoError(t, err)
			require.Equal(t, strings.Repeat(string(rune('a'+at%26)), size), ev.Note)
		}
	}
}

func TestGetAllocatesNothing(t *testing.T) {
	s := memstore.New()
	ctx := t.Context()
	var batch []string
	for _, number := range []string{"+14155552671", "ACME"} {
		_, err := s.Append(ctx, store.Event{ID: "SM1", Key: store.Key{Account: "acct", Number: number}, Status: store.OptedOut, Source: "web", At: noon})
		require.NoError(t, err)
		for _, key := range []store.Key{{Account: "acct", Number: number}, {Account: "acct", Number: number + "0"}, {Account: "other", Number: number}} {
			require.Zero(t, testing.AllocsPerRun(100, func() {
				if _, err := s.Get(ctx, key); err != nil {
					t.Error(err)
				}
			}), "%+v", key)
		}
		for range 100 {
			batch = append(batch, number, number+"0")
		}
	}
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		if _, err := s.GetBatch(ctx, "acct", batch); err != nil {
			t.Error(err)
		}
	}), 1.0)
}
