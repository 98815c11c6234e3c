package revocation

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestPartsAreThoseOfARegularExpression looks for each part of each phrase with package
// regexp, too.
func TestPartsAreThoseOfARegularExpression(t *testing.T) {
	book := rulesOf(t)
	c := newCompiler(book)
	require.NoError(t, c.addAll(book))
	var parts []*regexp.Regexp // by number
	texts := []string{"stop", "Anna", ",", "\n"}
	for _, text := range book.patterns {
		if !text.isPhrase {
			continue
		}
		texts = append(texts, text.yes...)
		texts = append(texts, text.no...)
		for _, part := range text.parts {
			bare := strings.TrimPrefix(part, "! ")
			steps, err := c.phraseSteps(bare)
			require.NoError(t, err)
			var b strings.Builder
			for i, step := range steps {
				if step.gap {
					b.WriteString("[^ ]{0,8}")
					continue
				}
				var all []string
				for _, text := range step.texts {
					quoted := regexp.QuoteMeta(string(text.text))
					if i == 0 && text.atStart {
						quoted = "(?:^| )" + quoted
					}
					all = append(all, quoted)
				}
				b.WriteString("(?:" + strings.Join(all, "|") + ")")
				if step.optional {
					b.WriteByte('?')
				}
			}
			parts = append(parts, regexp.MustCompile(b.String()))
			texts = append(texts, strings.FieldsFunc(bare, func(c rune) bool { return strings.ContainsRune("|>?_ ", c) })...)
		}
	}
	require.Len(t, parts, c.parts)
	rapid.Check(t, func(t *rapid.T) {
		between := rapid.SampledFrom([]string{"", " "})
		var message strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "texts") {
			message.WriteString(rapid.SampledFrom(texts).Draw(t, "text") + between.Draw(t, "between"))
		}
		var r reader
		r.split(c.grammar, message.String())
		r.findParts(c.grammar)
		for number, part := range parts {
			require.Equal(t, part.Match(r.text), r.parts.has(number), "%s in %q", part, r.text)
		}
	})
}
