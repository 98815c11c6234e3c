package revocation

import "slices"

// context is what the words around a match say.
type context struct {
	place    place
	negated  bool // "don't" before it
	third    bool // someone else's doing, or the sender's own
	indirect bool // "if you …", "when will you …", "how do I …": not an order, yet near one
	limited  bool // "until Friday", "at work"
	to       bool // a bare infinitive, "to stop …": nobody is told to do it
}

type place uint8

const (
	amongOthers  place = iota // among other words
	ownClause                 // a phrase of its own
	wholeMessage              // all that the message says
)

// contextOf looks to the left of a match, then to the right.
func (r *reader) contextOf(g *grammar, p *pattern, from, to int) context {
	s := context{place: ownClause}
	alone := r.lookLeft(g, p, from, to, &s)
	alone = r.lookRight(g, p.rule, from, to, &s) && alone
	if alone && s.place == ownClause {
		s.place = wholeMessage
	}
	return s
}

// leftSide is what comes before a match in its clause.
type leftSide struct {
	first          int       // the word at which the clause begins
	unknown, known int       // words that do not belong to a request
	addressed      bool      // somebody is spoken to
	unless         bool      // "if you do not"
	aboutMe        bool      // the order is about the sender, so that nobody else does it
	negative       bool      // the order is a "don't"
	speaks         languages // of the pattern
}

// lookLeft reads back to the word with which the clause begins, and reports whether
// nothing else is before.
func (r *reader) lookLeft(g *grammar, p *pattern, from, to int, s *context) (alone bool) {
	rule := p.rule
	isOrder := rule.does&orders != 0
	// Nobody says "I stop texting me": with this object, another person is told to stop.
	aboutMe := isOrder && (r.hasAny(g.me, from, to) || r.hasAny(g.my, from, to))
	left := leftSide{
		first: from, speaks: p.speaks, addressed: r.core[from].marks&polite != 0, aboutMe: aboutMe, negative: rule.does&negative != 0,
	}
	for steps := 0; steps < maxReach && left.first > 0 && r.core[left.first].marks&phrase == 0; steps++ {
		left.first--
		r.steps++
		if r.step(g, &left, from, s, isOrder && !aboutMe) {
			break
		}
	}
	odd := left.unknown + left.known
	if !left.addressed && r.core[to-1].marks&question != 0 {
		s.indirect = true
	}
	if (rule.does&(orders|negative) == orders|negative || rule.does&stated != 0) && r.isStatement(g, from) {
		s.third = true
	}
	if s.negated && aboutMe && r.followsObject(g, from) {
		s.negated = false
	}
	if s.negated && left.unless {
		s.negated, s.indirect = false, true
	}
	if isOrder && !left.addressed && from > 0 && r.core[from].marks&phrase == 0 && r.core[from-1].word == g.to {
		s.to = odd == 0 || left.first == from-1
		s.indirect = true
	}
	if odd > 0 && r.core[from].marks&polite == 0 && !r.speaksTo(g, from, &left, aboutMe) {
		s.place = amongOthers
	}
	return left.first == 0
}

// followsObject reports whether the words before an order belong to another verb and
// its object: "I didn't agree to this remove my number".
func (r *reader) followsObject(g *grammar, from int) bool {
	if from < 3 || !g.is(r.core[from-1].word, g.pronoun) || r.core[from].marks&phrase != 0 {
		return false
	}
	verb := r.core[from-2].word
	return !g.is(verb, g.negation) && verb != g.words["let"] && verb != g.words["make"]
}

// maxHelping is the words from "you" to the verb: "you need to stop".
const maxHelping = 3

// followsYou reports whether "you can" or "you need to" is before an order, so that what comes
// before "you" is another sentence: "I moved so you can stop texting me".
func (r *reader) followsYou(g *grammar, from int) bool {
	for i := from - 1; i > 0 && i >= from-maxHelping && r.core[i+1].marks&phrase == 0; i-- {
		if g.is(r.core[i].word, g.you) {
			meant := r.core[i+1].word == g.to && r.hasAny(g.negation, max(i-maxHelping, 0), i) // "I didn't mean for you to"
			return i < from-1 && !meant
		}
		if !g.is(r.core[i].word, g.around) {
			return false
		}
	}
	return false
}

