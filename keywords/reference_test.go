package keywords

import (
	"flag"
	"regexp"
	"strings"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

// stress makes the tests that go through all characters do so, in place of a
// sample.
var stress = flag.Bool("stress", false, "go through all characters, which takes minutes")

// referenceFold is the nine steps of the package comment, written down once more
// in the plainest way. It reports false for a text that is not read.
func referenceFold(text string) (string, bool) {
	if len(text) > 131_072 {
		return "", false
	}
	text = strings.TrimFunc(text, referenceBlank)
	if len(text) > 4_096 {
		return "", false
	}
	text = string([]rune(text)) // U+FFFD for each byte that is not UTF-8
	for {
		before := text
		text = strings.Map(func(r rune) rune {
			switch {
			case referenceBlank(r):
				return ' '
			case r == '\u034f', unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Cn, unicode.Variation_Selector):
				return -1
			}
			return r
		}, text)
		text = strings.ReplaceAll(norm.NFKC.String(text), "\u034f", "")
		text = strings.Map(func(r rune) rune {
			if r == 'İ' || r == 'ı' {
				return 'i'
			}
			return unicode.ToLower(unicode.ToUpper(r))
		}, text)
		text = dotsAfterI.ReplaceAllString(strings.Map(func(r rune) rune {
			if strings.ContainsRune("\u0332\u0335\u0336\u0337\u0338", r) || unicode.Is(unicode.Me, r) {
				return -1
			}
			return r
		}, text), "i")
		text = strings.TrimFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N) })
		text = separators.ReplaceAllString(text, " ")
		if text == before {
			return text, true
		}
	}
}

var (
	dotsAfterI = regexp.MustCompile("i\u0307+")
	separators = regexp.MustCompile(`[ _\x{2212}\p{Pd}]+`)
)

func referenceBlank(r rune) bool {
	return unicode.Is(unicode.White_Space, r) || strings.ContainsRune("\u180e\u3164\u2800\u115f\u1160\uffa0\ufffc", r)
}

// reference is a Set that is read by referenceFold.
type reference map[string]Match

func referenceOf(s *Set) reference {
	r := reference{}
	for w := range s.All() {
		folded, _ := referenceFold(w.Text)
		if _, listed := r[folded]; !listed {
			r[folded] = Match{Intent: w.Intent, Keyword: w.Text, Language: w.Language}
		}
	}
	return r
}

func (r reference) classify(text string) Match {
	folded, _ := referenceFold(text)
	return r[folded]
}

// sameAsReference fails if a Set reads a text in another way than its reference.
func sameAsReference(t require.TestingT, s *Set, r reference, text string) {
	if got, want := s.Classify(text), r.classify(text); got != want {
		require.Equal(t, want, got, "%q among %q", text, listed(s))
	}
}

func listed(s *Set) (texts []string) {
	for w := range s.All() {
		texts = append(texts, w.Text)
	}
	return texts
}
