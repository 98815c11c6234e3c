package optout_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// alone is a part of a longer message whose other parts did not come.
func alone(id, words string, sent time.Time) optout.Message {
	m := text(id, words, sent)
	m.Incomplete = true
	return m
}

func TestAPartAloneIsHeldAndNeverMore(t *testing.T) {
	set, err := keywords.Default().With(keywords.Keyword{Text: "ENOUGH", Intent: keywords.OptOut, Language: "en"})
	require.NoError(t, err)
	for _, c := range []struct {
		policy  optout.Policy
		text    string
		held    bool
		certain revocation.Certainty
	}{
		{optout.PolicyIgnore, "STOP", false, revocation.None},
		{optout.PolicyIgnore, certain, false, revocation.None},
		{optout.PolicyHold, "STOP", true, revocation.Certain},
		{optout.PolicyOptOut, "STOP", true, revocation.Certain},
		{optout.PolicyOptOut, "enough!", true, revocation.Certain},
		{optout.PolicyOptOut, certain, true, revocation.Certain},
		{optout.PolicyHold, possible, true, revocation.Possible},
		{optout.PolicyOptOut, "START", false, revocation.None},
		{optout.PolicyOptOut, "HELP", false, revocation.None},
		{optout.PolicyOptOut, "YES", false, revocation.None},
		{optout.PolicyOptOut, "see you at the bus stop", false, revocation.None},
	} {
		t.Run(c.policy.String()+"/"+c.text, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Texts: c.policy, Keywords: set, RequireOptIn: true, ConfirmOptIn: true})
			for _, delivery := range []string{"first", "second"} {
				out := receive(t, g, alone("m1", c.text, at(1)))
				require.Zero(t, out.Match, "a part asks for nothing by itself")
				require.Empty(t, out.Reply)
				require.Equal(t, c.certain, out.Reading.Certainty)
				require.Equal(t, c.held && delivery == "first", out.Changed)
				require.Equal(t, c.held && delivery == "second", out.Duplicate)
				require.Equal(t, c.held, out.State.Status == store.Held)
			}
			require.Len(t, reviews(t, g), map[bool]int{true: 1}[c.held])
		})
	}
}

func TestAPartLiftsNoOptOut(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
	receive(t, g, text("m1", "STOP", at(1)))
	receive(t, g, alone("m2", "START", at(2)))
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

func TestAHeldPartIsReviewedAsAnyHeldText(t *testing.T) {
	for verdict, want := range map[optout.Verdict]optout.Reason{
		optout.VerdictRequest: optout.ReasonOptedOut, optout.VerdictNoRequest: optout.ReasonNotOptedOut,
	} {
		g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
		receive(t, g, alone("m1", "STOP", at(1)))
		require.Equal(t, optout.ReasonHeld, reason(t, g))
		review := reviews(t, g)[0]
		require.Equal(t, store.SourceText, review.Source)
		require.Equal(t, "keyword", review.Keyword)
		require.Equal(t, revocation.Version(), review.KeywordSet)
		require.Equal(t, "a part of a longer message: the part is an opt-out keyword", review.Note)
		_, err := g.Resolve(t.Context(), optout.Resolution{Account: account, Review: review.Record, Verdict: verdict, Actor: "ann"})
		require.NoError(t, err)
		require.Equal(t, want, reason(t, g))
	}
}

// The provider has seen the whole message.
func TestAPartThatTheProviderReadsAsAnOptOutIsOne(t *testing.T) {
	for _, words := range []string{"STOP", "hello"} {
		g := guardAt(t, memstore.New(), optout.Options{})
		m := alone("m1", words, at(1))
		m.ProviderIntent = keywords.OptOut
		out := receive(t, g, m)
		require.Equal(t, optout.DefaultReplies().OptOut, out.Reply)
		require.Equal(t, store.SourceCarrier, out.State.Source)
		require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	}
}

func TestAPartThatIsNotHeldTouchesNoStore(t *testing.T) {
	s := faultstore.Wrap(memstore.New(), nil)
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold, ConfirmOptIn: true})
	for _, words := range []string{"START", "HELP", "YES", "hello"} {
		receive(t, g, alone("m1", words, at(1)))
	}
	require.Zero(t, s.Calls())
}

func TestAPartThatIsNotStoredIsAnError(t *testing.T) {
	g := guardAt(t, faultstore.Wrap(memstore.New(), faultstore.OnKind(faultstore.OpAppend, nil)), optout.Options{Texts: optout.PolicyHold})
	out, err := g.Receive(t.Context(), alone("m1", "STOP", at(1)))
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.False(t, optout.Permanent(err))
	require.Zero(t, out.Match)
}
