package memstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

var (
	noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	key  = store.Key{Account: "acct", Number: "+14155552671"}
)

// event returns an event, the n-th in its time.
func event(id string, action store.Action, n int) store.Event {
	at := noon.Add(time.Duration(n) * time.Second)
	return store.Event{ID: id, Key: key, Action: action, At: at, ReceivedAt: at, Source: store.SourceKeyword}
}

func TestTheSuite(t *testing.T) {
	opts := &storetest.Options{Long: true, Concurrency: 32, Seed: chance.Seed()}
	storetest.Run(t, func(testing.TB) store.Store { return memstore.New() }, opts)
}

func TestTheZeroStoreIsReady(t *testing.T) {
	var s memstore.Store
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, store.State{Key: key}, state)
	states, err := s.List(t.Context(), store.ListQuery{Account: "acct"})
	require.NoError(t, err)
	require.Empty(t, states.States)
	waiting, err := s.Reviews(t.Context(), store.ReviewQuery{Account: "acct"})
	require.NoError(t, err)
	require.Empty(t, waiting.Records)
	_, err = s.List(t.Context(), store.ListQuery{Account: "acct", After: "x"})
	require.ErrorIs(t, err, store.ErrBadCursor)
	_, err = s.Append(t.Context(), event("1", store.OptOut, 1))
	require.NoError(t, err)
}

// TestWhatWasAcknowledgedIsSeen has writers opt numbers out, each its own, and readers that
// ask in every way for those whose Append has returned.
func TestWhatWasAcknowledgedIsSeen(t *testing.T) {
	const writers, readers, each = 4, 4, 1_000
	s := memstore.New()
	number := func(w, i int) string { return fmt.Sprintf("+1%d%09d", w, i*7) }
	var acknowledged [writers]atomic.Int64
	var running atomic.Int64
	running.Store(writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			defer running.Add(-1)
			for i := range each {
				ev := event(strconv.Itoa(i), store.OptOut, i)
				ev.Key.Number = number(w, i)
				if _, err := s.Append(t.Context(), ev); err != nil {
					t.Error(err)
				}
				acknowledged[w].Store(int64(i + 1))
			}
		})
	}
	for r := range readers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(r), 0))
			for running.Load() > 0 && !t.Failed() {
				w := random.IntN(writers)
				n := int(acknowledged[w].Load())
				if n == 0 {
					continue
				}
				is := []int{n - 1, random.IntN(n), random.IntN(n)}
				checkSeen(t, s, is, func(i int) string { return number(w, i) })
			}
		})
	}
	for running.Load() > 0 && !t.Failed() {
		before := 0
		for w := range writers {
			before += int(acknowledged[w].Load())
		}
		if listed := len(list(t, s, store.Unknown)); listed < before {
			t.Errorf("%d are listed, of %d", listed, before)
		}
	}
	wg.Wait()
	require.Len(t, list(t, s, store.OptedOut), writers*each)
}

// checkSeen reads the i-th numbers in every way.
func checkSeen(t *testing.T, s *memstore.Store, is []int, number func(int) string) {
	t.Helper()
	numbers := make([]string, len(is))
	for n, i := range is {
		numbers[n] = number(i)
	}
	states, err := s.GetBatch(t.Context(), "acct", numbers)
	if err != nil {
		t.Error(err)
		return
	}
	for n, state := range states {
		one, err := s.Get(t.Context(), state.Key)
		right := state.Status == store.OptedOut && state.EventID == strconv.Itoa(is[n]) && state.Key.Number == numbers[n]
		if err != nil || one != state || !right {
			t.Errorf("%q: %+v, %v; in the batch %+v", numbers[n], one, err, state)
		}
		page, err := s.History(t.Context(), store.HistoryQuery{Key: state.Key})
		if err != nil || len(page.Records) != 1 || page.Records[0].ID != state.EventID {
			t.Errorf("%q: %+v, %v", numbers[n], page.Records, err)
		}
	}
}

func list(t *testing.T, s *memstore.Store, status store.Status) []store.State {
	t.Helper()
	var states []store.State
	q := store.ListQuery{Account: "acct", Status: status, Limit: store.MaxLimit}
	for {
		page, err := s.List(t.Context(), q)
		require.NoError(t, err)
		states = append(states, page.States...)
		if q.After = page.Next; q.After == "" {
			return states
		}
	}
}

// TestAReaderSeesOneStateOrTheNext changes a key, whose events are numbered, and holds that
// no reader goes back, or sees parts of two.
func TestAReaderSeesOneStateOrTheNext(t *testing.T) {
	const events = 2_000
	s := memstore.New()
	action := func(i int) store.Action { return []store.Action{store.OptOut, store.OptIn}[i%2] }
	var done atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		defer done.Store(true)
		for i := range events {
			for _, ev := range []store.Event{
				event(strconv.Itoa(i), action(i), i),
				event("late "+strconv.Itoa(i), store.Hold, i-2*events), // too old to be the state
			} {
				if _, err := s.Append(t.Context(), ev); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			last := 0
			for !done.Load() && !t.Failed() {
				state, err := s.Get(t.Context(), key)
				if state.Status == store.Unknown && last == 0 && err == nil {
					continue
				}
				i, wrong := strconv.Atoi(state.EventID)
				want := event("", action(i), i)
				right := state.Action == want.Action && state.At.Equal(want.At) && state.ReceivedAt.Equal(want.ReceivedAt)
				if err != nil || wrong != nil || i < last || !right {
					t.Errorf("%+v after %d, %v", state, last, err)
				}
				last = i
			}
		})
	}
	wg.Wait()
}

