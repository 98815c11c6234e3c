package keywords

// setting is what stands around a match.
type setting struct {
	place   place
	negated bool // "don't" before it
	third   bool // someone else's doing, or the sender's own
	open    bool // "if you …", "when will you …", "how do I …": not an order, yet near one
	limited bool // "until Friday", "at work"
	to      bool // "to stop …" with nobody who is to
}

type place uint8

const (
	within place = iota // among other words
	clause              // a phrase of its own
	whole               // all that the message says
)

// judge applies the rules to the words, and takes the surest.
func (r *reader) judge(g *grammar) Reading {
	var best Reading
	var support, lift [2]*rule // of two different ids
	wrong := false
	for at := range r.core {
		for i := range g.anchored[r.core[at].word] {
			p := &g.anchored[r.core[at].word][i]
			from, to, ok := p.match(r.core, at)
			if !ok || r.inFooter(g, at) {
				continue
			}
			certainty := r.certainty(g, p.rule, from, to)
			if p.rule.does&supports != 0 && (certainty != No || p.rule.whole == No) {
				note(&support, p.rule)
			}
			if certainty == No {
				continue
			}
			if p.rule.does&lifted != 0 {
				note(&lift, p.rule)
			}
			wrong = wrong || p.rule.does&wrongNumber != 0
			if certainty > best.Certainty {
				best = Reading{Certainty: certainty, Rule: p.rule.id, Reason: p.rule.reason, Language: p.language}
			}
		}
	}
	if best.Certainty == Possible && differ(&support, &lift) && !r.playful && !r.busy && !r.instead {
		best.Certainty, best.Rule, best.Reason = Certain, lift[0].id, lift[0].reason
	}
	if bare := r.bareKeyword(g, support[0] != nil); bare.Certainty > best.Certainty {
		best = bare
	}
	if best.Certainty == No {
		best = r.requestWords(g)
	}
	if best.Certainty == No {
		best = r.otherWords(g)
	}
	if best.Certainty < Certain {
		if other := r.phrases(g); other.Certainty > best.Certainty {
			best = other
		}
	}
	best.WrongNumber = best.Certainty != No && wrong
	return best
}

// note keeps the first two rules of different ids.
func note(rules *[2]*rule, r *rule) {
	switch {
	case rules[0] == nil:
		rules[0] = r
	case rules[1] == nil && rules[0].id != r.id:
		rules[1] = r
	}
}

// differ reports that a rule is there beside one of another id.
func differ(support, lift *[2]*rule) bool {
	return support[0] != nil && lift[0] != nil && (support[1] != nil || lift[1] != nil || support[0].id != lift[0].id)
}

// certainty weighs a match by what stands around it.
func (r *reader) certainty(g *grammar, rule *rule, from, to int) Certainty {
	s := r.setting(g, rule, from, to)
	if s.negated && rule.does&negative == 0 || s.third || s.to {
		return No
	}
	c := rule.within
	switch s.place {
	case whole:
		c = rule.whole
		if rule.does&pleads != 0 && r.pleads {
			c = Certain
		}
	case clause:
		c = rule.clause
	case within:
	}
	if s.limited {
		c = rule.within
		if rule.does&passing != 0 {
			return No
		}
	}
	if c == Certain && (s.limited || s.open || r.isDoubtful(g, from, to)) {
		return Possible
	}
	return c
}

