package optout_test

import (
	"fmt"
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
	require.Equal(t, "m3", last.ID)
	require.Equal(t, store.Release, last.Action)
	require.Equal(t, store.SourceReview, last.Source)
	require.Equal(t, []string{"anna", "read it"}, []string{last.Actor, last.Note})
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

func TestAVerdictIsAWord(t *testing.T) {
	requireWords[optout.Verdict](t, "none", "request", "no-request")
	require.Equal(t, "request", optout.VerdictRequest.String())
	require.Equal(t, "no-request", optout.VerdictNoRequest.String())
}

// textRead returns the record of a text that was read in other words than a keyword.
func textRead(t testing.TB, g *optout.Guard, number, id string) store.Record {
	t.Helper()
	for _, r := range history(t, g, number) {
		if r.ID == id && r.Source == store.SourceText {
			return r
		}
	}
	require.Fail(t, "no such text", id)
	return store.Record{}
}

func settle(t testing.TB, g *optout.Guard, text store.Record, verdict optout.Verdict) optout.Outcome {
	t.Helper()
	out, err := g.Resolve(t.Context(), optout.Resolution{Account: account, Review: text, Verdict: verdict, Actor: "anna"})
	require.NoError(t, err)
	require.Empty(t, out.Reply, "nobody is answered")
	return out
}

// TestAReviewThatFindsARequest settles a text of minute 5, which was received then.
func TestAReviewThatFindsARequest(t *testing.T) {
	start := func(sent, received time.Time) []optout.Message {
		m := text("s", "START", sent)
		m.ReceivedAt = received
		return []optout.Message{m}
	}
	unknown, released := time.Time{}, true
	for name, c := range map[string]struct {
		released bool             // an earlier review has found no request
		between  []optout.Message // after the text and that review
		want     optout.Reason
	}{
		"at once":                           {!released, nil, optout.ReasonOptedOut},
		"after a START that ended the hold": {!released, start(at(6), at(6)), optout.ReasonOptedIn},
		"after a START that was sent before the text": {!released, start(at(4), at(6)), optout.ReasonOptedOut},
		"after a review that found none":              {released, nil, optout.ReasonOptedOut},
		"after that and a START":                      {released, start(at(6), at(7)), optout.ReasonOptedIn},
		"after that and a START that was sent before": {released, start(at(4), at(7)), optout.ReasonOptedOut},
		"after that and a START without a time":       {released, start(unknown, at(6)), optout.ReasonOptedIn},
		"after that and a START received before":      {released, start(unknown, at(4)), optout.ReasonOptedOut},
		"after that, a START and a STOP":              {released, append(start(at(6), at(6)), text("o", "STOP", at(7))), optout.ReasonOptedOut},
	} {
		t.Run(name, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
			m := text("m1", possible, at(5))
			m.ReceivedAt = at(5)
			receive(t, g, m)
			review := reviews(t, g)[0].Record
			if c.released {
				settle(t, g, review, optout.VerdictNoRequest)
				require.Equal(t, optout.ReasonNotOptedOut, reason(t, g))
			}
			for _, m := range c.between {
				receive(t, g, m)
			}
			out := settle(t, g, review, optout.VerdictRequest)
			require.Equal(t, c.want, reason(t, g))
			require.Equal(t, c.want == optout.ReasonOptedIn, out.Superseded)
			require.True(t, settle(t, g, review, optout.VerdictRequest).Duplicate)
			settle(t, g, review, optout.VerdictNoRequest)
			require.Equal(t, c.want, reason(t, g), "a review that found a request is final")
			require.Empty(t, reviews(t, g))
		})
	}
}

