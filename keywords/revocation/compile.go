package revocation

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/seed-f10031e4/consent/keywords"
)

// wordSet is a set of words of the vocabulary.
type wordSet = set[wordID]

type element struct {
	words          wordSet
	optional, many bool
	edge           bool // ^ or $
	any            bool // . is one word, whatever it is
	strange        bool // ~ is one word that the rules lack
}

// pattern is a compiled one, ready to be matched from its anchor to both sides.
type pattern struct {
	origin

	left, right []element // left is read backwards
}

// grammar is all the rules, compiled.
type grammar struct {
	words     map[string]wordID
	spoken    []languages // by wordID
	pairs     map[[2]wordID]wordID
	joins     wordSet // the second words of pairs
	symbols   map[rune]wordID
	patterns  []*pattern  // in the order of the files
	anchored  patternRows // by the word of the anchor
	before    patternRows // by the word before the anchor
	after     patternRows // by the word after the anchor
	needing   patternRows // by a word that the message must have somewhere
	phrases   []phraseRule
	starts    [][]phraseStart // what parts of phrases begin with, by the rows of their letters
	parts     int             // of all phrases
	reactions [][]byte        // each with a blank at its end
	typos     *typoTargets    // recognised inside a request
	alone     *typoTargets    // recognised as the whole message
	fitting   *typoTargets    // recognised where all other words fit
	endings   []typoTarget    // recognised as the end of a longer word
	hints     *hints          // nil if the rules read alone

	period, comma, what, how, to, somebody, someone wordID // words that the engine knows

	rare                                                     wordSet // of which a long request has one
	polite, fillers, thanks, playful, busy, instead          wordSet
	numbers                                                  wordSet
	negation, third, conditional, starter, joiner, addressed wordSet
	pronoun, toBe, otherNo, amused                           wordSet
	around, tail, limit, place, placeWords, footer           wordSet
	keyword, weakKeyword, optIn, longKeyword                 wordSet
	hotVerb, hotObject, otherVerb, otherObject, sender       wordSet
	me, my, you, nay, get, stopOnly, stopBefore, stopAfter   wordSet
	sends, goods, faulty, beforeGoods, noGoods               wordSet
	article, aside, topic, helping, noComma                  wordSet
}

var grammarOnce = sync.OnceValue(func() *grammar {
	book, err := readRules()
	if err == nil {
		var g *grammar
		if g, err = compile(book); err == nil {
			if err = g.addHints(book); err == nil {
				return g
			}
		}
	}
	return nil // not reachable: TestRulesCompile builds it; Read would find nothing
})

func (g *grammar) is(word wordID, words wordSet) bool { return word != 0 && words.has(word) }

// compiler is what only the making of a grammar needs.
type compiler struct {
	*grammar
	spelling []string           // by wordID
	classes  map[string]wordSet // by name
	unions   map[string]wordSet // of classes and words, as a pattern writes them
	common   wordSet            // words that as anchors count in short messages only
}

// compile makes the grammar of a rulebook. It refuses a pattern that names no class,
// or has not one anchor.
func compile(book *rulebook) (*grammar, error) {
	c := newCompiler(book)
	if err := c.addAll(book); err != nil {
		return nil, err
	}
	return c.grammar, nil
}

// newCompiler gives every word of the rulebook its place.
func newCompiler(book *rulebook) *compiler {
	c := &compiler{
		grammar: &grammar{
			words:     map[string]wordID{},
			spoken:    []languages{0},
			pairs:     map[[2]wordID]wordID{},
			symbols:   map[rune]wordID{},
			starts:    make([][]phraseStart, startRows),
			reactions: book.reactions,
			typos:     newTypoTargets(book.typos["inside"]),
			alone:     newTypoTargets(book.typos["alone"]),
			fitting:   newTypoTargets(book.typos["fitting"]),
			endings:   book.typos["endings"],
		},
		spelling: []string{""},
		classes:  map[string]wordSet{},
		unions:   map[string]wordSet{},
	}
	for word, of := range book.spoken {
		c.addWord(word, of)
	}
	for _, text := range book.patterns {
		if text.isPhrase {
			continue
		}
		for term := range strings.FieldsSeq(text.parts[0]) {
			names, _, _ := splitTerm(term)
			for name := range strings.SplitSeq(names, "|") {
				if name != "." && name != "~" && name != "^" && name != "$" && !isClass(name) {
					c.addWord(name, text.speaks)
				}
			}
		}
	}
	c.rare = c.newSet()
	return c
}

