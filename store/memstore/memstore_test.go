package memstore_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// model is a store of one key as the contract tells it: a list, looked through.
type model struct {
	state  store.State
	events []store.Event
}

func (m *model) append(ev store.Event) (store.Result, error) {
	var same, other *store.Event
	for i := range m.events {
		switch stored := &m.events[i]; {
		case stored.ID == ev.ID && stored.Status == ev.Status:
			same = stored
		case stored.ID == ev.ID:
			other = stored
		}
	}
	standing := store.StandingOf(ev.Key, m.events)
	now := standing.Consent
	optedInAt := now.At
	if optedInAt.IsZero() {
		optedInAt = now.ReceivedAt
	}
	newerThanTheOptIn := ev.Status == store.OptedOut && now.Status == store.OptedIn &&
		!ev.At.IsZero() && !optedInAt.IsZero() && ev.At.After(optedInAt)
	if same != nil && !newerThanTheOptIn {
		return store.Result{State: m.state, Event: *same, Duplicate: true}, nil
	}
	if same == nil && other != nil && ev.Status == store.OptedIn {
		return store.Result{}, store.ErrIDReused
	}
	ev.Prior = m.state.Status
	standing, ev.Effective = standing.Next(ev)
	m.state = standing.State()
	m.events = append(m.events, ev)
	return store.Result{State: m.state, Event: ev}, nil
}

// anyStatus draws mostly what makes a state.
func anyStatus() *rapid.Generator[store.Status] {
	return rapid.SampledFrom([]store.Status{
		store.OptedIn, store.OptedOut, store.OptedIn, store.OptedOut, store.OptedIn, store.OptedOut, store.Held, store.Held, store.Released, store.Asked,
	})
}

// TestMemstoreAgreesWithTheModel draws sequences of events with duplicates,
// reordering, equal and missing times, reused ids and agents' opt-ins, on a few
// keys. rapid prints the seed of a sequence that fails.
func TestMemstoreAgreesWithTheModel(t *testing.T) {
	base := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		s := memstore.New()
		models := map[store.Key]*model{}
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			ev := store.Event{
				ID: rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "id"),
				Key: store.Key{
					Account: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "account"),
					Number:  rapid.SampledFrom([]string{"+1", "+2"}).Draw(t, "number"),
				},
				Status: anyStatus().Draw(t, "status"),
				Source: rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceKeyword, store.SourceAgent}).Draw(t, "source"),
			}
			if n := rapid.IntRange(0, 6).Draw(t, "minute"); n > 0 {
				ev.At = base.Add(time.Duration(n) * time.Minute)
			}
			if n := rapid.IntRange(0, 6).Draw(t, "received"); n > 0 {
				ev.ReceivedAt = base.Add(time.Duration(n) * time.Minute)
			}
			m := models[ev.Key]
			if m == nil {
				m = &model{state: store.State{Key: ev.Key}}
				models[ev.Key] = m
			}
			want, wantErr := m.append(ev)
			got, err := s.Append(context.Background(), ev)
			if !errors.Is(err, wantErr) {
				t.Fatalf("error %v, want %v", err, wantErr)
			}
			if got := withoutClock(got); got != want {
				t.Fatalf("got %+v\nwant %+v", got, want)
			}
		}
		for key, m := range models {
			page, err := s.History(context.Background(), store.HistoryQuery{Key: key, Limit: 1_000})
			if err != nil || len(page.Events) != len(m.events) {
				t.Fatalf("%d events, %v, want %d", len(page.Events), err, len(m.events))
			}
			for i, ev := range page.Events {
				ev.RecordedAt = time.Time{}
				if ev != m.events[i] {
					t.Fatalf("event %d: %+v\nwant %+v", i, ev, m.events[i])
				}
			}
		}
	})
}

func withoutClock(r store.Result) store.Result {
	r.State.RecordedAt, r.Event.RecordedAt = time.Time{}, time.Time{}
	return r
}

func TestManyGoroutinesOnOneKey(t *testing.T) {
	const goroutines, each = 16, 200
	s := memstore.New()
	key := store.Key{Account: "acct", Number: "+14155552671"}
	base := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				status := store.OptedIn
				if (g+i)%3 == 0 {
					status = store.OptedOut
				}
				at := base.Add(time.Duration((i*7+g*13)%500) * time.Second)
				_, err := s.Append(context.Background(), store.Event{
					ID: string(rune('A'+g)) + string(rune('a'+i%26)) + time.Duration(i).String(), Key: key, Status: status, At: at, Source: store.SourceKeyword,
				})
				if err != nil {
					t.Error(err)
				}
				if _, err := s.Get(context.Background(), key); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var events []store.Event
	q := store.HistoryQuery{Key: key, Limit: 77}
	for {
		page, err := s.History(t.Context(), q)
		require.NoError(t, err)
		events = append(events, page.Events...)
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	require.Len(t, events, goroutines*each)
	newest := slices.MaxFunc(events, func(a, b store.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Status, b.Status))
	})
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, newest.Status, state.Status)
	require.True(t, newest.At.Equal(state.At))
}

func TestTheZeroStoreIsReady(t *testing.T) {
	var s memstore.Store
	_, err := s.List(t.Context(), store.ListQuery{Account: "acct", After: "x"})
	require.ErrorIs(t, err, store.ErrBadCursor)
	_, err = s.Append(t.Context(), store.Event{ID: "1", Key: store.Key{Account: "a", Number: "+1"}, Status: store.OptedOut, Source: "web"})
	require.NoError(t, err)
}

func TestACursorOfAnotherStoreIsForeign(t *testing.T) {
	stores := [2]*memstore.Store{memstore.New(), memstore.New()}
	key := store.Key{Account: "acct", Number: "+14155552671"}
	for _, s := range stores {
		for _, id := range []string{"1", "2"} {
			_, err := s.Append(t.Context(), store.Event{ID: id, Key: key, Status: store.OptedOut, Source: "web"})
			require.NoError(t, err)
		}
	}
	page, err := stores[0].History(t.Context(), store.HistoryQuery{Key: key, Limit: 1})
	require.NoError(t, err)
	_, err = stores[1].History(t.Context(), store.HistoryQuery{Key: key, After: page.Next})
	require.ErrorIs(t, err, store.ErrBadCursor)
}
