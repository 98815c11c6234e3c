package revocation

import "slices"

// finding is what the rules found so far.
type finding struct {
	best          Reading
	speaks        languages // of the best
	loudest       voice
	support, lift [maxNoted]match
	wrong         bool
	cancelled     bool
	doubted       bool
}

// voice is a language for which a match speaks, as sure as the match would be if the
// language could say all.
type voice struct {
	certainty Certainty
	speaks    languages
	language  string
}

// match is a rule, and the words that its pattern takes.
type match struct {
	rule     *rule
	from, to int
}

// judge applies the rules to the words, and takes the surest.
func (r *reader) judge(g *grammar) Reading {
	var f finding
	for at := range r.core {
		for p := range r.candidates(g, at) {
			r.try(g, p, at, &f)
		}
	}
	if f.cancelled {
		r.refused = true
		return Reading{}
	}
	best := f.best
	if best.Certainty != None {
		best.Language = f.loudest.language
		if !r.speaksFor(g, f.loudest.speaks) {
			best.Language = "en"
		}
	}
	if best.Certainty == Possible && differ(&f.support, &f.lift) && !r.playful && !r.busy && !r.instead {
		best.Certainty, best.Rule, best.Reason = Certain, f.lift[0].rule.id, f.lift[0].rule.reason
	}
	if bare := r.bareKeyword(g, f.support[0].rule != nil); bare.Certainty > best.Certainty {
		best = bare
	}
	if best.Certainty == None && !(r.namesGoods(g) && r.hasAny(g.sends, 0, len(r.core))) {
		if best = r.requestWords(g); best.Certainty == None {
			best = r.otherWords(g)
		}
	}
	if other := r.phrases(g); other.Certainty > best.Certainty {
		best = other
	}
	if f.doubted {
		best.Certainty = min(best.Certainty, Possible)
	}
	best.WrongNumber = best.Certainty != None && (f.wrong || best.WrongNumber)
	return best
}

// try applies one pattern at one place.
func (r *reader) try(g *grammar, p *pattern, at int, f *finding) {
	if !r.matters(g, p, f) {
		return
	}
	from, to, ok := r.match(p, at)
	if !ok || r.inFooter(g, at) || r.sendsGoods(g, from, to) {
		return
	}
	if p.rule.does&(cancels|doubts) != 0 {
		s := r.contextOf(g, p, from, to)
		holds := !s.negated && !s.third && !s.indirect
		f.cancelled = f.cancelled || holds && p.rule.does&cancels != 0
		f.doubted = f.doubted || holds && p.rule.does&doubts != 0
		return
	}
	sure := r.certainty(g, p, from, to)
	certainty := min(sure, p.most)
	isKeyword := to-from == 1 && g.is(r.core[from].word, g.keyword) // which is no reason for itself
	if p.rule.does&supports != 0 && !isKeyword && (certainty != None || p.rule.whole == None) {
		note(&f.support, match{p.rule, from, to})
	}
	if certainty == None {
		return
	}
	if p.rule.does&lifted != 0 && p.most == Certain {
		note(&f.lift, match{p.rule, from, to})
	}
	f.wrong = f.wrong || p.rule.does&wrongNumber != 0
	if sure > f.loudest.certainty || sure == f.loudest.certainty && r.speaksMore(g, p.speaks, f.loudest.speaks) {
		f.loudest = voice{sure, p.speaks, p.language}
	}
	if certainty > f.best.Certainty || certainty == f.best.Certainty && r.speaksMore(g, p.speaks, f.speaks) {
		f.speaks = p.speaks
		f.best = p.rule.reading(certainty, p.language)
	}
}

// reading returns what the rule says.
func (r *rule) reading(certainty Certainty, language string) Reading {
	return Reading{Certainty: certainty, Rule: r.id, Reason: r.reason, Language: language}
}

// maxNoted is the matches that support, and those that are lifted, which are kept.
const maxNoted = 4

// note keeps the first matches, one of a rule at a place.
func note(matches *[maxNoted]match, m match) {
	for i := range matches {
		switch {
		case matches[i].rule == nil:
			matches[i] = m
			return
		case matches[i].rule.id == m.rule.id && matches[i].from == m.from:
			return
		}
	}
}

// differ reports whether a match is there beside one of another id, in other words.
func differ(support, lift *[maxNoted]match) bool {
	for _, s := range support {
		for _, l := range lift {
			if s.rule != nil && l.rule != nil && s.rule.id != l.rule.id && (s.to <= l.from || l.to <= s.from) {
				return true
			}
		}
	}
	return false
}

