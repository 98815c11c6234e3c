package keywords

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Pack is a list of the keywords of a country or a language, as it was at a date.
// [Set.WithPacks] adds packs up.
type Pack struct {
	Name      string // "united-states"; of a language its tag: "fr"
	Title     string // "United States"
	Version   int    // grows with each change of the list
	Date      string // of this version: "2026-11-23"
	Effective string // since when its rule binds: "2025-04-11"; "" where that is not known or no rule is
	Source    string // the rule, or whose lists were read

	mandatory, words, optional []Keyword
}

// drawnUp is the date of the first version of every pack.
const drawnUp = "2026-11-23"

// Mandatory returns the words of the pack that its rule demands: [Set.Without]
// refuses to remove them.
func (p Pack) Mandatory() []Keyword { return slices.Clone(p.mandatory) }

// Words returns the words that the pack adds to a Set, the mandatory ones first.
func (p Pack) Words() []Keyword { return slices.Concat(p.mandatory, p.words) }

// Optional returns words that some lists have and the pack does not add: those
// that people also text for another reason (SALIR, BASTA), and those that no
// provider was seen to act on. Add the ones that fit what you send, by [Set.With].
func (p Pack) Optional() []Keyword { return slices.Clone(p.optional) }

// Packs returns every pack, the countries first.
func Packs() []Pack {
	return append([]Pack{unitedStates(), canada()}, languages()...)
}

// PackNamed returns the pack of that name, in whatever case. An unknown name is an
// error that names it and lists those that are known.
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

// WithPacks returns a Set that lists, after the words of s, those of [Default] and
// those of the packs of these names, but for what s lists already: English stays
// on under every pack. Of a word that two packs share, the one named first gives
// the language. What you do not want of it is removed afterwards, by [Set.Without],
// which refuses the words that are mandatory in a pack.
//
// It refuses a name that no pack has, and what [New] refuses: a word of s that has
// another intent in a pack. No two packs contradict each other.
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

// Packs returns the packs of which s was made, in the order in which they were
// added.
func (s *Set) Packs() []Pack {
	if s == nil {
		return nil
	}
	return slices.Clone(s.packs)
}

// newOf is New for a list that was made from packs.
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

// ofPack is the default list with one pack, which TestPacksAddUp builds. Were it
// not to be built, an empty Set makes optout.New fail.
func ofPack(name string) *Set {
	s, err := Default().WithPacks(name)
	if err != nil {
		return &Set{}
	}
	return s
}

// mayGo returns why a word, folded, stays in s.
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

// list makes keywords that have all but their text in common.
func list(intent Intent, language, source string, texts ...string) []Keyword {
	words := make([]Keyword, len(texts))
	for i, text := range texts {
		words[i] = Keyword{Text: text, Intent: intent, Language: language, Source: source}
	}
	return words
}
