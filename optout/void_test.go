package optout_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func optOutBy(t testing.TB, g *optout.Guard, id, number string, source store.Source, at time.Time) optout.Outcome {
	t.Helper()
	out, err := g.RecordOptOut(t.Context(), optout.Request{ID: id, Account: account, Number: number, Source: source, At: at})
	require.NoError(t, err)
	return out
}

func correction(id, number string) optout.Correction {
	return optout.Correction{Account: account, Number: number, EventID: id, Actor: "anna", Note: "the wrong list"}
}

func void(t testing.TB, g *optout.Guard, id, number string) optout.Outcome {
	t.Helper()
	out, err := g.Void(t.Context(), correction(id, number))
	require.NoError(t, err)
	return out
}

func TestVoidTakesBackAnOptOutOfTheHost(t *testing.T) {
	for _, source := range []store.Source{"", store.SourceAgent, store.SourceImport} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		recorded := optOutBy(t, g, "row-1", "(415) 555-2671", source, at(1))
		require.False(t, allowed(t, g, contact))
		out := void(t, g, "row-1", contact)
		require.True(t, out.Changed)
		require.False(t, out.Duplicate)
		require.False(t, out.Superseded)
		require.Equal(t, store.Unknown, out.State.Status)
		require.Equal(t, "void:"+recorded.EventID, out.EventID)
		require.Empty(t, out.Reply)
		require.True(t, allowed(t, g, contact))
		require.Empty(t, slices.Collect(listedNumbers(t, g)))

		records := history(t, g, contact)
		require.Len(t, records, 2)
		require.Equal(t, store.OptOut, records[0].Action)
		require.Equal(t, store.Void, records[1].Action)
		require.Equal(t, out.EventID, records[1].ID)
		require.Equal(t, "anna", records[1].Actor)
		require.Equal(t, "the wrong list", records[1].Note)
		require.Equal(t, noon.Add(24*time.Hour), records[1].ReceivedAt)

		again := optOutBy(t, g, "row-1", "(415) 555-2671", source, at(1))
		require.True(t, again.Duplicate, "the ID stays used")
		require.True(t, allowed(t, g, contact), "and stays voided")
		twice := void(t, g, "row-1", contact)
		require.True(t, twice.Duplicate)
		require.False(t, twice.Changed)
		require.Len(t, history(t, g, contact), 2)
	}
}

func TestAfterAVoidTheContactsOwnWordsCount(t *testing.T) {
	type step func(t *testing.T, g *optout.Guard)
	texts := func(id, body string, minute int) step {
		return func(t *testing.T, g *optout.Guard) { t.Helper(); receive(t, g, text(id, body, at(minute))) }
	}
	imports := func(id string, minute int) step {
		return func(t *testing.T, g *optout.Guard) {
			t.Helper()
			optOutBy(t, g, id, contact, store.SourceImport, at(minute))
		}
	}
	reports := func(id string, source store.Source, minute int) step {
		return func(t *testing.T, g *optout.Guard) { t.Helper(); optOutBy(t, g, id, contact, source, at(minute)) }
	}
	for name, c := range map[string]struct {
		steps []step
		want  store.Status
	}{
		"a STOP before":           {[]step{texts("m1", "STOP", 1), imports("row", 5)}, store.OptedOut},
		"a STOP after":            {[]step{imports("row", 5), texts("m1", "STOP", 9)}, store.OptedOut},
		"a STOP of an older time": {[]step{imports("row", 5), texts("m1", "STOP", 1)}, store.OptedOut},
		"a carrier's report":      {[]step{imports("row", 5), reports("r", store.SourceCarrier, 1)}, store.OptedOut},
		"a form on the web":       {[]step{imports("row", 5), reports("r", store.SourceWeb, 1)}, store.OptedOut},
		"another import":          {[]step{imports("row", 5), imports("row 2", 1)}, store.OptedOut},
		"a START before":          {[]step{texts("m1", "START", 1), imports("row", 5)}, store.OptedIn},
		"a START that lost":       {[]step{imports("row", 5), texts("m1", "START", 1)}, store.OptedIn},
		"a STOP before the START": {[]step{texts("m1", "STOP", 1), texts("m2", "START", 2), imports("row", 5)}, store.OptedIn},
		"words that are held":     {[]step{texts("m1", possible, 1), imports("row", 5)}, store.Held},
		"words that came later":   {[]step{imports("row", 5), texts("m1", possible, 1)}, store.Held},
		"nothing else":            {[]step{imports("row", 5)}, store.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
			for _, step := range c.steps {
				step(t, g)
			}
			require.False(t, allowed(t, g, contact))
			out := void(t, g, "row", contact)
			require.Equal(t, c.want, out.State.Status)
			require.Equal(t, c.want == store.OptedOut, out.Superseded)
			require.Equal(t, c.want != store.OptedOut, out.Changed)
			require.Equal(t, c.want == store.OptedIn || c.want == store.Unknown, allowed(t, g, contact))
		})
	}
}

