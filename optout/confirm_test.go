package optout_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func confirming(t testing.TB, s store.Store) *optout.Guard {
	t.Helper()
	return guardAt(t, s, optout.Options{ConfirmOptIn: true, RequireOptIn: true})
}

func TestYESConfirmsWhatSTARTAskedFor(t *testing.T) {
	g := confirming(t, memstore.New())
	out := receive(t, g, text("m1", "START", at(1)))
	require.Equal(t, optout.DefaultReplies().Confirm, out.Reply)
	require.Equal(t, store.Unknown, out.State.Status)
	require.False(t, out.Changed)
	require.Equal(t, optout.ReasonNoConsent, reason(t, g))
	require.Equal(t, optout.DefaultReplies().Confirm, receive(t, g, text("m1", "START", at(1))).Reply, "the question may not have left")

	yes := text("m2", " yes! ", at(2))
	out = receive(t, g, yes)
	require.Equal(t, optout.DefaultReplies().OptIn, out.Reply)
	require.Equal(t, keywords.OptIn, out.Match.Intent)
	require.True(t, out.Changed)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	again := receive(t, g, yes)
	require.True(t, again.Duplicate)
	require.Equal(t, optout.DefaultReplies().OptIn, again.Reply, "the answer may not have left")

	require.Empty(t, receive(t, g, text("m3", "YES", at(3))).Reply, "a second one is an ordinary text")
	require.Empty(t, receive(t, g, text("m4", "START", at(4))).Reply, "so is START now, as ever")
}

func TestYESIsAnOrdinaryTextUnlessItWasAskedFor(t *testing.T) {
	const day = 24 * 60
	for name, c := range map[string]struct {
		before []optout.Message
		yes    optout.Message
	}{
		"nobody asked":              {nil, text("y", "YES", at(1))},
		"asked after it":            {[]optout.Message{text("m1", "START", at(2))}, text("y", "YES", at(1))},
		"asked over 30 days before": {[]optout.Message{text("m1", "START", at(-31*day))}, text("y", "YES", at(1))},
		"after STOP":                {[]optout.Message{text("m1", "START", at(1)), text("m2", "STOP", at(2))}, text("y", "YES", at(3))},
		"of an opted-out contact":   {[]optout.Message{text("m2", "STOP", at(2))}, text("y", "YES", at(3))},
		"more words":                {[]optout.Message{text("m1", "START", at(1))}, text("y", "yes please", at(2))},
		"START's own id":            {[]optout.Message{text("m1", "START", at(1))}, text("m1", "YES", at(2))},
	} {
		t.Run(name, func(t *testing.T) {
			g := confirming(t, memstore.New())
			for _, m := range c.before {
				receive(t, g, m)
			}
			d, err := g.Gate(t.Context(), account, contact)
			require.NoError(t, err)
			out := receive(t, g, c.yes)
			require.Equal(t, keywords.Match{}, out.Match)
			require.Empty(t, out.Reply)
			require.Empty(t, out.EventID)
			after, err := g.Gate(t.Context(), account, contact)
			require.NoError(t, err)
			require.Equal(t, d, after)
			require.False(t, after.Allowed)
		})
	}
	g := confirming(t, memstore.New())
	receive(t, g, text("m1", "START", at(-29*day)))
	require.NotEmpty(t, receive(t, g, text("y", "YES", at(1))).Reply, "within 30 days")
}

func TestASTARTThatAskedIsADuplicateWhateverCameAfter(t *testing.T) {
	for name, after := range map[string][]optout.Message{
		"YES":        {text("m2", "YES", at(2))},
		"STOP":       {text("m2", "STOP", at(2))},
		"a hold":     {text("m2", possible, at(2))},
		"STOP START": {text("m2", "STOP", at(2)), text("m3", "START", at(3))},
	} {
		for _, when := range []time.Time{at(1), {}} {
			t.Run(name, func(t *testing.T) {
				s := memstore.New()
				g := guardAt(t, s, optout.Options{ConfirmOptIn: true, RequireOptIn: true, Texts: optout.PolicyHold})
				asked := text("m1", "START", when)
				asked.ReceivedAt = at(1)
				receive(t, g, asked)
				for _, m := range after {
					receive(t, g, m)
				}
				was := reason(t, g)
				for _, guard := range []*optout.Guard{g, guardAt(t, s, optout.Options{})} { // one that does not ask, too
					out := receive(t, guard, asked)
					require.True(t, out.Duplicate)
					require.False(t, out.Changed)
					require.Empty(t, out.Reply)
					require.Equal(t, "m1", out.EventID)
					require.Equal(t, was, reason(t, g))
				}
			})
		}
	}
}

