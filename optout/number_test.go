package optout_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// TestGateReadsTheNumbersOfTheCaseFile asks the gate about the numbers that internal/number
// is held to.
func TestGateReadsTheNumbersOfTheCaseFile(t *testing.T) {
	for _, field := range rowsOf(t, "phone_numbers.tsv") {
		id, region, want, severity := field[0], field[3], field[4], field[5]
		if severity != "must" {
			continue
		}
		var text string
		require.NoError(t, json.Unmarshal([]byte(field[2]), &text), id)
		g := newGuard(t, &optout.Options{DefaultRegion: region})
		got, err := g.Number(text)
		d, gateErr := g.Gate(t.Context(), "acct", text)
		if want == "INVALID" {
			require.Empty(t, got, id)
			require.ErrorIs(t, err, optout.ErrInvalidNumber, id)
			require.ErrorIs(t, gateErr, optout.ErrInvalidNumber, id)
			var fault *optout.NumberError
			require.ErrorAs(t, err, &fault, id)
			require.Equal(t, optout.Decision{Reason: optout.ReasonInvalidNumber, Fault: fault.Fault}, d, id)
			continue
		}
		require.NoError(t, err, id)
		require.Equal(t, want, got, id)
		require.NoError(t, gateErr, id)
		require.Equal(t, optout.FaultNone, d.Fault, id)
		require.True(t, d.Allowed, id)
		require.Equal(t, want, d.State.Key.Number, id)
	}
}

