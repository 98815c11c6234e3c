package revocation

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func rulesOf(t require.TestingT) *rulebook {
	book, err := readRules()
	require.NoError(t, err)
	return book
}

// with adds the rules of one more file to a rulebook.
func with(book *rulebook, content string) (*rulebook, error) {
	p := parser{book: book}
	return book, p.parse("added.txt", content)
}

func TestRulesCompile(t *testing.T) {
	_, err := compile(rulesOf(t))
	require.NoError(t, err)
}

func TestEveryFileIsReadAndReadable(t *testing.T) {
	files, err := ruleFiles.ReadDir("rules")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(file.Name(), ".txt"))
		text, err := ruleFiles.ReadFile(path.Join("rules", file.Name()))
		require.NoError(t, err)
		for number, line := range strings.Split(string(text), "\n") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), 140, "%s:%d", file.Name(), number+1)
			require.Equal(t, strings.TrimRight(line, " \t\r"), line, "%s:%d", file.Name(), number+1)
		}
	}
	require.ElementsMatch(t, names, strings.Fields(ruleOrder))
}

func TestEachRuleSaysWhatAndWhy(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	book := rulesOf(t)
	for _, r := range book.rules {
		require.Regexp(t, id, r.id)
		require.NotEmpty(t, r.reason, r.id)
		require.NotEmpty(t, r.source, r.id)
		require.GreaterOrEqual(t, r.whole, r.clause, "%s: no rule is surer among other words", r.id)
		require.GreaterOrEqual(t, r.clause, r.within, r.id)
		require.True(t, slices.ContainsFunc(book.patterns, func(p patternText) bool { return p.rule == r }), "%s has no pattern", r.id)
	}
}

// TestEachSourceIsInTheTable reads "Postscript, Text-Em-All: wrong number; Spoke".
func TestEachSourceIsInTheTable(t *testing.T) {
	readme, err := os.ReadFile("rules/README.md")
	require.NoError(t, err)
	for _, r := range rulesOf(t).rules {
		for source := range strings.SplitSeq(r.source, ";") {
			names, _, _ := strings.Cut(source, ":")
			for name := range strings.SplitSeq(names, ",") {
				name = strings.TrimSpace(name)
				if strings.HasPrefix(name, "47 CFR 64.1200") {
					name = "47 CFR 64.1200"
				}
				name = strings.TrimSuffix(name, " 5.1.3")
				require.Contains(t, string(readme), "\n| "+name+" | ", "rule %s", r.id)
			}
		}
	}
}

// The letters of a vocabulary are those of folded messages; another would never match.
func TestVocabularyIsFolded(t *testing.T) {
	c := newCompiler(rulesOf(t))
	symbols := grammarOnce().symbols
	for _, word := range c.spelling[1:] {
		if first, _ := utf8.DecodeRuneInString(word); symbols[first] != 0 {
			continue
		}
		bare := strings.NewReplacer("*", "", "'", "").Replace(word)
		var r reader
		r.cut(c.grammar, bare)
		require.Equal(t, bare+" ", string(r.text), "%q", word)
	}
}

// TestPatternsMatchTheirExamples plays the lines that begin with + and -. What a pattern of
// a request is not to match is no Certain request either.
func TestPatternsMatchTheirExamples(t *testing.T) {
	book := rulesOf(t)
	c := newCompiler(book)
	require.NoError(t, c.addAll(book))
	played := 0
	for _, text := range book.patterns {
		for _, message := range text.yes {
			require.True(t, matches(t, c, text, message), "%s:%d: must match %q", text.File, text.Line, message)
		}
		for _, message := range text.no {
			require.False(t, matches(t, c, text, message), "%s:%d: must not match %q", text.File, text.Line, message)
			if text.rule.does&(cancels|doubts) == 0 {
				require.Less(t, c.read(message).Certainty, Certain, "%s:%d: %q", text.File, text.Line, message)
			}
		}
		played += len(text.yes) + len(text.no)
	}
	require.Positive(t, played)
}

// TestEachCertainRuleHasANearMiss looks at the rules with which a message can be Certain.
func TestEachCertainRuleHasANearMiss(t *testing.T) {
	certain, nearMisses := map[string]bool{}, map[string]int{}
	for _, text := range rulesOf(t).patterns {
		nearMisses[text.rule.id] += len(text.no)
		if text.rule.whole == Certain && text.most == Certain {
			certain[text.rule.id] = true
		}
	}
	require.NotEmpty(t, certain)
	for id := range certain {
		require.NotZero(t, nearMisses[id], "no pattern of the rule %s has a text that it must not match", id)
	}
}

