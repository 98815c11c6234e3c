package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

func TestCheckLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	require.NoError(t, storetest.Check(t.Context(), memstore.New(), &storetest.Options{Brief: true}))
}

// TestAStoreWithoutTheOptionalInterfaces does not fail, and each case that it skips says
// what the store has not.
func TestAStoreWithoutTheOptionalInterfaces(t *testing.T) {
	var skipped []string
	logf := func(format string, args ...any) { skipped = append(skipped, fmt.Sprintf(format, args...)) }
	require.NoError(t, storetest.Check(t.Context(), bare{memstore.New()}, &storetest.Options{Logf: logf, Brief: true}))
	var want []string
	for name := range storetest.Cases() {
		for prefix, missing := range map[string]string{
			"Batch": "the store has no BatchGetter", "AppendBatch": "the store has no BatchAppender",
			"List": "the store has no Lister", "Reviews": "the store has no Reviewer", "Count": "the store has no Counter",
			"Records":      "the store has no RecordGetter",
			"Search":       "the store has no Searcher",
			"EventIDs":     "the store has no IDLister",
			"Changes":      "the store has no ChangeLister",
			"Erase":        "the store has no Eraser",
			"TwoProcesses": "Options.Reopen is not set", "Reopened": "Options.Reopen is not set",
		} {
			if strings.HasPrefix(name, prefix) {
				want = append(want, "storetest: "+name+" skipped: "+missing)
			}
		}
	}
	require.Len(t, want, 92)
	require.Equal(t, want, skipped)
}

// secondProcess opens the disk of a naive store again.
func secondProcess(change func(*naive)) func(store.Store) (store.Store, error) {
	return func(s store.Store) (store.Store, error) {
		first, ok := s.(*naive)
		if !ok {
			return nil, errors.New("not a naive store")
		}
		second := newNaive()
		second.disk = first.disk
		change(second)
		return second, nil
	}
}

func TestARightStoreKeepsEveryPromise(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return newNaive() }, &storetest.Options{
		Reopen: secondProcess(func(*naive) {}), Seed: chance.Seed(),
	})
}

// TestARightStoreMayHaveItsOwnWays runs a store that does all that the promises leave open
// in another way than memstore.
func TestARightStoreMayHaveItsOwnWays(t *testing.T) {
	ways := func(s *naive) {
		var appends atomic.Int64
		s.before = func(context.Context) error {
			if n := appends.Add(1); n%50 == 0 && n < 3_000 { // a large batch would always lose
				return errors.Join(errors.New("deadlock found"), store.ErrConflict)
			}
			return nil
		}
		s.clock = func() time.Time { return time.Now().Add(-time.Minute).In(time.FixedZone("", 3_600)) }
		s.normalize = func(ev store.Event) (store.Event, error) {
			kept, err := ev.Normalize()
			if !kept.At.IsZero() {
				kept.At = kept.At.In(time.FixedZone("", -3_600))
			}
			if len(ev.Text) > store.MaxTextLen {
				kept.Text = ev.Text[:4_090] + "[cut]"
			}
			return kept, err
		}
		s.alive = func(ctx context.Context) error {
			if ctx.Err() != nil {
				return errors.New("gone")
			}
			return nil
		}
		s.limit = func(limit int) (int, error) {
			switch {
			case limit < 0:
				return 0, errors.New("a negative limit")
			case limit > store.MaxLimit:
				return 0, store.ErrInvalid
			case limit == 0:
				return 60, nil
			default:
				return max(1, min(limit, 25)-1), nil // and less than is asked for
			}
		}
		s.openEnd = true
	}
	storetest.Run(t, func(testing.TB) store.Store {
		s := newNaive()
		ways(s)
		return s
	}, &storetest.Options{Reopen: secondProcess(ways), Seed: chance.Seed(), Brief: true})
}

func BenchmarkMemstore(b *testing.B) {
	storetest.Benchmark(b, func(testing.TB) store.Store { return memstore.New() })
}
