package optout_test

import (
	"context"
	"errors"
	"slices"
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

// One text that certainly asks to stop though it is no keyword, and one that may.
const (
	certain  = "STOP PLEASE"
	possible = "I think you have the wrong number"
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
		Account: account, Number: review.Event.Key.Number, EventID: review.Event.ID, Verdict: verdict, Actor: "anna", Note: "read it",
	})
	require.NoError(t, err)
	return out
}

func reason(t testing.TB, g *optout.Guard) optout.Reason {
	t.Helper()
	d, err := g.Gate(t.Context(), account, contact)
	require.NoError(t, err)
	return d.Reason
}

func TestThePolicyDecidesWhatBecomesOfWords(t *testing.T) {
	require.Equal(t, revocation.Certain, revocation.Read(certain).Certainty)
	require.Equal(t, revocation.Possible, revocation.Read(possible).Certainty)
	for _, c := range []struct {
		policy optout.Policy
		text   string
		reason optout.Reason
		reply  string
	}{
		{optout.Ignore, certain, optout.ReasonNotOptedOut, ""},
		{optout.Ignore, possible, optout.ReasonNotOptedOut, ""},
		{optout.Hold, certain, optout.ReasonHeld, ""},
		{optout.Hold, possible, optout.ReasonHeld, ""},
		{optout.OptOut, certain, optout.ReasonOptedOut, optout.DefaultReplies().OptOut},
		{optout.OptOut, possible, optout.ReasonHeld, ""},
		{optout.OptOut, "See you at the bus stop", optout.ReasonNotOptedOut, ""},
		{optout.Hold, "STOP", optout.ReasonOptedOut, optout.DefaultReplies().OptOut},
		{optout.Hold, "HELP", optout.ReasonNotOptedOut, optout.DefaultReplies().Help},
	} {
		t.Run(c.policy.String()+"/"+c.text, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Revocations: c.policy})
			out := receive(t, g, text("m1", c.text, at(1)))
			require.Equal(t, c.reply, out.Reply)
			require.Equal(t, c.reason, reason(t, g))
			err := g.Send(t.Context(), account, contact, func(context.Context, string) error { return nil })
			require.Equal(t, c.reason == optout.ReasonHeld, errors.Is(err, optout.ErrHeld))
			require.Equal(t, c.reason == optout.ReasonOptedOut, errors.Is(err, optout.ErrOptedOut))
			require.Equal(t, c.reason == optout.ReasonHeld, out.State.Status == store.Held && out.Changed)
			require.Len(t, reviews(t, g), map[bool]int{true: 1}[c.reason == optout.ReasonHeld])
		})
	}
}

func TestAHeldTextIsKeptWithWhyItIsHeld(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	m := text("m1", possible, at(1))
	out := receive(t, g, m)
	reading := revocation.Read(possible)
	require.Equal(t, reading, out.Revocation)
	review := reviews(t, g)[0]
	require.Equal(t, possible, review.Event.Text)
	require.Equal(t, reading.Rule, review.Event.Keyword)
	require.Equal(t, reading.Reason, review.Event.Note)
	require.Equal(t, revocation.Version(), review.Event.KeywordSet)
	require.Equal(t, store.SourceText, review.Event.Source)
	require.NotEmpty(t, reading.Rule)
	require.NotEmpty(t, reading.Reason)

	again := receive(t, g, m)
	require.True(t, again.Duplicate)
	require.False(t, again.Changed)
	require.Len(t, reviews(t, g), 1)
}

func TestAnotherTextWithTheIDOfOneThatWasReadIsHeld(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(1)))
	resolve(t, g, reviews(t, g)[0], optout.NoRequest)
	other := text("m1", certain, at(2))
	out := receive(t, g, other)
	require.False(t, out.Duplicate)
	require.NotEqual(t, "m1", out.EventID)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	again := receive(t, g, other)
	require.True(t, again.Duplicate)
	require.Equal(t, out.EventID, again.EventID)
	require.Len(t, reviews(t, g), 1)
	resolve(t, g, reviews(t, g)[0], optout.NoRequest)
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
		g, err := optout.New(memstore.New(), &optout.Options{Revocations: optout.Hold, Now: func() time.Time { return came }})
		require.NoError(t, err)
		receive(t, g, text("m1", possible, came.Add(-time.Hour)))
		require.Equal(t, due, reviews(t, g)[0].Due.UTC().Format(time.RFC3339), received)
	}
}

func TestAHoldNeverEndsByWaiting(t *testing.T) {
	now := noon
	g, err := optout.New(memstore.New(), &optout.Options{Revocations: optout.Hold, Now: func() time.Time { return now }})
	require.NoError(t, err)
	receive(t, g, text("m1", possible, now))
	now = now.AddDate(20, 0, 0)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	require.Len(t, reviews(t, g), 1)
}