// certainty weighs a match by the words around it.
func (r *reader) certainty(g *grammar, p *pattern, from, to int) Certainty {
	rule := p.rule
	s := r.contextOf(g, p, from, to)
	if s.negated && rule.does&negative == 0 || (s.third || s.to) && rule.does&wrongNumber == 0 {
		r.refused = true
		return None
	}
	c := rule.within
	switch s.place {
	case wholeMessage:
		c = rule.whole
		if rule.does&pleads != 0 && r.pleads {
			c = Certain
		}
	case ownClause:
		c = rule.clause
	case amongOthers:
	}
	if s.limited {
		c = rule.within
		if rule.does&passing != 0 {
			return None
		}
	}
	// As the firms write under adverts: "Now open near you! More offers inside. Unsub: u".
	inMiddle := len(r.core) > maxReason && from > 0 && to < len(r.core)
	if to-from == 1 && s.place == ownClause && (inMiddle || !r.hasAny(g.longKeyword, from, to)) {
		if rule.does&wrongNumber == 0 && r.besideAnAside(g, from) {
			return None
		}
		c = min(c, Possible) // one word among sentences
	}
	if c == Certain && (s.limited || s.indirect && rule.does&enquires == 0 || r.isDoubtful(from, to)) {
		return Possible
	}
	return c
}

// maxCertain is the length in bytes over which a request counts as certain only
// in the first or the last sentence. People who ask to stop are brief.
const maxCertain = 300

// isDoubtful reports what makes a request uncertain in any place of the message:
// play, a reason that passes, another way to reach the sender, words that are
// quoted, and the middle of a long text.
func (r *reader) isDoubtful(from, to int) bool {
	if r.playful || r.busy || r.instead || r.reply {
		return true
	}
	if r.core[from].marks&quoted != 0 {
		return true
	}
	// In a long text, a request at the beginning or the end; "Thank you. Mary" may
	// follow.
	return len(r.text) > maxCertain && from >= r.second && to <= r.secondLast
}

func (r *reader) isKeyword(g *grammar, at int) bool {
	return g.is(r.core[at].word, g.keyword) || g.is(r.core[at].word, g.optIn)
}

// bareKeyword reads messages that have a keyword and words that change nothing
// ("STOP PLEASE"), or a keyword as a phrase of its own ("Wrong number, stop").
func (r *reader) bareKeyword(g *grammar, supported bool) Reading {
	n := r.countKeywords(g)
	if n.keywords == 0 {
		return r.typo(g)
	}
	sure := n.strong > 0 && !r.isDoubtful(n.first, n.first+1)
	last := r.core[len(r.core)-1]
	reading := Reading{Certainty: Possible, Rule: "keyword-among-words", Language: "en", Reason: "a keyword is beside other words"}
	switch {
	case n.others == 0 && n.optIn:
		reading.Rule, reading.Reason = "two-keywords", "keywords that ask for different things"
	case n.others == 0:
		if sure && (g.is(r.raw[0].word, g.keyword) || r.hasAny(g.longKeyword, 0, len(r.core)) || r.pleads || r.beginsPhrase(n.first)) {
			reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-first", "an opt-out keyword, and only words that change nothing"
		}
	case n.others == 1 && sure && g.is(r.core[0].word, g.nay) && g.is(r.core[1].word, g.keyword):
		// Bosley v. A Bradley (S.D. Fla. 2025)
		reading.Certainty, reading.Rule, reading.Reason = Certain, "no-stop", "no, and an opt-out keyword"
	case sure && n.alone && r.isSigned(g):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-signed", "an opt-out keyword, and a name under it"
	case sure && n.ownPhrase(r, g) && !r.hasAny(g.amused, 0, len(r.core)) && !r.namesGoods(g) && !r.isForeign(g):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-in-its-own-phrase", "an opt-out keyword as a phrase of its own"
	case supported && sure && (n.alone || r.beginsOrEnds(g)):
		reading.Certainty, reading.Rule = Certain, "keyword-and-reason"
		reading.Reason = "an opt-out keyword as a phrase of its own, beside a reason to stop"
	case supported && n.alone: // "Too many messages. Cancel"
	case sure && n.keywords == 1 && r.pleadsToStop(g):
		reading.Certainty, reading.Rule = Certain, "keyword-with-please"
		reading.Reason = "a short message that ends with an opt-out keyword after \"please\""
	case n.keywords == 1 && r.besideAnAside(g, n.first):
		return Reading{}
	case n.strong > 0 && (n.alone || last.marks&polite != 0 && g.is(last.word, g.keyword)):
	default:
		return r.shortWithStop(g)
	}
	return reading
}

