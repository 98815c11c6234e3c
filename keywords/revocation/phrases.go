package revocation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// phraseRule is a pattern for languages in other letters than Latin, where words have
// many endings, or no blanks between. Every part must be in the folded message, in
// any order.
type phraseRule struct {
	origin

	parts   []int // their numbers
	without []int // none of which may be in the message
}

// phraseStart is a text with which a part of a phrase begins.
type phraseStart struct {
	phraseText
	part int          // its number
	rest []phraseStep // what follows
}

// phraseStep is the texts one of which follows.
type phraseStep struct {
	texts    []phraseText
	optional bool
}

type phraseText struct {
	text    []byte
	first   rune
	atStart bool // of a word
}

// twoLetters is the first two letters of a text. The second is 0 for a text of one.
type twoLetters struct{ first, second rune }

func firstTwo(text []byte) twoLetters {
	first, size := utf8.DecodeRune(text)
	if size == len(text) {
		return twoLetters{first, 0}
	}
	second, _ := utf8.DecodeRune(text[size:])
	return twoLetters{first, second}
}

// letterMask makes small numbers of the letters with which parts begin. Some letters share a number.
const letterMask = 1<<12 - 1

// maxPhrase is the length in bytes over which a phrase is at most Possible: some 60
// characters of three bytes. A request is short.
const maxPhrase = 240

// addPhrase folds the texts of a phrase as messages are folded.
func (c *compiler) addPhrase(text patternText) error {
	phrase := phraseRule{origin: text.origin}
	for _, written := range text.parts {
		to := &phrase.parts
		bare, isWithout := strings.CutPrefix(written, "! ")
		if isWithout {
			to = &phrase.without
		}
		steps, err := c.phraseSteps(bare)
		if err != nil {
			return text.Errorf("%w in %q", err, bare)
		}
		if steps[0].optional {
			return text.Errorf("%q begins with what may be missing", bare)
		}
		*to = append(*to, c.parts)
		for _, first := range steps[0].texts {
			two := firstTwo(first.text)
			c.begins.add(int(two.first) & letterMask)
			c.starts[two] = append(c.starts[two], phraseStart{first, c.parts, steps[1:]})
		}
		c.parts++
	}
	if len(phrase.parts) == 0 {
		return text.Errorf("a phrase of no parts matches any text")
	}
	c.phrases = append(c.phrases, phrase)
	return nil
}

// phraseSteps reads "не > ?надо|нужно". After another step, "_" alone is the end of the word.
func (c *compiler) phraseSteps(written string) (steps []phraseStep, err error) {
	var r reader
	for names := range strings.SplitSeq(written, ">") {
		var step phraseStep
		names, step.optional = strings.CutPrefix(strings.TrimSpace(names), "?")
		for name := range strings.SplitSeq(names, "|") {
			bare, atStart := strings.CutPrefix(name, "_")
			bare, atEnd := strings.CutSuffix(bare, "_")
			r.cut(c.grammar, bare)
			folded := bytes.TrimSpace(bytes.Clone(r.text))
			isEnd := name == "_" && len(steps) > 0
			if len(folded) == 0 && !isEnd {
				return nil, fmt.Errorf("%q matches any text", name)
			}
			if atEnd || isEnd {
				folded = append(folded, ' ')
			}
			first := firstTwo(folded).first
			step.texts = append(step.texts, phraseText{folded, first, atStart})
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// phrases reads a message in other letters.
func (r *reader) phrases(g *grammar) Reading {
	var best Reading
	if !r.foreign {
		return best
	}
	r.findParts(g)
	for i := range g.phrases {
		phrase := &g.phrases[i]
		isWrongNumber := phrase.rule.does&wrongNumber != 0
		certainty := min(phrase.rule.whole, phrase.most)
		isSurer := certainty > best.Certainty
		if !isSurer && !isWrongNumber || !r.says(phrase) {
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

// says reports whether the message has all parts of a phrase, and none that it must be without.
func (r *reader) says(phrase *phraseRule) bool {
	for _, part := range phrase.parts {
		if !r.parts.has(part) {
			return false
		}
	}
	return !slices.ContainsFunc(phrase.without, r.parts.has)
}

// findParts finds the parts of all phrases that the message has.
func (r *reader) findParts(g *grammar) {
	r.parts = slices.Grow(r.parts[:0], g.parts/64+1)[:g.parts/64+1]
	clear(r.parts)
	for at := 0; at < len(r.text); {
		c, size := utf8.DecodeRune(r.text[at:])
		if g.begins.has(int(c) & letterMask) {
			r.findStarts(g.starts[firstTwo(r.text[at:])], at)
			r.findStarts(g.starts[twoLetters{c, 0}], at)
		}
		at += size
	}
}

// findStarts notes those parts that begin at a place of the text.
func (r *reader) findStarts(starts []phraseStart, at int) {
	for i := range starts {
		s := &starts[i]
		r.steps++
		isStart := !s.atStart || at == 0 || r.text[at-1] == ' '
		if isStart && !r.parts.has(s.part) && bytes.HasPrefix(r.text[at:], s.text) && follow(r.text[at+len(s.text):], s.rest) {
			r.parts.add(s.part)
		}
	}
}

// follow reports whether a text begins with the steps.
func follow(text []byte, steps []phraseStep) bool {
	if len(steps) == 0 {
		return true
	}
	c, _ := utf8.DecodeRune(text)
	for i := range steps[0].texts {
		a := &steps[0].texts[i]
		if a.first == c && bytes.HasPrefix(text, a.text) && follow(text[len(a.text):], steps[1:]) {
			return true
		}
	}
	return steps[0].optional && follow(text, steps[1:])
}
