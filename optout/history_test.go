package optout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestTheMasterList(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	const people = 2_345
	want := map[string]bool{}
	for i := range people {
		number := fmt.Sprintf("+1415555%04d", i)
		body := "STOP"
		if i%5 == 0 {
			body = "START"
		} else {
			want[number] = true
		}
		_, err := g.Receive(t.Context(), optout.Message{Account: account, From: number, Text: body})
		require.NoError(t, err)
	}
	list := g.OptedOut(t.Context(), account)
	for range 2 { // ranging again starts anew
		got, last := map[string]bool{}, ""
		for state, err := range list {
			require.NoError(t, err)
			require.Equal(t, store.OptedOut, state.Status)
			require.Greater(t, state.Key.Number, last)
			last = state.Key.Number
			got[last] = true
			if len(got)%500 == 0 { // nothing is held while the body runs
				receive(t, g, optout.Message{Account: account, From: "+442079460018", Text: "STOP"})
			}
		}
		delete(got, "+442079460018")
		require.Equal(t, want, got)
	}
	seen := 0
	for range list {
		seen++
		if seen == 3 {
			break
		}
	}
	require.Equal(t, 3, seen)
	for range g.OptedOut(t.Context(), "acct_b") {
		t.Fatal("another account's")
	}
}

func TestTheHistoryIsPagedThrough(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	const events = 2_100
	for i := range events {
		body := "STOP"
		if i%2 == 1 {
			body = "START"
		}
		receive(t, g, text(fmt.Sprint(i), body, noon.Add(time.Duration(i)*time.Second)))
	}
	got := history(t, g, contact)
	require.Len(t, got, events)
	for i, ev := range got {
		require.Equal(t, fmt.Sprint(i), ev.ID)
		require.True(t, ev.Effective)
	}
	for _, err := range g.History(t.Context(), account, "") {
		require.ErrorIs(t, err, optout.ErrInvalidNumber)
	}
	for range g.History(t.Context(), account, "nobody") {
		t.Fatal("no event")
	}
}

// listless is a store of three methods.
type listless struct{ store.Store }

func TestAStoreThatCannotListSaysSoOnce(t *testing.T) {
	g := guardAt(t, listless{memstore.New()}, optout.Options{DefaultRegion: "IN"})
	errs := 0
	for _, err := range g.OptedOut(t.Context(), account) {
		require.ErrorIs(t, err, errors.ErrUnsupported)
		errs++
	}
	require.Equal(t, 1, errs)
	receive(t, g, optout.Message{Account: account, From: "6581234567", Text: "STOP"})
	batch, err := g.GateBatch(t.Context(), account, []string{"6581234567", contact})
	require.NoError(t, err, "it falls back to Gets")
	require.Equal(t, []bool{false, true}, []bool{batch[0].Allowed, batch[1].Allowed})
	events := 0
	for range g.History(t.Context(), account, "6581234567") {
		events++
	}
	require.Equal(t, 2, events, "of both readings")
}

// endless is a store whose pages do not end.
type endless struct{ store.Store }

func (endless) History(context.Context, store.HistoryQuery) (store.RecordPage, error) {
	return store.RecordPage{Next: "again"}, nil
}

func (endless) List(_ context.Context, q store.ListQuery) (store.StatePage, error) {
	return store.StatePage{States: []store.State{{Key: store.Key{Account: q.Account, Number: contact}, Status: store.OptedIn}}}, nil
}

func TestPagesThatAreWrongAreAnError(t *testing.T) {
	g := guardAt(t, endless{memstore.New()}, optout.Options{})
	for _, err := range g.History(t.Context(), account, contact) {
		require.Error(t, err)
	}
	for _, err := range g.OptedOut(t.Context(), account) {
		require.Error(t, err, "the master list holds nobody who is opted in")
	}
}
