package optout_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestCountCountsTheKeysOfAnAccount(t *testing.T) {
	g := newGuard(t, &optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	for number, body := range map[string]string{
		"+14155550101": "STOP", "+14155550102": "START", "+14155550103": "please stop texting me", "+14155550104": "hello",
	} {
		_, err := g.Receive(t.Context(), optout.Message{ID: number, Account: account, From: number, Text: body})
		require.NoError(t, err)
	}
	counts, err := g.Count(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, store.Counts{OptedIn: 1, OptedOut: 1, Held: 1}, counts)
	_, err = g.Receive(t.Context(), optout.Message{ID: "digits", Account: account, From: "4155550105", Text: "STOP"})
	require.NoError(t, err)
	counts, err = g.Count(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, int64(3), counts.OptedOut, "once under the number, and once under its digits")
	counts, err = g.Count(t.Context(), "other")
	require.NoError(t, err)
	require.Zero(t, counts)
}

func TestCountFailsWithTheStore(t *testing.T) {
	failing := errors.New("no route")
	g, err := optout.New(faultstore.Wrap(memstore.New(), faultstore.OnKind(faultstore.OpCount, failing)), nil)
	require.NoError(t, err)
	_, err = g.Count(t.Context(), account)
	require.ErrorIs(t, err, failing)
	_, err = g.With(nil).Count(t.Context(), account)
	require.Error(t, err)
	_, err = g.With(bareStore{memstore.New()}).Count(t.Context(), account)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}