func TestDigitsWithoutPlusAreReadInBothWays(t *testing.T) {
	const bare, abroad, asDialled = "6581234567", "+6581234567", "+916581234567" // both are valid numbers
	receive := func(g *optout.Guard, id, from, text string) optout.Outcome {
		out, err := g.Receive(t.Context(), optout.Message{ID: id, Account: "acct", From: from, Text: text})
		require.NoError(t, err)
		return out
	}
	allowed := func(g *optout.Guard, number string) bool {
		d, err := g.Gate(t.Context(), "acct", number)
		require.NoError(t, err)
		return d.Allowed
	}

	t.Run("an opt-out goes under both, either blocks, START lifts both", func(t *testing.T) {
		g := newGuard(t, &optout.Options{DefaultRegion: "IN"})
		out := receive(g, "1", bare, "STOP")
		require.NotEmpty(t, out.Reply)
		require.True(t, out.Changed)
		for _, number := range []string{abroad, asDialled, bare} {
			require.False(t, allowed(g, number), number)
		}
		out = receive(g, "2", bare, "START")
		require.NotEmpty(t, out.Reply)
		for _, number := range []string{abroad, asDialled, bare} {
			require.True(t, allowed(g, number), number)
		}
	})
	t.Run("either reading blocks, and START lifts what is dialled here", func(t *testing.T) {
		for _, stopped := range []string{abroad, asDialled} {
			g := newGuard(t, &optout.Options{DefaultRegion: "IN"})
			receive(g, "1", stopped, "STOP")
			require.False(t, allowed(g, bare))
			batch, err := g.GateBatch(t.Context(), "acct", []string{abroad, bare, asDialled})
			require.NoError(t, err)
			require.False(t, batch[1].Allowed)
			require.Equal(t, []bool{stopped != abroad, stopped != asDialled}, []bool{batch[0].Allowed, batch[2].Allowed})
			out := receive(g, "2", bare, "START")
			require.Equal(t, stopped == asDialled, out.Reply != "", "+65 8123 4567 is another contact, who has not texted START")
			require.Equal(t, stopped == abroad, out.Superseded)
			require.Equal(t, stopped == asDialled, allowed(g, bare))
			require.Equal(t, stopped == asDialled, allowed(g, stopped))
			receive(g, "3", stopped, "START")
			require.True(t, allowed(g, bare))
			require.True(t, allowed(g, stopped))
		}
	})
	t.Run("consent of someone unknown is recorded as dialled", func(t *testing.T) {
		g := newGuard(t, &optout.Options{DefaultRegion: "IN", RequireOptIn: true})
		receive(g, "1", bare, "START")
		require.True(t, allowed(g, bare))
		require.True(t, allowed(g, asDialled))
		require.False(t, allowed(g, abroad))
	})
	t.Run("where only one reading is valid it is that one", func(t *testing.T) {
		g := newGuard(t, &optout.Options{DefaultRegion: "US"})
		for number, want := range map[string]string{
			"447911123456": "+447911123456", "14155552671": "+14155552671", "4155552671": "+14155552671",
		} {
			got, err := g.Number(number)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
	t.Run("without a region they are no number, and an opt-out from them blocks the number", func(t *testing.T) {
		g := newGuard(t, nil)
		receive(g, "1", "447911123456", "STOP")
		require.False(t, allowed(g, "447911123456"))
		require.False(t, allowed(g, "+44 7911 123456"))
		_, err := g.Gate(t.Context(), "acct", "447911123457")
		require.ErrorIs(t, err, optout.ErrInvalidNumber)
		receive(g, "2", "447911123456", "START")
		require.True(t, allowed(g, "+44 7911 123456"))
	})
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

func TestAnOptOutFromWhatIsNotANumberBlocks(t *testing.T) {
	for raw, key := range map[string]string{
		"MyBrand":                "MyBrand",
		" MyBrand ":              "MyBrand",
		"12345":                  "12345",
		"555-2671":               "5552671",
		"+1 (415) 555-267":       "+1 (415) 555-267",
		"sip:a@b.example":        "sip:a@b.example",
		"a\x00b":                 "a\x1ab",
		"  ":                     "  ",
		"415\x00555\x002671":     "415\x1a555\x1a2671",
		"4155552671.0":           "4155552671.0",
		"415-555-01012":          "415-555-01012",
		"":                       "",
		"\xff":                   "",
		strings.Repeat("x", 256): "",
	} {
		g := newGuard(t, &optout.Options{DefaultRegion: "US"})
		got, err := g.Number(raw)
		require.ErrorIs(t, err, optout.ErrInvalidNumber, "%q", raw)
		require.Empty(t, got, "%q", raw)
		if key == "" {
			continue
		}
		d, err := g.Gate(t.Context(), "acct", raw)
		require.ErrorIs(t, err, optout.ErrInvalidNumber)
		require.False(t, d.Allowed)
		_, err = g.Receive(t.Context(), optout.Message{Account: "acct", From: raw, Text: "STOP"})
		require.NoError(t, err, "%q", raw)
		for _, number := range []string{raw, key} {
			d, err = g.Gate(t.Context(), "acct", number)
			require.NoError(t, err)
			require.Equal(t, optout.ReasonOptedOut, d.Reason, "%q", number)
			require.Equal(t, key, d.State.Key.Number, "%q", number)
		}
	}
}

func TestStoresAcceptTheLongestKeyOfANumber(t *testing.T) {
	require.Equal(t, store.MaxKeyLen, number.MaxKey)
}

func TestErrorsHoldNoNumberAndNoText(t *testing.T) {
	g := newGuard(t, nil)
	_, err := g.Number("secret-sender-7")
	require.NotContains(t, err.Error(), "secret")
	_, err = g.Receive(t.Context(), optout.Message{Account: "acct", From: strings.Repeat("secret", 99), Text: "STOP"})
	require.NotContains(t, err.Error(), "secret")
	require.ErrorIs(t, err, optout.ErrInvalidMessage)
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
}

// A START of the number that the digits are dialled as opens the digits. It does not open
// what an opt-out of the digits covers up in the state of a key.
func TestASTARTOfTheNumberOpensWhatItsDigitsClosed(t *testing.T) {
	type sent struct {
		region, from, words string
		minute              int
	}
	for name, c := range map[string]struct {
		texts []sent
		open  bool
	}{
		"a STOP of the digits": {
			[]sent{{"US", twoReadings, "STOP", 0}, {"US", florida, "START", 1}}, true,
		},
		"a STOP of the digits, before a region was set": {
			[]sent{{"", twoReadings, "STOP", 0}, {"US", florida, "START", 1}}, true,
		},
		"a STOP and a held text of the digits": {
			[]sent{{"", twoReadings, "STOP", 0}, {"US", twoReadings, possible, 1}, {"US", florida, "START", 2}}, true,
		},
		"an opt-out of the other number that the digits lifted in another region": {
			[]sent{
				{"", singapore, "STOP", 0}, {"SG", twoReadings, "START", 1}, {"", twoReadings, "STOP", 2}, {"US", florida, "START", 3},
			}, true,
		},
		"an older opt-out of the other number": {
			[]sent{{"US", singapore, "STOP", 0}, {"US", twoReadings, "STOP", 1}, {"US", florida, "START", 2}}, false,
		},
		"a held text of the other number": {
			[]sent{{"US", twoReadings, "STOP", 0}, {"US", florida, "START", 1}, {"US", singapore, possible, 2}}, false,
		},
		"a later text of the digits that is held, before a region was set": {
			[]sent{{"", twoReadings, "STOP", 0}, {"", twoReadings, possible, 2}, {"US", florida, "START", 1}}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := memstore.New()
			for i, sent := range c.texts {
				m := text(fmt.Sprint(i), sent.words, at(sent.minute))
				m.From = sent.from
				receive(t, guardAt(t, s, optout.Options{DefaultRegion: sent.region, Texts: optout.PolicyHold}), m)
			}
			g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
			require.Equal(t, c.open, allowed(t, g, twoReadings))
			batch, err := g.GateBatch(t.Context(), account, []string{twoReadings, florida})
			require.NoError(t, err)
			require.Equal(t, []bool{c.open, true}, []bool{batch[0].Allowed, batch[1].Allowed})
		})
	}
}

// Both have no time, or one of them has none: the order in which they came decides, and a
// START that was sent before a STOP came lifts nothing. This holds for both readings.
func TestASTARTInBareDigitsByTheOrderOfArrival(t *testing.T) {
	sent := func(id, words string, sent, received int) optout.Message {
		m := text(id, words, time.Time{})
		m.From, m.ReceivedAt = twoReadings, at(received)
		if sent > 0 {
			m.At = at(sent)
		}
		return m
	}
	for name, c := range map[string]struct {
		texts []optout.Message
		open  bool
	}{
		"START after STOP":                    {[]optout.Message{sent("1", "STOP", 0, 1), sent("2", "START", 0, 2)}, true},
		"STOP after START":                    {[]optout.Message{sent("2", "START", 0, 2), sent("1", "STOP", 0, 3)}, false},
		"START sent after STOP came":          {[]optout.Message{sent("1", "STOP", 0, 2), sent("2", "START", 3, 4)}, true},
		"START sent before STOP came":         {[]optout.Message{sent("1", "STOP", 0, 2), sent("2", "START", 1, 3)}, false},
		"START sent after STOP came, earlier": {[]optout.Message{sent("2", "START", 3, 3), sent("1", "STOP", 0, 2)}, false},
		"START without a time after a STOP":   {[]optout.Message{sent("1", "STOP", 9, 9), sent("2", "START", 0, 5)}, true},
		"START and STOP of the same moment":   {[]optout.Message{sent("1", "STOP", 3, 3), sent("2", "START", 3, 4)}, false},
		"START delivered again after a second STOP": {
			[]optout.Message{sent("1", "STOP", 0, 1), sent("2", "START", 0, 2), sent("3", "STOP", 0, 3), sent("2", "START", 0, 2)}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
			for _, m := range c.texts {
				receive(t, g, m)
			}
			for _, number := range []string{twoReadings, florida, singapore} {
				require.Equal(t, c.open, allowed(t, g, number), number)
			}
		})
	}
}

// What only its digits opted out, before a region was set.
func TestAnOptOutFromBeforeTheRegionWasSetIsFound(t *testing.T) {
	for _, spelling := range []string{"(415) 555-2671", "4155552671", "1-415-555-2671"} {
		s := memstore.New()
		stop := text("m1", "STOP", at(1))
		stop.From = spelling
		receive(t, guardAt(t, s, optout.Options{}), stop)
		g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
		require.False(t, allowed(t, g, spelling))
		require.Contains(t, slices.Collect(listedNumbers(t, g)), history(t, g, spelling)[0].Key.Number)
		err := g.Send(t.Context(), account, spelling, nobody(t))
		require.ErrorIs(t, err, optout.ErrOptedOut)

		start := text("m2", "START", at(2))
		receive(t, g, start)
		require.True(t, allowed(t, g, spelling), "+1 415 555 2671 is the same number")
		require.Empty(t, slices.Collect(listedNumbers(t, g)))
	}
}

func TestASTARTThatIsDeliveredAgainAfterTheRegionWasSetLiftsNothing(t *testing.T) {
	s := memstore.New()
	sent := func(id, words string, received int) optout.Message {
		m := text(id, words, time.Time{})
		m.From, m.ReceivedAt = twoReadings, at(received)
		return m
	}
	before := guardAt(t, s, optout.Options{})
	receive(t, before, sent("1", "STOP", 1))
	receive(t, before, sent("2", "START", 2))
	receive(t, before, sent("3", "STOP", 3))
	g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
	out := receive(t, g, sent("2", "START", 2))
	require.True(t, out.Duplicate && out.Superseded)
	require.False(t, out.Changed)
	require.Empty(t, out.Reply)
	require.False(t, allowed(t, g, twoReadings))
	receive(t, g, sent("4", "START", 4))
	require.True(t, allowed(t, g, twoReadings))
}

// An opt-out of the digits gave way to a START of the number, whose next text is held.
func TestDigitsAreHeldWithTheirNumber(t *testing.T) {
	s := memstore.New()
	stop := text("1", "STOP", at(1))
	stop.From = "4155552671"
	receive(t, guardAt(t, s, optout.Options{}), stop)
	g := guardAt(t, s, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	receive(t, g, text("2", "START", at(2)))
	receive(t, g, text("3", possible, at(3)))
	d, err := g.Gate(t.Context(), account, stop.From)
	require.NoError(t, err)
	require.Equal(t, optout.ReasonHeld, d.Reason)
	require.Empty(t, slices.Collect(listedNumbers(t, g)))
	resolve(t, g, reviews(t, g)[0], optout.VerdictNoRequest)
	require.True(t, allowed(t, g, stop.From))
}

// What is kept as it is written, because its digits are the number of somebody else, is in
// the list once, and not as that number.
func TestARefusedTextIsListedAsItIsWritten(t *testing.T) {
	g := newGuard(t, &optout.Options{DefaultRegion: "US"})
	for _, refused := range []string{"415-555-01012", "4155552671.0", "555-2671"} {
		out, err := g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: refused})
		require.NoError(t, err)
		require.True(t, out.NoNumber)
	}
	require.Equal(t, []string{"415-555-01012", "4155552671.0", "5552671"}, slices.Collect(listedNumbers(t, g)))
	require.True(t, allowed(t, g, "+41555501012"))
}