func TestVoidOfAConsentClosesWhatNeedsOne(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	consent := func(id string) {
		_, err := g.RecordConsent(t.Context(), optout.Request{ID: id, Account: account, Number: contact, Source: store.SourceWeb, At: at(1)})
		require.NoError(t, err)
	}
	consent("form-1")
	require.True(t, allowed(t, g, contact))
	require.Equal(t, store.Unknown, void(t, g, "form-1", contact).State.Status)
	require.Equal(t, optout.ReasonNoConsent, reason(t, g))
	consent("form-1")
	require.Equal(t, optout.ReasonNoConsent, reason(t, g), "it stays voided")
	consent("form-2")
	require.True(t, allowed(t, g, contact))

	receive(t, g, text("m1", "STOP", at(2)))
	require.Equal(t, store.OptedOut, void(t, g, "form-2", contact).State.Status)
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
}

func TestVoidRefusesWhatTheHostDidNotRecord(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold, ConfirmOptIn: true})
	receive(t, g, text("stop", "STOP", at(1)))
	receive(t, g, text("start", "START", at(2)))
	receive(t, g, text("words", possible, at(3)))
	resolve(t, g, reviews(t, g)[0], optout.VerdictRequest)
	const asked = "+14155552672"
	for i, body := range []string{"START", "YES"} {
		receive(t, g, optout.Message{ID: fmt.Sprint("yes-", i), Account: account, From: asked, Text: body, At: at(4 + i)})
	}
	optOutBy(t, g, "report", contact, store.SourceCarrier, at(6))
	optOutBy(t, g, "link", contact, store.SourceWeb, at(7))
	optOutBy(t, g, "row", contact, store.SourceImport, at(8))
	optOutBy(t, g, "stop", contact, store.SourceAgent, at(9)) // has the ID of the message
	optOutBy(t, g, "theirs", bareDigits, store.SourceAgent, at(9))
	voided := void(t, g, "row", contact)
	before := history(t, g, contact)

	for name, c := range map[string]struct {
		change func(*optout.Correction)
		field  string
	}{
		"a STOP, whose ID a request has too": {func(c *optout.Correction) { c.EventID = "stop" }, "EventID"},
		"a START":                            {func(c *optout.Correction) { c.EventID = "start" }, "EventID"},
		"words and their review":             {func(c *optout.Correction) { c.EventID = "words" }, "EventID"},
		"the question":                       {func(c *optout.Correction) { c.EventID, c.Number = "yes-0", asked }, "EventID"},
		"YES":                                {func(c *optout.Correction) { c.EventID, c.Number = "yes-1", asked }, "EventID"},
		"a carrier's report":                 {func(c *optout.Correction) { c.EventID = "report" }, "EventID"},
		"a form on the web":                  {func(c *optout.Correction) { c.EventID = "link" }, "EventID"},
		"a Void, as the Outcome names it":    {func(c *optout.Correction) { c.EventID = voided.EventID }, "EventID"},
		"a Void, as the history shows it":    {func(c *optout.Correction) { c.EventID = before[len(before)-1].ID }, "EventID"},
		"an ID that nobody gave":             {func(c *optout.Correction) { c.EventID = "none" }, "EventID"},
		"of another number":                  {func(c *optout.Correction) { c.Number = "+14155552673" }, "EventID"},
		"of another account":                 {func(c *optout.Correction) { c.Account = "acct_b" }, "EventID"},
		"of the second reading":              {func(c *optout.Correction) { c.EventID, c.Number = "theirs", theirs }, "EventID"},
		"no ID":                              {func(c *optout.Correction) { c.EventID = "" }, "EventID"},
		"no actor":                           {func(c *optout.Correction) { c.Actor = "" }, "Actor"},
		"no note":                            {func(c *optout.Correction) { c.Note = "" }, "Note"},
		"no number":                          {func(c *optout.Correction) { c.Number = "" }, "Number"},
	} {
		t.Run(name, func(t *testing.T) {
			row := correction("row", contact)
			c.change(&row)
			_, err := g.Void(t.Context(), row)
			require.ErrorIs(t, err, optout.ErrInvalidMessage)
			require.True(t, strings.HasPrefix(err.Error(), "optout: invalid message: "+c.field+": "), err)
			require.NotContains(t, err.Error(), "5552671")
			require.True(t, optout.Permanent(err))
		})
	}
	require.Equal(t, before, history(t, g, contact))
	require.False(t, allowed(t, g, contact))
	require.False(t, allowed(t, g, theirs))
	_, err := g.Void(t.Context(), optout.Correction{Number: contact, EventID: "row", Actor: "anna", Note: "x"})
	require.ErrorIs(t, err, optout.ErrInvalidAccount)
	require.False(t, void(t, g, "request:stop", contact).Duplicate, "the ID of the history has one meaning")
}