func TestOnlyTheContactOrWhoReadsItEndsAHold(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(10)))
	out := receive(t, g, text("m2", "START", at(5)))
	require.Empty(t, out.Reply)
	require.True(t, out.Superseded)
	require.Equal(t, optout.ReasonHeld, reason(t, g), "START was sent before the text")
	_, err := g.RecordConsent(t.Context(), optout.Request{ID: "r", Account: account, Number: contact, Source: store.SourceWeb, At: at(20)})
	require.NoError(t, err)
	require.Equal(t, optout.ReasonHeld, reason(t, g), "somebody else's consent")
	out = receive(t, g, text("m3", "START", at(11)))
	require.Equal(t, optout.DefaultReplies().OptIn, out.Reply)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	require.Empty(t, reviews(t, g))
}

func TestAHoldIsAccountWideAndNoWider(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	m := text("m1", possible, at(1))
	m.To = "+18885550199"
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	d, err := g.Gate(t.Context(), "another", contact)
	require.NoError(t, err)
	require.True(t, d.Allowed)
}

func TestResolveAsNoRequest(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.OptOut, RequireOptIn: true})
	receive(t, g, text("m1", "START", at(1)))
	receive(t, g, text("m2", possible, at(2)))
	receive(t, g, text("m3", possible, at(3)))
	waiting := reviews(t, g)
	require.Len(t, waiting, 2)
	out := resolve(t, g, waiting[0], optout.NoRequest)
	require.Equal(t, store.Held, out.State.Status, "the second text was not read yet")
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	out = resolve(t, g, waiting[1], optout.NoRequest)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g), "as before")
	require.True(t, resolve(t, g, waiting[1], optout.NoRequest).Duplicate)
	require.Empty(t, reviews(t, g))

	var last store.Event
	for ev, err := range g.History(t.Context(), account, contact) {
		require.NoError(t, err)
		last = ev
	}
	require.Equal(t, []string{"m3", "released", "anna", "read it", "review"}, []string{last.ID, last.Status.String(), last.Actor, last.Note, string(last.Source)})
	require.False(t, receive(t, g, text("m3", possible, at(3))).Changed, "the text redelivered holds nobody again")
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
}

func TestResolveAsNoRequestLiftsNoOptOutThatCameAfter(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(1)))
	review := reviews(t, g)[0]
	receive(t, g, text("m2", "STOP", at(2)))
	require.Empty(t, reviews(t, g))
	out := resolve(t, g, review, optout.NoRequest)
	require.True(t, out.Superseded)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

func TestResolveAsAskedToStop(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(5)))
	review := reviews(t, g)[0]
	out := resolve(t, g, review, optout.AsksToStop)
	require.True(t, out.Changed)
	require.Empty(t, out.Reply)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	require.Empty(t, reviews(t, g))
	out = resolve(t, g, review, optout.NoRequest) // too late: an opt-out is lifted by the contact
	require.True(t, out.Superseded)
	receive(t, g, text("m2", "START", at(4)))
	require.Equal(t, optout.ReasonOptedOut, reason(t, g), "START was sent before the text that asked to stop")
	receive(t, g, text("m3", "START", at(6)))
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
}

func TestAReviewThatIsResolvedLateTakesNothingBackThatTheContactSaidSince(t *testing.T) {
	for _, when := range []time.Time{at(5), {}} {
		g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
		m := text("m1", possible, when)
		m.ReceivedAt = at(5)
		receive(t, g, m)
		review := reviews(t, g)[0]
		receive(t, g, text("m2", "START", at(6)))
		require.True(t, resolve(t, g, review, optout.AsksToStop).Superseded)
		require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	}
}

// The provider gave START a time, and its clock is ahead; the text has none.
func TestAReviewThatFindsARequestNeverOpensTheGate(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", "START", at(5)))
	m := text("m2", possible, time.Time{})
	m.ReceivedAt = at(3)
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	resolve(t, g, reviews(t, g)[0], optout.AsksToStop)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

// Ids that are not unique: STOP has that of the text, and is older.
func TestASTOPWithTheIDOfAHeldTextEndsNoHold(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(5)))
	receive(t, g, text("m1", "STOP", at(1)))
	receive(t, g, text("m2", "START", at(3)))
	require.Equal(t, optout.ReasonHeld, reason(t, g))
}

func TestASTARTThatEndsAHoldAlwaysTellsSo(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", "START", at(9)))
	m := text("m2", possible, time.Time{})
	m.ReceivedAt = at(5)
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	out := receive(t, g, text("m3", "START", at(6)))
	require.Equal(t, store.OptedIn, out.State.Status)
	require.True(t, out.Changed)
}

func TestResolveOfDigitsThatReadTwoWaysSettlesBoth(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.Hold, DefaultRegion: "IN"})
	m := text("m1", possible, at(1))
	m.From = "6581234567" // in India, or +65 in Singapore
	receive(t, g, m)
	waiting := reviews(t, g)
	require.Len(t, waiting, 2)
	resolve(t, g, waiting[0], optout.NoRequest)
	require.Empty(t, reviews(t, g))
	require.True(t, allowed(t, g, m.From))
}