// TestATextThatWasReadAsARequestIsTakenBack settles a text of minute 5 that opted out, with
// no request found in it: the gate is what it would be without the text.
func TestATextThatWasReadAsARequestIsTakenBack(t *testing.T) {
	const request = "take me off your list"
	start := func(minute int) optout.Message { return text("s", "START", at(minute)) }
	other := func(words string, minute int) optout.Message { return text("o", words, at(minute)) }
	type sent []optout.Message
	for name, c := range map[string]struct {
		before, after sent
		want          optout.Reason
	}{
		"alone":                               {nil, nil, optout.ReasonNotOptedOut},
		"after START":                         {sent{start(1)}, nil, optout.ReasonOptedIn},
		"after STOP":                          {sent{other("STOP", 1)}, nil, optout.ReasonOptedOut},
		"after STOP and START":                {sent{other("STOP", 1), start(2)}, nil, optout.ReasonOptedIn},
		"before STOP":                         {nil, sent{other("STOP", 9)}, optout.ReasonOptedOut},
		"before START":                        {nil, sent{start(9)}, optout.ReasonOptedIn},
		"before a START that is older":        {nil, sent{start(4)}, optout.ReasonOptedIn},
		"after STOP, before an older START":   {sent{other("STOP", 3)}, sent{start(2)}, optout.ReasonOptedOut},
		"after STOP, before a START between":  {sent{other("STOP", 3)}, sent{start(4)}, optout.ReasonOptedIn},
		"before another request":              {nil, sent{other(request, 6)}, optout.ReasonOptedOut},
		"after another request":               {sent{other(request, 1)}, nil, optout.ReasonOptedOut},
		"before a text that is held":          {nil, sent{other(possible, 6)}, optout.ReasonHeld},
		"after a text that is held":           {sent{other(possible, 1)}, nil, optout.ReasonHeld},
		"after a held text, and before START": {sent{other(possible, 1)}, sent{start(9)}, optout.ReasonOptedIn},
	} {
		t.Run(name, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
			for _, m := range c.before {
				receive(t, g, m)
			}
			m := text("m1", certain, at(5))
			receive(t, g, m)
			require.Equal(t, optout.ReasonOptedOut, reason(t, g))
			for _, m := range c.after {
				receive(t, g, m)
			}
			read := textRead(t, g, contact, "m1")
			settle(t, g, read, optout.VerdictNoRequest)
			require.Equal(t, c.want, reason(t, g))
			require.True(t, settle(t, g, read, optout.VerdictNoRequest).Duplicate)
			require.False(t, receive(t, g, m).Changed, "the text redelivered opts nobody out again")
			require.Equal(t, c.want, reason(t, g))
		})
	}
}

func TestOfTwoVerdictsTheRequestWins(t *testing.T) {
	for _, policy := range []optout.Policy{optout.PolicyHold, optout.PolicyOptOut} {
		for _, verdicts := range [][]optout.Verdict{
			{optout.VerdictNoRequest, optout.VerdictRequest}, {optout.VerdictRequest, optout.VerdictNoRequest},
		} {
			g := guardAt(t, memstore.New(), optout.Options{Texts: policy})
			receive(t, g, text("m1", certain, at(5)))
			for _, verdict := range verdicts {
				settle(t, g, textRead(t, g, contact, "m1"), verdict)
			}
			require.Equal(t, optout.ReasonOptedOut, reason(t, g), "%v: %v", policy, verdicts)
		}
	}
}

func TestWhatIsNoTextOfOtherWordsCannotBeReviewed(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
	receive(t, g, text("m1", "STOP", at(1)))
	m := text("m2", "no gracias", at(2))
	m.ProviderIntent = keywords.OptOut
	receive(t, g, m)
	_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "m3", Account: account, Number: contact, Text: certain})
	require.NoError(t, err)
	for _, record := range history(t, g, contact) {
		for _, verdict := range []optout.Verdict{optout.VerdictRequest, optout.VerdictNoRequest} {
			_, err := g.Resolve(t.Context(), optout.Resolution{Account: account, Review: record, Verdict: verdict, Actor: "anna"})
			require.ErrorIs(t, err, optout.ErrNoReview, record.Source)
			require.Equal(t, optout.ReasonOptedOut, reason(t, g))
		}
	}
}

// The ids of these senders are unique for each number alone: a text from the digits has the
// id of a text from the number that the digits are in Singapore.
func TestAReviewSettlesTheTextThatWasReadAndNobodyElses(t *testing.T) {
	const other = "leave me alone"
	require.NotEqual(t, revocation.None, revocation.Read(other).Certainty)
	send := func(t *testing.T, g *optout.Guard, from, words string, minute int) {
		t.Helper()
		m := text("1", words, at(minute))
		m.From = from
		receive(t, g, m)
	}
	type gates struct{ florida, singapore bool }
	for name, c := range map[string]struct {
		other          string // what the number in Singapore texts
		request, none  gates  // who is allowed after either verdict
		singaporesText bool   // the review is of that text
	}{
		"another text, held": {
			other: other,
			none:  gates{florida: true},
		},
		"the same words, held": {
			other: possible,
			none:  gates{florida: true},
		},
		"STOP": {
			other: "STOP",
			none:  gates{florida: true},
		},
		"nothing": {
			none: gates{florida: true, singapore: true},
		},
		"another text, which is the one that is read": {
			other:          other,
			singaporesText: true,
		},
	} {
		for _, first := range []string{"the digits first", "the other number first"} {
			for verdict, want := range map[optout.Verdict]gates{optout.VerdictRequest: c.request, optout.VerdictNoRequest: c.none} {
				t.Run(fmt.Sprint(name, ", ", first, ", ", verdict), func(t *testing.T) {
					g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
					if first == "the digits first" {
						send(t, g, twoReadings, possible, 5)
						send(t, g, singapore, c.other, 1)
					} else {
						send(t, g, singapore, c.other, 1)
						send(t, g, twoReadings, possible, 5)
					}
					from, words := twoReadings, possible
					if c.singaporesText {
						from, words = singapore, other
					}
					var read []store.Record
					for _, r := range history(t, g, from) {
						if r.From == from && r.Text == words {
							read = append(read, r)
						}
					}
					require.NotEmpty(t, read)
					settle(t, g, read[0], verdict)
					require.Equal(t, want, gates{allowed(t, g, florida), allowed(t, g, singapore)})
					require.Equal(t, want.florida && want.singapore, allowed(t, g, twoReadings))
				})
			}
		}
	}
}

