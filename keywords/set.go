package keywords

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"
)

// Set is an immutable list of keywords, safe for concurrent use. A nil or zero Set
// lists nothing.
type Set struct {
	words   []Keyword
	byFold  map[string]*Match // by the folded text; of a word listed twice the first
	longest int               // bytes of the longest folded text
	letters map[rune]bool     // the bare letters of all folded texts
	tree    keywordTree       // of the folded texts
	packs   []Pack            // whose mandatory words cannot be removed
	version string
}

// defaultSource is the source of every default keyword. US carriers and providers
// act on these words. The CTIA Messaging Principles (5.1.3) name the opt-outs.
const defaultSource = "CTIA Messaging Principles 5.1.3; US provider defaults"

// standard is the Set that Default returns. It is made when a program starts, in
// some 50 microseconds, so that Classify need not ask whether it is there. Its list is
// not in packs.txt, which takes longer to read, and which most programs never need.
var standard = func() *Set {
	var words []Keyword
	list := func(intent Intent, texts ...string) {
		for _, text := range texts {
			words = append(words, Keyword{Text: text, Intent: intent, Language: "en", Source: defaultSource})
		}
	}
	list(OptOut, "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT")
	list(OptIn, "START", "UNSTOP")
	list(Help, "HELP", "INFO")
	s, err := New(words...)
	if err != nil {
		// Not reachable: the tests build it. An empty Set makes optout.New fail.
		return &Set{}
	}
	return s
}()

// Default returns the list that is on unless the host chooses another one. It lists
// exactly STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, START, UNSTOP, HELP, INFO.
func Default() *Set { return standard }

// New returns a Set of exactly these keywords.
//
// New refuses a word that is not UTF-8, is empty after folding, or has more than 64
// bytes after folding; an intent other than OptOut, OptIn and Help; and one word with
// two intents. The error names the word. A word may be listed again with the same
// intent. [Set.All] yields both listings, and Classify answers with the first.
func New(words ...Keyword) (*Set, error) {
	s := &Set{
		words:   slices.Clone(words),
		byFold:  make(map[string]*Match, len(words)),
		letters: make(map[rune]bool),
	}
	for _, w := range s.words {
		if w.Intent != OptOut && w.Intent != OptIn && w.Intent != Help {
			return nil, fmt.Errorf("keywords: %s: unknown intent %v", quote(w.Text), w.Intent)
		}
		folded, err := foldKeyword(w.Text)
		if err != nil {
			return nil, fmt.Errorf("keywords: %s: %w", quote(w.Text), err)
		}
		first, listed := s.byFold[folded]
		if !listed {
			s.add(folded, &Match{Intent: w.Intent, Keyword: w.Text, Language: w.Language})
			continue
		}
		if first.Intent != w.Intent {
			return nil, fmt.Errorf("keywords: %s: listed as %v and as %v", quote(w.Text), first.Intent, w.Intent)
		}
	}
	s.version = versionOf(s.words)
	return s, nil
}

// add adds a keyword that is not listed yet.
func (s *Set) add(folded string, match *Match) {
	s.byFold[folded] = match
	s.longest = max(s.longest, len(folded))
	for i, r := range folded {
		s.letters[bareLetter(r, folded[i:])] = true
	}
	s.tree.add(folded, match)
}

// With returns a Set that lists these words after those of s. It refuses what
// [New] refuses.
func (s *Set) With(words ...Keyword) (*Set, error) {
	return newOf(s.Packs(), slices.Concat(s.all(), words))
}

// Without returns a Set that no longer lists these words, in any spelling. A word
// that s does not list is an error, and so is a word that is mandatory in a pack of
// s. The error names the word, and the rule that makes it mandatory.
func (s *Set) Without(texts ...string) (*Set, error) {
	gone := make(map[string]bool, len(texts))
	for _, text := range texts {
		folded, err := foldKeyword(text)
		if err != nil {
			return nil, fmt.Errorf("keywords: %s: %w", quote(text), err)
		}
		if s.find(folded) == nil {
			return nil, fmt.Errorf("keywords: %s: not listed", quote(text))
		}
		if err := s.mayGo(folded); err != nil {
			return nil, fmt.Errorf("keywords: %s: %w", quote(text), err)
		}
		gone[folded] = true
	}
	var kept []Keyword
	for _, w := range s.all() {
		if folded, err := foldKeyword(w.Text); err == nil && gone[folded] {
			continue
		}
		kept = append(kept, w)
	}
	return newOf(s.Packs(), kept)
}

// All yields the keywords in the order in which they were listed.
func (s *Set) All() iter.Seq[Keyword] {
	return slices.Values(s.all())
}

// Version names this exact list, in this order, and its packs, as in
// "1-b6e34be48cfdf4cb+canada.1". The record of each event has it, so that one can
// tell years later which list was in force.
func (s *Set) Version() string {
	if s == nil || s.version == "" {
		return versionOf(nil)
	}
	return s.version
}

func (s *Set) all() []Keyword {
	if s == nil {
		return nil
	}
	return s.words
}

// foldKeyword returns the folded text of a keyword, or why it cannot be one.
func foldKeyword(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("not UTF-8")
	}
	var folded []byte
	text, ok := withinLimits(text)
	if ok {
		f := getFolder()
		defer putFolder(f)
		folded, ok = f.fold(text)
	}
	switch {
	case !ok || len(folded) > maxKeyword:
		return "", fmt.Errorf("over %d bytes when folded", maxKeyword)
	case len(folded) == 0:
		return "", errors.New("empty when folded")
	}
	return string(folded), nil
}

// versionOf hashes the list; "1" is the version of the folding rules.
func versionOf(words []Keyword) string {
	var list []byte
	for _, w := range words {
		list = fmt.Appendf(list, "%q %q %q %q\n", w.Text, w.Intent.String(), w.Language, w.Source)
	}
	sum := sha256.Sum256(list)
	return "1-" + hex.EncodeToString(sum[:8])
}

// quote names a word in an error, cut so that a huge one stays readable.
func quote(text string) string {
	const most = 256
	if len(text) > most {
		return fmt.Sprintf("%q and %d more bytes", text[:most], len(text)-most)
	}
	return fmt.Sprintf("%q", text)
}
