package keywords

// finding is what the rules found so far.
type finding struct {
	best          Reading
	support, lift [2]*rule // of two different ids
	wrong         bool
}

// judge applies the rules to the words, and takes the surest.
func (r *textReader) judge(g *grammar) Reading {
	var f finding
	for at := range r.core {
		for _, p := range g.anchored[r.core[at].word] {
			r.try(g, p, at, &f)
		}
	}
	best := f.best
	if best.Certainty == Possible && differ(&f.support, &f.lift) && !r.playful && !r.busy && !r.instead {
		best.Certainty, best.Rule, best.Reason = Certain, f.lift[0].id, f.lift[0].reason
	}
	if bare := r.bareKeyword(g, f.support[0] != nil); bare.Certainty > best.Certainty {
		best = bare
	}
	if best.Certainty == No {
		best = r.requestWords(g)
	}
	if best.Certainty == No {
		best = r.otherWords(g)
	}
	if other := r.phrases(g); other.Certainty > best.Certainty {
		best = other
	}
	best.WrongNumber = best.Certainty != No && (f.wrong || best.WrongNumber)
	return best
}

// try applies one pattern at one place.
func (r *textReader) try(g *grammar, p *pattern, at int, f *finding) {
	from, to, ok := p.match(r.core, at)
	if !ok || r.inFooter(g, at) {
		return
	}
	certainty := r.certainty(g, p.rule, from, to)
	isKeyword := to-from == 1 && g.is(r.core[from].word, g.keyword) // which is no reason for itself
	if p.rule.does&supports != 0 && !isKeyword && (certainty != No || p.rule.whole == No) {
		note(&f.support, p.rule)
	}
	if certainty == No {
		return
	}
	if p.rule.does&lifted != 0 {
		note(&f.lift, p.rule)
	}
	f.wrong = f.wrong || p.rule.does&wrongNumber != 0
	if certainty > f.best.Certainty {
		f.best = Reading{Certainty: certainty, Rule: p.rule.id, Reason: p.rule.reason, Language: p.language}
	}
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
func (r *textReader) certainty(g *grammar, rule *rule, from, to int) Certainty {
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
	if to-from == 1 && s.place == clause && !r.hasAny(g.longKeyword, from, to) {
		c = min(c, Possible) // one word among sentences
	}
	if c == Certain && (s.limited || s.open && rule.does&enquires == 0 || r.isDoubtful(from, to)) {
		return Possible
	}
	return c
}

// isDoubtful reports what makes a request uncertain wherever it stands in the
// message: play, a reason that passes, another way to reach the sender, words that
// are quoted, and the middle of a long text.
func (r *textReader) isDoubtful(from, to int) bool {
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
