package optout

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/seed-f10031e4/consent/keywords"
)

// Severity says how bad a Finding is.
type Severity string

// The severities of [Lint].
const (
	// SeverityError: the word is reserved. Receive takes it for the keyword.
	SeverityError Severity = "error"
	// SeverityWarning: Receive does not take it for a keyword, and some provider may.
	SeverityWarning Severity = "warning"
)

// Finding is a word of the host that collides with a reserved one.
type Finding struct {
	Word     string           `json:"word"`           // of the host, as given
	Reserved keywords.Keyword `json:"reserved"`       // what it is taken for, with its language and source
	Packs    []string         `json:"packs,omitzero"` // that list the reserved word; "default" is keywords.Default
	Severity Severity         `json:"severity"`
	Why      string           `json:"why"` // in words that a person can read
}

// String returns the word, how bad it is and why.
func (f Finding) String() string {
	return fmt.Sprintf("%q: %s: %s", f.Word, f.Severity, f.Why)
}

// Lint reports which of a host's own words, those that start its campaigns or answer
// its surveys, collide with a reserved word of [keywords.Default] or of any pack:
// a contact who answers "End" to a question would be opted out. [Guard.Lint] looks at the
// keywords of one Guard alone.
//
// A Finding is an error if the whole word, folded, is reserved. A Finding is a warning if
// the word begins with an opt-out keyword ("Stop by"), since some providers read only the
// first word of a text. The findings are in the order of the words, at most one of each.
func Lint(words ...string) []Finding {
	return lint(everyPack(), words)
}

// Lint is [Lint] for the keywords of this Guard.
func (g *Guard) Lint(words ...string) []Finding {
	return lint(g.r().keywords, words)
}

var everyPack = sync.OnceValue(func() *keywords.Set {
	var names []string
	for _, p := range keywords.Packs() {
		names = append(names, p.Name)
	}
	set, err := keywords.Default().WithPacks(names...)
	if err != nil {
		return keywords.Default() // not reachable: TestPacksAddUp in keywords
	}
	return set
})

func lint(set *keywords.Set, words []string) []Finding {
	var found []Finding
	for _, word := range words {
		f := Finding{Word: word, Severity: SeverityError}
		match := set.Classify(word)
		if match.Intent == keywords.None {
			f.Severity = SeverityWarning
			match = firstWord(set, word)
		}
		if match.Intent == keywords.None {
			continue
		}
		f.Reserved = listed(set, match)
		f.Packs = packsWith(set, f.Reserved)
		f.Why = fmt.Sprintf("it is the keyword %s, which %s", match.Keyword, does(match.Intent))
		if f.Severity == SeverityWarning {
			f.Why = fmt.Sprintf("it begins with the keyword %s, which %s where a provider goes by the first word", match.Keyword, does(match.Intent))
		}
		found = append(found, f)
	}
	return found
}

func does(intent keywords.Intent) string {
	switch intent {
	case keywords.OptOut:
		return "opts the contact out"
	case keywords.OptIn:
		return "lifts the contact's opt-out"
	default:
		return "is answered with the help text"
	}
}

// firstWord returns the opt-out keyword that a text begins with: of one word or of
// several, the longest.
func firstWord(set *keywords.Set, text string) keywords.Match {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) })
	const most = 32 // words; a keyword is no longer than 64 bytes
	for n := min(len(words)-1, most); n > 0; n-- {
		if match := set.Classify(strings.Join(words[:n], " ")); match.Intent == keywords.OptOut {
			return match
		}
	}
	return keywords.Match{}
}

// listed returns the listing of a Set that matched.
func listed(set *keywords.Set, match keywords.Match) keywords.Keyword {
	for word := range set.All() {
		if word.Text == match.Keyword && word.Intent == match.Intent && word.Language == match.Language {
			return word
		}
	}
	return keywords.Keyword{}
}

// packsWith returns the names of the packs of a Set that list a word, in whatever
// spelling. It is empty for a word that is the host's own.
func packsWith(set *keywords.Set, word keywords.Keyword) []string {
	var names []string
	if keywords.Default().Classify(word.Text).Intent != keywords.None {
		names = append(names, "default")
	}
	for _, p := range set.Packs() {
		own, err := keywords.New(p.Words()...)
		if err == nil && own.Classify(word.Text).Intent != keywords.None {
			names = append(names, p.Name)
		}
	}
	return names
}