// isDoubtful reports what makes a request uncertain wherever it stands in the
// message: play, a reason that passes, another way to reach the sender, words that
// are quoted, and the middle of a long text.
func (r *reader) isDoubtful(g *grammar, from, to int) bool {
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

// setting looks to the left of a match, then to the right.
func (r *reader) setting(g *grammar, rule *rule, from, to int) setting {
	s := setting{place: clause}
	alone := r.lookLeft(g, rule, from, to, &s)
	alone = r.lookRight(g, to, &s) && alone
	if alone && s.place == clause {
		s.place = whole
	}
	return s
}

// lookLeft reads back to the word with which the clause begins, and reports whether
// nothing else is before.
func (r *reader) lookLeft(g *grammar, rule *rule, from, to int, s *setting) (alone bool) {
	isOrder := rule.does&orders != 0
	// Nobody says "I stop texting me": with that object, another is told to.
	aboutMe := r.hasAny(g.classes["ME"], from, to) || r.hasAny(g.classes["MY"], from, to)
	addressed := r.core[from].marks&polite != 0
	unless := false        // "if you do not"
	unknown, known := 0, 0 // words that do not belong to a request
	i := from
	for steps := 0; i > 0 && r.core[i].marks&phrase == 0 && steps < maxReach; steps++ {
		i--
		word := r.core[i].word
		ends := false
		switch {
		case g.is(word, g.negation):
			s.negated = s.negated || i == from-1 || !addressed && i >= from-4 && unknown+known == 0
		case g.is(word, g.third):
			s.third = s.third || !addressed || word == g.words["did"]
			s.open = true
		case g.is(word, g.conditional):
			s.open = true
			unless = unless || s.negated
		case g.is(word, g.addressed):
			addressed = true
		case g.is(word, g.starter):
			s.third = s.third || isOrder && !addressed && !aboutMe
			s.open = s.open || r.isQuestion(g, i)
			ends = true
		case g.is(word, g.joiner):
			ends = unknown == 0 && known == 0
		case g.is(word, g.around):
		case word == 0:
			unknown++
		default:
			known++
		}
		addressed = addressed || r.core[i].marks&polite != 0 && !s.negated
		if ends {
			break
		}
	}
	if !addressed && r.isAsked(to) {
		s.open = true
	}
	if rule.does&(orders|negative) == orders|negative && r.isStatement(g, from) {
		s.third = true
	}
	if s.negated && unless { // "if you do not stop"
		s.negated, s.open = false, true
	}
	if from > 0 && r.core[from].marks&phrase == 0 && r.core[from-1].word == g.words["to"] && !addressed && isOrder {
		s.to = unknown+known == 0 || i == from-1
		s.open = true
	}
	if unknown+known > 0 && r.core[from].marks&polite == 0 && !r.speaksTo(g, from, i, unknown, known, aboutMe && isOrder) {
		s.place = within
	}
	return i == 0
}

// isAsked reports a question mark at the end of the phrase.
func (r *reader) isAsked(to int) bool {
	for i := to - 1; i < len(r.core); i++ {
		if r.core[i].marks&asked != 0 {
			return true
		}
		if i+1 < len(r.core) && r.core[i+1].marks&phrase != 0 {
			break
		}
	}
	return false
}

// isQuestion reports that what begins with the subject at core[i] is asked or
// supposed: "why would I", "what if we".
func (r *reader) isQuestion(g *grammar, i int) bool {
	for n := 0; n < 3 && i > 0 && r.core[i].marks&phrase == 0; n++ {
		i--
		if g.is(r.core[i].word, g.conditional) {
			return true
		}
	}
	return false
}

// isStatement reports "you" before a "don't": "you never text me" orders nothing,
// "I told you never to" does.
func (r *reader) isStatement(g *grammar, from int) bool {
	if from == 0 || r.core[from].marks&(phrase|polite) != 0 || !g.is(r.core[from-1].word, g.classes["YOU"]) {
		return false
	}
	return from == 1 || r.core[from-1].marks&phrase != 0 || !g.is(r.core[from-2].word, g.addressed)
}

// speaksTo reports that the unknown words before an order are no subject of it: one
// name ("Acme stop texting me"), or a sentence that ended without a full stop.
func (r *reader) speaksTo(g *grammar, from, first, unknown, known int, aboutMe bool) bool {
	if unknown == 1 && known == 0 && r.core[first].word == 0 {
		return true
	}
	return aboutMe && !g.is(r.core[from-1].word, g.around) && !g.is(r.core[from-1].word, g.joiner)
}

func (r *reader) hasAny(words set, from, to int) bool {
	for _, t := range r.core[from:to] {
		if g := t.word; g != 0 && words.has(g) {
			return true
		}
	}
	return false
}

// lookRight reads on behind a match, and reports whether nothing else is there.
func (r *reader) lookRight(g *grammar, to int, s *setting) (alone bool) {
	if to > 0 && r.core[to-1].marks&asked != 0 && s.open {
		s.place = min(s.place, clause)
	}
	if to == len(r.core) || r.core[to].marks&phrase != 0 {
		return to == len(r.core)
	}
	for i := to; i < len(r.core) && i < to+maxReach && (i == to || r.core[i].marks&phrase == 0); i++ {
		word := r.core[i].word
		last := i+1 == len(r.core) || r.core[i+1].marks&phrase != 0
		switch {
		case g.is(word, g.sender) && r.endsSoon(i) && !r.hasAny(g.limit, i, min(i+maxName+1, len(r.core))) && !r.hasAny(g.third, i, min(i+maxName+1, len(r.core))):
			return i+maxName+1 >= len(r.core) // from Acme, about the election
		case r.core[i].marks&thanked != 0 && len(r.core)-i <= maxName:
			return true // thanks, Mary Jones
		case g.is(word, g.limit):
			s.limited = true
			return false
		case i == to && g.is(word, g.tail):
			return false
		case last && g.is(word, g.placeWords):
			return i+1 == len(r.core)
		case g.is(word, g.place):
		default:
			s.place = within
			return false
		}
	}
	s.place = within
	return false
}

// endsSoon reports that the phrase has no more words than a name behind core[i].
func (r *reader) endsSoon(i int) bool {
	for n := i + 1; n < len(r.core) && r.core[n].marks&phrase == 0; n++ {
		if n-i > maxName {
			return false
		}
	}
	return true
}

// maxName is the words of a name under a message.
const maxName = 3

// inFooter reports a sentence that tells how to opt out, as our own messages do:
// "Reply STOP to end".
func (r *reader) inFooter(g *grammar, at int) bool {
	first := at
	for first > max(0, at-2*maxReach) && r.core[first].marks&sentence == 0 {
		first--
	}
	for i := first; i < min(len(r.core), at+2*maxReach) && (i == first || r.core[i].marks&sentence == 0); i++ {
		if !g.is(r.core[i].word, g.footer) {
			continue
		}
		next := i + 1
		for next < len(r.core) && next < i+4 && !r.isKeyword(g, next) && g.is(r.core[next].word, g.around) {
			next++
		}
		if next >= len(r.core) || !r.isKeyword(g, next) || r.core[next].marks&phrase != 0 {
			continue
		}
		if i > first && g.is(r.core[i-1].word, g.starter) && !g.is(r.core[i-1].word, g.conditional) {
			continue // I text STOP
		}
		if next+1 < len(r.core) && r.core[next+1].marks&phrase == 0 && g.is(r.core[next+1].word, g.around) || i > first || next+1 == len(r.core) {
			return true
		}
	}
	return false
}

func (r *reader) isKeyword(g *grammar, at int) bool {
	return g.is(r.core[at].word, g.keyword) || g.is(r.core[at].word, g.optIn)
}

// bareKeyword reads messages in which a keyword stands alone, but for words that
// change nothing: "STOP PLEASE"; or as a phrase beside others: "Wrong number, stop".
func (r *reader) bareKeyword(g *grammar, supported bool) Reading {
	keywords, strong, others, optIn := 0, 0, 0, false
	alone := false // a phrase is nothing but keywords
	first := -1
	for i := 0; i < len(r.core); {
		end := i + 1
		for end < len(r.core) && r.core[end].marks&phrase == 0 {
			end++
		}
		n := 0
		for _, t := range r.core[i:end] {
			switch {
			case g.is(t.word, g.optIn):
				optIn = true
				n++
			case g.is(t.word, g.keyword):
				if first < 0 {
					first = i
				}
				n++
				keywords++
				if !g.is(t.word, g.weakKeyword) {
					strong++
				}
			default:
				others++
			}
		}
		if n == end-i && keywords > 0 && r.core[i].marks&quoted == 0 {
			alone = true
		}
		i = end
	}
	reading := Reading{Certainty: Possible, Rule: "keyword-among-words", Language: "en", Reason: "a keyword stands beside other words"}
	switch {
	case keywords == 0:
		return r.typo(g)
	case others == 0 && optIn:
		reading.Rule, reading.Reason = "two-keywords", "keywords that ask for different things"
	case others == 0 && strong > 0 && !r.isDoubtful(g, first, first+1) && (g.is(r.raw[0].word, g.keyword) || r.isLongKeyword(g)):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-first", "an opt-out keyword, and only words that change nothing"
	case others == 0:
	case others == 1 && strong > 0 && g.is(r.core[0].word, g.classes["NAY"]) && g.is(r.core[1].word, g.keyword) && !r.isDoubtful(g, first, first+1):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "no-stop", "no, and an opt-out keyword" // Bosley v. A Bradley (S.D. Fla. 2025)
	case (alone || r.beginsOrEnds(g)) && supported && strong > 0 && !r.isDoubtful(g, first, first+1):
		reading.Certainty, reading.Rule, reading.Reason = Certain, "keyword-and-reason", "an opt-out keyword as a phrase of its own, beside a reason to stop"
	case (alone || r.core[len(r.core)-1].marks&polite != 0 && g.is(r.core[len(r.core)-1].word, g.keyword)) && strong > 0:
	default:
		return r.shortWithStop(g)
	}
	return reading
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
		g.is(r.core[n-1].word, g.keyword) && !g.is(r.core[n-2].word, g.classes["STOPBEFORE"])
}

// isLongKeyword reports that one of the keywords means nothing else: UNSUBSCRIBE,
// not STOP.
func (r *reader) isLongKeyword(g *grammar) bool {
	for _, t := range r.core {
		if g.is(t.word, g.object) {
			return true
		}
	}
	return false
}

// maxShort is the words of a message in which a STOP among others is worth a look.
const maxShort = 4

// shortWithStop reads a short message that begins or ends with STOP and is none of
// those in which it is an ordinary word.
func (r *reader) shortWithStop(g *grammar) Reading {
	n := len(r.core)
	if n > maxShort || n == 0 {
		return Reading{}
	}
	stop := g.classes["STOPONLY"]
	first, last := r.core[0], r.core[n-1]
	found := g.is(first.word, stop) && !g.is(r.core[min(1, n-1)].word, g.classes["STOPAFTER"]) && !r.endsWithING(min(1, n-1)) ||
		g.is(last.word, stop) && (n == 1 || r.core[n-2].word == 0 && r.core[n-1].marks&phrase != 0 || r.core[n-2].word != 0 && !g.is(r.core[n-2].word, g.classes["STOPBEFORE"]))
	if !found || first.marks&quoted != 0 || r.inFooter(g, 0) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "short-stop", Language: "en", Reason: "a short message that begins or ends with STOP"}
}

