package revocation

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/seed-f10031e4/consent/keywords"
)

// rule is one way to ask to stop. The package comment explains its patterns.
type rule struct {
	id       string
	reason   string
	source   string
	patterns []string

	// How sure the rule is if the match is the whole message, if it is a phrase of
	// its own ("Who is this? Remove me."), and if it has other words around it.
	whole, clause, within Certainty

	does says
}

// says is what the words of a rule do.
type says uint8

const (
	orders      says = 1 << iota // tells another to act: "stop texting", not "I stop texting"
	wrongNumber                  // says that another person is meant
	supports                     // makes a bare STOP beside it certain
	passing                      // asks for nothing if it has a limit: "don't call before nine"
	negative                     // a "not" before it makes another request of it, not none
	pleads                       // is certain as a whole message with "please"
	enquires                     // is a question
	lifted                       // is certain as a phrase, too, beside one that supports it
)

// vocabulary is the rules and words of a language.
type vocabulary struct {
	language string
	classes  map[string]string // name -> words
	pairs    string            // "do not=dont, …": two words that are one
	rules    []rule
}

// commonWords are in so many ordinary texts that as anchors they count in short
// messages only. A request in a long one has a rarer word beside them.
const commonWords = `my it have s at all get this out want her see think call send said say them him take more here things person
	wish ask thing off kiss sent x
	everything called place before told shit start stuff name getting help end those yes fuck quite having put hear yourself leave
	enough lose forget times drop mobile asked
	mail saying accept telling ring these calls calling address request details hell line hold bother buzz looking quit pub info
	email emails service services phone cell end
	in on me no not for is to group work data system everything ad ads offer offers deals updates reminder alert here trash crap
	junk memory party service program give gave agree
	cut let count done stuff cancel block blocked blocking exit nothing care like need live lives died dead moved owner new
	different changed deal record file log names update
	wa na tx app mess kill add chat feed books following and you u of turn it's going know`

// wordSet is a set of words, a bit each.
type wordSet []uint64

func (s wordSet) has(word wordID) bool { return s[word>>6]>>(word&63)&1 != 0 }

type element struct {
	words          wordSet
	optional, many bool
	edge           bool // ^ or $
	any            bool // . is one word, whatever it is
}

// pattern is a compiled one, ready to be matched from its anchor to both sides.
type pattern struct {
	rule        *rule
	language    string
	left, right []element // left is read backwards
}

// grammar is all the rules, compiled.
type grammar struct {
	words     map[string]wordID
	spelling  []string // by wordID
	pairs     map[[2]wordID]wordID
	symbols   map[rune]wordID
	classes   map[string]wordSet
	unions    map[string]wordSet // while it is compiled
	anchored  [][]*pattern       // by the word of the anchor
	phrases   []phraseRule
	reactions []string
	rareHints map[hint]bool   // the rare words at which a pattern begins
	allHints  map[hint]bool   // the common ones, too
	anchors   map[string]bool // whether each is a rare word
	typos     []typoTarget
	alone     []typoTarget

	polite, fillers, thanks, playful, busy, instead            wordSet
	negation, third, conditional, starter, joiner, addressed   wordSet
	pronoun, toBe                                              wordSet
	around, tail, limit, place, placeWords, footer             wordSet
	keyword, weakKeyword, optIn, longKeyword                   wordSet
	common, hotVerb, hotObject, otherVerb, otherObject, sender wordSet
	me, my, you, nay, get, stopOnly, stopBefore, stopAfter     wordSet
}

var grammarOnce = sync.OnceValue(func() *grammar {
	g, err := compile(vocabularies())
	if err != nil {
		// Not reachable: TestGrammarCompiles builds it. Nothing would be found.
		g = &grammar{}
	}
	return g
})

func (g *grammar) is(word wordID, words wordSet) bool { return word != 0 && words.has(word) }

// compile makes the grammar of the languages. It refuses a pattern that names no
// class, or has not one anchor.
func compile(languages []vocabulary) (*grammar, error) {
	g := &grammar{
		anchors:  map[string]bool{},
		spelling: []string{""},
		typos:    typosInside(),
		alone:    typosAlone(),
		words:    map[string]wordID{},
		pairs:    map[[2]wordID]wordID{},
		symbols:  map[rune]wordID{},
		classes:  map[string]wordSet{},
		unions:   map[string]wordSet{},
	}
	g.number(languages)
	for _, language := range languages {
		if err := g.addClasses(language.classes); err != nil {
			return nil, err
		}
	}
	g.common = g.setOf(commonWords)
	g.anchored = make([][]*pattern, len(g.spelling))
	var errs []error
	for _, language := range languages {
		errs = append(errs, g.addPairs(language.pairs))
		for i := range language.rules {
			errs = append(errs, g.addRule(language.language, &language.rules[i]))
		}
	}
	errs = append(errs, g.nameClasses())
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	g.makeHints()
	g.unions, g.anchors = nil, nil
	g.phrases = compilePhrases(phraseRules())
	for _, words := range reactions() {
		g.reactions = append(g.reactions, words...)
	}
	return g, nil
}

