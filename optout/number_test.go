package optout_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func newGuard(t testing.TB, opts *optout.Options) *optout.Guard {
	t.Helper()
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	return g
}

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
			require.Equal(t, optout.Decision{Reason: optout.ReasonInvalidNumber}, d, id)
			continue
		}
		require.NoError(t, err, id)
		require.Equal(t, want, got, id)
		require.NoError(t, gateErr, id)
		require.True(t, d.Allowed, id)
		require.Equal(t, want, d.State.Key.Number, id)
	}
}

func TestDigitsWithoutPlusAreReadInBothWays(t *testing.T) {
	const bare, singapore, asDialled = "6581234567", "+6581234567", "+916581234567" // both are valid numbers
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
		for _, number := range []string{singapore, asDialled, bare} {
			require.False(t, allowed(g, number), number)
		}
		out = receive(g, "2", bare, "START")
		require.NotEmpty(t, out.Reply)
		for _, number := range []string{singapore, asDialled, bare} {
			require.True(t, allowed(g, number), number)
		}
	})
	t.Run("either reading blocks", func(t *testing.T) {
		for _, stopped := range []string{singapore, asDialled} {
			g := newGuard(t, &optout.Options{DefaultRegion: "IN"})
			receive(g, "1", stopped, "STOP")
			require.False(t, allowed(g, bare))
			batch, err := g.GateBatch(t.Context(), "acct", []string{singapore, bare, asDialled})
			require.NoError(t, err)
			require.False(t, batch[1].Allowed)
			require.Equal(t, []bool{stopped != singapore, stopped != asDialled}, []bool{batch[0].Allowed, batch[2].Allowed})
			require.NotEmpty(t, receive(g, "2", bare, "START").Reply, "START lifts both")
			require.True(t, allowed(g, bare))
			require.True(t, allowed(g, stopped))
		}
	})
	t.Run("consent of someone unknown is recorded as dialled", func(t *testing.T) {
		g := newGuard(t, &optout.Options{DefaultRegion: "IN", RequireOptIn: true})
		receive(g, "1", bare, "START")
		require.True(t, allowed(g, bare))
		require.True(t, allowed(g, asDialled))
		require.False(t, allowed(g, singapore))
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

func TestAnOptOutFromWhatIsNotANumberBlocks(t *testing.T) {
	for raw, key := range map[string]string{
		"MyBrand":                "MyBrand",
		" MyBrand ":              "MyBrand",
		"12345":                  "12345",
		"555-2671":               "5552671",
		"+1 (415) 555-267":       "+1415555267",
		"sip:a@b.example":        "sip:a@b.example",
		"a\x00b":                 "a?b",
		"  ":                     "  ",
		"415\x00555\x002671":     "+14155552671",
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
