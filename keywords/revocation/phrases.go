package revocation

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// phraseRule is a pattern for languages in other letters than Latin, where words have
// many endings, or no blanks between. Every part must be in the folded message, in
// any order.
type phraseRule struct {
	language string
	most     Certainty // of the language
	rule     *rule
	parts    []phrasePart
	without  []phrasePart // none of which may be in the message
}

// phrasePart is texts that follow each other, with several for a step.
type phrasePart []phraseStep

type phraseStep struct {
	texts    []phraseText
	blocks   uint64 // of the first letters of all texts
	optional bool
	gap      bool // any letters of the word, and no texts
}

// maxGap is the letters that a step of ".." takes at most.
const maxGap = 8

// phraseText is one of several texts for a step.
type phraseText struct {
	text    []byte
	block   uint64 // of the first letter
	atStart bool   // of a word
}

// maxPhrase is the length in bytes over which a phrase is at most Possible: some 60
// characters of three bytes. A request is short.
const maxPhrase = 240

// addPhrase folds the texts of a phrase as messages are folded.
func (c *compiler) addPhrase(text patternText) error {
	var r reader
	phrase := phraseRule{language: text.language, most: text.most, rule: text.rule}
	for _, written := range text.parts {
		var part phrasePart
		to := &phrase.parts
		if rest, isWithout := strings.CutPrefix(written, "! "); isWithout {
			written, to = rest, &phrase.without
		}
		for step := range strings.SplitSeq(written, ">") {
			if strings.TrimSpace(step) == ".." && len(part) > 0 {
				part = append(part, phraseStep{blocks: math.MaxUint64, optional: true, gap: true})
				continue
			}
			names, optional := strings.CutPrefix(strings.TrimSpace(step), "?")
			texts, err := c.phraseTexts(&r, names, len(part) > 0)
			if err != nil {
				return text.Errorf("%w in %q", err, written)
			}
			step := phraseStep{texts: texts, optional: optional}
			for _, t := range texts {
				step.blocks |= t.block
			}
			part = append(part, step)
		}
		if part[0].optional {
			return text.Errorf("%q begins with what may be missing", written)
		}
		*to = append(*to, part)
	}
	if len(phrase.parts) == 0 {
		return text.Errorf("a phrase of no parts matches any text")
	}
	c.phrases = append(c.phrases, phrase)
	return nil
}

// phraseTexts folds the texts of a step, and those of the classes that it names. After
// another step, "_" alone is the end of the word.
func (c *compiler) phraseTexts(r *reader, names string, isAfter bool) (texts []phraseText, err error) {
	named, err := c.namedTexts(names)
	if err != nil {
		return nil, err
	}
	for _, name := range named {
		if name == "_" && isAfter {
			texts = append(texts, phraseText{text: []byte{' '}, block: math.MaxUint64})
			continue
		}
		bare, atStart := strings.CutPrefix(name, "_")
		bare, atEnd := strings.CutSuffix(bare, "_")
		folded := r.foldText(bare)
		if len(folded) == 0 {
			return nil, fmt.Errorf("%q matches any text", name)
		}
		if atEnd {
			folded = append(folded, ' ')
		}
		texts = append(texts, phraseText{text: folded, block: blockOf(folded), atStart: atStart})
	}
	return texts, nil
}

// namedTexts returns the texts of a step, with the words of a class in place of its name.
// What is before and after the name is before and after each word.
func (c *compiler) namedTexts(names string) (texts []string, err error) {
	for name := range strings.SplitSeq(names, "|") {
		class := strings.Trim(name, "_")
		if !isClass(class) {
			texts = append(texts, name)
			continue
		}
		words, known := c.classes[class]
		if !known {
			return nil, fmt.Errorf("names no class %s", class)
		}
		for id, word := range c.spelling {
			if words.has(wordID(id)) {
				texts = append(texts, strings.Replace(name, class, word, 1))
			}
		}
	}
	return texts, nil
}

// blockOf returns a bit for the first letter of a text and some letters near it, and all
// bits for a letter of ASCII.
func blockOf(text []byte) uint64 {
	c, _ := utf8.DecodeRune(text)
	if c < utf8.RuneSelf {
		return math.MaxUint64
	}
	return 1 << (c >> 5 & 63)
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
		if phrase.rule.does&(cancels|doubts) != 0 {
			continue
		}
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
	if best.Certainty != None {
		if best.Certainty = min(best.Certainty, r.mostOf(g, best.Language)); best.Certainty == None {
			return Reading{}
		}
	}
	if best.Certainty == Certain && (len(r.text) > maxPhrase || r.playful || r.busy || r.raw[len(r.raw)-1].marks&asked != 0) {
		best.Certainty = Possible
	}
	return best
}

// mostOf returns how sure a phrase of a language may be, beside those of the language that
// cancel it or make it doubtful.
func (r *reader) mostOf(g *grammar, language string) Certainty {
	most := Certain
	for i := range g.phrases {
		phrase := &g.phrases[i]
		if phrase.rule.does&(cancels|doubts) == 0 || phrase.language != language || !r.says(phrase) {
			continue
		}
		if phrase.rule.does&cancels != 0 {
			return None
		}
		most = Possible
	}
	return most
}

// says reports whether the message has all parts of a phrase, and none that it must be without.
func (r *reader) says(phrase *phraseRule) bool {
	for _, part := range phrase.parts {
		if !r.hasPart(part) {
			return false
		}
	}
	return !slices.ContainsFunc(phrase.without, r.hasPart)
}

// hasPart looks for the first step, and for the others after it.
func (r *reader) hasPart(part phrasePart) bool {
	for i := range part[0].texts {
		a := &part[0].texts[i]
		if a.block&r.blocks == 0 {
			continue
		}
		for from := 0; ; {
			at := bytes.Index(r.text[from:], a.text)
			if at < 0 {
				break
			}
			from += at + len(a.text)
			r.steps++
			isStart := !a.atStart || from == len(a.text) || r.text[from-len(a.text)-1] == ' '
			if isStart && follow(r.text[from:], part[1:]) {
				return true
			}
		}
	}
	return false
}

// follow reports whether a text begins with the steps.
func follow(text []byte, steps []phraseStep) bool {
	if len(steps) == 0 {
		return true
	}
	if steps[0].gap {
		return followGap(text, steps[1:])
	}
	if blockOf(text)&steps[0].blocks == 0 {
		return steps[0].optional && follow(text, steps[1:])
	}
	for i := range steps[0].texts {
		if a := steps[0].texts[i].text; bytes.HasPrefix(text, a) && follow(text[len(a):], steps[1:]) {
			return true
		}
	}
	return steps[0].optional && follow(text, steps[1:])
}

// followGap reports whether the steps follow after at most maxGap letters of the word.
func followGap(text []byte, steps []phraseStep) bool {
	for range maxGap + 1 {
		if follow(text, steps) {
			return true
		}
		c, size := utf8.DecodeRune(text)
		if size == 0 || c == ' ' {
			return false
		}
		text = text[size:]
	}
	return false
}
