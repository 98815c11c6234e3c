package optout_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestOptOutByOtherMeans(t *testing.T) {
	for _, source := range []store.Source{"", store.SourceAgent, store.SourceWeb, store.SourceCarrier, store.SourceImport, "fax"} {
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
	row := optout.Request{ID: "row 1", Account: account, Number: contact, Source: store.SourceImport, At: at(5)}
	out, err := g.RecordOptOut(t.Context(), row)
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
	consent := optout.Request{
		ID: "form 1", Account: account, Number: contact, Source: store.SourceWeb, At: at(1), Text: "I agree", Actor: "signup",
	}
	out, err := g.RecordConsent(t.Context(), consent)
	require.NoError(t, err)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.True(t, allowed(t, g, contact))
	out, err = g.RecordConsent(t.Context(), consent)
	require.NoError(t, err)
	require.True(t, out.Duplicate)

	receive(t, g, text("m1", "STOP", at(2)))
	sources := []store.Source{"", store.SourceAgent, store.SourceWeb, store.SourceKeyword, store.SourceConfirm, store.SourceReview}
	for i, source := range sources {
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
	require.Len(t, history(t, g, contact), 2+len(sources)*3, "the attempts are kept")
}

func TestConsentOfDigitsWhoseOtherReadingOptedOut(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "IN"})
	_, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: "+6581234567"})
	require.NoError(t, err)
	out, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: "6581234567"})
	require.ErrorIs(t, err, optout.ErrOptedOut, "as the gate answers")
	require.True(t, out.Superseded)
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

// Of two opt-outs the one that is harder to lift stays in force. Each START is late: it was
// sent before the opt-out without a time was received.
func TestASecondOptOutNeverWeakensTheFirst(t *testing.T) {
	undated := func(id string, received time.Time) optout.Message {
		stop := text(id, "STOP", time.Time{})
		stop.ReceivedAt = received
		return stop
	}
	t.Run("by phone, and an import with a date", func(t *testing.T) {
		now := at(0)
		g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return now }})
		require.NoError(t, err)
		_, err = g.RecordOptOut(t.Context(), optout.Request{ID: "call", Account: account, Number: contact})
		require.NoError(t, err)
		now = at(5)
		row := optout.Request{ID: "row", Account: account, Number: contact, Source: store.SourceImport, At: at(-60)}
		_, err = g.RecordOptOut(t.Context(), row)
		require.NoError(t, err)
		now = at(6)
		require.True(t, receive(t, g, text("start", "START", at(-1))).Superseded)
		require.Equal(t, optout.ReasonOptedOut, reason(t, g))
		receive(t, g, text("again", "START", at(1)))
		require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	})
	t.Run("STOP, and a STOP that waited in a queue", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{})
		receive(t, g, text("1", "STOP", at(0)))
		receive(t, g, undated("2", at(-30)))
		require.True(t, receive(t, g, text("3", "START", at(-15))).Superseded)
		require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	})
	t.Run("a review of an older text", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
		receive(t, g, text("1", possible, at(-60)))
		review := reviews(t, g)[0]
		receive(t, g, undated("2", at(0)))
		resolve(t, g, review, optout.VerdictRequest)
		require.True(t, receive(t, g, text("3", "START", at(-15))).Superseded)
		require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	})
}

func TestTheTimeOfARequestAboutNowCountsAsNotGiven(t *testing.T) {
	now := noon.Add(24 * time.Hour)
	for name, c := range map[string]struct{ at, want time.Time }{
		"1970":                      {at: time.Unix(0, 0)},
		"an hour before":            {at: now.Add(-time.Hour), want: now.Add(-time.Hour)},
		"more than 5 minutes":       {at: now.Add(-5*time.Minute - time.Microsecond), want: now.Add(-5*time.Minute - time.Microsecond)},
		"less than 5 minutes":       {at: now.Add(-5*time.Minute + time.Microsecond)},
		"now":                       {at: now},
		"5 minutes ahead":           {at: now.Add(5 * time.Minute)},
		"more than 5 minutes ahead": {at: now.Add(time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, record := range []func(*optout.Guard, context.Context, optout.Request) (optout.Outcome, error){
				(*optout.Guard).RecordOptOut, (*optout.Guard).RecordConsent,
			} {
				g := guardAt(t, memstore.New(), optout.Options{})
				out, err := record(g, t.Context(), optout.Request{Account: account, Number: contact, At: c.at})
				require.NoError(t, err)
				require.True(t, out.State.At.Equal(c.want), out.State.At)
				require.True(t, out.State.ReceivedAt.Equal(now))
			}
		})
	}
}

// The agent's clock is two minutes behind that of the provider.
func TestAnOptOutByPhoneJustAfterASTARTBlocks(t *testing.T) {
	g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return at(0) }})
	require.NoError(t, err)
	receive(t, g, text("1", "START", at(2)))
	out, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact, At: at(0)})
	require.NoError(t, err)
	require.True(t, out.Changed)
	require.False(t, allowed(t, g, contact))
}