// beginsPhrase reports whether no other word, not even one that changes nothing, is before
// core[at] in its phrase: "Hello, stop", but not "ok stop".
func (r *reader) beginsPhrase(at int) bool {
	return slices.ContainsFunc(r.raw, func(t token) bool { return t.start == r.core[at].start && t.marks&phrase != 0 })
}

// isSigned reports whether the words that are no keyword are a name under the message:
// words that the rules do not know, after thanks, on a line of their own, or in a sentence
// after "stop please".
func (r *reader) isSigned(g *grammar) bool {
	first := slices.IndexFunc(r.core, func(t token) bool { return !g.is(t.word, g.keyword) })
	if first < 1 || r.core[first].marks&(thanked|line) == 0 && (!r.pleads || r.core[first].marks&sentence == 0) {
		return false
	}
	return r.isName(first)
}

// keywordCount is what a message has of keywords.
type keywordCount struct {
	keywords, strong, others int
	first                    int  // the place of the first
	optIn                    bool // one of them is START or HELP
	alone                    bool // a phrase is nothing but keywords
	last                     bool // and it is the last one
}

// ownPhrase reports the only keyword at the end of a message, in a phrase of its own ("We moved
// to Ohio. Stop"), or at its beginning, if the sender goes on about himself ("Stop. I am at work").
func (n *keywordCount) ownPhrase(r *reader, g *grammar) bool {
	stop := r.core[n.first]
	isStop := g.is(stop.word, g.stopOnly) || g.is(stop.word, g.longKeyword) || !g.is(stop.word, g.weakKeyword) &&
		(stop.marks&polite != 0 || r.pleads && n.last || stop.word == g.words["quit"] && r.beginsPhrase(n.first))
	if n.keywords != 1 || n.others == 0 || !n.alone || !isStop {
		return false
	}
	if n.last {
		return true
	}
	goesOn := n.first == 0 && (g.is(r.core[1].word, g.starter) || r.core[1].word == g.words["my"])
	return goesOn && r.core[len(r.core)-1].marks&question == 0
}

// isForeign reports a word of another language that English lacks.
func (r *reader) isForeign(g *grammar) bool {
	return r.foreign || slices.ContainsFunc(r.core, func(t token) bool { return g.spoken[t.word] != 0 && g.spoken[t.word]&english == 0 })
}

func (r *reader) countKeywords(g *grammar) (n keywordCount) {
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
		n.last = ends && inPhrase && n.keywords > 0 && t.marks&quoted == 0
		n.alone = n.alone || n.last
	}
	return n
}

// maxReason is the words of a message that gives a reason before its STOP.
const maxReason = 8

// beginsOrEnds reports a keyword at the beginning or the end of a message without
// full stops: "stop I already voted", "not interested stop".
func (r *reader) beginsOrEnds(g *grammar) bool {
	n := len(r.core)
	if n < 2 || n > maxReason {
		return false
	}
	return g.is(r.core[0].word, g.keyword) && g.is(r.core[1].word, g.tail) ||
		g.is(r.core[n-1].word, g.keyword) && !g.is(r.core[n-2].word, g.stopBefore)
}

// pleadsToStop reports a short message that ends with "please stop": "I'm on prepaid please
// stop". It names no other person and no goods.
func (r *reader) pleadsToStop(g *grammar) bool {
	n := len(r.core)
	last := r.core[n-1]
	if n < 2 || n > maxReason || last.marks&(polite|question) != polite || !g.is(last.word, g.stopOnly) {
		return false
	}
	return !r.namesGoods(g) && !g.is(r.core[n-2].word, g.stopBefore) && !r.hasAny(g.third, 0, n) && !r.hasAny(g.limit, 0, n)
}

// fewWords is the words of a message in which a STOP among others is worth a look.
const fewWords = 4

// shortWithStop reads a short message that begins or ends with STOP, unless STOP is
// an ordinary word there. It is longer if the sender begins with himself or a "no".
func (r *reader) shortWithStop(g *grammar) Reading {
	n := len(r.core)
	most := fewWords
	if first := r.core[0].word; g.is(first, g.starter) || g.is(first, g.nay) || g.is(first, g.negation) || g.is(first, g.my) {
		most = maxReason
	}
	if n > most {
		return Reading{}
	}
	stop := g.stopOnly
	first := r.core[0]
	begins := g.is(first.word, stop) && !g.is(r.core[min(1, n-1)].word, g.stopAfter) && !r.endsWithING(min(1, n-1))
	if !begins && !r.endsWithStop(g) || first.marks&quoted != 0 || r.inFooter(g, 0) || r.namesGoods(g) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "short-stop", Language: "en", Reason: "a short message that begins or ends with STOP"}
}