func TestResolveNamesWhatIsWrong(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Revocations: optout.Hold})
	receive(t, g, text("m1", possible, at(1)))
	receive(t, g, text("m2", "HELP", at(2)))
	good := optout.Resolution{Account: account, Number: contact, EventID: "m1", Verdict: optout.NoRequest, Actor: "anna"}
	for name, c := range map[string]struct {
		change func(*optout.Resolution)
		want   error
		says   string
	}{
		"no account":      {func(r *optout.Resolution) { r.Account = "" }, optout.ErrInvalidAccount, ""},
		"no number":       {func(r *optout.Resolution) { r.Number = "" }, optout.ErrInvalidNumber, "Number"},
		"another number":  {func(r *optout.Resolution) { r.Number = "+14155550199" }, optout.ErrNoReview, ""},
		"another id":      {func(r *optout.Resolution) { r.EventID = "m2" }, optout.ErrNoReview, ""},
		"no id":           {func(r *optout.Resolution) { r.EventID = "" }, optout.ErrNoReview, ""},
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
	require.ErrorContains(t, err, "Reviewer")
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

// bare is a store without the optional interfaces.
type bare struct{ store.Store }

func TestNewRefusesAPolicyThatTheStoreCannotKeep(t *testing.T) {
	for name, c := range map[string]struct {
		store store.Store
		opts  optout.Options
		says  string
	}{
		"hold":              {bare{memstore.New()}, optout.Options{Revocations: optout.Hold}, "Revocations: hold"},
		"opt-out":           {bare{memstore.New()}, optout.Options{Revocations: optout.OptOut}, "Revocations: opt-out"},
		"no such policy":    {memstore.New(), optout.Options{Revocations: 9}, "Revocations: no policy Policy(9)"},
		"a confirmation":    {bare{memstore.New()}, optout.Options{ConfirmOptIn: true}, "ConfirmOptIn"},
		"YES is on already": {memstore.New(), optout.Options{ConfirmOptIn: true, Keywords: withYes(t)}, "ConfirmOptIn: YES"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := optout.New(c.store, &c.opts)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := optout.New(bare{memstore.New()}, nil)
	require.NoError(t, err)
}

func withYes(t testing.TB) *keywords.Set {
	t.Helper()
	set, err := keywords.Default().With(keywords.Keyword{Text: "Yes", Intent: keywords.OptIn})
	require.NoError(t, err)
	return set
}

func TestAHoldThatIsNotStoredIsAnError(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Revocations: optout.Hold})
	out, err := g.With(faultstore.Wrap(s, faultstore.OnKind(faultstore.Append, nil))).Receive(t.Context(), text("m1", possible, at(1)))
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.False(t, optout.Permanent(err), "let the provider deliver it again")
	require.Equal(t, revocation.Possible, out.Revocation.Certainty)
	_, err = g.With(bare{s}).Receive(t.Context(), text("m1", possible, at(1)))
	require.ErrorContains(t, err, "Reviewer")
	require.True(t, allowed(t, g, contact))
}

func TestReviewsEndWithTheErrorOfTheStore(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Revocations: optout.Hold})
	for _, bad := range []store.Store{faultstore.Wrap(s, faultstore.OnKind(faultstore.Reviews, nil)), bare{s}} {
		var errs []error
		for review, err := range g.With(bad).Reviews(t.Context(), account) {
			require.Zero(t, review)
			errs = append(errs, err)
		}
		require.Len(t, errs, 1)
		require.Error(t, errs[0])
	}
}

// A Guard that knows of no policy meets what another one has held.
func TestAHeldNumberIsHeldForEveryGuard(t *testing.T) {
	s := memstore.New()
	receive(t, guardAt(t, s, optout.Options{Revocations: optout.Hold}), text("m1", possible, at(1)))
	strict := guardAt(t, s, optout.Options{})
	require.Equal(t, optout.ReasonHeld, reason(t, strict))
	batch, err := strict.GateBatch(t.Context(), account, []string{contact, "+14155550199"})
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, []bool{batch[0].Allowed, batch[1].Allowed})
	require.NotContains(t, slices.Collect(listedNumbers(t, strict)), contact)
}

func listedNumbers(t testing.TB, g *optout.Guard) func(func(string) bool) {
	t.Helper()
	return func(yield func(string) bool) {
		for state, err := range g.OptedOut(t.Context(), account) {
			require.NoError(t, err)
			if !yield(state.Key.Number) {
				return
			}
		}
	}
}

func TestTheConfirmationOfWordsIsInTheirLanguage(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Revocations: optout.OptOut})
	reading := revocation.Read("por favor no me envíen más mensajes")
	if reading.Certainty != revocation.Certain {
		t.Fatalf("read as %+v", reading)
	}
	spanish, ok := optout.LanguageReplies("es")
	require.True(t, ok)
	require.Equal(t, spanish.OptOut, receive(t, g, text("m1", "por favor no me envíen más mensajes", at(1))).Reply)
}
