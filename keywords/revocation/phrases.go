package revocation

import (
	"bytes"
	"slices"
	"strings"
)

// phraseRule is a pattern for languages in other letters than Latin, where words have
// many endings, or no blanks between. Every part must be in the folded message, in
// any order.
type phraseRule struct {
	language string
	most     Certainty // of the language
	rule     *rule
	parts    [][]phrasePart
}

// phrasePart is one of several texts for a part.
type phrasePart struct {
	text    []byte
	atStart bool // of a word
}

// maxPhrase is the length in bytes over which a phrase is at most Possible: some 60
// characters of three bytes. A request is short.
const maxPhrase = 240

// addPhrase folds the texts of a phrase as messages are folded.
func (c *compiler) addPhrase(text patternText) error {
	var r reader
	phrase := phraseRule{language: text.language, most: text.most, rule: text.rule}
	for _, part := range text.parts {
		var alternatives []phrasePart
		for alternative := range strings.SplitSeq(part, "|") {
			bare, atStart := strings.CutPrefix(alternative, "_")
			bare, atEnd := strings.CutSuffix(bare, "_")
			folded := r.foldText(bare)
			if len(folded) == 0 {
				return text.Errorf("%q in %q matches any text", alternative, part)
			}
			if atEnd {
				folded = append(folded, ' ')
			}
			alternatives = append(alternatives, phrasePart{text: folded, atStart: atStart})
		}
		phrase.parts = append(phrase.parts, alternatives)
	}
	if len(phrase.parts) == 0 {
		return text.Errorf("a phrase of no parts matches any text")
	}
	c.phrases = append(c.phrases, phrase)
	return nil
}

// foldText folds words as split does.
func (r *reader) foldText(text string) []byte {
	r.text = r.text[:0]
	for i := 0; i < len(text); {
		n, ok := r.letter(text[i:], i > 0)
		if !ok {
			n = 1
			r.text = append(r.text, ' ')
		}
		i += n
	}
	return bytes.TrimSpace(bytes.Clone(r.text))
}

// phrases reads a message in other letters.
func (r *reader) phrases(g *grammar) Reading {
	var best Reading
	if !r.foreign {
		return best
	}
	for i := range g.phrases {
		phrase := &g.phrases[i]
		isWrongNumber := phrase.rule.does&wrongNumber != 0
		certainty := min(phrase.rule.whole, phrase.most)
		isSurer := certainty > best.Certainty
		if !isSurer && !isWrongNumber || !r.hasAll(phrase.parts) {
			continue
		}
		isWrongNumber = isWrongNumber || best.WrongNumber
		if isSurer {
			best = phrase.rule.reading(certainty, phrase.language)
		}
		best.WrongNumber = isWrongNumber
	}
	if best.Certainty == Certain && (len(r.text) > maxPhrase || r.playful || r.busy || r.raw[len(r.raw)-1].marks&asked != 0) {
		best.Certainty = Possible
	}
	return best
}

func (r *reader) hasAll(parts [][]phrasePart) bool {
	for _, alternatives := range parts {
		if !slices.ContainsFunc(alternatives, r.hasPart) {
			return false
		}
	}
	return true
}

func (r *reader) hasPart(a phrasePart) bool {
	if !a.atStart {
		return bytes.Contains(r.text, a.text)
	}
	for from := 0; ; {
		at := bytes.Index(r.text[from:], a.text)
		if at < 0 {
			return false
		}
		at += from
		if at == 0 || r.text[at-1] == ' ' {
			return true
		}
		from = at + len(a.text)
	}
}