// addClasses adds the classes of a language. One called "+NAME" adds its words to a
// class of the languages before.
func (g *grammar) addClasses(classes map[string]string) error {
	for name, words := range classes {
		more, adds := strings.CutPrefix(name, "+")
		switch {
		case adds == (g.classes[more] == nil):
			return fmt.Errorf("revocation: class %s is there twice, or not at all", name)
		case adds:
			for i, bits := range g.setOf(words) {
				g.classes[more][i] |= bits
			}
		default:
			g.classes[name] = g.setOf(words)
		}
	}
	return nil
}

// number gives every word its place.
func (g *grammar) number(languages []vocabulary) {
	for _, language := range languages {
		for _, words := range language.classes {
			g.addWords(words)
		}
		for _, rule := range language.rules {
			for _, text := range rule.patterns {
				g.addWords(text)
			}
		}
		g.addWords(language.pairs)
	}
}

// addWords adds the words of a class, a pattern or a list of pairs.
func (g *grammar) addWords(text string) {
	for term := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || unicode.IsSpace(c) }) {
		term = strings.TrimRight(strings.Trim(term, "[]()"), "?*+")
		for word := range strings.SplitSeq(term, "|") {
			for _, word := range splitPair(word) {
				g.addWord(word)
			}
		}
	}
}

func (g *grammar) addWord(word string) {
	if word == "" || word == "." || word == "^" || word == "$" || isClass(word) || g.words[word] != 0 || len(g.spelling) > math.MaxUint16 {
		return
	}
	g.words[word] = wordID(len(g.spelling))
	g.spelling = append(g.spelling, word)
}

// splitPair splits "not=dont"; "=" alone is a word.
func splitPair(text string) []string {
	if before, after, ok := strings.Cut(text, "="); ok && before != "" && after != "" {
		return []string{before, after}
	}
	return []string{text}
}

// makeHints makes the sets by which mayAsk passes over ordinary texts.
func (g *grammar) makeHints() {
	g.rareHints, g.allHints = map[hint]bool{}, map[hint]bool{}
	for word, isRare := range g.anchors {
		g.addHint(word, isRare)
	}
	for word := range keywords.Default().All() {
		g.addHint(word.Text, len(word.Text) > 2)
	}
}

// addHint adds a word of ASCII letters and digits. mayAsk looks for no other.
func (g *grammar) addHint(word string, isRare bool) {
	h := hintOf(word)
	if int(h.length) < len(word) {
		return
	}
	g.allHints[h] = true
	if isRare {
		g.rareHints[h] = true
	}
}

func isClass(name string) bool { return len(name) > 1 && 'A' <= name[0] && name[0] <= 'Z' }

func (g *grammar) setOf(words string) wordSet {
	s := make(wordSet, len(g.spelling)/64+1)
	for word := range strings.FieldsSeq(words) {
		s.add(g.words[word])
	}
	return s
}

func (s wordSet) add(word wordID) { s[word>>6] |= 1 << (word & 63) }

func (g *grammar) addPairs(pairs string) error {
	for pair := range strings.SplitSeq(pairs, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		from, to, ok := strings.Cut(strings.TrimSpace(pair), "=")
		two := strings.Fields(from)
		if !ok || len(two) != 2 {
			return fmt.Errorf("revocation: pair %q", pair)
		}
		g.pairs[[2]wordID{g.words[two[0]], g.words[two[1]]}] = g.words[strings.TrimSpace(to)]
	}
	return nil
}

func (g *grammar) addRule(language string, r *rule) error {
	var errs []error
	for _, text := range r.patterns {
		errs = append(errs, g.addPattern(language, r, text))
	}
	return errors.Join(errs...)
}

