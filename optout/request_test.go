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

func TestOptOutByOtherMeans(t *testing.T) {
	for _, source := range []store.Source{"", store.SourceAgent, store.SourceWeb, store.SourceCarrier, store.SourceImport, store.SourceReview, "fax"} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		out, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: "(415) 555-2671", Source: source})
		require.NoError(t, err)
		require.True(t, out.Changed)
		require.NotEmpty(t, out.EventID)
		require.Empty(t, out.Reply, "nothing was texted")
		require.False(t, allowed(t, g, contact))
		if source == "" {
			source = store.SourceAgent
		}
		require.Equal(t, source, out.State.Source)
		require.NotEmpty(t, receive(t, g, text("m1", "START", time.Time{})).Reply, "the contact can come back")
		require.True(t, allowed(t, g, contact))
	}
}

func TestAnImportOfAnOldListDoesNotUndoALaterStart(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	receive(t, g, text("m1", "STOP", at(1)))
	receive(t, g, text("m2", "START", at(9)))
	out, err := g.RecordOptOut(t.Context(), optout.Request{ID: "row 1", Account: account, Number: contact, Source: store.SourceImport, At: at(5)})
	require.NoError(t, err)
	require.True(t, out.Superseded)
	require.False(t, out.Changed)
	require.True(t, allowed(t, g, contact))
	out, err = g.RecordOptOut(t.Context(), optout.Request{ID: "row 2", Account: account, Number: contact, Source: store.SourceImport})
	require.NoError(t, err)
	require.True(t, out.Changed, "a row without a date blocks")
	require.False(t, allowed(t, g, contact))
}

func TestAnOlderStartDoesNotLiftAnOptOutWithoutATime(t *testing.T) {
	now := noon
	g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	receive(t, g, text("m1", "STOP", at(-9)))
	_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact, Note: "by phone"})
	require.NoError(t, err)
	now = at(1)
	out := receive(t, g, text("m2", "START", at(-5)))
	require.True(t, out.Superseded, "texted before the call, delivered after it")
	require.False(t, allowed(t, g, contact))
	require.True(t, receive(t, g, text("m3", "START", at(1))).Changed)
}

func TestConsentIsRecordedOnceAndNeverLifts(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	consent := optout.Request{ID: "form 1", Account: account, Number: contact, Source: store.SourceWeb, At: at(1), Text: "I agree", Actor: "signup"}
	out, err := g.RecordConsent(t.Context(), consent)
	require.NoError(t, err)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.True(t, allowed(t, g, contact))
	out, err = g.RecordConsent(t.Context(), consent)
	require.NoError(t, err)
	require.True(t, out.Duplicate)

	receive(t, g, text("m1", "STOP", at(2)))
	for i, source := range []store.Source{"", store.SourceAgent, store.SourceWeb, store.SourceKeyword, store.SourceConfirm, store.SourceReview} {
		for _, when := range []time.Time{at(1), at(99), {}} {
			out, err := g.RecordConsent(t.Context(), optout.Request{
				ID: fmt.Sprint("again", i, when), Account: account, Number: contact, Source: source, At: when,
			})
			require.ErrorIs(t, err, optout.ErrOptedOut)
			require.Equal(t, store.OptedOut, out.State.Status)
			require.False(t, out.Changed)
			require.False(t, allowed(t, g, contact))
		}
	}
	require.Len(t, history(t, g, contact), 2+6*3, "the attempts are kept")
}

func TestConsentOfDigitsWhoseOtherReadingOptedOut(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "IN"})
	_, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: "+6581234567"})
	require.NoError(t, err)
	out, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: "6581234567"})
	require.ErrorIs(t, err, optout.ErrOptedOut, "as the gate answers")
	require.True(t, out.Superseded)
}

