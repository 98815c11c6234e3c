package revocation

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// wordID is the place of a word in the vocabulary; 0 is a word that it lacks.
type wordID uint16

// token is a word of the message.
type token struct {
	word       wordID
	marks      tokenMark
	start, end int // in reader.text
}

// tokenMark is what was seen at a token or before it.
type tokenMark uint8

const (
	sentence tokenMark = 1 << iota // a sentence begins here
	phrase                         // a sentence, or the part after a comma, begins here
	quoted                         // between quotation marks
	polite                         // "please" comes before it
	asked                          // a question mark follows
	thanked                        // "thanks" comes before it
	line                           // a line begins here, or a dash is before it
	question                       // a question mark is at the end of the phrase
)

// reader holds the buffers of one reading.
type reader struct {
	text     []byte     // the message, folded: small letters without accents, words apart
	raw      []token    // every word
	core     []token    // without the words that change nothing
	possible patternSet // patterns of which the message has a word
	parts    set[int]   // of phrases that the message has

	next                   tokenMark // for the next token
	inQuotes               bool      // between quotation marks
	closing                int       // from the last closing mark to the end of the message; 0 if nobody has looked
	playful, busy, instead bool
	hasFooter              bool       // has a word with which a footer begins
	pleads                 bool       // "please" is somewhere
	reply                  bool       // "Re:" is before it all
	second, secondLast     int        // the places in core at which the second sentence begins, and the last but one
	foreign                bool       // has letters that are not Latin
	refused                bool       // a pattern fits, but the words around it make no request of it
	counted                bool       // spoken has its counts
	spoken                 [64]uint16 // the words of each language
	steps                  int        // the words that were looked at, for the test of linear time
}

// maxReader is the size of a buffer that goes back to the pool.
const maxReader = 1 << 14

var readers = sync.Pool{New: func() any { return new(reader) }}

func getReader() *reader {
	r, ok := readers.Get().(*reader)
	if !ok {
		return new(reader)
	}
	return r
}

func putReader(r *reader) {
	if cap(r.text) <= maxReader {
		readers.Put(r)
	}
}

// cut cuts a text into words, each with a blank after it in r.text.
func (r *reader) cut(g *grammar, text string) {
	*r = reader{
		text: r.text[:0], raw: r.raw[:0], core: r.core[:0], possible: r.possible, parts: r.parts,
		next: sentence | phrase,
	}
	for i := 0; i < len(text); {
		i += r.word(g, text[i:])
	}
}

// split makes the words of a message.
func (r *reader) split(g *grammar, message string) {
	r.cut(g, message)
	r.dropOuterQuotes()
	r.mergeLetters(g)
	r.mergeWords(g)
	r.dropStaccato()
	r.takeCore(g)
}

// word reads one word, or the character between two words, and returns its length.
func (r *reader) word(g *grammar, s string) int {
	start := len(r.text)
	i := 0
	for i < len(s) {
		if textfold.IsWord(s[i]) {
			r.text = append(r.text, textfold.Lower(s[i]))
			i++
			continue
		}
		n, ok := r.letter(s[i:], i > 0)
		if !ok {
			break
		}
		i += n
	}
	if len(r.text) == start {
		if i > 0 { // only marks
			return i
		}
		return r.between(g, s)
	}
	t := token{marks: r.next, start: start, end: len(r.text), word: g.lookUp(r.text[start:])}
	if r.inQuotes {
		t.marks |= quoted
	}
	r.text = append(r.text, ' ')
	r.raw = append(r.raw, t)
	r.next = 0
	r.steps++
	return i
}

// letter appends a character of a word, other than an ASCII letter or digit, folded, and returns its length. It reports
// false at the end of the word.
func (r *reader) letter(s string, inside bool) (int, bool) {
	if c := s[0]; c < utf8.RuneSelf {
		switch {
		case inside && (c == '\'' || c == '`') && len(s) > 1 && isWordByte(s[1]):
			return 1, true // don't
		case inside && c == '*' && len(s) > 1 && (isWordByte(s[1]) || s[1] == '*'):
			r.text = append(r.text, '*') // f*ck
			return 1, true
		}
		return 0, false
	}
	c, size := utf8.DecodeRuneInString(s)
	isLetter := unicode.IsLetter(c)
	switch {
	case c == '’' || c == '‘' || c == '´' || c == 'ʼ':
		return size, inside && len(s) > size && isWordByte(s[size])
	case c == utf8.RuneError, !isLetter && unicode.IsPunct(c), textfold.IsBlank(c):
		return 0, false
	case !isLetter && (textfold.IsInvisible(c) || unicode.In(c, unicode.Mn, unicode.Me)):
		return size, true
	}
	before := len(r.text)
	r.text = appendPlain(r.text, s[:size], c)
	if c >= '\u0370' && len(r.text) > before && r.text[before] >= utf8.RuneSelf {
		r.foreign = true
	}
	return size, len(r.text) > before
}