// matches reports whether a pattern matches somewhere in a message.
func matches(t *testing.T, c *compiler, text patternText, message string) bool {
	t.Helper()
	var r reader
	r.split(c.grammar, message)
	if text.isPhrase {
		require.NoError(t, c.addPhrase(text))
		r.findParts(c.grammar)
		return r.says(&c.phrases[len(c.phrases)-1])
	}
	p, anchor, err := c.pattern(text)
	require.NoError(t, err)
	for at, token := range r.core {
		if _, _, ok := r.match(p, at); ok && token.word != 0 && anchor.has(token.word) {
			return true
		}
	}
	return false
}

const addedRule = "language xx certain\nrule added\n  reason: a\n  source: b\n  whole: certain clause: possible within: none\n"

func TestWhatIsWrongIsNamed(t *testing.T) {
	for content, want := range map[string]string{
		"nonsense":                    `:1: "nonsense" may not be at the margin`,
		"# one\n\n  stop":             `:3: "stop" is under no line at the margin`,
		"language":                    `:1: "" is not a language`,
		"language xx":                 `:1: "xx" is not a language`,
		"language xx none":            `:1: "xx none" is not a language`,
		"more nosuch":                 `:1: "more nosuch"`,
		"parts nosuch":                `:1: "parts nosuch"`,
		"typos outside":               `:1: "typos outside"`,
		"class TWO WORDS\n  stop":     `:1: "class TWO WORDS"`,
		"class lower\n  stop":         `:1: "class lower"`,
		"class STOP\n  stop":          `:1: class STOP`,
		"class +NOSUCH\n  stop":       `:1: class +NOSUCH`,
		"pairs\n  one two = three":    `:2: "one two = three"`,
		"pairs\n  dont = do":          `:2: "dont = do"`,
		"pairs\n  stop = do not":      `counts as "dont", too`,
		"typos alone\n  stop":         `:2: "stop"`,
		"typos alone\n  stop 9":       `:2: "stop 9"`,
		"typos inside\n  s 1":         `:2: "s 1"`,
		"symbols\n  and":              `:2: "and" has no characters`,
		"endings\n  spam":             `:2: "spam" is not a word of 5 letters`,
		"endings\n  xyzxyz not a":     `:2: "xyzxyz not a" is not a word`,
		"endings\n  messages 1":       `:2: "messages 1" is not a word`,
		"pairs\n  dont = do not,":     `goes on in no line`,
		"pairs\n  dont = do not,\nx":  `:3: "dont = do not," goes on in no line`,
		"more remove-me\n  [stop]":    `:2: a pattern before the language`,
		"rule a\n  reason: b":         `the rule a needs`,
		"rule a\n  whole: sure":       `:2: ["whole:" "sure"]`,
		addedRule + "  does: evil":    `:6: no rule does "evil"`,
		addedRule + "  + stop":        `:6: "+ stop" comes before the pattern`,
		addedRule + "  stop NO [all]": `:6: rule added: "stop NO [all]" names no class NO`,
		addedRule + "  stop texting":  `:6: rule added: "stop texting" has no anchor`,
		addedRule + "  [stop] [all]":  `:6: rule added: "[stop] [all]" has two anchors`,
		addedRule + "  [stop] a|~":    `:6: rule added: "[stop] a|~" has "~" where a word should be`,
		addedRule + "  [stop] $?":     `:6: rule added: "[stop] $?" has "$" where a word should be`,
		addedRule + "  [~] stop":      `:6: rule added: "[~] stop" has no anchor`,
		addedRule + "  [stop|]":       `:6: rule added: "[stop|]" has "" where a word should be`,
		addedRule + "  a|[stop] b":    `:6: rule added: "a|[stop] b" has "[stop" where`,
		"language xx certain\nparts other-request\n  стоп|_":         `:2: "_" matches any text in "стоп|_"`,
		"language xx certain\nparts other-request\n  .. > стоп":      `:2: ".." matches any text`,
		"language xx certain\nparts other-request\n  стоп > NOSUCH_": `:2: names no class NOSUCH in "стоп > NOSUCH_"`,
		"language xx certain\nparts other-request":                   `:2: a phrase of no parts`,
		"language xx certain\nparts other-request\n  ! стоп":         `:2: a phrase of no parts`,
		strings.Replace(addedRule, "within: none", "within: no", 1):  `:5: revocation: no Certainty has this name`,
	} {
		book, err := with(rulesOf(t), content)
		if err == nil {
			_, err = compile(book)
		}
		require.ErrorContains(t, err, "revocation: rules/added.txt:", content)
		require.ErrorContains(t, err, want, content)
	}
	_, err := compile(newRulebook())
	require.ErrorContains(t, err, "no class")
}

