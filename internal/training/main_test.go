package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/internal/table"
)

const root = "../.."

var stress = flag.Bool("stress", false, "learn the table, which takes some seconds")

// TestTheTableIsLearnedFromTheTexts learns the table anew, byte for byte.
func TestTheTableIsLearnedFromTheTexts(t *testing.T) {
	if !*stress {
		t.Skip("-stress learns the table")
	}
	texts, err := learned(root)
	require.NoError(t, err)
	file, err := os.ReadFile(filepath.Join(root, tableFile))
	require.NoError(t, err)
	require.True(t, bytes.Equal(file, tableOf(texts)), "the texts or the rules have changed: `make table` learns the table anew")
}

// TestNoTextThatIsSetApartIsLearned compares the texts that are learned from with those that
// measure the rules. A text may be in both, if somebody typed again what was known.
func TestNoTextThatIsSetApartIsLearned(t *testing.T) {
	labelled, err := parts.Labelled(root)
	require.NoError(t, err)
	apart := map[string]bool{}
	for _, isOpen := range []bool{false, true} {
		for _, one := range labelled {
			if isOpen == (one.Part == parts.Known || one.Part == parts.Development) {
				apart[one.Text] = !isOpen
			}
		}
	}
	require.Greater(t, len(apart), 500)
	texts, err := learned(root)
	require.NoError(t, err)
	labels := map[string]int{}
	for _, one := range texts {
		labels[one.Label]++
		if one.Label != "" {
			require.False(t, apart[one.Text.Text], "%q is set apart", one.Text.Text)
		}
	}
	require.Greater(t, labels["opt-out"], 3000)
	require.Greater(t, labels["not-opt-out"], 2000)
	require.Greater(t, labels[""], 14_000)
	require.NotContains(t, labels, "ambiguous")
}

// some returns texts of a plain world: who asks says "texts".
func some() (texts []text) {
	for word := range strings.FieldsSeq("alpha beta gamma delta epsilon zeta eta theta iota kappa " +
		"lambda mu nu xi omicron pi rho sigma tau upsilon") {
		texts = append(texts,
			text{parts.Text{Text: "no " + word + " texts", Label: "opt-out", Language: "en"}, "known", 1, false},
			text{parts.Text{Text: "the " + word + " party", Label: "not-opt-out", Language: "en"}, "known", 1, false},
			text{parts.Text{Text: word + " at noon", Language: "en"}, messages, 1, false})
	}
	for _, language := range table.Languages()[1:] {
		texts = append(texts, text{parts.Text{Text: "la " + language, Language: language}, language + ".txt", 0.5, false})
	}
	return texts
}

func TestWhatIsPlantedIsLearned(t *testing.T) {
	file := tableOf(some())
	require.Equal(t, file, tableOf(some()), "the same texts make the same bytes")
	weighed, err := table.Parse(string(file))
	require.NoError(t, err)
	asks := func(text string) bool {
		folded := table.Fold(nil, text)
		return weighed.Asks(folded, weighed.Sum(folded), 0)
	}
	require.True(t, asks("no omega texts"))
	require.False(t, asks("the omega party"))
	require.False(t, asks("omega at noon"))
	require.Equal(t, "texts", string(weighed.Heaviest(table.Fold(nil, "no omega texts"))[0]))
}

func TestNothingIsLearnedFromNothing(t *testing.T) {
	weights, one := learn(nil).rounded()
	require.Equal(t, make([]int8, table.Slots), weights)
	require.InDelta(t, 1, one, 0)
}

// TestTheBoundsKeepToTheLimits has 10,000 ordinary texts of falling score, of which rules
// find some.
func TestTheBoundsKeepToTheLimits(t *testing.T) {
	for want, found := range map[float64]int{9970: 0, 9980: 40, 10_000: 60} {
		var texts []text
		var scores []float64
		for i := range 10_000 {
			texts = append(texts, text{parts.Text{Text: "a", Language: "en"}, messages, 1, i >= 10_000-found})
			scores = append(scores, float64(10_000-i))
		}
		for _, language := range table.Languages()[1:] {
			texts = append(texts, text{parts.Text{Text: "a", Language: language}, language + ".txt", 1, false})
			scores = append(scores, -1)
		}
		bounds := boundsOf(texts, scores)
		require.InDelta(t, want, bounds[0], 0, "%d found by rules", found)
		require.InDelta(t, 0, bounds[1], 0, "never below the score of the machine")
	}
}

func TestFigures(t *testing.T) {
	texts := append(some(), text{parts.Text{Text: "no omega texts", Label: "opt-out", Language: "en"}, "more.jsonl", 0, false})
	require.Contains(t, figures(texts), "| more.jsonl | en | opt-out | 1 | 0 | 1 | 0 | 10000 |\n")
	require.Contains(t, figures(texts), "| known | en | not-opt-out | 20 | 0 | 0 | 0 | 0 |\n")
}

func TestRun(t *testing.T) {
	require.ErrorIs(t, run(t.TempDir(), false, nil, nil), os.ErrNotExist)
	require.ErrorIs(t, run(root, false, []string{"absent.jsonl"}, nil), os.ErrNotExist)
	require.ErrorIs(t, run(root, false, nil, []string{"absent.txt"}), os.ErrNotExist)
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))
	_, err := read(broken, 1)
	require.ErrorContains(t, err, "broken.jsonl")
}