// isWordByte reports an ASCII letter or digit, or the beginning of another character.
func isWordByte(c byte) bool { return c >= utf8.RuneSelf || textfold.IsWord(c) }

// appendPlain appends a character without its accents, small, if it is a letter or
// digit; a ligature, or a letter of a font, becomes the letters that it means.
func appendPlain(dst []byte, s string, c rune) []byte {
	switch c {
	case 'đ', 'Đ', 'ð', 'Ð':
		return append(dst, 'd')
	case 'ø', 'Ø':
		return append(dst, 'o')
	case 'ł', 'Ł':
		return append(dst, 'l')
	case 'ı', 'İ':
		return append(dst, 'i')
	case 'ß', 'ẞ':
		return append(dst, "ss"...)
	case 'æ', 'Æ':
		return append(dst, "ae"...)
	case 'œ', 'Œ':
		return append(dst, "oe"...)
	}
	parts := norm.NFKD.PropertiesString(s).Decomposition()
	if parts == nil {
		if unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.Is(unicode.Mc, c) {
			return utf8.AppendRune(dst, unicode.ToLower(c))
		}
		return dst
	}
	for len(parts) > 0 {
		p, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if unicode.IsLetter(p) || unicode.IsNumber(p) {
			dst = utf8.AppendRune(dst, unicode.ToLower(p))
		}
	}
	return dst
}

// between reads one character that is in no word.
func (r *reader) between(g *grammar, s string) int {
	if s[0] == ' ' {
		return 1
	}
	c, size := utf8.DecodeRuneInString(s)
	if word, listed := g.symbols[c]; listed {
		r.raw = append(r.raw, token{word: word, marks: r.next, start: len(r.text), end: len(r.text)})
		r.next = 0
		return size
	}
	switch c {
	case '?', '？', '؟', '¿':
		if n := len(r.raw); n > 0 {
			r.raw[n-1].marks |= asked
		}
		r.next |= sentence | phrase
	case '\n', '\r':
		r.next |= sentence | phrase | line
	case '–', '—':
		r.next |= phrase | line
	case '.', '!', ';', ':', '…', '。', '！', '．', '；', '：', '·', '।', '¡', '\u2028', '\u2029', '(', ')', '|':
		r.next |= sentence | phrase
	case ',', '，', '、', '،', '~', '/':
		r.next |= phrase
	case '-':
		if len(s) > 1 && (s[1] == ' ' || s[1] == '-') {
			r.next |= phrase | line
		}
	case '"', '“', '”', '„', '«', '»', '‟', '「', '」':
		if r.closing == 0 {
			r.closing = len(s) - strings.LastIndexAny(s, closingQuotes)
			r.steps += len(s)
		}
		r.inQuotes = !r.inQuotes && len(s)-size >= r.closing
	}
	return size
}

// dropOuterQuotes forgets quotation marks around the whole message: "STOP".
func (r *reader) dropOuterQuotes() {
	if slices.ContainsFunc(r.raw, func(t token) bool { return t.marks&quoted == 0 }) {
		return
	}
	for i := range r.raw {
		r.raw[i].marks &^= quoted
	}
}

// mostLetters is the letters of a word that is spelled with blanks.
const mostLetters = 32

// mergeLetters joins what is spelled with blanks: "S T O P".
func (r *reader) mergeLetters(g *grammar) {
	out := r.raw[:0]
	n := 0 // the end of the letters at i
	for i := 0; i < len(r.raw); {
		for n = max(n, i); n < len(r.raw) && r.raw[n].end-r.raw[n].start == 1; {
			n++
		}
		if n-i >= 4 && n-i <= mostLetters {
			var joined [mostLetters]byte
			for k, t := range r.raw[i:n] {
				joined[k] = r.text[t.start]
			}
			if word := g.lookUp(joined[:n-i]); word != 0 {
				t := r.raw[i]
				t.word, t.end = word, r.raw[n-1].end
				t.marks |= r.raw[n-1].marks & asked
				out = append(out, t)
				i = n
				continue
			}
		}
		out = append(out, r.raw[i])
		i++
	}
	r.raw = out
}

