package keywords

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Pack is the list of the keywords of a country or a language, at a date.
// [Set.WithPacks] adds packs to a Set.
type Pack struct {
	Name      string // "united-states"; for a language its tag: "fr"
	Title     string // "United States"
	Version   int    // grows with each change of the list
	Date      string // of this version: "2026-11-23"
	Effective string // the day from which its rule binds: "2025-04-11"; empty if there is no rule, or no known day
	Source    string // the rule, or whose lists were read

	mandatory, words, optional []Keyword
}

// drawnUp is the date of the first version of every pack.
const drawnUp = "2026-11-23"

// Mandatory returns the words that the rule of the pack demands. [Set.Without]
// refuses to remove them.
func (p Pack) Mandatory() []Keyword { return slices.Clone(p.mandatory) }

// Words returns the words that the pack adds to a Set. The mandatory words come
// first.
func (p Pack) Words() []Keyword { return slices.Concat(p.mandatory, p.words) }

// Optional returns words that some lists have and the pack does not add. People also
// text them for another reason (SALIR, BASTA), or no provider is known to act on
// them. Add those that fit what you send with [Set.With].
func (p Pack) Optional() []Keyword { return slices.Clone(p.optional) }

// Packs returns every pack, the countries first.
func Packs() []Pack {
	return append([]Pack{unitedStates(), canada()}, languages()...)
}

// PackNamed returns the pack of a name, in any case. An unknown name is an error that
// has the name, and the names of all packs.
func PackNamed(name string) (Pack, error) {
	var known []string
	for _, p := range Packs() {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
		known = append(known, p.Name)
	}
	return Pack{}, fmt.Errorf("keywords: no pack %s, there are %s", quote(name), strings.Join(known, ", "))
}

// WithPacks returns a Set that lists the words of s, then those of [Default], then
// those of the named packs. It does not list a word again that is there already. A
// word that two packs share has the language of the pack named first. Remove the
// words that you do not want with [Set.Without], which refuses mandatory words.
//
// WithPacks refuses a name that no pack has, and a word of s that has another intent
// in a pack. No two packs contradict each other.
func (s *Set) WithPacks(names ...string) (*Set, error) {
	packs, words := s.Packs(), slices.Clone(s.all())
	words = appendNew(words, Default().All())
	for _, name := range names {
		p, err := PackNamed(name)
		if err != nil {
			return nil, err
		}
		words = appendNew(words, slices.Values(p.Words()))
		if !slices.ContainsFunc(packs, func(q Pack) bool { return q.Name == p.Name }) {
			packs = append(packs, p)
		}
	}
	return newOf(packs, words)
}

// Packs returns the packs that were added to s, in the order of adding.
func (s *Set) Packs() []Pack {
	if s == nil {
		return nil
	}
	return slices.Clone(s.packs)
}

// newOf is New for a list that has these packs.
func newOf(packs []Pack, words []Keyword) (*Set, error) {
	s, err := New(words...)
	if err != nil {
		return nil, err
	}
	s.packs = packs
	for _, p := range packs {
		s.version += fmt.Sprintf("+%s.%d", p.Name, p.Version)
	}
	return s, nil
}

// ofPack returns the default list with one pack. It cannot fail, since the tests
// build all packs. If it did, the empty Set would make optout.New fail.
func ofPack(name string) *Set {
	s, err := Default().WithPacks(name)
	if err != nil {
		return &Set{}
	}
	return s
}

// mayGo returns an error for a folded word that cannot be removed from s.
func (s *Set) mayGo(folded string) error {
	for _, p := range s.Packs() {
		for _, w := range p.mandatory {
			if mandatory, err := foldKeyword(w.Text); err == nil && mandatory == folded {
				return fmt.Errorf("mandatory in the pack %s by %s: it cannot be removed", p.Name, w.Source)
			}
		}
	}
	return nil
}

func appendNew(words []Keyword, more iter.Seq[Keyword]) []Keyword {
	for w := range more {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// list makes keywords that differ in their text only.
func list(intent Intent, language, source string, texts ...string) []Keyword {
	words := make([]Keyword, len(texts))
	for i, text := range texts {
		words[i] = Keyword{Text: text, Intent: intent, Language: language, Source: source}
	}
	return words
}