// FuzzRules adds a file to the rules and to the first patterns of the others: all of them take
// long to compile. The file is refused with a word about where and why, or it makes rules that
// read any text.
func FuzzRules(f *testing.F) {
	for _, content := range []string{
		addedRule + "  does: orders\n  [stop] ANY* it $\n    + stop it\n    - it\n",
		"language xx certain\nparts other-request\n  _стоп_|да\n  нет\n",
		"class OWN\n  stop it\nclass +OWN\n  now\npairs\n  stop = stop it,\n    stop now\n", "more remove-me\n  ^ (stop)+\n",
		"typos alone\n  stop 3 not shop\ntypos inside\n  texting 1\nsymbols\n  and &+\nreactions\n  liked, loved\nendings\n  messages not a\n",
		"rule a\n\n# b\n",
	} {
		f.Add(content, "stop it now & stpp")
	}
	for name := range strings.FieldsSeq(ruleOrder) {
		text, err := ruleFiles.ReadFile("rules/" + name + ".txt")
		require.NoError(f, err)
		f.Add(string(text), name)
	}
	f.Fuzz(func(t *testing.T, content, message string) {
		const first = 50
		book := rulesOf(t)
		book.patterns = book.patterns[:first]
		_, err := with(book, content)
		if err == nil {
			require.GreaterOrEqual(t, len(book.patterns), first)
			var g *grammar
			if g, err = compile(book); err == nil {
				for _, text := range []string{message, content} {
					reading := g.readAll(text)
					require.Equal(t, reading, g.readAll(text))
				}
				return
			}
		}
		require.ErrorContains(t, err, "revocation: rules/added.txt:")
	})
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

// TestTheVersionChangesWithTheRules hashes what the rules say, without comments and
// examples, and the table.
func TestTheVersionChangesWithTheRules(t *testing.T) {
	hash := sha256.New()
	for name := range strings.FieldsSeq(ruleOrder) {
		text, err := ruleFiles.ReadFile(path.Join("rules", name+".txt"))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			example := strings.HasPrefix(line, "+ ") || strings.HasPrefix(line, "- ")
			if line != "" && line[0] != '#' && !example {
				_, _ = io.WriteString(hash, line+"\n")
			}
		}
	}
	_, _ = io.WriteString(hash, tableFile)
	want, err := os.ReadFile("testdata/version.txt")
	require.NoError(t, err)
	got := Version() + " " + hex.EncodeToString(hash.Sum(nil)) + "\n"
	require.Equal(t, string(want), got, "The rules or the table have changed. "+
		"Raise rulesVersion, and put this line into testdata/version.txt.")
}

// TestEachPatternDecides plays the examples of each pattern without the pattern. One example
// must then read otherwise: less sure, of another language, or of no wrong number. If the rule
// cancels or doubts, one must read surer. Otherwise the pattern has no evidence, or another
// pattern always beats it.
func TestEachPatternDecides(t *testing.T) {
	book := rulesOf(t)
	for i := range book.patterns {
		book.patterns[i].most = Certain
	}
	c := newCompiler(book)
	require.NoError(t, c.addAll(book))
	patterns, phrases := 0, 0
	for _, text := range book.patterns {
		var without func(message string) Reading
		if text.isPhrase {
			phrase := &c.phrases[phrases]
			phrases++
			without = func(message string) Reading {
				parts := phrase.parts
				defer func() { phrase.parts = parts }()
				phrase.parts = []int{c.parts} // which no message has
				return c.read(message)
			}
		} else {
			p := c.patterns[patterns]
			patterns++
			without = func(message string) Reading {
				right := p.right
				defer func() { p.right = right }()
				p.right = []element{{words: c.newSet()}}
				return c.read(message)
			}
		}
		decides := slices.ContainsFunc(text.yes, func(message string) bool {
			with, less := c.read(message), without(message)
			if text.rule.does&(cancels|doubts) != 0 {
				return with.Certainty < less.Certainty
			}
			return with.Certainty > less.Certainty || with.WrongNumber != less.WrongNumber || with.Language != less.Language
		})
		if !decides {
			t.Errorf("%s:%d: no example needs the pattern %q: %q", text.File, text.Line, text.parts, text.yes)
		}
	}
}