func TestVoidTakesTheIDOfTheHostOrOfTheHistory(t *testing.T) {
	long := strings.Repeat("x", 245)
	for _, id := range []string{
		"row-1", "", "a b", "request:row-1", "void:row-1", "random:1", long, long + "xxxxx", strings.Repeat("é", 200), "\xff",
	} {
		for _, given := range []string{"host", "outcome", "history"} {
			g := guardAt(t, memstore.New(), optout.Options{})
			recorded := optOutBy(t, g, id, contact, store.SourceImport, at(1))
			of := map[string]string{"host": id, "outcome": recorded.EventID, "history": history(t, g, contact)[0].ID}[given]
			if of == "" {
				continue // it has no ID but that of the Outcome
			}
			require.Equal(t, store.Unknown, void(t, g, of, contact).State.Status, "%q by %s", id, given)
			require.True(t, allowed(t, g, contact))
		}
	}
	// One ID with two meanings.
	g := guardAt(t, memstore.New(), optout.Options{})
	optOutBy(t, g, "1", contact, store.SourceImport, at(1))
	optOutBy(t, g, "request:1", contact, store.SourceImport, at(2))
	_, err := g.Void(t.Context(), correction("request:1", contact))
	require.ErrorIs(t, err, optout.ErrInvalidMessage)
	require.ErrorContains(t, err, "EventID")
	require.Equal(t, "request:request:1", void(t, g, "1", contact).State.EventID)
	require.Equal(t, store.Unknown, void(t, g, "request:request:1", contact).State.Status)
}

// TestAMessageIsNoVoid: its id never meets that of a Void.
func TestAMessageIsNoVoid(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	optOutBy(t, g, "1", contact, store.SourceImport, at(1))
	out := receive(t, g, text("void:request:1", "STOP", at(2)))
	require.NotContains(t, out.EventID, "void:")
	require.False(t, void(t, g, "1", contact).Duplicate)
	require.False(t, allowed(t, g, contact))
}

func TestVoidTakesBackAllThatIsRecordedWithTheID(t *testing.T) {
	now := noon.Add(24 * time.Hour)
	g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	for minute := range 3 { // opt-outs of different times are different events
		require.False(t, optOutBy(t, g, "row", contact, store.SourceImport, at(minute)).Duplicate)
	}
	require.Equal(t, store.Unknown, void(t, g, "row", contact).State.Status)
	late := optOutBy(t, g, "row", contact, store.SourceImport, at(9))
	require.True(t, late.Changed, "what comes later is not voided")
	require.False(t, allowed(t, g, contact))
	require.False(t, void(t, g, "row", contact).Duplicate)
	require.True(t, allowed(t, g, contact))
}

