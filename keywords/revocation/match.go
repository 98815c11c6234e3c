package revocation

import (
	"iter"
	"math/bits"
	"slices"
)

// patternSet is a set of patterns, by their numbers in the order of the files.
type patternSet = set[int]

// patternRows has the patterns that may match where a word is, by wordID. The first row is
// that of unknown words, and the last that of the edge of a phrase, where no word is.
type patternRows []patternSet

func newPatternRows(words, patterns int) patternRows {
	rows := make(patternRows, words+1)
	for _, i := range []int{0, words} {
		rows[i] = newSet[int](patterns)
	}
	return rows
}

func (rows patternRows) add(word wordID, number int) {
	if rows[word] == nil {
		rows[word] = make(patternSet, len(rows[0]))
	}
	rows[word].add(number)
}

// edge returns the row of the edge of a phrase.
func (rows patternRows) edge() patternSet { return rows[len(rows)-1] }

// addSide adds a pattern to the rows of what may be beside its anchor.
func (rows patternRows) addSide(side []element, number int) {
	for i, e := range side {
		switch {
		case e.edge:
			if !slices.ContainsFunc(side[i:], func(e element) bool { return !e.edge && !e.optional }) {
				rows.edge().add(number)
			}
			return
		case e.any || e.strange:
			rows[0].add(number)
			return
		}
		for word := range e.words.all() {
			rows.add(word, number)
		}
		if !e.optional {
			return
		}
	}
	rows[0].add(number)
	rows.edge().add(number)
}

// addNeeded adds a pattern to the rows of the words one of which the message must have: those of
// the element with the fewest words.
func (rows patternRows) addNeeded(elements []element, number int) {
	var fewest wordSet
	for _, e := range elements {
		if !e.edge && !e.any && !e.strange && !e.optional && (fewest == nil || e.words.size() < fewest.size()) {
			fewest = e.words
		}
	}
	if fewest == nil {
		rows[0].add(number)
	}
	for word := range fewest.all() {
		rows.add(word, number)
	}
}

// share adds the patterns that may match beside any word to the rows of all words.
func (rows patternRows) share() {
	for i, row := range rows[1 : len(rows)-1] {
		if row == nil {
			rows[i+1] = rows[0]
			continue
		}
		row.addAll(rows[0])
	}
}

// findPossible notes the patterns of which the message has a word that they need.
func (r *reader) findPossible(g *grammar) {
	r.possible = append(r.possible[:0], g.needing[0]...)
	for _, t := range r.core {
		if t.word != 0 {
			r.possible.addAll(g.needing[t.word])
		}
	}
}

// candidates goes through the patterns that may match at core[at], by the word there and the
// words beside it.
func (r *reader) candidates(g *grammar, at int) iter.Seq[*pattern] {
	return func(yield func(*pattern) bool) {
		r.steps++
		word := r.core[at].word
		if word == 0 || g.anchored[word] == nil {
			return
		}
		before, after := g.before.edge(), g.after.edge()
		if at > 0 && r.core[at].marks&phrase == 0 {
			before = g.before[r.core[at-1].word]
		}
		if at+1 < len(r.core) && r.core[at+1].marks&phrase == 0 {
			after = g.after[r.core[at+1].word]
		}
		for i, set := range g.anchored[word] {
			if set &= before[i] & after[i]; set == 0 {
				continue
			}
			if len(r.possible) == 0 {
				r.findPossible(g)
			}
			for set &= r.possible[i]; set != 0; set &= set - 1 {
				if !yield(g.patterns[i<<6+bits.TrailingZeros64(set)]) {
					return
				}
			}
		}
	}
}

// matters reports whether a match of the pattern can change what was found: it knows all that try
// does with a match.
func (r *reader) matters(g *grammar, p *pattern, f *finding) bool {
	does, sure := p.rule.does, max(p.rule.whole, p.rule.clause, p.rule.within)
	if does&pleads != 0 && r.pleads {
		sure = Certain
	}
	mayBeNoted := does&supports != 0 && f.support[maxNoted-1].rule == nil || does&lifted != 0 && f.lift[maxNoted-1].rule == nil
	if does&(cancels|doubts) != 0 || mayBeNoted && f.best.Certainty < Certain {
		return true
	}
	certainty := min(sure, p.most)
	return certainty != None && (does&wrongNumber != 0 && !f.wrong ||
		sure > f.loudest.certainty || sure == f.loudest.certainty && r.speaksMore(g, p.speaks, f.loudest.speaks) ||
		certainty > f.best.Certainty || certainty == f.best.Certainty && r.speaksMore(g, p.speaks, f.speaks))
}

// match returns the words that the pattern takes around the anchor at r.core[at].
func (r *reader) match(p *pattern, at int) (from, to int, ok bool) {
	left := sideMatch{core: r.core, elements: p.left, step: -1, steps: &r.steps}
	from, ok = left.match(at, 0, 0)
	if !ok {
		return 0, 0, false
	}
	right := sideMatch{core: r.core, elements: p.right, step: 1, steps: &r.steps}
	to, ok = right.match(at, 0, 0)
	return from, to + 1, ok
}

// maxReach is the most words on one side of the anchor. It bounds the work.
const maxReach = 12

// sideMatch matches the elements on one side of an anchor.
type sideMatch struct {
	core     []token
	elements []element
	step     int                  // to the next word: -1 or 1
	failed   [maxReach + 1]uint16 // by the words taken: the first 16 elements, a bit each, that do not match from there
	steps    *int
}

// match matches the elements from the i-th, beside core[at], and returns the last token that
// is in the match. No pattern reaches over a comma.
func (m *sideMatch) match(at, taken, i int) (last int, ok bool) {
	next := at + m.step
	// The token after a boundary has the mark.
	blocked := next < 0 || next >= len(m.core) || m.core[max(at, next)].marks&phrase != 0
	for ; i < len(m.elements); i++ {
		*m.steps++
		e := &m.elements[i]
		if !blocked && taken == maxReach || m.failed[taken]>>i&1 != 0 {
			return at, false
		}
		if !blocked && e.fits(m.core[next].word) {
			if last, ok := m.take(next, taken+1, i); ok {
				return last, true
			}
		}
		m.failed[taken] |= 1 << i // if what follows matches without the element, nobody asks again
		isMissing := e.optional || e.edge && blocked
		if !isMissing {
			return at, false
		}
	}
	return at, true
}

// take goes on after core[at], which the i-th element takes: with the same element, or with the
// next one.
func (m *sideMatch) take(at, taken, i int) (last int, ok bool) {
	if m.elements[i].many {
		if last, ok := m.match(at, taken, i); ok {
			return last, true
		}
	}
	return m.match(at, taken, i+1)
}

// fits reports whether the element takes a word.
func (e *element) fits(word wordID) bool {
	if word == 0 {
		return e.any || e.strange
	}
	return e.any || !e.edge && !e.strange && e.words.has(word)
}