// negates reports whether the "not" in core[i] is about the order: "don't stop texting me", "I
// didn't ask you to", "I did not say".
func (r *reader) negates(g *grammar, left *leftSide, i, from int) bool {
	before := r.core[from-1].word
	switch {
	case i == from-1, !left.addressed && i >= from-4 && left.unknown+left.known == 0:
		return true
	case i == from-2:
		return g.is(before, g.addressed) && !g.is(before, g.you)
	default:
		return i >= from-4 && g.is(r.core[i+1].word, g.addressed) && g.is(before, g.toBe)
	}
}

// step weighs the word core[left.first], and reports whether the clause begins with
// it. An order has no subject but "you".
func (r *reader) step(g *grammar, left *leftSide, from int, s *context, noSubject bool) (begins bool) {
	i := left.first
	word := r.core[i].word
	switch {
	case word == 0:
		left.unknown++
	case i == from-1 && noSubject && g.is(word, g.numbers):
		begins = true // "this is my phone stop texting me"
	case g.is(word, g.negation), left.speaks != english && g.is(word, g.otherNo) && g.spoken[word]&left.speaks != 0:
		s.negated = s.negated || r.negates(g, left, i, from)
		s.indirect = s.indirect || i == from-2 && g.is(r.core[from-1].word, g.you) // "don't you ever stop"
	case i == from-1 && (word == g.somebody || word == g.someone):
		left.addressed = true // "somebody remove me"
	case g.is(word, g.third) && r.isRunOn(g, left, from):
		s.indirect = s.indirect || left.negative // "he died stop texting me", but "her friends don't text me"
		left.known++
	case g.is(word, g.third):
		s.third = s.third || !left.addressed || word == g.words["did"]
		s.indirect = s.indirect || noSubject || r.core[from].marks&polite == 0 || i >= from-2 // "he is ill, please stop"
	case g.is(word, g.conditional):
		s.indirect = true
		left.unless = left.unless || s.negated
	case g.is(word, g.addressed):
		left.addressed = true
	case g.is(word, g.starter):
		// "I will stop texting", but not "I am deaf stop texting"
		s.third = s.third || noSubject && !left.addressed && left.unknown+left.known == 0
		s.indirect = s.indirect || r.isQuestion(g, i)
		begins = true
	case g.is(word, g.joiner):
		begins = left.unknown == 0 && left.known == 0
	case g.is(word, g.around):
	default:
		left.known++
	}
	left.addressed = left.addressed || r.core[i].marks&polite != 0 && !s.negated
	return begins
}

// isRunOn reports that another person in core[left.first] is the subject of a sentence that
// ended without a full stop: the word before the order is no "should", "says" or "did".
func (r *reader) isRunOn(g *grammar, left *leftSide, from int) bool {
	return left.aboutMe && !left.addressed && left.first < from-1 && !g.is(r.core[from-1].word, g.helping) &&
		!g.is(r.core[from-1].word, g.third) && r.core[left.first].word != g.words["did"]
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
	if from == 0 || r.core[from].marks&(phrase|polite) != 0 || !g.is(r.core[from-1].word, g.you) || r.core[from-1].marks&polite != 0 {
		return false // also "please you do not"
	}
	if from > 1 && (r.core[from-2].word == g.words["from"] || r.core[from-2].word == g.words["with"]) {
		return false // "I bought nothing from you don't"
	}
	if from > 2 && r.core[from-2].word == g.words["that"] && g.is(r.core[from-3].word, g.addressed) {
		return false // "I ask that you do not"
	}
	return from == 1 || r.core[from-1].marks&phrase != 0 || !g.is(r.core[from-2].word, g.addressed)
}

// speaksTo reports that the unknown words before an order are no subject of it: one
// name ("Acme stop texting me"), or a sentence that ended without a full stop.
func (r *reader) speaksTo(g *grammar, from int, left *leftSide, aboutMe bool) bool {
	if left.unknown == 1 && left.known == 0 && r.core[left.first].word == 0 {
		return true
	}
	if r.followsYou(g, from) {
		return true
	}
	return aboutMe && r.followsObject(g, from) || aboutMe && !g.is(r.core[from-1].word, g.helping) && !g.is(r.core[from-1].word, g.joiner)
}