// addAll adds the classes first, since the patterns name them.
func (c *compiler) addAll(book *rulebook) error {
	if len(c.spelling) > math.MaxUint16 {
		return fmt.Errorf("revocation: %d words are too many", len(c.spelling))
	}
	for name, words := range book.classes {
		c.classes[name] = c.newSet()
		for _, word := range words {
			c.classes[name].add(c.words[word])
		}
	}
	c.joins = c.newSet()
	for two, one := range book.pairs {
		c.joins.add(c.words[two[1]])
		c.pairs[[2]wordID{c.words[two[0]], c.words[two[1]]}] = c.words[one]
	}
	for word, to := range map[string]*wordID{
		"period": &c.period, "comma": &c.comma, "what": &c.what, "how": &c.how, "to": &c.to,
		"somebody": &c.somebody, "someone": &c.someone,
	} {
		*to = c.words[word]
	}
	for symbol, word := range book.symbols {
		c.symbols[symbol] = c.words[word]
	}
	if err := c.nameClasses(); err != nil {
		return err
	}
	for _, rows := range []*patternRows{&c.anchored, &c.before, &c.after, &c.needing} {
		*rows = newPatternRows(len(c.spelling), len(book.patterns))
	}
	var errs []error
	for _, text := range book.patterns {
		if text.isPhrase {
			errs = append(errs, c.addPhrase(text))
		} else {
			errs = append(errs, c.addPattern(text))
		}
	}
	c.joinPlaces()
	c.before.share()
	c.after.share()
	c.addRareKeywords()
	return errors.Join(errs...)
}

func (c *compiler) addWord(word string, of languages) {
	if c.words[word] == 0 && word != "" {
		c.words[word] = wordID(len(c.spelling))
		c.spelling, c.spoken = append(c.spelling, word), append(c.spoken, 0)
	}
	c.spoken[c.words[word]] |= of
}

// newSet returns an empty set of words.
func (c *compiler) newSet() wordSet { return newSet[wordID](len(c.spelling)) }

func isClass(name string) bool { return len(name) > 1 && 'A' <= name[0] && name[0] <= 'Z' }

// nameClasses finds the classes that say how a match is meant.
func (c *compiler) nameClasses() error {
	g := c.grammar
	for name, to := range map[string]*wordSet{
		"POLITE": &g.polite, "FILLER": &g.fillers, "THANKS": &g.thanks, "PLAYFUL": &g.playful, "BUSY": &g.busy, "INSTEAD": &g.instead,
		"NUMBER":   &g.numbers,
		"NEGATION": &g.negation, "OTHERNO": &g.otherNo, "AMUSED": &g.amused,
		"PRONOUN": &g.pronoun, "TOBE": &g.toBe, "THIRD": &g.third, "CONDITIONAL": &g.conditional, "STARTER": &g.starter,
		"JOINER": &g.joiner, "ADDRESSED": &g.addressed,
		"AROUND": &g.around, "TAIL": &g.tail, "LIMIT": &g.limit, "PLACE": &g.place, "PLACEWORDS": &g.placeWords, "FOOTER": &g.footer,
		"HOTVERB": &g.hotVerb, "HOTOBJECT": &g.hotObject, "OTHERVERB": &g.otherVerb, "OTHEROBJECT": &g.otherObject, "SENDER": &g.sender,
		"KEYWORD": &g.keyword, "WEAKKEYWORD": &g.weakKeyword, "OPTIN": &g.optIn, "LONGKEYWORD": &g.longKeyword,
		"ME": &g.me, "MY": &g.my, "YOU": &g.you, "NAY": &g.nay, "GET": &g.get, "STOPONLY": &g.stopOnly, "STOPBEFORE": &g.stopBefore,
		"STOPAFTER": &g.stopAfter, "COMMON": &c.common, "SENDS": &g.sends, "GOODS": &g.goods, "FAULTY": &g.faulty,
		"BEFOREGOODS": &g.beforeGoods, "NOGOODS": &g.noGoods, "ARTICLE": &g.article, "ASIDE": &g.aside,
		"TOPIC": &g.topic, "HELPING": &g.helping, "NOCOMMA": &g.noComma,
	} {
		if *to = c.classes[name]; *to == nil {
			return fmt.Errorf("revocation: no class %s", name)
		}
	}
	return nil
}

