package keywords

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// Pack is the list of the keywords of a country or a language, at a date.
// [Set.WithPacks] adds packs to a Set.
type Pack struct {
	Name      string `json:"name"`               // "united-states"; for a language its tag: "fr"
	Title     string `json:"title"`              // "United States"
	Version   int    `json:"version"`            // grows with each change of the list
	Date      string `json:"date,omitzero"`      // of this version: "2026-11-23"
	Effective string `json:"effective,omitzero"` // the day from which its rule binds: "2025-04-11"; empty if there is no rule, or no known day
	Source    string `json:"source,omitzero"`    // the rule, or whose lists were read

	mandatory, words, optional []Keyword
}

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
	return slices.Clone(packsOnce())
}

// PackNamed returns the pack of a name, in any case. An unknown name is an error that
// has the name, and the names of all packs.
func PackNamed(name string) (Pack, error) {
	var known []string
	for _, p := range packsOnce() {
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

// UnitedStates returns [Default] with the words of the pack "united-states". These
// are the seven words with which 47 CFR 64.1200(a)(10) definitively revokes consent
// (stop, quit, end, revoke, opt out, cancel, unsubscribe), also as OPTOUT and
// OPT-OUT, and STOP ALL. No Set that is made from it can remove them. It is built
// once.
//
// The same rule gives effect to any words that a reasonable person would understand
// as a request to stop. A list of keywords cannot do this: see
// [github.com/seed-f10031e4/consent/keywords/revocation].
func UnitedStates() *Set { return unitedStatesSet() }

var unitedStatesSet = sync.OnceValue(func() *Set { return ofPack("united-states") })

// Canada returns [Default] with the words of the pack "canada". Canadian short codes
// must answer STOP, ARRET, HELP, AIDE and INFO, to subscribers and to others. These
// words cannot be removed. The pack adds END, QUIT, CANCEL, UNSUBSCRIBE and UNSUB. It
// is built once.
func Canada() *Set { return canadaSet() }

var canadaSet = sync.OnceValue(func() *Set { return ofPack("canada") })

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