func (r *reader) hasAny(words wordSet, from, to int) bool {
	r.steps += to - from
	for _, t := range r.core[from:to] {
		if t.word != 0 && words.has(t.word) {
			return true
		}
	}
	return false
}

// lookRight reads on after a match, and reports whether nothing else follows.
func (r *reader) lookRight(g *grammar, rule *rule, from, to int, s *context) (alone bool) {
	if to > 0 && r.core[to-1].marks&asked != 0 && s.indirect {
		s.place = min(s.place, ownClause)
	}
	if to == len(r.core) || r.core[to].marks&phrase != 0 {
		return to == len(r.core) || r.core[to].marks&(thanked|line) != 0 && r.isName(to)
	}
	if rule.does&topical != 0 && r.hasAny(g.topic, to-1, to+1) {
		r.lookAtTopic(g, to, s)
		return false
	}
	for i := to; i < len(r.core) && i < to+maxReach && (i == to || r.core[i].marks&phrase == 0); i++ {
		r.steps++
		word := r.core[i].word
		last := i+1 == len(r.core) || r.core[i+1].marks&phrase != 0
		nameEnd := min(i+maxName+1, len(r.core))
		switch {
		case g.is(word, g.sender) && r.endsSoon(i) && !r.hasAny(g.limit, i, nameEnd) && !r.hasAny(g.third, i, nameEnd):
			return i+maxName+1 >= len(r.core) // from Acme, about the election
		case r.core[i].marks&thanked != 0 && len(r.core)-i <= maxName:
			return true // thanks, Mary Jones
		case g.is(word, g.limit):
			s.limited = true
			return false
		case i == to && g.is(word, g.tail):
			return false
		case g.is(word, g.placeWords) && (last || g.is(r.core[i+1].word, g.tail)):
			return i+1 == len(r.core)
		case i == to && rule.does&topical != 0 && (r.isComplete(g, from, to) || word == g.words["with"] && r.endsWithMessages(g, to)):
			r.lookAtTopic(g, to, s)
			return false
		case g.is(word, g.place):
		default:
			s.place = amongOthers
			return false
		}
	}
	s.place = amongOthers
	return false
}

// lookAtTopic reads on to the end of a phrase that says about what or why nothing is to be
// sent. Its words do not matter, unless they set a limit or name another person.
func (r *reader) lookAtTopic(g *grammar, to int, s *context) {
	for i := to; i < len(r.core) && i < to+maxReach && (i == to || r.core[i].marks&phrase == 0); i++ {
		r.steps++
		s.limited = s.limited || g.is(r.core[i].word, g.limit)
		if g.is(r.core[i].word, g.third) {
			s.place = amongOthers
		}
	}
}

// endsWithMessages reports whether the last word of the phrase of core[i] is for messages:
// "with your mattress ads".
func (r *reader) endsWithMessages(g *grammar, i int) bool {
	end := i + 1
	for end < len(r.core) && end < i+maxReach && r.core[end].marks&phrase == 0 {
		end++
	}
	return g.is(r.core[end-1].word, g.placeWords)
}

// isComplete reports an order that lacks nothing: "stop texting me" may have any words after it,
// while "stop sending me" and "stop texting me the" need an object.
func (r *reader) isComplete(g *grammar, from, to int) bool {
	next := r.core[to].word
	return g.is(r.core[to-1].word, g.me) && !r.hasAny(g.sends, from, to) && !g.is(next, g.place) &&
		!g.is(next, g.beforeGoods) && !g.is(next, g.faulty) && !g.is(next, g.goods) && !g.is(next, g.noGoods)
}

// isName reports whether all that is left from core[at] may be a name under the message: a
// few words that the rules do not know.
func (r *reader) isName(at int) bool {
	return len(r.core)-at <= maxName &&
		!slices.ContainsFunc(r.core[at:], func(t token) bool { return t.word != 0 || t.marks&(asked|quoted) != 0 })
}

// endsSoon reports whether at most a name follows core[i] in its phrase.
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