func TestManyGoroutinesOnOneKey(t *testing.T) {
	const goroutines, each = 16, 100
	s := memstore.New()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				action := []store.Action{store.OptIn, store.OptIn, store.OptOut, store.Hold, store.Consent}[(g+i)%5]
				ev := event(fmt.Sprint(g, " ", i), action, (i*7+g*13)%500)
				for range 2 { // redelivered
					if _, err := s.Append(t.Context(), ev); err != nil {
						t.Error(err)
					}
				}
				if _, err := s.Get(t.Context(), key); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	records := history(t, s, 77)
	require.Len(t, records, goroutines*each)
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, bookOf(records).State(), state)
}

func history(t *testing.T, s *memstore.Store, limit int) []store.Record {
	t.Helper()
	var records []store.Record
	q := store.HistoryQuery{Key: key, Limit: limit}
	for {
		page, err := s.History(t.Context(), q)
		require.NoError(t, err)
		records = append(records, page.Records...)
		if q.After = page.Next; q.After == "" {
			return records
		}
	}
}

func reviews(t *testing.T, s *memstore.Store, limit int) []store.Record {
	t.Helper()
	var records []store.Record
	q := store.ReviewQuery{Account: "acct", Limit: limit}
	for {
		page, err := s.Reviews(t.Context(), q)
		require.NoError(t, err)
		records = append(records, page.Records...)
		if q.After = page.Next; q.After == "" {
			return records
		}
	}
}

// hold fills a store with open holds of one key.
func hold(t testing.TB, s *memstore.Store, holds int) {
	t.Helper()
	for i := range holds {
		_, err := s.Append(t.Context(), event(strconv.Itoa(i), store.Hold, i))
		require.NoError(t, err)
	}
}

// TestATextToAHeldKeyCostsTheSame counts what one more text allocates, beside few and many
// that wait.
func TestATextToAHeldKeyCostsTheSame(t *testing.T) {
	allocated := func(holds int) float64 {
		s := memstore.New()
		hold(t, s, holds)
		more := holds
		return testing.AllocsPerRun(100, func() {
			more++
			if _, err := s.Append(t.Context(), event(strconv.Itoa(more), store.Hold, more)); err != nil {
				t.Error(err)
			}
		})
	}
	few, many := allocated(10), allocated(100_000)
	require.LessOrEqual(t, many, few+3)
}

func TestAnOptInEndsManyHolds(t *testing.T) {
	const holds = 100_000
	s := memstore.New()
	hold(t, s, holds)
	for _, c := range []struct {
		start  int
		status store.Status
	}{{holds / 2, store.Held}, {holds, store.OptedIn}} {
		_, err := s.Append(t.Context(), event("start "+strconv.Itoa(c.start), store.OptIn, c.start))
		require.NoError(t, err)
		state, err := s.Get(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, c.status, state.Status)
		page, err := s.Reviews(t.Context(), store.ReviewQuery{Account: "acct"})
		require.NoError(t, err)
		if c.status != store.Held {
			require.Empty(t, page.Records)
			continue
		}
		require.Equal(t, strconv.Itoa(c.start), page.Records[0].ID, "the opt-in ended the holds of before its time")
	}
}

// TestReviewsInPages lists holds of many keys and many holds of one, in pages of each size.
func TestReviewsInPages(t *testing.T) {
	const keys, ofOne = 500, 2_500
	s := memstore.New()
	var want []string
	for i := range keys + ofOne {
		ev := event(strconv.Itoa(i), store.Hold, i*7919%1_000) // three at the same time
		if i < keys {
			ev.Key.Number = "+1" + strconv.Itoa(i)
		}
		_, err := s.Append(t.Context(), ev)
		require.NoError(t, err)
		want = append(want, ev.ID)
	}
	slices.Sort(want)
	for _, limit := range []int{37, 1_000} {
		records := reviews(t, s, limit)
		require.True(t, slices.IsSortedFunc(records, func(a, b store.Record) int { return a.ReceivedAt.Compare(b.ReceivedAt) }))
		var got []string
		for _, r := range records {
			got = append(got, r.ID)
		}
		slices.Sort(got)
		require.Equal(t, want, got)
	}
}

// TestACursorOfAnotherStoreIsRead: a cursor is a place in the history of a key, in whatever
// store that history is.
func TestACursorOfAnotherStoreIsRead(t *testing.T) {
	stores := [2]*memstore.Store{memstore.New(), memstore.New()}
	for _, s := range stores {
		hold(t, s, 3)
	}
	page, err := stores[0].History(t.Context(), store.HistoryQuery{Key: key, Limit: 1})
	require.NoError(t, err)
	rest, err := stores[1].History(t.Context(), store.HistoryQuery{Key: key, After: page.Next})
	require.NoError(t, err)
	require.Len(t, rest.Records, 2)
	empty, err := memstore.New().History(t.Context(), store.HistoryQuery{Key: key, After: page.Next})
	require.NoError(t, err)
	require.Empty(t, empty)
}

func TestGetAllocatesNothing(t *testing.T) {
	s := memstore.New()
	_, err := s.Append(t.Context(), event("1", store.OptOut, 1))
	require.NoError(t, err)
	ctx := context.WithoutCancel(t.Context())
	for _, k := range []store.Key{key, {Account: "acct", Number: "+1"}, {Account: "other", Number: key.Number}} {
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if _, err := s.Get(ctx, k); err != nil {
				t.Error(err)
			}
		}), "%+v", k)
	}
	numbers := []string{key.Number, "+1", key.Number}
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		if _, err := s.GetBatch(ctx, "acct", numbers); err != nil {
			t.Error(err)
		}
	}), 1.0)
}
