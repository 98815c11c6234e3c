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

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

func TestMemstoreKeepsEveryPromise(t *testing.T) {
	storetest.Run(t, func() store.Store { return memstore.New() }, nil)
}

func TestCheckLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	require.NoError(t, storetest.Check(func() store.Store { return memstore.New() }, nil))
}

// TestAStoreWithoutTheOptionalInterfaces is not failed for it, and told so.
func TestAStoreWithoutTheOptionalInterfaces(t *testing.T) {
	var skipped []string
	logf := func(format string, args ...any) { skipped = append(skipped, fmt.Sprintf(format, args...)) }
	newStore := func() store.Store { return bare{memstore.New()} }
	require.NoError(t, storetest.Check(newStore, &storetest.Options{Logf: logf}))
	var want []string
	for name := range storetest.Cases() {
		for prefix, missing := range map[string]string{"Batch": "BatchGetter", "ReadBatch": "BatchGetter", "List": "Lister", "Checker": "Checker", "Held": "Reviewer", "Asked": "Reviewer", "Reviews": "Reviewer"} {
			if strings.HasPrefix(name, prefix) {
				want = append(want, "storetest: "+name+" skipped: the store has no "+missing)
			}
		}
	}
	require.Len(t, want, 31)
	require.Equal(t, want, skipped)
}

// TestARightStoreMayHaveItsOwnWays runs one that does all that the promises leave
// open in another way than memstore.
func TestARightStoreMayHaveItsOwnWays(t *testing.T) {
	storetest.Run(t, func() store.Store {
		s := newNaive()
		var appends atomic.Int64
		s.before = func(context.Context) error {
			if appends.Add(1)%50 == 0 {
				return errors.Join(errors.New("deadlock found"), store.ErrConflict)
			}
			return nil
		}
		s.clock = func() time.Time { return time.Now().Add(-time.Minute).In(time.FixedZone("", 3_600)) }
		s.normalize = func(ev store.Event) (store.Event, error) {
			kept, err := ev.NormalizeAny()
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
		return s
	}, nil)
}

func BenchmarkMemstore(b *testing.B) {
	storetest.Benchmark(b, func() store.Store { return memstore.New() })
}