// TestVoidOfBareDigits: the opt-out is taken back under both readings, and what others have
// under them with the same ID is not.
func TestVoidOfBareDigits(t *testing.T) {
	for _, by := range []string{bareDigits, oursUS, "(656) 234-5678", "656-234-5678"} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		optOutBy(t, g, "list-2024", bareDigits, store.SourceImport, at(1))
		require.False(t, allowed(t, g, theirs))
		require.Equal(t, store.Unknown, void(t, g, "list-2024", by).State.Status)
		for _, number := range []string{bareDigits, oursUS, theirs} {
			require.True(t, allowed(t, g, number), "%s, voided as %s", number, by)
		}
		require.True(t, optOutBy(t, g, "list-2024", bareDigits, store.SourceImport, at(1)).Duplicate)
		require.True(t, allowed(t, g, theirs))
		require.True(t, void(t, g, "list-2024", bareDigits).Duplicate)
	}
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	for _, number := range []string{bareDigits, theirs} {
		optOutBy(t, g, "list-2024", number, store.SourceImport, at(1))
	}
	void(t, g, "list-2024", bareDigits)
	require.True(t, allowed(t, g, oursUS))
	require.False(t, allowed(t, g, theirs), "their own row of the list")
	void(t, g, "list-2024", theirs)
	require.True(t, allowed(t, g, theirs))

	g = guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	for _, number := range []string{bareDigits, theirs} {
		optOutBy(t, g, "list-2024", number, store.SourceImport, at(1))
	}
	void(t, g, "list-2024", theirs)
	require.False(t, allowed(t, g, oursUS), "it is another contact's row")
	require.False(t, allowed(t, g, theirs), "the digits of the other row may be theirs")
}

func TestVoidOfALineWithTwoSpellings(t *testing.T) {
	eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, l line, one, other string) {
		t.Helper()
		g := guard(optout.Options{})
		optOutBy(t, g, "row", one, store.SourceImport, at(1))
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, other))
		for _, number := range []string{other, one} { // if the digits have another reading, what they caused there is found by them alone
			_, err := g.Void(t.Context(), correction("row", number))
			require.NoError(t, err, number)
		}
		for _, number := range slices.Concat(l.newer, l.older) {
			d, _ := g.Gate(t.Context(), account, number)
			require.NotEqual(t, store.OptedOut, d.State.Status, number)
		}
		require.Empty(t, slices.Collect(listedNumbers(t, g)))
	})
}

// withoutBatches is a store that appends one by one.
type withoutBatches struct{ store.Store }

// TestAnInterruptedVoidIsRepeated fails each call of a Void once, before it is carried out or
// after: the gate stays closed for whoever has sent a STOP, and the second Void completes it.
func TestAnInterruptedVoidIsRepeated(t *testing.T) {
	numbers := []string{bareDigits, oursUS, theirs}
	for _, stopped := range []string{"", oursUS, theirs, bareDigits} {
		for _, batches := range []bool{true, false} {
			for n, failed := 1, true; failed; n++ {
				for _, after := range []bool{false, true} {
					inner := memstore.New()
					plain := guardAt(t, inner, optout.Options{DefaultRegion: "US"})
					optOutBy(t, plain, "row", bareDigits, store.SourceImport, at(5))
					if stopped != "" {
						receive(t, plain, optout.Message{ID: "m1", Account: account, From: stopped, Text: "STOP", At: at(1)})
					}
					inject := faultstore.OnIndex(n, nil)
					if after {
						inject = faultstore.After(inject)
					}
					var s store.Store = faultstore.Wrap(inner, inject)
					if !batches {
						s = withoutBatches{faultstore.Wrap(withoutBatches{inner}, inject)}
					}
					g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
					_, err := g.Void(t.Context(), correction("row", bareDigits))
					failed = err != nil
					if failed {
						require.ErrorIs(t, err, faultstore.ErrInjected)
					}
					closed := func(what string) {
						for _, number := range numbers {
							own := number == stopped || stopped == bareDigits || number == bareDigits && stopped != ""
							if own {
								require.False(t, allowed(t, plain, number), "%s: %s after a STOP of %s, call %d", what, number, stopped, n)
							}
						}
					}
					closed("interrupted")
					_, err = plain.Void(t.Context(), correction("row", bareDigits))
					require.NoError(t, err)
					closed("repeated")
					for _, number := range numbers {
						if stopped == "" {
							require.True(t, allowed(t, plain, number), "%s, call %d", number, n)
						}
						for r, err := range plain.History(t.Context(), account, number) {
							require.NoError(t, err)
							require.NotEqual(t, "request:row", stateOf(t, inner, r.Key).EventID)
						}
					}
				}
			}
		}
	}
}

