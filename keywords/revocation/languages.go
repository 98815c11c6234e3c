package revocation

import (
	"math/bits"
	"slices"
)

// languages is a set of languages, a bit each in the order of the files. The words of
// the 65th would be of none.
type languages uint64

// english is the first language of the files.
const english languages = 1

// speaksFor reports whether the message has a word of a language that English lacks.
func (r *reader) speaksFor(g *grammar, language languages) bool {
	return slices.ContainsFunc(r.raw, func(t token) bool {
		return g.spoken[t.word]&language != 0 && g.spoken[t.word]&english == 0
	})
}

// speaksMore reports whether more words of the message are words of one language than
// of the other. The first in the order of the files, such as English, comes first if the
// languages share them all: "stop sms".
func (r *reader) speaksMore(g *grammar, one, other languages) bool {
	if one == other {
		return false
	}
	a, b := r.wordsOf(g, one), r.wordsOf(g, other)
	return a > b || a == b && one < other
}

// wordsOf returns how many words of the message are words of a language.
func (r *reader) wordsOf(g *grammar, language languages) uint16 {
	if !r.counted {
		r.counted, r.spoken = true, [64]uint16{}
		for _, t := range r.raw {
			for all := g.spoken[t.word]; all != 0; all &= all - 1 {
				r.spoken[bits.TrailingZeros64(uint64(all))]++
				r.steps++
			}
		}
	}
	if language == 0 {
		return 0
	}
	return r.spoken[bits.TrailingZeros64(uint64(language))]
}

// besideAnAside reports whether all words but core[at] are a sentence in a language other
// than English, about somebody or something that the rules do not know: "stop, o Zé não
// vem". It begins with an article, and has a "not" or a verb of the same language.
func (r *reader) besideAnAside(g *grammar, at int) bool {
	first := 0
	if at == 0 {
		first = 1
	}
	if len(r.core) < minAside || len(r.core) > maxAside || r.pleads || !g.is(r.core[first].word, g.article) {
		return false
	}
	spoken, verbs := ^english, 0
	r.steps += len(r.core)
	for _, t := range r.core[first:] {
		if g.is(t.word, g.aside) {
			verbs++
		}
		if g.is(t.word, g.aside) || g.is(t.word, g.article) {
			spoken &= g.spoken[t.word]
		}
	}
	if verbs == 0 || spoken == 0 {
		return false
	}
	for i, t := range r.core {
		isSmall := i != first+1 && (g.is(t.word, g.aside) || g.is(t.word, g.article))
		if i != at && !isSmall && g.spoken[t.word]&(spoken|english) != 0 {
			return false
		}
	}
	return true
}

// The words of a keyword and a sentence beside it.
const (
	minAside = 5
	maxAside = 24
)
