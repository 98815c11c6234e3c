package revocation

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestALongMessageHasARareWord shows that common words are a request in short messages
// only.
func TestALongMessageHasARareWord(t *testing.T) {
	const ordinary = "All work and no play makes Jack a dull boy, and so on, all the day long, and all the night as well. "
	for text, want := range map[string]Certainty{
		"I need to leave":                       Possible,
		ordinary + "I need to leave":            None,
		"Unsubscribe me":                        Certain,
		ordinary + "Unsubscribe me":             Certain,
		ordinary + "UnsubscribEEE me":           Certain,
		ordinary + "STOPPP":                     Possible,
		ordinary + "Отпишите меня":              Certain,
		ordinary + "🎉 “quoted” … £5":            None,
		ordinary + "\n\tNothing of the kind.\n": None,
	} {
		require.Equal(t, want, Read(text).Certainty, "%q", text)
	}
}

// TestMatchingIsThatOfARegularExpression compares each side of a match with package regexp,
// which prefers the same one of several matches. A word is a letter there.
func TestMatchingIsThatOfARegularExpression(t *testing.T) {
	book := newRulebook()
	for _, word := range []string{"x", "a", "b", "c"} {
		book.spoken[word] = english
	}
	c := newCompiler(book)
	terms := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"a", "b", "a|b", "b|c", ".", "a|b|c"}).Draw(t, "words") +
			rapid.SampledFrom([]string{"", "?", "+", "*"}).Draw(t, "sign")
	})
	side := rapid.SliceOfN(terms, 0, 6)
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, maxReach)
	rapid.Check(t, func(t *rapid.T) {
		left, right := side.Draw(t, "left"), side.Draw(t, "right")
		if rapid.Bool().Draw(t, "begins") {
			left = slices.Insert(left, 0, "^")
		}
		if rapid.Bool().Draw(t, "ends") {
			right = append(right, "$")
		}
		p, _, err := c.pattern(patternText{parts: []string{strings.Join(slices.Concat(left, []string{"[x]"}, right), " ")}})
		require.NoError(t, err)
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		var r reader
		for _, word := range slices.Concat(before, []string{"x"}, after) {
			r.core = append(r.core, token{word: c.words[word]})
		}
		slices.Reverse(left)
		slices.Reverse(before)
		taken := [2][]int{expression(left).FindStringIndex(strings.Join(before, "")), expression(right).FindStringIndex(strings.Join(after, ""))}
		from, to, ok := r.match(p, len(before))
		require.Equal(t, taken[0] != nil && taken[1] != nil, ok)
		if ok {
			require.Equal(t, len(before)-taken[0][1], from)
			require.Equal(t, len(before)+1+taken[1][1], to)
		}
	})
}

// expression writes terms as a regular expression that begins at the anchor.
func expression(terms []string) *regexp.Regexp {
	var b strings.Builder
	b.WriteByte('^')
	for _, term := range terms {
		bare := strings.TrimRight(term, "?+*")
		switch bare {
		case "^", "$":
			b.WriteByte('$')
		default:
			b.WriteString("(?:" + bare + ")" + term[len(bare):])
		}
	}
	return regexp.MustCompile(b.String())
}

// TestEveryMatchIsACandidate reads texts of patterns with any words between, and tries all
// patterns, too.
func TestEveryMatchIsACandidate(t *testing.T) {
	c := newCompiler(rulesOf(t))
	book := rulesOf(t)
	require.NoError(t, c.addAll(book))
	texts := []string{"Anna", ",", "stop", "?"}
	for _, text := range book.patterns {
		if !text.isPhrase {
			texts = append(texts, text.yes...)
			texts = append(texts, text.parts[0])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var r reader
		r.split(c.grammar, strings.Join(rapid.SliceOfN(rapid.SampledFrom(texts), 1, 4).Draw(t, "texts"), " "))
		for at := range r.core {
			candidates := map[*pattern]bool{}
			for p := range r.candidates(c.grammar, at) {
				candidates[p] = true
			}
			anchored := c.anchored[r.core[at].word]
			for number, p := range c.patterns {
				if anchored == nil || !anchored.has(number) || candidates[p] {
					continue
				}
				_, _, ok := r.match(p, at)
				require.False(t, ok, "a pattern of %s matches at the word %d, and is no candidate", p.rule.id, at)
			}
		}
	})
}

// TestHowWordsAreJoined has the ends of long German words, commas before "me" and in lists, and
// names after thanks or on a line of their own.
func TestHowWordsAreJoined(t *testing.T) {
	for text, want := range map[string]Certainty{
		"keine Werbenachrichten":                           Certain,
		"keine Rabattbenachrichtigungen":                   Certain,
		"keine Produktumfragen mehr":                       Certain,
		"keine Bewerbung":                                  None,
		"keine Transaktionen mehr":                         None,
		"keine " + strings.Repeat("x", 80) + "nachrichten": None,

		"Hört auf, mir zu schreiben":                Certain,
		"Unterlassen Sie es, mir Werbung zu senden": Certain,
		"Hört auf. Mir zu schreiben ist gut":        Possible,
		"Hör auf, ich will nicht":                   Possible,

		"Do not call, text, or email me again": Certain,
		"stop calling, texting and emailing":   Certain,
		"Don't text, call me":                  Possible,

		"Abmelden. Danke. Gruß Peter":    Certain,
		"Abmelden\nPeter Huber":          Certain,
		"Abmelden. Danke. Wo ist Peter?": Possible,
		"Peter, abmelden. Fritz wartet":  Possible,
	} {
		require.Equal(t, want, ReadUncapped(text).Certainty, "%q", text)
	}
}

// TestAVerbAfterItsSubjectOrdersNothing has German orders, whose subject follows the verb, and
// statements.
func TestAVerbAfterItsSubjectOrdersNothing(t *testing.T) {
	for _, text := range []string{
		"Schreiben Sie mir nicht mehr", "Bitte schickt mir keine Werbung", "Ich habe schon gewählt, schreibt mir nicht mehr",
	} {
		require.Equal(t, Certain, ReadUncapped(text).Certainty, "%q", text)
	}
	for _, text := range []string{
		"Sie schreiben mir nicht mehr", "Ihr schreibt mir nie", "Ihr schickt mir keine Erinnerungen mehr", "Ich schreibe Ihnen nicht mehr",
		"Er schreibt mir nicht mehr", "Mein Chef schreibt mir nicht mehr", "Sie haben mich aus dem Verteiler gelöscht",
		"Bitte löschen Sie meine Nummer nicht", "Lassen Sie die Benachrichtigungen an", "Der Lärm stört mich nicht mehr",
	} {
		require.Less(t, ReadUncapped(text).Certainty, Certain, "%q", text)
	}
}