// addPattern adds a pattern to the rows of its anchor, and of the words beside it.
func (c *compiler) addPattern(text patternText) error {
	p, anchor, err := c.pattern(text)
	if err != nil {
		return text.Errorf("rule %s: %q %w", text.rule.id, text.parts[0], err)
	}
	number := len(c.patterns)
	c.patterns = append(c.patterns, p)
	c.before.addSide(p.left, number)
	c.after.addSide(p.right, number)
	c.needing.addNeeded(slices.Concat(p.left, p.right), number)
	isRare := p.rule.whole != None && strings.Contains(text.parts[0], "[")
	for word := range anchor.all() {
		c.anchored.add(word, number)
		if isRare && !c.common.has(word) && len(c.spelling[word]) >= 3 {
			c.rare.add(word)
		}
	}
	return nil
}

// pattern compiles a pattern, and returns the words of its anchor, too.
func (c *compiler) pattern(text patternText) (*pattern, wordSet, error) {
	p := &pattern{origin: text.origin}
	var anchor wordSet
	for term := range strings.FieldsSeq(text.parts[0]) {
		e, isAnchor, err := c.element(term)
		switch {
		case err != nil:
			return nil, nil, err
		case isAnchor && anchor != nil:
			return nil, nil, errors.New("has two anchors")
		case isAnchor:
			anchor = e.words
		case anchor == nil:
			p.left = append(p.left, e)
		default:
			p.right = append(p.right, e)
		}
	}
	if anchor == nil {
		return nil, nil, errors.New("has no anchor")
	}
	slices.Reverse(p.left)
	return p, anchor, nil
}

func (c *compiler) element(term string) (e element, isAnchor bool, err error) {
	switch term {
	case "^", "$":
		return element{edge: true}, false, nil
	case ".":
		return element{any: true}, false, nil
	case "~":
		return element{strange: true}, false, nil
	}
	names, e, isAnchor := splitTerm(term)
	e.words, err = c.union(names)
	return e, isAnchor, err
}

// splitTerm takes the signs from the names in a term of a pattern.
func splitTerm(term string) (names string, e element, isAnchor bool) {
	bare := strings.Trim(term, "[]()")
	e.optional = strings.HasSuffix(bare, "?") || strings.HasSuffix(bare, "*")
	e.many = strings.HasSuffix(bare, "*") || strings.HasSuffix(bare, "+")
	return strings.TrimRight(bare, "?*+"), e, bare != term
}

// union returns the words of classes and words with "|" between. Patterns that say
// the same share it.
func (c *compiler) union(names string) (wordSet, error) {
	if words := c.unions[names]; words != nil {
		return words, nil
	}
	words := c.newSet()
	for name := range strings.SplitSeq(names, "|") {
		switch {
		case name == "" || strings.ContainsAny(name, "[]()"):
			return nil, fmt.Errorf("has %q where a word should be", name)
		case !isClass(name):
			words.add(c.words[name])
		case c.classes[name] == nil:
			return nil, fmt.Errorf("names no class %s", name)
		default:
			words.addAll(c.classes[name])
		}
	}
	c.unions[names] = words
	return words, nil
}

// addRareKeywords adds the keywords to the rare words, since a request may have no other.
func (c *compiler) addRareKeywords() {
	for word := range keywords.Default().All() {
		if id := c.words[strings.ToLower(word.Text)]; id != 0 && len(word.Text) > 2 {
			c.rare.add(id)
		}
	}
}
