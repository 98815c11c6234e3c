package keywords

import "slices"

// closeQuotes forgets quotation marks around the whole message: "STOP".
func (r *textReader) closeQuotes() {
	for _, t := range r.raw {
		if t.marks&quoted == 0 {
			return
		}
	}
	for i := range r.raw {
		r.raw[i].marks &^= quoted
	}
}

// mergeLetters joins what is spelled with blanks: "S T O P".
func (r *textReader) mergeLetters(g *grammar) {
	out := r.raw[:0]
	for i := 0; i < len(r.raw); {
		n := i
		for n < len(r.raw) && r.raw[n].end-r.raw[n].start == 1 {
			n++
		}
		if n-i >= 4 {
			r.joined = r.joined[:0]
			for _, t := range r.raw[i:n] {
				r.joined = append(r.joined, r.text[t.start])
			}
			if word := g.lookUp(r.joined); word != 0 {
				t := r.raw[i]
				t.word, t.end = word, r.raw[n-1].end
				t.marks |= r.raw[n-1].marks & asked
				out = append(out, t)
				i = n
				continue
			}
		}
		out = append(out, r.raw[i])
		i++
	}
	r.raw = out
}

// mergeWords makes one word of those that are one: "do not", "opt out".
func (r *textReader) mergeWords(g *grammar) {
	r.mergeDigits(g)
	out := r.raw[:0]
	for _, t := range r.raw {
		if n := len(out); n > 0 && t.marks&phrase == 0 && t.word != 0 && out[n-1].word != 0 {
			if word := g.pairs[[2]wordID{out[n-1].word, t.word}]; word != 0 {
				out[n-1].word, out[n-1].end = word, t.end
				out[n-1].marks |= t.marks & asked
				continue
			}
		}
		out = append(out, t)
	}
	r.raw = out
}

// mergeDigits makes one word of a telephone number, however it is set apart.
func (r *textReader) mergeDigits(g *grammar) {
	out := r.raw[:0]
	for i := 0; i < len(r.raw); {
		digits, end := 0, i
		for end < len(r.raw) && r.isDigits(r.raw[end]) {
			digits += r.raw[end].end - r.raw[end].start
			end++
		}
		t := r.raw[i]
		if digits >= leastPhone && digits <= mostPhone {
			t.word, t.end, i = g.words["digits"], r.raw[end-1].end, end-1
			t.marks |= r.raw[end-1].marks & asked
		}
		out = append(out, t)
		i++
	}
	r.raw = out
}

// The digits of a telephone number, with an area code or without.
const (
	leastPhone = 7
	mostPhone  = 11
)

func (r *textReader) isDigits(t token) bool {
	for _, c := range r.text[t.start:t.end] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return t.end > t.start
}

// dropEffect leaves out "(sent with Slam Effect)", which a phone adds.
func (r *textReader) dropEffect(g *grammar) {
	n := len(r.raw)
	if n < 4 || r.raw[n-1].word == 0 || r.raw[n-1].word != g.words["effect"] {
		return
	}
	for i := n - 3; i > 0 && i >= n-5; i-- {
		if r.raw[i].word == g.words["with"] && r.raw[i-1].word == g.words["sent"] {
			r.raw = r.raw[:i-1]
			return
		}
	}
}

// dropStaccato forgets the full stops where every word has one ("Stop. Texting.").
func (r *textReader) dropStaccato() {
	if len(r.raw) < 3 || len(r.raw) > 8 {
		return
	}
	for _, t := range r.raw {
		if t.marks&sentence == 0 {
			return
		}
	}
	for i := range r.raw[1:] {
		r.raw[i+1].marks &^= sentence | phrase
	}
}

// takeCore leaves out the words that change nothing, and notes those that say how
// the rest is meant.
func (r *textReader) takeCore(g *grammar) {
	var next tokenMark
	r.core = slices.Grow(r.core, len(r.raw))
	last := 0
	r.second, r.secondLast = len(r.raw), -1
	for _, t := range r.raw {
		switch {
		case g.is(t.word, g.playful):
			r.playful = true
		case g.is(t.word, g.polite):
			next |= polite
			r.pleads = true
		case g.is(t.word, g.fillers):
			if g.is(t.word, g.thanks) {
				next |= thanked
			}
		default:
			r.busy = r.busy || g.is(t.word, g.busy)
			r.instead = r.instead || g.is(t.word, g.instead)
			t.marks |= next
			next = 0
			if t.marks&sentence != 0 && len(r.core) > 0 {
				r.second = min(r.second, len(r.core))
				r.secondLast, last = last, len(r.core)
			}
			r.core = append(r.core, t)
			continue
		}
		next |= t.marks & (sentence | phrase)
		if n := len(r.core); n > 0 && t.marks&asked != 0 {
			r.core[n-1].marks |= asked
		}
	}
}