func TestRequestsForWhatIsNoNumber(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	_, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: "MyBrand"})
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
	out, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: "MyBrand"})
	require.NoError(t, err, "an opt-out is kept verbatim")
	require.True(t, out.NoNumber)
	out, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact})
	require.NoError(t, err)
	require.False(t, out.NoNumber)
	d, err := g.Gate(t.Context(), account, "MyBrand")
	require.NoError(t, err)
	require.Equal(t, optout.ReasonOptedOut, d.Reason)
	for _, bad := range []string{"", "\xff"} {
		_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: bad})
		require.ErrorIs(t, err, optout.ErrInvalidNumber)
		require.ErrorContains(t, err, "Number")
	}
	_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact, Source: "a\x00"})
	require.ErrorIs(t, err, optout.ErrInvalidMessage)
	require.ErrorContains(t, err, "Source")
}

func history(t testing.TB, g *optout.Guard, number string) []store.Record {
	t.Helper()
	var records []store.Record
	for r, err := range g.History(t.Context(), account, number) {
		require.NoError(t, err)
		records = append(records, r)
	}
	return records
}

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

func TestPermanentErrorsAreThoseThatNoRedeliveryHelps(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	for _, m := range []optout.Message{
		{Account: "", From: contact, Text: "STOP"},
		{Account: account, From: "", Text: "STOP"},
		{Account: account, From: contact, To: contact, Text: "STOP"},
	} {
		_, err := g.Receive(t.Context(), m)
		require.True(t, optout.Permanent(err), err)
	}
	receive(t, g, text("1", "STOP", at(1)))
	_, err := g.Receive(t.Context(), text("1", "START", at(2)))
	require.True(t, optout.Permanent(err), err)
	_, err = g.With(nil).Receive(t.Context(), text("1", "STOP", at(2)))
	require.Error(t, err)
	require.False(t, optout.Permanent(err))
	require.False(t, optout.Permanent(nil))
	require.False(t, optout.Permanent(store.ErrConflict))
}

func TestAMessageThatWaitedInAQueueTellsWhenItCame(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	stop := text("1", "STOP", time.Time{})
	stop.ReceivedAt = at(5)
	receive(t, g, stop)
	require.True(t, receive(t, g, text("2", "START", at(4))).Superseded, "sent before the STOP was received")
	require.NotEmpty(t, receive(t, g, text("3", "START", at(6))).Reply)

	stop.ID, stop.ReceivedAt = "4", at(99_999) // in the future: now
	receive(t, g, stop)
	for ev, err := range g.History(t.Context(), account, contact) {
		require.NoError(t, err)
		require.False(t, ev.ReceivedAt.After(noon.Add(24*time.Hour)))
	}
}

func TestBareDigitsAreReadInBothWaysWhateverIsAroundThem(t *testing.T) {
	for _, bare := range []string{"6581234567", " 6581234567\t", "tel:6581234567", "\u202a6581234567\u202c", "'6581234567"} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "IN"})
		receive(t, g, optout.Message{Account: account, From: "+6581234567", Text: "STOP"})
		require.False(t, allowed(t, g, bare), bare)
		receive(t, g, optout.Message{Account: "acct_b", From: bare, Text: "STOP"})
		for _, number := range []string{"+6581234567", "+916581234567"} {
			d, err := g.Gate(t.Context(), "acct_b", number)
			require.NoError(t, err)
			require.False(t, d.Allowed, "%s after STOP from %s", number, bare)
		}
	}
}

func TestOldAndNewMexicanMobilesAreOneNumber(t *testing.T) {
	for _, pair := range [][2]string{{"+5215512345678", "+525512345678"}, {"+5211112345678", "+521112345678"}} {
		g := guardAt(t, memstore.New(), optout.Options{})
		receive(t, g, optout.Message{Account: account, From: pair[0], Text: "STOP"})
		require.False(t, allowed(t, g, pair[1]), pair)
		key, err := g.Number(pair[0])
		require.NoError(t, err)
		require.Equal(t, pair[1], key)
	}
}

func TestConsentWithTheIDOfAnOptOut(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "row 1", Account: account, Number: contact})
	require.NoError(t, err)
	out, err := g.RecordConsent(t.Context(), optout.Request{ID: "row 1", Account: account, Number: contact})
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.ErrorIs(t, err, store.ErrIDReused)
	require.Equal(t, store.OptedOut, out.State.Status)
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
