package revocation

import (
	"embed"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/internal/outline"
)

//go:embed rules/*.txt
var ruleFiles embed.FS

// ruleOrder names the files in the order in which they are read. Of two rules that
// are as sure of a text, the first decides.
const ruleOrder = `common english spanish french german italian portuguese dutch polish turkish indonesian scandinavian
	finnish czech south-slavic baltic catalan afrikaans hungarian romanian vietnamese tagalog swahili hindi-latin
	cyrillic greek arabic hebrew indic thai chinese japanese korean other-scripts`

// readRules reads the files.
func readRules() (*rulebook, error) {
	p := parser{book: newRulebook()}
	for name := range strings.FieldsSeq(ruleOrder) {
		text, err := ruleFiles.ReadFile("rules/" + name + ".txt")
		if err != nil {
			return nil, fmt.Errorf("revocation: %w", err)
		}
		if err := p.parse(name+".txt", string(text)); err != nil {
			return nil, err
		}
	}
	return p.book, nil
}

// rulebook is what the files say. rules/README.md explains their lines.
type rulebook struct {
	rules     []*rule
	patterns  []patternText
	classes   map[string][]string
	next      languages            // the bit of the next language
	spoken    map[string]languages // the words of classes and pairs
	pairs     map[[2]string]string // two words that count as one
	symbols   map[rune]string      // characters that count as words
	inside    []typoTarget         // recognised inside a request
	alone     []typoTarget         // recognised as the whole message
	fitting   []typoTarget         // recognised where all other words fit
	reactions []string
}

func newRulebook() *rulebook {
	return &rulebook{
		next: english, classes: map[string][]string{}, spoken: map[string]languages{}, pairs: map[[2]string]string{},
		symbols: map[rune]string{},
	}
}

// rule is one way to ask to stop.
type rule struct {
	id     string
	reason string
	source string

	// How sure the rule is if the match is the whole message, if it is a phrase of
	// its own ("Who is this? Remove me."), and if it has other words around it.
	whole, clause, within Certainty

	does says
}

// says is what the words of a rule do.
type says uint16

const (
	orders      says = 1 << iota // tells another to act: "stop texting", not "I stop texting"
	wrongNumber                  // says that another person is meant
	supports                     // makes a bare STOP beside it certain
	passing                      // asks for nothing if it has a limit: "don't call before nine"
	negative                     // a "not" before it makes another request of it, not none
	pleads                       // is certain as a whole message with "please"
	enquires                     // is a question
	lifted                       // is certain as a phrase, too, beside one that supports it
	cancels                      // the message asks for nothing
	doubts                       // makes a phrase of its language Possible
)

// saysNamed returns what a rule does by the word of a file. It returns 0 for an
// unknown word.
func saysNamed(word string) says {
	for i, known := range [...]string{
		"orders", "wrong-number", "supports", "passing", "negative", "pleads", "enquires", "lifted", "cancels", "doubts",
	} {
		if word == known {
			return 1 << i
		}
	}
	return 0
}

// patternText is a pattern as it is written.
type patternText struct {
	outline.Place

	language string
	speaks   languages
	most     Certainty // of the language
	rule     *rule
	isPhrase bool
	parts    []string // of a phrase; otherwise one
	yes, no  []string // texts that it must match, and texts that it must not match
}
