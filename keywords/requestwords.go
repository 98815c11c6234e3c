package keywords

// maxMixed is the words of a message in which a verb of stopping and an object of
// messaging are worth a look, in whatever sentence they stand.
const maxMixed = 7

// requestWords reads short messages that no pattern fits, yet have the words of a
// request in its order: "no, your texts - cease".
func (r *textReader) requestWords(g *grammar) Reading {
	verb, object := -1, -1
	for i, t := range r.core {
		switch {
		case g.is(t.word, g.limit), g.is(t.word, g.third) || t.marks&(quoted|asked) != 0:
			return Reading{}
		case verb >= 0 && object < 0 && (g.is(t.word, g.get) || g.is(r.core[verb].word, g.negation) && (g.is(t.word, g.keyword) || g.is(t.word, g.hotVerb))):
			return Reading{} // "I don't get your texts", "do not stop the messages"
		case verb < 0 && g.is(t.word, g.hotVerb):
			verb = i
		case verb >= 0 && object < 0 && g.is(t.word, g.hotObject):
			object = i
		}
	}
	if verb > 0 && g.is(r.core[verb].word, g.stopOnly) && g.is(r.core[verb-1].word, g.stopBefore) {
		return Reading{} // "I should stop texting"
	}
	if len(r.core) > maxMixed || object < 0 || object-verb > 3 || verb > 0 && (g.is(r.core[verb-1].word, g.negation) || g.is(r.core[verb-1].word, g.get)) || r.inFooter(g, verb) || r.isStatement(g, verb) {
		return Reading{}
	}
	return Reading{Certainty: Possible, Rule: "request-words", Language: "en", Reason: "a short message with a word of stopping and one of messaging"}
}

// otherWords is requestWords for languages other than English, whose verbs may come
// last.
func (r *textReader) otherWords(g *grammar) Reading {
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
func (r *textReader) onlyEmoji(g *grammar) Reading {
	for _, t := range r.raw {
		if t.word != 0 && t.word == g.words["🛑"] {
			return Reading{Certainty: Possible, Rule: "stop-emoji", Language: "und", Reason: "a stop sign or a raised hand, without words"}
		}
	}
	return Reading{}
}