// mergeWords makes one word of those that are one: "do not", "opt out".
func (r *reader) mergeWords(g *grammar) {
	r.mergeDigits(g)
	out := r.raw[:0]
	for _, t := range r.raw {
		if n := len(out); n > 0 && t.marks&phrase == 0 && g.is(t.word, g.joins) {
			if word := g.pairs[[2]wordID{out[n-1].word, t.word}]; word != 0 {
				out[n-1].word, out[n-1].end = word, t.end
				out[n-1].marks |= t.marks & asked
				continue
			}
		}
		out = append(out, t)
	}
	r.raw = out
}

// mergeDigits makes one word of a telephone number, however it is set apart.
func (r *reader) mergeDigits(g *grammar) {
	out := r.raw[:0]
	digits, end := 0, 0 // from the word at i to the end of the words of digits
	for i := 0; i < len(r.raw); i++ {
		for end = max(end, i); end < len(r.raw) && r.isDigits(r.raw[end]); end++ {
			digits += r.raw[end].end - r.raw[end].start
			r.steps++
		}
		t := r.raw[i]
		if end > i {
			digits -= t.end - t.start
		}
		if all := digits + t.end - t.start; end > i && all >= leastPhone && all <= mostPhone {
			t.word, t.end, i, digits = g.words["digits"], r.raw[end-1].end, end-1, 0
			t.marks |= r.raw[end-1].marks & asked
		}
		out = append(out, t)
	}
	r.raw = out
}

// The digits of a telephone number, with an area code or without.
const (
	leastPhone = 7
	mostPhone  = 11
)

func (r *reader) isDigits(t token) bool {
	for _, c := range r.text[t.start:t.end] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return t.end > t.start
}

// dropStaccato forgets the full stops if every word has one ("Stop. Texting.").
func (r *reader) dropStaccato() {
	isRunning := slices.ContainsFunc(r.raw, func(t token) bool { return t.marks&sentence == 0 })
	if len(r.raw) < 3 || len(r.raw) > 8 || isRunning {
		return
	}
	for i := range r.raw[1:] {
		r.raw[i+1].marks &^= sentence | phrase
	}
}

// withoutComma returns the marks of the next word of core, raw[at]. A comma ends no phrase between
// "hör auf" and "mir zu schreiben", and in a list of ways to write.
func (r *reader) withoutComma(g *grammar, marks tokenMark, at int) tokenMark {
	n := len(r.core)
	if n == 0 || marks&(sentence|phrase|line) != phrase {
		return marks
	}
	before := r.core[n-1].word
	if g.is(before, g.noComma) && g.is(r.raw[at].word, g.me) || g.is(before, g.listed) && r.inList(g, at) {
		return marks &^ phrase
	}
	return marks
}

// mostListed is the words from a comma of a list to its end.
const mostListed = 4

// inList reports that raw[at] is in a list of ways to write: "text, or email" of "do not call,
// text, or email me".
func (r *reader) inList(g *grammar, at int) bool {
	for i := at; i+1 < len(r.raw) && i < at+mostListed; i++ {
		r.steps++
		switch word := r.raw[i].word; {
		case g.is(word, g.and):
			return g.is(r.raw[i+1].word, g.listed)
		case !g.is(word, g.listed):
			return false
		}
	}
	return false
}

// takeCore leaves out the words that change nothing, and notes those that say how
// the rest is meant.
func (r *reader) takeCore(g *grammar) {
	var next tokenMark
	r.counted, r.possible = false, r.possible[:0]
	r.core = slices.Grow(r.core, len(r.raw))
	last := 0
	r.second, r.secondLast = len(r.raw), -1
	for i, t := range r.raw {
		switch {
		case g.is(t.word, g.playful):
			r.playful = true
		case g.is(t.word, g.polite):
			next |= polite
			r.pleads = true
		case g.is(t.word, g.fillers):
			if g.is(t.word, g.thanks) {
				next |= thanked
			}
			if t.word == g.period || t.word == g.comma { // as dictated
				next |= phrase
			}
		default:
			r.busy = r.busy || g.is(t.word, g.busy)
			r.instead = r.instead || g.is(t.word, g.instead)
			r.hasFooter = r.hasFooter || g.is(t.word, g.footer)
			t.marks = r.withoutComma(g, t.marks|next, i)
			next = 0
			if t.marks&sentence != 0 && len(r.core) > 0 {
				r.second = min(r.second, len(r.core))
				r.secondLast, last = last, len(r.core)
			}
			r.core = append(r.core, t)
			continue
		}
		next |= t.marks & (sentence | phrase | line)
		if n := len(r.core); n > 0 && t.marks&asked != 0 {
			r.core[n-1].marks |= asked
		}
	}
	var after tokenMark
	for i := len(r.core) - 1; i >= 0; i-- {
		t := &r.core[i]
		if t.marks&asked != 0 || after&(phrase|question) == question {
			t.marks |= question
		}
		after = t.marks
	}
}
