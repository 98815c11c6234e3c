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

// In the United States bareDigits are oursUS; with a plus sign before they are theirs, a
// number in Singapore.
const bareDigits, oursUS, theirs = "6562345678", "+16562345678", "+6562345678"

// texted is a message of a minute after the one before, without the provider's time.
func texted(t *testing.T, g *optout.Guard, id, from, body string) (optout.Outcome, error) {
	t.Helper()
	return g.Receive(t.Context(), optout.Message{ID: id, Account: account, From: from, Text: body})
}

func TestTextsOfTwoContactsWithOneIDDoNotMeet(t *testing.T) {
	t.Run("messages", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		for _, from := range []string{bareDigits, theirs} { // ids that are unique for each number only
			_, err := texted(t, g, "1", from, "STOP")
			require.NoError(t, err)
		}
		_, err := texted(t, g, "2", bareDigits, "START")
		require.NoError(t, err)
		require.False(t, allowed(t, g, theirs), "they sent a STOP of their own")
	})
	t.Run("one id for a whole list", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		for _, number := range []string{bareDigits, theirs} {
			_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "list-2024", Account: account, Number: number, Source: store.SourceImport})
			require.NoError(t, err)
		}
		_, err := texted(t, g, "2", bareDigits, "START")
		require.NoError(t, err)
		require.False(t, allowed(t, g, theirs))
	})
	t.Run("reviews of texts that are alike", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		for _, from := range []string{bareDigits, theirs} {
			_, err := g.Receive(t.Context(), optout.Message{ID: "1", Account: account, From: from, Text: possible, At: at, ReceivedAt: at})
			require.NoError(t, err)
		}
		require.Len(t, reviews(t, g), 2)
		for _, review := range reviews(t, g) {
			resolve(t, g, review, optout.VerdictNoRequest)
		}
		require.Empty(t, reviews(t, g))
		require.True(t, allowed(t, g, oursUS))
		require.True(t, allowed(t, g, theirs))
	})
	t.Run("reviews", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
		for _, from := range []string{bareDigits, theirs} {
			_, err := texted(t, g, "1", from, possible)
			require.NoError(t, err)
		}
		require.Len(t, reviews(t, g), 2)
		for _, review := range reviews(t, g) {
			if review.From == bareDigits {
				resolve(t, g, review, optout.VerdictNoRequest)
			}
		}
		require.True(t, allowed(t, g, oursUS))
		require.False(t, allowed(t, g, theirs), "nobody has read their text")
	})
}

func TestASTARTTakesBackWhatItsDigitsSentInEverySpelling(t *testing.T) {
	const dialled, abroad = "442071838750", "+442071838750"
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "DE"})
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, from := range []string{dialled, "tel:" + dialled} {
		_, err := g.Receive(t.Context(), optout.Message{ID: "1", Account: account, From: from, Text: "STOP", At: at, ReceivedAt: at})
		require.NoError(t, err)
	}
	require.False(t, allowed(t, g, abroad))
	at = at.Add(time.Hour)
	_, err := g.Receive(t.Context(), optout.Message{ID: "2", Account: account, From: dialled, Text: "START", At: at, ReceivedAt: at})
	require.NoError(t, err)
	require.True(t, allowed(t, g, abroad))
}

func TestASTARTThatTheDigitsRefuseDoesNotOpenThem(t *testing.T) {
	const digits = "4155552671"
	t.Run("the id of their STOP", func(t *testing.T) {
		s := memstore.New()
		_, err := texted(t, guardAt(t, s, optout.Options{}), "1", digits, "STOP")
		require.NoError(t, err)
		g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
		_, err = texted(t, g, "1", digits, "START")
		require.ErrorIs(t, err, store.ErrIDReused)
		require.False(t, allowed(t, g, digits))
	})
	t.Run("a START that asked, before the STOP", func(t *testing.T) {
		s := memstore.New()
		before := guardAt(t, s, optout.Options{ConfirmOptIn: true})
		_, err := texted(t, before, "1", digits, "START")
		require.NoError(t, err)
		_, err = texted(t, before, "2", digits, "STOP")
		require.NoError(t, err)
		g := guardAt(t, s, optout.Options{ConfirmOptIn: true, DefaultRegion: "US"})
		_, _ = texted(t, g, "1", digits, "START") // delivered again
		require.False(t, allowed(t, g, digits))
	})
}

