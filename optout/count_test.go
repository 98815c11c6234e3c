package optout_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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
	require.Equal(t, store.KeyCounts{OptedIn: 1, OptedOut: 1, Held: 1}, counts)
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

// TestCountAndTheList: each contact in the list has a key that is counted, and only digits and lines
// with two spellings have keys that are counted and not listed.
func TestCountAndTheList(t *testing.T) {
	alone := []string{"+14155550101", "+14155550102", "+442079460018", "78787", "messenger:24891763"}
	several := []string{"4155550101", "6562345678", "+6562345678", "+5511987654321", "+551187654321", "551187654321"}
	rapid.Check(t, func(t *rapid.T) {
		numbers := alone
		if rapid.Bool().Draw(t, "numbers of several keys") {
			numbers = slices.Concat(several, alone)
		}
		g, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US", Channels: []string{"messenger"}})
		require.NoError(t, err)
		for i := range rapid.IntRange(0, 20).Draw(t, "texts") {
			m := optout.Message{
				ID: strconv.Itoa(i), Account: account, From: rapid.SampledFrom(numbers).Draw(t, "from"),
				Text: rapid.SampledFrom([]string{"STOP", "STOP", "START"}).Draw(t, "text"),
			}
			_, err := g.Receive(context.Background(), m)
			require.NoError(t, err)
		}
		counts, err := g.Count(context.Background(), account)
		require.NoError(t, err)
		var listed, paged int64
		for _, err := range g.OptedOut(context.Background(), account) {
			require.NoError(t, err)
			listed++
		}
		for after, more := store.Cursor(""), true; more; more = after != "" {
			page, err := g.OptedOutPage(context.Background(), account, after, 2)
			require.NoError(t, err)
			paged, after = paged+int64(len(page.States)), page.Next
		}
		require.Equal(t, listed, paged)
		require.GreaterOrEqual(t, counts.OptedOut, listed)
		if len(numbers) == len(alone) {
			require.Equal(t, listed, counts.OptedOut)
		}
	})
}