// A text is read under the Options of one day, and reviewed under those of another. What
// waits under a reading that today's Options do not have is listed again.
func TestAReviewSettlesATextUnderEveryReadingOfItsNumber(t *testing.T) {
	readers := readers(t)
	for _, before := range []string{"", "US", "IN"} {
		for _, today := range []string{"", "US", "IN"} {
			for i := range 3 {
				s := memstore.New()
				m := text("m1", possible, at(1))
				m.From = twoReadings
				receive(t, guardAt(t, s, optout.Options{DefaultRegion: before, Texts: optout.PolicyHold}), m)
				g := guardAt(t, s, optout.Options{DefaultRegion: today, Texts: optout.PolicyHold})
				waiting := reviews(t, g)
				resolve(t, g, waiting[min(i, len(waiting)-1)], optout.VerdictNoRequest)
				for _, left := range reviews(t, g) {
					n := readers[today].Read(twoReadings)
					require.NotContains(t, n.AppendKeys(nil), left.Key.Number)
					resolve(t, g, left, optout.VerdictNoRequest)
				}
				require.Empty(t, reviews(t, g))
				for _, number := range []string{florida, singapore} {
					require.True(t, allowed(t, g, number), "%q, %q, %d", before, today, i)
				}
			}
		}
	}
}

// A START in bare digits ends what the same digits did, under both of their readings, before
// a review of it and after.
func TestASTARTInBareDigitsEndsATextUnderBothReadings(t *testing.T) {
	for _, policy := range []optout.Policy{optout.PolicyHold, optout.PolicyOptOut} {
		for _, reviewed := range []string{"before the START", "after the START", "before and after"} {
			t.Run(policy.String()+", reviewed "+reviewed, func(t *testing.T) {
				g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: policy})
				m := text("m1", certain, at(4))
				m.From, m.ReceivedAt = twoReadings, at(4)
				receive(t, g, m)
				read := textRead(t, g, twoReadings, "m1")
				if reviewed != "after the START" {
					settle(t, g, read, optout.VerdictRequest)
				}
				start := text("m2", "START", at(5))
				start.From, start.ReceivedAt = twoReadings, at(5)
				require.NotEmpty(t, receive(t, g, start).Reply)
				if reviewed != "before the START" {
					settle(t, g, read, optout.VerdictRequest)
				}
				for _, number := range []string{florida, singapore, twoReadings} {
					require.True(t, allowed(t, g, number), number)
				}
			})
		}
	}
}

// The number in Singapore and the digits text the same words in the same moment, with the
// same id.
func TestAReviewIsNotOfTheSameWordsOfAnotherSender(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	for _, from := range []string{singapore, twoReadings} {
		m := text("1", possible, at(1))
		m.From = from
		receive(t, g, m)
	}
	for _, r := range history(t, g, florida) {
		settle(t, g, r, optout.VerdictNoRequest)
	}
	require.True(t, allowed(t, g, florida))
	require.False(t, allowed(t, g, singapore))
	require.False(t, allowed(t, g, twoReadings))
}

// The digits texted before a region was set, and the number has texted START since.
func TestTheOutcomeOfAReviewIsWhatTheGateAnswers(t *testing.T) {
	s := memstore.New()
	m := text("m1", possible, at(4))
	m.From, m.ReceivedAt = twoReadings, at(4)
	before := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	receive(t, before, m)
	read := textRead(t, before, twoReadings, "m1")
	g := guardAt(t, s, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	start := text("m2", "START", at(5))
	start.From, start.ReceivedAt = florida, at(5)
	receive(t, g, start)
	out := settle(t, g, read, optout.VerdictRequest)
	require.Equal(t, store.OptedIn, out.State.Status)
	require.True(t, out.Superseded)
	require.True(t, allowed(t, g, twoReadings))
}

func TestASTARTOfTheNumberEndsWhatItsDigitsHold(t *testing.T) {
	s := memstore.New()
	m := text("m1", possible, at(1))
	m.From = "4155552671"
	receive(t, guardAt(t, s, optout.Options{Texts: optout.PolicyHold}), m)
	g := guardAt(t, s, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	require.Len(t, reviews(t, g), 1)
	require.False(t, allowed(t, g, m.From))
	receive(t, g, text("m2", "START", at(2)))
	require.Empty(t, reviews(t, g))
	require.True(t, allowed(t, g, m.From))
}