// The digits are somebody else's number too, who has opted in.
func TestTheConsentOfTheOtherReadingIsNoConfirmation(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{ConfirmOptIn: true, RequireOptIn: true, DefaultRegion: "IN"})
	_, err := g.RecordConsent(t.Context(), optout.Request{ID: "r", Account: account, Number: "+6581234567"})
	require.NoError(t, err)
	m := text("m1", "START", at(1))
	m.From = "6581234567"
	require.Equal(t, optout.DefaultReplies().Confirm, receive(t, g, m).Reply)
	require.False(t, allowed(t, g, m.From))
	m.ID, m.Text, m.At = "m2", "YES", at(2)
	require.Equal(t, optout.DefaultReplies().OptIn, receive(t, g, m).Reply)
	require.True(t, allowed(t, g, m.From))
}

func TestAConfirmationOfWhatIsNoNumberSaysSo(t *testing.T) {
	g := confirming(t, memstore.New())
	for i, words := range []string{"START", "YES"} {
		m := text(words, words, at(i))
		m.From = "ACME"
		require.True(t, receive(t, g, m).NoNumber, words)
	}
}

func TestWithoutTheOptionYESIsAnOrdinaryText(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	require.Equal(t, optout.DefaultReplies().OptIn, receive(t, g, text("m1", "START", at(1))).Reply, "START counts at once")
	g = guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	require.Zero(t, receive(t, g, text("m1", "YES", at(1))))
}

func TestSTARTOfWhoOptedOutCountsAtOnce(t *testing.T) {
	g := confirming(t, memstore.New())
	receive(t, g, text("m1", "STOP", at(1)))
	require.Equal(t, optout.DefaultReplies().OptIn, receive(t, g, text("m2", "START", at(2))).Reply)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
}

func TestACallThatFailsConfirmsNothing(t *testing.T) {
	for n := 1; ; n++ {
		s := memstore.New()
		g := confirming(t, s)
		receive(t, g, text("m1", "START", at(1)))
		faulty := faultstore.Wrap(s, faultstore.OnIndex(n, nil))
		out, err := g.With(faulty).Receive(t.Context(), text("m2", "YES", at(2)))
		if err == nil {
			require.Equal(t, optout.DefaultReplies().OptIn, out.Reply)
			require.Greater(t, n, 3, "a read, the history, and the write were failed")
			return
		}
		require.ErrorIs(t, err, faultstore.ErrInjected)
		require.Empty(t, out.Reply)
		require.Equal(t, optout.ReasonNoConsent, reason(t, g))
		require.NotEmpty(t, receive(t, g, text("m2", "YES", at(2))).Reply, "delivered again it counts")
	}
}

func TestTheQuestionIsTheHostsOwn(t *testing.T) {
	g, err := optout.New(memstore.New(), &optout.Options{
		ConfirmOptIn: true, Keywords: packs(t, "fr"), Now: func() time.Time { return at(24 * 60) },
		Replies: optout.Replies{Confirm: "Acme: reply YES to join."},
	})
	require.NoError(t, err)
	require.Equal(t, "Acme: reply YES to join.", receive(t, g, text("m1", "START", at(1))).Reply)
	other := text("m2", "NONARRET", at(1))
	other.From = "+14155550199"
	french, _ := optout.LanguageReplies("fr")
	require.Equal(t, french.Confirm, receive(t, g, other).Reply)
}
