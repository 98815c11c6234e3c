package optout_test

import (
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
