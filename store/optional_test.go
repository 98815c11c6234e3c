package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// bare is a store without the optional interfaces.
type bare struct{ store.Store }

// wrapper is a store that can be looked through.
type wrapper struct{ store.Store }

func (w wrapper) Unwrap() store.Store { return w.Store }

// circle wraps itself.
type circle struct{ store.Store }

func (c *circle) Unwrap() store.Store { return c }

func TestAsLooksThroughWrappers(t *testing.T) {
	s := memstore.New()
	for _, wrapped := range []store.Store{s, wrapper{s}, wrapper{wrapper{s}}} {
		got, ok := store.As[*memstore.Store](wrapped)
		require.True(t, ok)
		require.Same(t, s, got)
		_, ok = store.As[store.Reviewer](wrapped)
		require.True(t, ok)
	}
	for _, wrapped := range []store.Store{bare{s}, wrapper{bare{s}}, wrapper{nil}, &circle{s}, nil} {
		_, ok := store.As[store.Lister](wrapped)
		require.False(t, ok)
	}
}

func TestWhatAStoreHasNotIsDerivedOrUnsupported(t *testing.T) {
	s := memstore.New()
	_, err := s.Append(t.Context(), stop("1", minute(1)))
	require.NoError(t, err)
	numbers := []string{"+1", key.Number, key.Number}
	want, err := s.GetBatch(t.Context(), key.Account, numbers)
	require.NoError(t, err)
	for _, of := range []store.Store{s, bare{s}, wrapper{s}, wrapper{bare{s}}} {
		got, err := store.GetBatch(t.Context(), of, key.Account, numbers)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err = store.GetBatch(t.Context(), bare{s}, key.Account, []string{key.Number, ""})
	require.ErrorIs(t, err, store.ErrInvalid)

	for _, of := range []store.Store{s, wrapper{s}} {
		states, err := store.List(t.Context(), of, store.ListQuery{Account: key.Account})
		require.NoError(t, err)
		require.Len(t, states.States, 1)
		_, err = store.Reviews(t.Context(), of, store.ReviewQuery{Account: key.Account})
		require.NoError(t, err)
		ids, err := store.EventIDs(t.Context(), of, store.IDsQuery{Account: key.Account})
		require.NoError(t, err)
		require.Len(t, ids.Records, 1)
		changes, err := store.Changes(t.Context(), of, store.ChangesQuery{Account: key.Account})
		require.NoError(t, err)
		require.Len(t, changes.Records, 1)
	}
	_, err = store.List(t.Context(), bare{s}, store.ListQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = store.Reviews(t.Context(), bare{s}, store.ReviewQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = store.EventIDs(t.Context(), bare{s}, store.IDsQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = store.Changes(t.Context(), bare{s}, store.ChangesQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

func TestABatchWithoutABatchAppenderIsOneByOne(t *testing.T) {
	good, refused, late := stop("1", minute(1)), stop("1", minute(2)), stop("2", minute(3))
	refused.Action = store.Consent
	for _, of := range []store.Store{memstore.New(), bare{memstore.New()}, wrapper{memstore.New()}, wrapper{bare{memstore.New()}}} {
		bad := late
		bad.ID = ""
		results, err := store.AppendBatch(t.Context(), of, []store.Event{good, bad})
		require.ErrorIs(t, err, store.ErrInvalid)
		require.ErrorContains(t, err, "events[1]: ")
		require.Empty(t, results)
		state, err := of.Get(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, store.Unknown, state.Status)

		results, err = store.AppendBatch(t.Context(), of, []store.Event{good, refused, late, good})
		require.NoError(t, err)
		require.Len(t, results, 4)
		require.ErrorIs(t, results[1].Err, store.ErrIDReused)
		require.Equal(t, "2", results[2].State.EventID)
		require.True(t, results[3].Duplicate)
	}
}

// failing fails from its second Append on.
type failing struct {
	store.Store
	appends int
}

func (f *failing) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if f.appends++; f.appends > 1 {
		return store.Result{}, errors.New("full")
	}
	return f.Store.Append(ctx, ev)
}

func TestABatchOneByOneReturnsTheResultsSoFar(t *testing.T) {
	s := &failing{Store: memstore.New()}
	results, err := store.AppendBatch(t.Context(), s, []store.Event{stop("1", minute(1)), stop("2", minute(2))})
	require.EqualError(t, err, "full")
	require.Len(t, results, 1)
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, results[0].State, state, "what was stored stays")
}

func TestAppendBatchOfACancelledContextFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, of := range []store.Store{memstore.New(), bare{memstore.New()}} {
		for _, events := range [][]store.Event{nil, {stop("1", minute(1))}} {
			_, err := store.AppendBatch(ctx, of, events)
			require.ErrorIs(t, err, context.Canceled)
		}
	}
}

func TestGetBatchOfACancelledContextFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, of := range []store.Store{memstore.New(), bare{memstore.New()}} {
		for _, numbers := range [][]string{nil, {key.Number}} {
			_, err := store.GetBatch(ctx, of, key.Account, numbers)
			require.ErrorIs(t, err, context.Canceled)
		}
	}
}

// TestGetBatchOfNobodyLooksAtTheAccount: an account that no store takes is refused in both
// ways.
func TestGetBatchOfNobodyLooksAtTheAccount(t *testing.T) {
	for _, of := range []store.Store{memstore.New(), bare{memstore.New()}} {
		_, err := store.GetBatch(t.Context(), of, "", nil)
		require.ErrorIs(t, err, store.ErrInvalid)
	}
}
