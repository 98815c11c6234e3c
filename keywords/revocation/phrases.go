package revocation

import (
	"bytes"
	"cmp"
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

// phraseStart is a text with which parts of phrases begin.
type phraseStart struct {
	phraseText
	place *phrasePlace // after the text
}

// phrasePlace is a place in the parts that have the same steps before it.
type phrasePlace struct {
	ends []int        // the numbers of the parts that end here, or after steps that may be missing
	ways []*phraseWay // to the next places

	// What joined makes of the ways, and of those after steps that may be missing.
	texts []nextText       // by the rows of their first letters
	rows  [rows + 1]uint32 // where in texts each row begins
	gaps  []*phrasePlace   // the places after a gap
}

// rows is the number of rows of a place.
const rows = 1 << 6

// rowOf returns the row of a letter, which other letters share.
func rowOf(c rune) rune { return c & (rows - 1) }

// nextText is a text that goes on from a place.
type nextText struct {
	twoLetters
	text []byte
	to   *phrasePlace
}

// phraseWay is a step, and the place after it.
type phraseWay struct {
	phraseStep
	to *phrasePlace
}

// phraseStep is the texts one of which follows.
type phraseStep struct {
	written  string // as the file has it
	texts    []phraseText
	optional bool
	gap      bool // any letters of the word, and no texts
}

// maxGap is the letters that a step of ".." takes at most.
const maxGap = 8

type phraseText struct {
	text    []byte
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

// startRows is the number of rows of grammar.starts.
const startRows = 1 << 12

// row returns the row of two letters in grammar.starts, which other letters share.
func (two twoLetters) row() int { return int(two.first*37+two.second) & (startRows - 1) }

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
			place := c.startOf(first)
			for _, step := range steps[1:] {
				place = place.after(step)
			}
			place.ends = append(place.ends, c.parts)
		}
		c.parts++
	}
	if len(phrase.parts) == 0 {
		return text.Errorf("a phrase of no parts matches any text")
	}
	c.phrases = append(c.phrases, phrase)
	return nil
}

// startOf returns the place after a text with which parts begin.
func (c *compiler) startOf(first phraseText) *phrasePlace {
	row := &c.starts[firstTwo(first.text).row()]
	for _, s := range *row {
		if s.atStart == first.atStart && bytes.Equal(s.text, first.text) {
			return s.place
		}
	}
	place := new(phrasePlace)
	*row = append(*row, phraseStart{first, place})
	return place
}

// after returns the place after a step, which parts that are written alike share.
func (p *phrasePlace) after(step phraseStep) *phrasePlace {
	for _, way := range p.ways {
		if way.written == step.written {
			return way.to
		}
	}
	way := &phraseWay{step, new(phrasePlace)}
	p.ways = append(p.ways, way)
	return way.to
}

// joinPlaces joins the ways from all places after starts.
func (c *compiler) joinPlaces() {
	known := map[string]*phrasePlace{}
	for _, starts := range c.starts {
		for i := range starts {
			starts[i].place = starts[i].place.joined(known)
		}
	}
}

// joined joins the ways from the place. It returns a known place if the same follows from there.
func (p *phrasePlace) joined(known map[string]*phrasePlace) *phrasePlace {
	key := fmt.Appendln(nil, p.ends)
	for _, way := range p.ways {
		way.to = way.to.joined(known)
		key = fmt.Appendf(key, "%s to %p\n", way.written, way.to)
	}
	if same := known[string(key)]; same != nil {
		return same
	}
	known[string(key)] = p
	for _, way := range p.ways {
		for _, text := range way.texts {
			p.texts = append(p.texts, nextText{firstTwo(text.text), text.text, way.to})
		}
		if way.gap {
			p.gaps = append(p.gaps, way.to)
		}
		if way.optional {
			p.ends = append(p.ends, way.to.ends...)
			p.texts = append(p.texts, way.to.texts...)
			p.gaps = append(p.gaps, way.to.gaps...)
		}
	}
	slices.SortStableFunc(p.texts, func(a, b nextText) int { return cmp.Compare(rowOf(a.first), rowOf(b.first)) })
	for _, text := range p.texts {
		p.rows[rowOf(text.first)+1]++
	}
	for row := range rows {
		p.rows[row+1] += p.rows[row]
	}
	return p
}

// phraseSteps reads "не > ?надо|нужно". After another step, "_" alone is the end of the word,
// and ".." is a gap.
func (c *compiler) phraseSteps(written string) (steps []phraseStep, err error) {
	var r reader
	for names := range strings.SplitSeq(written, ">") {
		step := phraseStep{written: strings.TrimSpace(names)}
		if step.written == ".." && len(steps) > 0 {
			step.optional, step.gap = true, true
			steps = append(steps, step)
			continue
		}
		names, step.optional = strings.CutPrefix(step.written, "?")
		named, err := c.namedTexts(names)
		if err != nil {
			return nil, err
		}
		for _, name := range named {
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
			step.texts = append(step.texts, phraseText{folded, atStart})
		}
		steps = append(steps, step)
	}
	return steps, nil
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

// phrases reads a message in other letters.
func (r *reader) phrases(g *grammar) Reading {
	var best Reading
	if !r.foreign {
		return best
	}
	r.findParts(g)
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
	c, size := utf8.DecodeRune(r.text)
	for at := 0; at < len(r.text); {
		next, nextSize := utf8.DecodeRune(r.text[at+size:])
		r.findStarts(g.starts[twoLetters{c, next}.row()], at)
		r.findStarts(g.starts[twoLetters{c, 0}.row()], at)
		at += size
		c, size = next, nextSize
	}
}

// findStarts notes those parts that begin at a place of the text.
func (r *reader) findStarts(starts []phraseStart, at int) {
	for i := range starts {
		s := &starts[i]
		r.steps++
		if (!s.atStart || at == 0 || r.text[at-1] == ' ') && bytes.HasPrefix(r.text[at:], s.text) {
			r.goOn(r.text[at+len(s.text):], s.place)
		}
	}
}

// goOn notes the parts that end at a place, and goes on to the places after it.
func (r *reader) goOn(text []byte, place *phrasePlace) {
	for _, part := range place.ends {
		r.parts.add(part)
	}
	c, size := utf8.DecodeRune(text)
	if row := place.row(c); len(row) > 0 {
		second, _ := utf8.DecodeRune(text[size:])
		for i := range row {
			next := &row[i]
			if next.first == c && (next.second == second || next.second == 0) && bytes.HasPrefix(text, next.text) {
				r.goOn(text[len(next.text):], next.to)
			}
		}
	}
	for _, to := range place.gaps {
		r.goOnAfter(text, to)
	}
}

// row returns the texts of the row of a letter.
func (p *phrasePlace) row(c rune) []nextText {
	row := rowOf(c)
	return p.texts[p.rows[row]:p.rows[row+1]]
}

// goOnAfter goes on after each of the next maxGap letters of the word.
func (r *reader) goOnAfter(text []byte, place *phrasePlace) {
	for range maxGap {
		c, size := utf8.DecodeRune(text)
		if size == 0 || c == ' ' {
			return
		}
		text = text[size:]
		r.goOn(text, place)
	}
}
