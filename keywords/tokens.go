package keywords

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wordID is the place of a word in the vocabulary; 0 is a word that it lacks.
type wordID uint16

// token is a word of the message.
type token struct {
	word       wordID
	marks      tokenMark
	start, end int // in textReader.text
}

// tokenMark is what was seen at a token or before it.
type tokenMark uint8

const (
	sentence tokenMark = 1 << iota // a sentence begins here
	phrase                         // a sentence, or what stands after a comma, begins here
	quoted                         // between quotation marks
	polite                         // "please" stands before it
	asked                          // a question mark stands after it
	thanked                        // "thanks" stands before it
)

// textReader holds the buffers of one reading.
type textReader struct {
	text   []byte  // the message, folded: small letters without accents, words apart
	raw    []token // every word
	core   []token // without the words that change nothing
	joined []byte  // two words in one, for the look-up

	next                   tokenMark // for the next token
	open                   bool      // between quotation marks
	playful, busy, instead bool
	pleads                 bool // "please" is somewhere
	reply                  bool // "Re:" is before it all
	second, secondLast     int  // where in core the second sentence begins, and the last but one
	foreign                bool // has letters that are not Latin
}

// maxReader is the size of a buffer that goes back to the pool.
const maxReader = 1 << 14

var readers = sync.Pool{New: func() any { return new(textReader) }}

func getReader() *textReader {
	r, ok := readers.Get().(*textReader)
	if !ok {
		return new(textReader)
	}
	return r
}

func putReader(r *textReader) {
	if cap(r.text) <= maxReader {
		readers.Put(r)
	}
}

// split makes the words of a message.
func (r *textReader) split(g *grammar, message string) {
	*r = textReader{text: r.text[:0], raw: r.raw[:0], core: r.core[:0], joined: r.joined[:0], next: sentence | phrase}
	for i := 0; i < len(message); {
		i += r.word(g, message[i:])
	}
	r.closeQuotes()
	r.mergeLetters(g)
	r.dropEffect(g)
	r.mergeWords(g)
	r.dropStaccato()
	r.takeCore(g)
}

// word reads one word, or what stands between words, and returns its length.
func (r *textReader) word(g *grammar, s string) int {
	start := len(r.text)
	i := 0
	for i < len(s) {
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
	if r.open {
		t.marks |= quoted
	}
	r.text = append(r.text, ' ')
	r.raw = append(r.raw, t)
	r.next = 0
	return i
}

// letter appends a letter or digit, folded, and returns its length. It reports
// false where the word ends.
func (r *textReader) letter(s string, inside bool) (int, bool) {
	if c := s[0]; c < utf8.RuneSelf {
		switch {
		case asciiClass[c] == kept:
			r.text = append(r.text, lower(c))
			return 1, true
		case inside && (c == '\'' || c == '`') && len(s) > 1 && isWordByte(s[1]):
			return 1, true // don't
		case inside && c == '*' && len(s) > 1 && (isWordByte(s[1]) || s[1] == '*'):
			r.text = append(r.text, '*') // f*ck
			return 1, true
		}
		return 0, false
	}
	c, size := utf8.DecodeRuneInString(s)
	switch {
	case c == '’' || c == '‘' || c == '´' || c == 'ʼ':
		return size, inside && len(s) > size && isWordByte(s[size])
	case c == utf8.RuneError:
		return 0, false
	case isBlank(c):
		return 0, false
	case isInvisible(c), unicode.Is(unicode.Mn, c), unicode.Is(unicode.Me, c):
		return size, true
	}
	before := len(r.text)
	r.text = appendPlain(r.text, s[:size], c)
	r.foreign = r.foreign || c >= '\u0370' && len(r.text) > before && r.text[before] >= utf8.RuneSelf
	return size, len(r.text) > before
}

// isWordByte reports an ASCII letter or digit, or the beginning of another character.
func isWordByte(c byte) bool { return c >= utf8.RuneSelf || asciiClass[c] == kept }

// appendPlain appends a character without its accents, small, if it is a letter or
// digit; a ligature, or a letter of a font, becomes what it stands for.
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

// foldPlain folds a short text to small words without accents, with one blank
// between. What does not fit into dst is left out.
func foldPlain(dst []byte, text string) []byte {
	for i, c := range text {
		if cap(dst)-len(dst) < 2*utf8.UTFMax {
			break
		}
		before := len(dst)
		if c < utf8.RuneSelf {
			if asciiClass[text[i]] == kept {
				dst = append(dst, lower(text[i]))
			}
		} else if c != utf8.RuneError {
			dst = appendPlain(dst, text[i:i+utf8.RuneLen(c)], c)
		}
		if len(dst) == before && before > 0 && dst[before-1] != ' ' {
			dst = append(dst, ' ')
		}
	}
	if n := len(dst); n > 0 && dst[n-1] == ' ' {
		dst = dst[:n-1]
	}
	return dst
}

// between reads one character that is in no word.
func (r *textReader) between(g *grammar, s string) int {
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
	case '.', '!', ';', ':', '\n', '\r', '…', '。', '！', '．', '；', '：', '·', '।', '¡', '\u2028', '\u2029', '(', ')', '|':
		r.next |= sentence | phrase
	case ',', '，', '、', '،', '–', '—', '~', '/':
		r.next |= phrase
	case '-':
		if len(s) > 1 && (s[1] == ' ' || s[1] == '-') {
			r.next |= phrase
		}
	case '"', '“', '”', '„', '«', '»', '‟', '「', '」':
		r.open = !r.open && strings.ContainsAny(s[size:], closeQuotes)
	}
	return size
}
