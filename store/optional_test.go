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
	}
	_, err = store.List(t.Context(), bare{s}, store.ListQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = store.Reviews(t.Context(), bare{s}, store.ReviewQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
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