func (r *reader) endsWithING(at int) bool {
	t := r.core[at]
	return t.word == 0 && t.end-t.start > 4 && string(r.text[t.end-3:t.end]) == "ing"
}

// typo reads a message of one word that is a keyword but for a typing error.
func (r *reader) typo(g *grammar) Reading {
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

// maxMixed is the words of a message in which a verb of stopping and an object of
// messaging are worth a look, in whatever sentence they stand.
const maxMixed = 7

// requestWords reads short messages that no pattern fits, yet have the words of a
// request in its order: "no, your texts - cease".
func (r *reader) requestWords(g *grammar) Reading {
	verb, object := -1, -1
	for i, t := range r.core {
		switch {
		case g.is(t.word, g.limit), g.is(t.word, g.third) || t.marks&(quoted|asked) != 0:
			return Reading{}
		case verb >= 0 && object < 0 && (g.is(t.word, g.classes["GET"]) || g.is(r.core[verb].word, g.negation) && (g.is(t.word, g.keyword) || g.is(t.word, g.hotVerb))):
			return Reading{} // "I don't get your texts", "do not stop the messages"
		case verb < 0 && g.is(t.word, g.hotVerb):
			verb = i
		case verb >= 0 && object < 0 && g.is(t.word, g.hotObject):
			object = i
		}
	}
	if len(r.core) > maxMixed || object < 0 || object-verb > 3 || verb > 0 && (g.is(r.core[verb-1].word, g.negation) || g.is(r.core[verb-1].word, g.classes["GET"])) || r.inFooter(g, verb) || r.isStatement(g, verb) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "request-words", Language: "en", Reason: "a short message with a word of stopping and one of messaging"}
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
	return Reading{Certainty: Possible, Rule: "request-words", Language: "und", Reason: "a short message, not in English, with a word of stopping and one of messaging"}
}

// onlyEmoji reads a message without a word that counts.
func (r *reader) onlyEmoji(g *grammar) Reading {
	for _, t := range r.raw {
		if t.word != 0 && t.word == g.words["🛑"] {
			return Reading{Certainty: Possible, Rule: "stop-emoji", Language: "und", Reason: "a stop sign or a raised hand, without words"}
		}
	}
	return Reading{}
}