func stateOf(t testing.TB, s store.Store, key store.Key) store.State {
	t.Helper()
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	return state
}

func TestVoidAllHasTheOutcomesOfALoop(t *testing.T) {
	requests := []optout.Request{
		{ID: "1", Account: account, Number: contact, Source: store.SourceImport, At: at(1)},
		{ID: "2", Account: account, Number: bareDigits, Source: store.SourceImport, At: at(1)},
		{ID: "3", Account: "acct_b", Number: contact, Source: store.SourceImport, At: at(1)},
		{ID: "4", Account: account, Number: "not a number", Source: store.SourceImport, At: at(1)},
		{ID: "5", Account: account, Number: contact, Source: store.SourceCarrier, At: at(1)},
	}
	var corrections []optout.Correction
	for _, r := range slices.Concat(requests, requests[:1]) {
		corrections = append(corrections, optout.Correction{Account: r.Account, Number: r.Number, EventID: r.ID, Actor: "anna", Note: "wrong"})
	}
	corrections = append(corrections, optout.Correction{Number: contact, EventID: "1", Actor: "anna", Note: "no account"})
	us := optout.Options{DefaultRegion: "US"}
	one, all := guardAt(t, memstore.New(), us), guardAt(t, memstore.New(), us)
	for _, g := range []*optout.Guard{one, all} {
		_, err := g.RecordOptOuts(t.Context(), requests)
		require.NoError(t, err)
	}
	got, err := all.VoidAll(t.Context(), corrections)
	require.NoError(t, err)
	require.Len(t, got, len(corrections))
	for i, c := range corrections {
		want, err := one.Void(t.Context(), c)
		require.Equal(t, err, got[i].Err, c.EventID)
		want.State.RecordedAt, got[i].State.RecordedAt, got[i].Err = time.Time{}, time.Time{}, nil
		require.Equal(t, want, got[i], "%d: %s", i, c.EventID)
	}
	for _, number := range []string{oursUS, theirs} {
		require.True(t, allowed(t, all, number))
	}
	require.False(t, allowed(t, all, contact), "the carrier's report")

	none, err := all.VoidAll(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none)
	down := guardAt(t, faultstore.Wrap(memstore.New(), faultstore.OnIndex(1, nil)), optout.Options{})
	outcomes, err := down.VoidAll(t.Context(), corrections)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Nil(t, outcomes)
	_, err = new(optout.Guard).Void(t.Context(), corrections[0])
	require.Error(t, err)
	require.NotErrorIs(t, err, optout.ErrInvalidMessage)
}

// TestAVoidedConsentStaysVoidedInTheOtherSpelling: a later consent is known under one spelling,
// and the voided one does not come back under it.
func TestAVoidedConsentStaysVoidedInTheOtherSpelling(t *testing.T) {
	const newer, older = "+5493515550004", "+543515550004"
	g := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	consent := func(id, number string) (optout.Outcome, error) {
		return g.RecordConsent(t.Context(), optout.Request{ID: id, Account: account, Number: number})
	}
	for _, c := range [][2]string{{"1", older}, {"2", newer}} {
		_, err := consent(c[0], c[1])
		require.NoError(t, err)
		void(t, g, c[0], c[1])
	}
	for _, id := range []string{"1", "2"} {
		for _, number := range []string{older, newer} {
			out, err := consent(id, number)
			require.NoError(t, err)
			require.True(t, out.Duplicate)
			require.False(t, allowed(t, g, number))
		}
	}
	_, err := g.Receive(t.Context(), optout.Message{ID: "m1", Account: account, From: newer, Text: "STOP", At: at(1)})
	require.NoError(t, err)
	records := len(history(t, g, newer))
	out, err := consent("1", older)
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.Equal(t, store.OptedOut, out.State.Status)
	require.Len(t, history(t, g, newer), records, "the attempt is kept already")
}
