package store_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// onlyLists is a store without a Counter.
type onlyLists struct {
	store.Store
	store.Lister
}

// endless lists one page for ever.
type endless struct{ store.Store }

func (endless) List(context.Context, store.ListQuery) (store.StatePage, error) {
	return store.StatePage{Next: "again"}, nil
}

func TestCountCountsOrLists(t *testing.T) {
	s := memstore.New()
	var want store.KeyCounts
	for i := range 2_500 { // more than two pages
		ev := stop(strconv.Itoa(i), minute(i))
		ev.Key.Number = "+1" + strconv.Itoa(i)
		ev.Action = []store.Action{store.OptOut, store.OptIn, store.OptOut, store.Hold, store.Ask}[i%5]
		result, err := s.Append(t.Context(), ev)
		require.NoError(t, err)
		want.Add(result.State.Status, 1)
	}
	require.Equal(t, store.KeyCounts{OptedIn: 500, OptedOut: 1_000, Held: 500}, want)
	for _, of := range []store.Store{s, wrapper{s}, onlyLists{bare{s}, s}, wrapper{onlyLists{bare{s}, s}}} {
		got, err := store.Count(t.Context(), of, key.Account)
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = store.Count(t.Context(), of, "other")
		require.NoError(t, err)
		require.Zero(t, got)
		_, err = store.Count(t.Context(), of, "")
		require.ErrorIs(t, err, store.ErrInvalid)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = store.Count(ctx, of, key.Account)
		require.ErrorIs(t, err, context.Canceled)
	}
	_, err := store.Count(t.Context(), bare{s}, key.Account)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = store.Count(t.Context(), endless{bare{s}}, key.Account)
	require.Error(t, err)
}