func TestConsentIsNeverKeptUnderAnotherContact(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{DefaultRegion: "US", RequireOptIn: true, Texts: optout.PolicyOptOut})
	_, err := texted(t, g, "1", theirs, certain)
	require.NoError(t, err)
	_, err = g.RecordConsent(t.Context(), optout.Request{ID: "form", Account: account, Number: bareDigits})
	require.ErrorIs(t, err, optout.ErrOptedOut)
	page, err := s.History(t.Context(), store.HistoryQuery{Key: store.Key{Account: account, Number: theirs}})
	require.NoError(t, err)
	require.Len(t, page.Records, 1)
	_, err = g.Resolve(t.Context(), optout.Resolution{
		Account: account, Review: page.Records[0], Verdict: optout.VerdictNoRequest, Actor: "anna",
	})
	require.NoError(t, err)
	require.False(t, allowed(t, g, theirs), "they never consented")
}

func TestAStrangersOptOutDoesNotSkipTheQuestion(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", ConfirmOptIn: true, RequireOptIn: true})
	_, err := texted(t, g, "1", theirs, "STOP")
	require.NoError(t, err)
	_, err = texted(t, g, "2", bareDigits, "START")
	require.NoError(t, err)
	require.False(t, allowed(t, g, oursUS), "nobody has confirmed")
}

// counted counts what is asked of a store.
type counted struct {
	*memstore.Store

	appends, histories int
}

func (c *counted) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	c.appends++
	return c.Store.Append(ctx, ev)
}

func (c *counted) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	c.histories++
	return c.Store.History(ctx, q)
}

func TestASTARTWithAKnownIDLiftsNothing(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 999, time.UTC) }
	shared := func(t *testing.T) (noRegion, american *optout.Guard) {
		t.Helper()
		s := memstore.New()
		return guardAt(t, s, optout.Options{}), guardAt(t, s, optout.Options{DefaultRegion: "US"})
	}
	receiveAt := func(t *testing.T, g *optout.Guard, id, from, body string, at, received time.Time) {
		t.Helper()
		m := optout.Message{ID: id, Account: account, From: from, Text: body, At: at, ReceivedAt: received}
		_, err := g.Receive(t.Context(), m)
		require.NoError(t, err)
	}
	receive := func(t *testing.T, g *optout.Guard, id, from, body string, at time.Time) {
		t.Helper()
		receiveAt(t, g, id, from, body, at, at)
	}
	for name, c := range map[string]struct{ start, stop string }{ // the senders of the first two
		"known under the digits at another time": {bareDigits, oursUS},
		"known under the number at another time": {oursUS, bareDigits},
	} {
		t.Run(name, func(t *testing.T) {
			before, g := shared(t)
			if c.start == oursUS {
				before = g
			}
			receive(t, before, "1", c.start, "START", at(3))
			receive(t, g, "2", c.stop, "STOP", at(5))
			receive(t, g, "1", bareDigits, "START", at(6))
			require.False(t, allowed(t, g, bareDigits))
			for r, err := range g.History(t.Context(), account, bareDigits) {
				require.NoError(t, err)
				require.False(t, r.ID == "1" && r.At.Equal(at(6).Truncate(store.Precision)), "it is not a START of its own")
			}
		})
	}
	for name, first := range map[string]time.Time{"without a time": {}, "with its time": at(6)} {
		t.Run("redelivered to other Options, "+name, func(t *testing.T) {
			before, g := shared(t)
			receive(t, before, "1", bareDigits, "START", first)
			receiveAt(t, g, "2", oursUS, "STOP", time.Time{}, at(5)) // it waited in a queue
			receive(t, g, "1", bareDigits, "START", first)
			require.False(t, allowed(t, g, bareDigits))
		})
	}
}

// A contact that opts out and in again and again in bare digits costs the same each time.
func TestManyPairsOfSTOPAndSTARTInBareDigits(t *testing.T) {
	c := &counted{Store: memstore.New()}
	g := guardAt(t, c, optout.Options{DefaultRegion: "US"})
	pair := func(n int) (appends int) {
		before := c.appends
		for _, body := range []string{"STOP", "START"} {
			_, err := texted(t, g, fmt.Sprint(body, n), bareDigits, body)
			require.NoError(t, err)
		}
		return c.appends - before
	}
	first := pair(0)
	for n := 1; n < 40; n++ { // it took twice as long with each pair
		require.Equal(t, first, pair(n))
	}
	require.True(t, allowed(t, g, theirs))
}

// One more text of a held contact reads no history.
func TestAHeldContactInBareDigitsCostsTheSameForEachText(t *testing.T) {
	c := &counted{Store: memstore.New()}
	g := guardAt(t, c, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	for n := range 100 {
		_, err := texted(t, g, fmt.Sprint("m", n), bareDigits, possible)
		require.NoError(t, err)
	}
	require.False(t, allowed(t, g, bareDigits))
	require.Zero(t, c.histories)
	require.Len(t, reviews(t, g), 100)
}
