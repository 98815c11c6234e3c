package optout_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func reviews(t testing.TB, g *optout.Guard) []optout.Review {
	t.Helper()
	var all []optout.Review
	for review, err := range g.Reviews(t.Context(), account) {
		require.NoError(t, err)
		all = append(all, review)
	}
	return all
}

func resolve(t testing.TB, g *optout.Guard, review optout.Review, verdict optout.Verdict) optout.Outcome {
	t.Helper()
	out, err := g.Resolve(t.Context(), optout.Resolution{
		Account: account, Review: review.Record, Verdict: verdict, Actor: "anna", Note: "read it",
	})
	require.NoError(t, err)
	return out
}

func TestAnotherTextWithTheIDOfOneThatWasReadIsHeld(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(1)))
	resolve(t, g, reviews(t, g)[0], optout.VerdictNoRequest)
	other := text("m1", certain, at(2))
	out := receive(t, g, other)
	require.False(t, out.Duplicate)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	require.True(t, receive(t, g, other).Duplicate)
	waiting := reviews(t, g)
	require.Len(t, waiting, 1)
	require.Equal(t, certain, waiting[0].Text)
	resolve(t, g, waiting[0], optout.VerdictNoRequest)
	require.Equal(t, optout.ReasonNotOptedOut, reason(t, g))
}

func TestAReviewIsDueTenBusinessDaysAfterTheTextCameIn(t *testing.T) {
	for received, due := range map[string]string{
		"2026-11-02T15:04:05Z": "2026-11-16T15:04:05Z", // a Monday
		"2026-11-06T15:04:05Z": "2026-11-20T15:04:05Z", // a Friday
		"2026-11-07T15:04:05Z": "2026-11-20T15:04:05Z", // a Saturday
		"2026-11-08T23:59:59Z": "2026-11-20T23:59:59Z", // a Sunday
		"2026-11-02T02:00:00Z": "2026-11-14T02:00:00Z", // a Monday, and Sunday evening in New York: due there on Friday the 13th
		"2026-11-07T02:00:00Z": "2026-11-20T02:00:00Z", // a Saturday, or Friday evening in New York: the earlier one
		"2026-12-24T00:00:00Z": "2027-01-07T00:00:00Z",
	} {
		came, err := time.Parse(time.RFC3339, received)
		require.NoError(t, err)
		g, err := optout.New(memstore.New(), &optout.Options{Texts: optout.PolicyHold, Now: func() time.Time { return came }})
		require.NoError(t, err)
		receive(t, g, text("m1", possible, came.Add(-time.Hour)))
		require.Equal(t, due, reviews(t, g)[0].Due.UTC().Format(time.RFC3339), received)
	}
}

func TestResolveAsNoRequest(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut, RequireOptIn: true})
	receive(t, g, text("m1", "START", at(1)))
	receive(t, g, text("m2", possible, at(2)))
	receive(t, g, text("m3", possible, at(3)))
	waiting := reviews(t, g)
	require.Len(t, waiting, 2)
	out := resolve(t, g, waiting[0], optout.VerdictNoRequest)
	require.Equal(t, store.Held, out.State.Status, "the second text was not read yet")
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	out = resolve(t, g, waiting[1], optout.VerdictNoRequest)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g), "as before")
	require.True(t, resolve(t, g, waiting[1], optout.VerdictNoRequest).Duplicate)
	require.Empty(t, reviews(t, g))

	all := history(t, g, contact)
	last := all[len(all)-1]
	require.Equal(t, []string{"m3", "release", "anna", "read it", "review"}, []string{last.ID, last.Action.String(), last.Actor, last.Note, string(last.Source)})
	require.False(t, receive(t, g, text("m3", possible, at(3))).Changed, "the text redelivered holds nobody again")
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
}

func TestResolveAsNoRequestLiftsNoOptOutThatCameAfter(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(1)))
	review := reviews(t, g)[0]
	receive(t, g, text("m2", "STOP", at(2)))
	require.Empty(t, reviews(t, g))
	out := resolve(t, g, review, optout.VerdictNoRequest)
	require.True(t, out.Superseded)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

func TestResolveAsAskedToStop(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(5)))
	review := reviews(t, g)[0]
	out := resolve(t, g, review, optout.VerdictRequest)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	require.Empty(t, reviews(t, g))
	out = resolve(t, g, review, optout.VerdictNoRequest) // too late: an opt-out is lifted by the contact
	require.True(t, out.Superseded)
	receive(t, g, text("m2", "START", at(4)))
	require.Equal(t, optout.ReasonOptedOut, reason(t, g), "START was sent before the text that asked to stop")
	receive(t, g, text("m3", "START", at(6)))
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
}

