package revocation

// sendsGoods reports whether a verb of sending in core[from:to] has goods, a bill or the
// wrong thing as its object, and no messages: "stop sending me duplicate invoices".
func (r *reader) sendsGoods(g *grammar, from, to int) bool {
	r.steps += to - from
	for i := from; i < to; i++ {
		if g.is(r.core[i].word, g.sends) && r.areGoods(g, i+1) {
			r.refused = true
			return true
		}
	}
	return false
}

// areGoods reads the object that begins at core[at], to the end of the phrase. Any word
// for messages makes messages of it: "invoice reminders", "invoices by text".
func (r *reader) areGoods(g *grammar, at int) bool {
	found := false
	for i := at; i < len(r.core) && i < at+maxReach && r.core[i].marks&phrase == 0; i++ {
		r.steps++
		var next token // in the phrase
		if i+1 < len(r.core) && r.core[i+1].marks&phrase == 0 {
			next = r.core[i+1]
		}
		word := r.core[i].word
		switch {
		case g.is(word, g.noGoods):
			return false
		case found, g.is(word, g.beforeGoods):
		case g.is(word, g.faulty):
			found = true
		case g.is(word, g.goods) && (g.spoken[word]&english == 0 || next.end == 0 || next.word != 0):
			found = true
		default: // also the last word of "invoice confirmations"
			return false
		}
	}
	return found
}

// namesGoods reports whether the message is about goods: the object of a verb of sending,
// or any, with no word for messages.
func (r *reader) namesGoods(g *grammar) bool {
	n := len(r.core)
	return r.sendsGoods(g, 0, n) || r.hasAny(g.goods, 0, n) && !r.hasAny(g.noGoods, 0, n)
}
