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

func TestChangesGoOnWhereTheyEnded(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	var after store.Cursor
	sent := 0
	for _, n := range []int{0, 3, 1, 0, 2_005} {
		var want, got []string
		for range n {
			want = append(want, fmt.Sprint(sent))
			receive(t, g, text(fmt.Sprint(sent), []string{"STOP", "START"}[sent%2], noon.Add(time.Duration(sent)*time.Second)))
			receive(t, g, optout.Message{ID: fmt.Sprint(sent), Account: "acct_b", From: contact, Text: "STOP"})
			sent++
		}
		changes := g.Changes(t.Context(), store.ChangesQuery{Account: account, After: after, Limit: store.MaxLimit})
		for range 2 { // ranging again starts anew
			got = nil
			for page, err := range changes {
				require.NoError(t, err)
				for _, r := range page.Records {
					require.Equal(t, account, r.Key.Account)
					got = append(got, r.ID)
				}
				after = page.Next
			}
			require.Equal(t, want, got)
		}
	}
	for page, err := range g.Changes(t.Context(), store.ChangesQuery{Account: account, Limit: 7}) {
		require.NoError(t, err)
		require.Len(t, page.Records, 7)
		break
	}
}

// wrongChanges is a store whose pages of changes are not what was asked for.
type wrongChanges struct {
	store.Store
	page func(store.ChangesQuery) store.RecordPage
}

func (w wrongChanges) Changes(_ context.Context, q store.ChangesQuery) (store.RecordPage, error) {
	return w.page(q), nil
}

func TestChangesThatAreWrongAreAnErrorOnce(t *testing.T) {
	records := func(account string) []store.Record {
		return []store.Record{{Event: store.Event{Key: store.Key{Account: account, Number: contact}}}}
	}
	pages := func(of string) store.Store {
		return wrongChanges{page: func(store.ChangesQuery) store.RecordPage { return store.RecordPage{Records: records(of), Next: "1"} }}
	}
	for name, tc := range map[string]struct {
		of      store.Store
		account string
		want    error
		pages   int
	}{
		"no lister":       {listless{memstore.New()}, account, errors.ErrUnsupported, 0},
		"no account":      {memstore.New(), "", optout.ErrInvalidAccount, 0},
		"of another one":  {pages("acct_b"), account, nil, 0},
		"without an end":  {pages(account), account, nil, 1},
		"a broken cursor": {memstore.New(), account, store.ErrBadCursor, 0},
	} {
		t.Run(name, func(t *testing.T) {
			q := store.ChangesQuery{Account: tc.account}
			if errors.Is(tc.want, store.ErrBadCursor) {
				q.After = "broken"
			}
			pages, errs := 0, 0
			for _, err := range guardAt(t, tc.of, optout.Options{}).Changes(t.Context(), q) {
				require.Zero(t, errs, "an error is last")
				if err == nil {
					pages++
					continue
				}
				errs++
				if tc.want != nil {
					require.ErrorIs(t, err, tc.want)
				}
			}
			require.Equal(t, tc.pages, pages)
			require.Equal(t, 1, errs)
		})
	}
}