func TestAReviewThatIsResolvedLateTakesNothingBackThatTheContactSaidSince(t *testing.T) {
	for _, when := range []time.Time{at(5), {}} {
		g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
		m := text("m1", possible, when)
		m.ReceivedAt = at(5)
		receive(t, g, m)
		review := reviews(t, g)[0]
		receive(t, g, text("m2", "START", at(6)))
		require.True(t, resolve(t, g, review, optout.VerdictRequest).Superseded)
		require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	}
}

// The provider gave START a time, and its clock is ahead; the text has none.
func TestAReviewThatFindsARequestNeverOpensTheGate(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", "START", at(5)))
	m := text("m2", possible, time.Time{})
	m.ReceivedAt = at(3)
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	resolve(t, g, reviews(t, g)[0], optout.VerdictRequest)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

func TestResolveOfDigitsThatReadTwoWaysSettlesBoth(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold, DefaultRegion: "IN"})
	m := text("m1", possible, at(1))
	m.From = "6581234567" // in India, or +65 in Singapore
	receive(t, g, m)
	require.False(t, allowed(t, g, "+6581234567"))
	require.False(t, allowed(t, g, "+916581234567"))
	waiting := reviews(t, g)
	require.Len(t, waiting, 1, "one text, whatever keys it is kept under")
	resolve(t, g, waiting[0], optout.VerdictNoRequest)
	require.True(t, allowed(t, g, "+6581234567"))
	require.True(t, allowed(t, g, "+916581234567"))
	require.Empty(t, reviews(t, g))
	require.True(t, allowed(t, g, m.From))
}

func TestResolveNamesWhatIsWrong(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(1)))
	receive(t, g, text("m2", "HELP", at(2)))
	good := optout.Resolution{Account: account, Review: reviews(t, g)[0].Record, Verdict: optout.VerdictNoRequest, Actor: "anna"}
	for name, c := range map[string]struct {
		change func(*optout.Resolution)
		want   error
		says   string
	}{
		"no account":      {func(r *optout.Resolution) { r.Account = "" }, optout.ErrInvalidAccount, ""},
		"another account": {func(r *optout.Resolution) { r.Account = "acct_b" }, optout.ErrNoReview, ""},
		"nothing read":    {func(r *optout.Resolution) { r.Review = store.Record{} }, optout.ErrNoReview, ""},
		"no number":       {func(r *optout.Resolution) { r.Review.Key.Number = "" }, optout.ErrNoReview, ""},
		"another number":  {func(r *optout.Resolution) { r.Review.Key.Number = "+14155550199" }, optout.ErrNoReview, ""},
		"another id":      {func(r *optout.Resolution) { r.Review.ID = "m2" }, optout.ErrNoReview, ""},
		"no id":           {func(r *optout.Resolution) { r.Review.ID = "" }, optout.ErrNoReview, ""},
		"other words":     {func(r *optout.Resolution) { r.Review.Text = certain }, optout.ErrNoReview, ""},
		"another time":    {func(r *optout.Resolution) { r.Review.At = at(2) }, optout.ErrNoReview, ""},
		"another receipt": {func(r *optout.Resolution) { r.Review.ReceivedAt = at(2) }, optout.ErrNoReview, ""},
		"no verdict":      {func(r *optout.Resolution) { r.Verdict = 0 }, optout.ErrInvalidMessage, "Verdict"},
		"another verdict": {func(r *optout.Resolution) { r.Verdict = 9 }, optout.ErrInvalidMessage, "Verdict(9)"},
		"no actor":        {func(r *optout.Resolution) { r.Actor = "" }, optout.ErrInvalidMessage, "Actor"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good
			c.change(&r)
			_, err := g.Resolve(t.Context(), r)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
			require.True(t, optout.Permanent(err))
			require.Equal(t, optout.ReasonHeld, reason(t, g))
		})
	}
	_, err := g.With(bare{s}).Resolve(t.Context(), good)
	require.NoError(t, err, "Resolve needs no listing")
	require.Equal(t, optout.ReasonNotOptedOut, reason(t, g))
}

func TestReviewsEndWithTheErrorOfTheStore(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	for _, bad := range []store.Store{faultstore.Wrap(s, faultstore.OnKind(faultstore.OpReviews, nil)), bare{s}} {
		var errs []error
		for review, err := range g.With(bad).Reviews(t.Context(), account) {
			require.Zero(t, review)
			errs = append(errs, err)
		}
		require.Len(t, errs, 1)
		require.Error(t, errs[0])
	}
}
