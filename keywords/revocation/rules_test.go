package revocation

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestGrammarCompiles(t *testing.T) {
	_, err := compile(vocabularies())
	require.NoError(t, err)
}

func TestEachRuleSaysWhatAndWhy(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, language := range vocabularies() {
		require.NotEmpty(t, language.language)
		for _, r := range language.rules {
			require.Regexp(t, id, r.id)
			require.NotEmpty(t, r.reason, r.id)
			require.NotEmpty(t, r.source, r.id)
			require.NotEmpty(t, r.patterns, r.id)
			require.GreaterOrEqual(t, r.whole, r.clause, "%s: no rule is surer among other words", r.id)
			require.GreaterOrEqual(t, r.clause, r.within, r.id)
		}
	}
}

// The letters of a vocabulary are those of folded messages; another would never match.
func TestVocabularyIsFolded(t *testing.T) {
	g := grammarOnce()
	for _, word := range g.spelling[1:] {
		if _, isSymbol := g.symbols[firstRune(word)]; isSymbol {
			continue
		}
		bare := strings.NewReplacer("*", "", "'", "").Replace(word)
		require.Equal(t, bare, string(foldPlain(make([]byte, 0, 256), bare)), "%q", word)
	}
}

func firstRune(word string) rune {
	c, _ := utf8.DecodeRuneInString(word)
	return c
}

func TestCompileNamesWhatIsWrong(t *testing.T) {
	base := vocabularies()[0]
	for pattern, want := range map[string]string{
		"stop NOSUCH [texting]": "no class NOSUCH",
		"stop texting":          "has no anchor",
		"[stop] [texting]":      "has two anchors",
	} {
		broken := base
		broken.rules = []rule{{id: "broken", patterns: []string{pattern}}}
		_, err := compile([]vocabulary{broken})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "broken")
	}
	broken := base
	broken.pairs = "one two three"
	_, err := compile([]vocabulary{broken})
	require.ErrorContains(t, err, "one two three")
	_, err = compile([]vocabulary{base, {language: "xx", classes: map[string]string{"STOP": "stop"}}})
	require.ErrorContains(t, err, "class STOP")
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"stop", "stop", 0},
		{"stpo", "stop", 1},
		{"sop", "stop", 1},
		{"stoop", "stop", 1},
		{"atop", "stop", 1},
		{"", "stop", 4},
		{"unsubcribe", "unsubscribe", 1},
		{"unsubsrcibe", "unsubscribe", 1},
		{strings.Repeat("a", 40), "stop", maxTypo},
	} {
		require.Equal(t, c.want, distance([]byte(c.a), c.b), "%s, %s", c.a, c.b)
	}
}