func (g *grammar) addPattern(language string, r *rule, text string) error {
	p := &pattern{rule: r, language: language}
	var anchor wordSet
	for term := range strings.FieldsSeq(text) {
		e, isAnchor, err := g.element(term)
		switch {
		case err != nil:
			return fmt.Errorf("revocation: rule %s: %q: %w", r.id, text, err)
		case isAnchor && anchor != nil:
			return fmt.Errorf("revocation: rule %s: %q has two anchors", r.id, text)
		case isAnchor:
			anchor = e.words
		case anchor == nil:
			p.left = append(p.left, e)
		default:
			p.right = append(p.right, e)
		}
	}
	if anchor == nil {
		return fmt.Errorf("revocation: rule %s: %q has no anchor", r.id, text)
	}
	slices.Reverse(p.left)
	for word := range g.anchored {
		if anchor.has(wordID(word)) {
			g.anchored[word] = append(g.anchored[word], p)
			strong := strings.Contains(text, "[") && r.whole != None && !g.common.has(wordID(word)) && len(g.spelling[word]) >= 3
			g.anchors[g.spelling[word]] = g.anchors[g.spelling[word]] || strong
		}
	}
	return nil
}

func (g *grammar) element(term string) (e element, anchor bool, err error) {
	switch term {
	case "^", "$":
		return element{edge: true}, false, nil
	case ".":
		return element{any: true}, false, nil
	}
	bare := strings.Trim(term, "[]()")
	anchor = bare != term
	name := strings.TrimRight(bare, "?*+")
	e.optional = strings.HasSuffix(bare, "?") || strings.HasSuffix(bare, "*")
	e.many = strings.HasSuffix(bare, "*") || strings.HasSuffix(bare, "+")
	e.words, err = g.union(name)
	return e, anchor, err
}

// union returns the words of classes and words with "|" between. Patterns that say
// the same share it.
func (g *grammar) union(name string) (wordSet, error) {
	if words := g.unions[name]; words != nil {
		return words, nil
	}
	words := make(wordSet, len(g.spelling)/64+1)
	for word := range strings.SplitSeq(name, "|") {
		switch {
		case !isClass(word):
			words.add(g.words[word])
		case g.classes[word] == nil:
			return nil, fmt.Errorf("no class %s", word)
		default:
			for i, bits := range g.classes[word] {
				words[i] |= bits
			}
		}
	}
	g.unions[name] = words
	return words, nil
}

// vocabularies are the languages that Revocation reads, the surest first.
func vocabularies() []vocabulary {
	return append([]vocabulary{englishRequests(), spanishRequests(), frenchRequests()}, otherLanguages()...)
}

// nameClasses finds the classes that say how a match is meant.
func (g *grammar) nameClasses() error {
	for name, to := range map[string]*wordSet{
		"POLITE": &g.polite, "FILLER": &g.fillers, "THANKS": &g.thanks, "PLAYFUL": &g.playful, "BUSY": &g.busy, "INSTEAD": &g.instead,
		"NEGATION": &g.negation, "PRONOUN": &g.pronoun, "TOBE": &g.toBe, "THIRD": &g.third, "CONDITIONAL": &g.conditional, "STARTER": &g.starter,
		"JOINER": &g.joiner, "ADDRESSED": &g.addressed,
		"AROUND": &g.around, "TAIL": &g.tail, "LIMIT": &g.limit, "PLACE": &g.place, "PLACEWORDS": &g.placeWords, "FOOTER": &g.footer,
		"HOTVERB": &g.hotVerb, "HOTOBJECT": &g.hotObject, "OTHERVERB": &g.otherVerb, "OTHEROBJECT": &g.otherObject, "SENDER": &g.sender,
		"KEYWORD": &g.keyword, "WEAKKEYWORD": &g.weakKeyword, "OPTIN": &g.optIn, "LONGKEYWORD": &g.longKeyword,
		"ME": &g.me, "MY": &g.my, "YOU": &g.you, "NAY": &g.nay, "GET": &g.get, "STOPONLY": &g.stopOnly, "STOPBEFORE": &g.stopBefore,
		"STOPAFTER": &g.stopAfter,
	} {
		if *to = g.classes[name]; *to == nil {
			return fmt.Errorf("revocation: no class %s", name)
		}
	}
	for symbol, word := range symbols() {
		g.symbols[symbol] = g.words[word]
	}
	return nil
}

// symbols are the characters that count as words.
func symbols() map[rune]string {
	of := map[rune]string{'=': "=", '#': "#", '&': "and"}
	for _, c := range "🛑✋🚫⛔🙅🤚📵" {
		of[c] = "🛑"
	}
	for _, c := range "😂🤣😅😆😘🥰😍😜😝😛😋😉😁😄😃😊🤪💕💖💗💋😹" {
		of[c] = "lol"
	}
	return of
}
