package revocation

// match returns the words that the pattern takes around the anchor at r.core[at].
func (r *reader) match(p *pattern, at int) (from, to int, ok bool) {
	from, ok = r.matchSide(at, -1, maxReach, p.left)
	if !ok {
		return 0, 0, false
	}
	to, ok = r.matchSide(at, 1, maxReach, p.right)
	return from, to + 1, ok
}

// maxReach is the most words on one side of the anchor. It bounds the work.
const maxReach = 12

// matchSide matches elements from the token beside core[at] in one direction, and
// returns the last token that is in the match. No pattern reaches over a comma.
func (r *reader) matchSide(at, step, reach int, elements []element) (int, bool) {
	r.steps++
	if len(elements) == 0 {
		return at, true
	}
	e := &elements[0]
	next := at + step
	// The token after a boundary has the mark.
	blocked := next < 0 || next >= len(r.core) || r.core[max(at, next)].marks&phrase != 0
	if !blocked && reach == 0 {
		return at, false
	}
	if e.edge {
		if !blocked {
			return at, false
		}
		return r.matchSide(at, step, reach, elements[1:])
	}
	if !blocked && e.takes(r.core[next].word) {
		if e.many {
			if last, ok := r.matchSide(next, step, reach-1, elements); ok {
				return last, true
			}
		}
		if last, ok := r.matchSide(next, step, reach-1, elements[1:]); ok {
			return last, true
		}
	}
	if e.optional {
		return r.matchSide(at, step, reach, elements[1:])
	}
	return at, false
}

// takes reports whether the element may be a word.
func (e *element) takes(word wordID) bool {
	if word == 0 {
		return e.any || e.strange
	}
	return e.any || !e.strange && e.words.has(word)
}
