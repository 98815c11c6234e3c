package keywords

func (r *textReader) isKeyword(g *grammar, at int) bool {
	return g.is(r.core[at].word, g.keyword) || g.is(r.core[at].word, g.optIn)
}

// bareKeyword reads messages in which a keyword stands alone, but for words that
// change nothing: "STOP PLEASE"; or as a phrase beside others: "Wrong number, stop".
func (r *textReader) bareKeyword(g *grammar, supported bool) Reading {
	n := r.countKeywords(g)
	if n.keywords == 0 {
		return r.typo(g)
	}
	sure := n.strong > 0 && !r.isDoubtful(n.first, n.first+1)
	last := r.core[len(r.core)-1]
	reading := Reading{Certainty: Possible, Rule: "keyword-among-words", Language: "en", Reason: "a keyword stands beside other words"}
	switch {
	case n.others == 0 && n.optIn:
		reading.Rule, reading.Reason = "two-keywords", "keywords that ask for different things"
	case n.others == 0:
		if sure && (g.is(r.raw[0].word, g.keyword) || r.hasAny(g.longKeyword, 0, len(r.core))) {
			reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-first", "an opt-out keyword, and only words that change nothing"
		}
	case n.others == 1 && sure && g.is(r.core[0].word, g.nay) && g.is(r.core[1].word, g.keyword):
		// Bosley v. A Bradley (S.D. Fla. 2025)
		reading.Certainty, reading.Rule, reading.Reason = Certain, "no-stop", "no, and an opt-out keyword"
	case supported && sure && (n.alone || r.beginsOrEnds(g)):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-and-reason", "an opt-out keyword as a phrase of its own, beside a reason to stop"
	case supported && n.alone: // "Too many messages. Cancel"
	case n.strong > 0 && (n.alone || last.marks&polite != 0 && g.is(last.word, g.keyword)):
	default:
		return r.shortWithStop(g)
	}
	return reading
}

// keywordCount is what a message has of keywords.
type keywordCount struct {
	keywords, strong, others int
	first                    int  // the place of the first
	optIn                    bool // one of them is START or HELP
	alone                    bool // a phrase is nothing but keywords
}

func (r *textReader) countKeywords(g *grammar) (n keywordCount) {
	inPhrase := true // nothing but keywords since the phrase began
	for i, t := range r.core {
		if t.marks&phrase != 0 {
			inPhrase = true
		}
		switch {
		case g.is(t.word, g.optIn):
			n.optIn = true
		case g.is(t.word, g.keyword):
			if n.keywords == 0 {
				n.first = i
			}
			n.keywords++
			if !g.is(t.word, g.weakKeyword) {
				n.strong++
			}
		default:
			n.others++
			inPhrase = false
		}
		ends := i+1 == len(r.core) || r.core[i+1].marks&phrase != 0
		n.alone = n.alone || ends && inPhrase && n.keywords > 0 && t.marks&quoted == 0
	}
	return n
}

// maxReason is the words of a message that gives a reason before its STOP.
const maxReason = 8

// beginsOrEnds reports a keyword at the beginning or the end of a message without
// full stops: "stop I already voted", "not interested stop".
func (r *textReader) beginsOrEnds(g *grammar) bool {
	n := len(r.core)
	if n < 2 || n > maxReason {
		return false
	}
	return g.is(r.core[0].word, g.keyword) && g.is(r.core[1].word, g.tail) ||
		g.is(r.core[n-1].word, g.keyword) && !g.is(r.core[n-2].word, g.stopBefore)
}

// fewWords is the words of a message in which a STOP among others is worth a look.
const fewWords = 4

// shortWithStop reads a short message that begins or ends with STOP and is none of
// those in which it is an ordinary word.
func (r *textReader) shortWithStop(g *grammar) Reading {
	n := len(r.core)
	if n > fewWords || n == 0 {
		return Reading{}
	}
	stop := g.stopOnly
	first, last := r.core[0], r.core[n-1]
	found := g.is(first.word, stop) && !g.is(r.core[min(1, n-1)].word, g.stopAfter) && !r.endsWithING(min(1, n-1)) ||
		g.is(last.word, stop) && (n == 1 || r.core[n-2].word == 0 && r.core[n-1].marks&phrase != 0 || r.core[n-2].word != 0 && !g.is(r.core[n-2].word, g.stopBefore))
	if !found || first.marks&quoted != 0 || r.inFooter(g, 0) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "short-stop", Language: "en", Reason: "a short message that begins or ends with STOP"}
}

func (r *textReader) endsWithING(at int) bool {
	t := r.core[at]
	return t.word == 0 && t.end-t.start > 4 && string(r.text[t.end-3:t.end]) == "ing"
}

// typo reads a message of one word that is a keyword but for a typing error.
func (r *textReader) typo(g *grammar) Reading {
	if len(r.core) != 1 || r.core[0].word != 0 {
		return Reading{}
	}
	for i := range g.alone {
		if g.alone[i].isTypoOf(r.text[r.core[0].start:r.core[0].end]) {
			reading := Reading{Certainty: Possible, Rule: "keyword-typo", Language: "en", Reason: "one letter away from an opt-out keyword"}
			if g.alone[i].isSlip(r.text[r.core[0].start:r.core[0].end]) && len(r.raw) == 1 {
				reading.Certainty = Certain
			}
			return reading
		}
	}
	return Reading{}
}