// endsWithStop reports whether the last word is STOP, and the word before it does
// not make an ordinary word of it, as in "bus stop".
func (r *reader) endsWithStop(g *grammar) bool {
	n := len(r.core)
	last := r.core[n-1]
	switch {
	case !g.is(last.word, g.stopOnly):
		return false
	case n == 1:
		return true
	case r.core[n-2].word == 0: // "at Warren stop", but not "never of pizza stop"
		return last.marks&phrase != 0 || n > fewWords && r.core[n-3].word != 0 && !g.is(r.core[n-3].word, g.stopBefore)
	default:
		return !g.is(r.core[n-2].word, g.stopBefore)
	}
}

func (r *reader) endsWithING(at int) bool {
	t := r.core[at]
	return t.word == 0 && t.end-t.start > 4 && string(r.text[t.end-3:t.end]) == "ing"
}

// typo reads a message of one word: a keyword with a typing error.
func (r *reader) typo(g *grammar) Reading {
	if len(r.core) != 1 || r.core[0].word != 0 {
		return Reading{}
	}
	word := r.text[r.core[0].start:r.core[0].end]
	target := g.alone.find(word)
	if target == nil {
		return Reading{}
	}
	reading := Reading{Certainty: Possible, Rule: "keyword-typo", Language: "en", Reason: "one letter away from an opt-out keyword"}
	if target.isSlip(word) && len(r.raw) == 1 {
		reading.Certainty = Certain
	}
	return reading
}

// maxMixed is the words of a message in which a verb of stopping and an object of
// messaging are worth a look, in any sentence.
const maxMixed = 7

// requestWords reads short messages that no pattern fits, yet have the words of a
// request in its order: "no, your texts - cease".
func (r *reader) requestWords(g *grammar) Reading {
	verb, object := -1, -1
	for i, t := range r.core {
		switch {
		case g.is(t.word, g.limit), g.is(t.word, g.third) || t.marks&(quoted|asked) != 0:
			return Reading{}
		case verb >= 0 && object < 0 && g.is(t.word, g.get):
			return Reading{} // "I don't get your texts"
		case object < 0 && i > 0 && g.is(t.word, g.longKeyword) && g.is(r.core[i-1].word, g.negation):
			return Reading{} // "no, don't unsubscribe me"
		case verb >= 0 && object < 0 && g.is(r.core[verb].word, g.negation) && (g.is(t.word, g.keyword) || g.is(t.word, g.hotVerb)):
			return Reading{} // "do not stop the messages"
		case verb >= 0 && object < 0 && g.is(r.core[i-1].word, g.negation) && g.is(t.word, g.keyword):
			return Reading{} // "no, don't unsubscribe me"
		case verb < 0 && g.is(t.word, g.hotVerb):
			verb = i
		case verb >= 0 && object < 0 && g.is(t.word, g.hotObject):
			object = i
		}
	}
	if verb > 0 && g.is(r.core[verb].word, g.stopOnly) && g.is(r.core[verb-1].word, g.stopBefore) {
		return Reading{} // "I should stop texting"
	}
	if len(r.core) > maxMixed || object < 0 || object-verb > 3 {
		return Reading{}
	}
	if verb > 0 && (g.is(r.core[verb-1].word, g.negation) || g.is(r.core[verb-1].word, g.get)) {
		return Reading{} // "don't stop texting", "I get your texts"
	}
	if r.inFooter(g, verb) || r.isStatement(g, verb) {
		return Reading{}
	}
	return Reading{
		Certainty: Possible, Rule: "request-words", Language: "en",
		Reason: "a short message with a word of stopping and one of messaging",
	}
}

// otherWords is requestWords for languages other than English, whose verbs may come
// last.
func (r *reader) otherWords(g *grammar) Reading {
	verb, object := false, false
	for _, t := range r.core {
		if t.marks&quoted != 0 {
			return Reading{}
		}
		switch {
		case g.is(t.word, g.otherVerb):
			verb = true
		case g.is(t.word, g.otherObject):
			object = true
		}
	}
	if !verb || !object || len(r.core) > maxMixed+2 {
		return Reading{}
	}
	return Reading{
		Certainty: Possible, Rule: "request-words", Language: "und",
		Reason: "a short message, not in English, with a word of stopping and one of messaging",
	}
}

// onlyEmoji reads a message without a word that counts.
func (r *reader) onlyEmoji(g *grammar) Reading {
	stop := g.words["🛑"]
	if stop == 0 || !slices.ContainsFunc(r.raw, func(t token) bool { return t.word == stop }) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "stop-emoji", Language: "und", Reason: "a stop sign or a raised hand, without words"}
}
