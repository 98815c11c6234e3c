package revocation

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/internal/table"
)

// rulesAlone returns the grammar without the table.
var rulesAlone = sync.OnceValue(func() *grammar {
	g := *grammarOnce()
	g.hints = nil
	return &g
})

// withTable returns the grammar with another table: the same bound for each language, and
// the same weight for each slot.
func withTable(t *testing.T, bound float64, weight int8) *grammar {
	t.Helper()
	bounds := make([]float64, len(table.Languages()))
	for i := range bounds {
		bounds[i] = bound
	}
	weighed, err := table.Parse(string(table.File(bounds, slices.Repeat([]int8{weight}, table.Slots))))
	require.NoError(t, err)
	g := *grammarOnce()
	h := *g.hints
	h.table = weighed
	g.hints = &h
	return &g
}

func TestAPlantedTableIsAsked(t *testing.T) {
	every, none := withTable(t, 0, 1), withTable(t, 0, -1)
	for message, language := range map[string]string{
		"see if my texts ring":           "en",
		"no tengo el teléfono aquí hoy":  "es",
		"ich habe eine nachricht für Jo": "de",
	} {
		got := every.read(message)
		require.Equal(t, "table-hint", got.Rule, "%q: %+v", message, got)
		require.Equal(t, Possible, got.Certainty)
		require.Equal(t, language, got.Language, message)
		require.Zero(t, none.read(message), message)
		require.Zero(t, withTable(t, 1_000, 1).read(message), "the sum of the message is not over the bound")
		require.Zero(t, rulesAlone().read(message), message)
	}
	require.Equal(t, "no rule sees a request, but these words are more common in requests: texts, ring, see",
		every.read("see if my texts ring").Reason)
}

// TestTheTableIsNotAsked has a table that takes every text for a request.
func TestTheTableIsNotAsked(t *testing.T) {
	every := withTable(t, 0, 1)
	for message, why := range map[string]string{
		"qwerty asdfgh zxcvbn":                      "no word of a rule",
		"see if my phone rings":                     "only common words of rules",
		"texts":                                     "one word",
		"my texts, viestit":                         "a word of a language without ordinary texts",
		"my texts да":                               "letters of another script",
		"don't stop texting me":                     "a pattern that is negated",
		"please stop sending me invoices":           "goods",
		"Liked “see if my texts ring”":              "a reaction",
		"text me first":                             "what cancels a request",
		strings.Repeat("see if my texts ring ", 15): "a long message",
	} {
		require.Zero(t, every.read(message), "%s: %q", why, message)
	}
}

// requireHint holds a reading to what the table may change: None becomes Possible.
func requireHint(t require.TestingT, message string) {
	alone, got := rulesAlone().read(message), Read(message)
	if alone.Certainty != None || got.Rule != "table-hint" {
		require.Equal(t, alone, got, "%q", message)
		return
	}
	require.Equal(t, Possible, got.Certainty, "%q", message)
	require.Contains(t, table.Languages(), got.Language, "%q", message)
	require.False(t, got.WrongNumber, "%q", message)
	require.LessOrEqual(t, len(got.Reason), 400, "%q", message)
}

func TestTheTableOnlyMakesPossibleOfNone(t *testing.T) {
	words := newCompiler(rulesOf(t)).spelling[1:]
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.StringMatching(`[a-z]{1,9}`)), 1, 12).Draw(t, "words")
		requireHint(t, strings.Join(some, rapid.SampledFrom([]string{" ", ", ", ". ", "? "}).Draw(t, "mark")))
	})
}

func FuzzHint(f *testing.F) {
	for _, seed := range []string{
		"please retire my number from your call sheet", "Stop.", "don't stop", "no mas por favor", "a\xffb my phone", "🛑 texts to me",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) { requireHint(t, message) })
}

// TestTheTableFindsWhatTheRulesMiss counts among the texts that are set apart, with which
// neither was made.
func TestTheTableFindsWhatTheRulesMiss(t *testing.T) {
	labelled, err := parts.Labelled("../..")
	require.NoError(t, err)
	missed, found := map[string]int{}, map[string]int{}
	for _, text := range labelled {
		isApart := text.Part == parts.Apart || text.Part == parts.Fresh
		if isApart && slices.Contains(table.Languages(), text.Language) && rulesAlone().read(text.Text).Certainty == None {
			missed[text.Label]++
			if Read(text.Text).Certainty == Possible {
				found[text.Label]++
			}
		}
	}
	t.Logf("without a rule: %v; found by the table: %v", missed, found)
	require.GreaterOrEqual(t, 10*found["opt-out"], missed["opt-out"], "a tenth of the requests")
	require.Greater(t, found["opt-out"]*missed["not-opt-out"], 2*found["not-opt-out"]*missed["opt-out"],
		"of the requests twice the share of the near-misses")
}
