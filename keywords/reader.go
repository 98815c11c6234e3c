package keywords

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// readWide is find for what findWide leaves. It reads the characters once, for two
// things.
//
// The sketch is the letters and digits in lower case, taken apart by NFKD and
// without their marks. Each character has a sketch whatever is around it, and no
// step of folding changes that of a text: one that no keyword has is told by its
// first letters, or by its length.
//
// The other thing is the folded text itself, as long as no character changes
// with those around it. Only where one may, and the sketch is a keyword's, the
// text is folded the long way.
func (s *Set) readWide(text string) *Match {
	r := reader{index: &s.index, exact: true, sum: emptySum, start: ^uint64(0)}
	for i := 0; i < len(text) && !r.none; {
		if c := text[i]; c < utf8.RuneSelf {
			r.read(asciiClass[c], rune(lower(c)), rune(lower(c)))
			i++
			continue
		}
		char, size := utf8.DecodeRuneInString(text[i:])
		if class, folded, letter := glance(char); class != unsure {
			r.read(class, folded, letter)
		} else {
			r.study(text[i:i+size], char)
		}
		i += size
	}
	switch {
	case r.none:
		return noMatch
	case r.exact:
		return s.match(r.out[:r.end])
	case s.index.sketches[r.sum]:
		return s.findLong(text)
	default:
		return noMatch
	}
}

// reader is the state of reading a text: its sketch so far, and its fold.
type reader struct {
	index *index
	none  bool // the text is no keyword

	sum     uint64 // of the sketch
	letters int    // of the sketch
	start   uint64 // the keywords whose sketch starts so

	exact  bool // out[:end] is the text folded, of what is read
	marked bool // behind the first letter is a mark that stays in a folded text, or changes a letter
	out    [maxKeyword]byte
	n, end int // of out: as long as it is, and up to the last letter or digit
}

// read adds a character that has the class, is itself when folded, and has this
// letter for its sketch.
func (r *reader) read(class uint8, folded, letter rune) {
	switch class {
	case kept:
		r.sketch(letter)
		r.put(folded)
		r.end = r.n
	case separator:
		if r.n > 0 && r.out[r.n-1] != ' ' {
			r.put(' ')
		}
	case edge:
		if r.n > 0 {
			r.put(folded)
		}
	case mark: // those before the first letter are cut, with any edge that they change
		if r.n > 0 {
			r.exact = false
			r.marked = true
		}
	case strike: // changes symbols: = and U+0338 are ≠
		if r.n > r.end {
			r.exact = false
		}
	}
}

// study is read for any character but ASCII.
func (r *reader) study(text string, char rune) {
	if isBlank(char) {
		r.read(separator, ' ', 0)
		return
	}
	properties := norm.NFKC.PropertiesString(text)
	parts := properties.Decomposition()
	if len(parts) > 0 && isASCII(parts) {
		for _, c := range parts {
			r.read(asciiClass[c], rune(lower(c)), rune(lower(c)))
		}
		return
	}

	var room [18]rune // the most that a character is taken apart to
	letters := appendSketch(room[:0], parts, char)
	if len(letters) == 0 && len(parts) == 0 && isInvisible(char) {
		return
	}
	for _, letter := range letters {
		r.sketch(letter)
	}
	folded := foldCase(char)
	stays := len(parts) == 0 || norm.NFKC.QuickSpanString(text) == len(text)
	isKept := unicode.IsLetter(folded) || unicode.IsNumber(folded)
	switch {
	case !properties.BoundaryBefore(), !stays:
		if r.n > 0 || isKept || len(letters) > 0 {
			r.exact = false
		}
	case isKept:
		r.put(folded)
		r.end = r.n
	case isSeparator(folded):
		r.read(separator, ' ', 0)
	case unicode.Is(unicode.Me, folded):
		r.read(strike, 0, 0)
	case unicode.IsMark(folded):
		if r.n > 0 {
			r.exact = false
		}
	default:
		r.read(edge, folded, 0)
	}
}

// sketch adds a letter to the sketch.
func (r *reader) sketch(letter rune) {
	if r.letters == r.index.mostLetters || r.marked && r.index.onlyASCII {
		r.none = true
		return
	}
	if r.letters < prefix {
		if r.start &= r.index.letters[r.letters][letter%utf8.RuneSelf]; r.start == 0 {
			r.none = true
			return
		}
	}
	r.letters++
	r.sum = addToSum(r.sum, letter)
}

// put adds a character to the folded text, if that may still be a keyword.
func (r *reader) put(folded rune) {
	switch {
	case !r.exact:
	case r.n+utf8.UTFMax > len(r.out) && r.n+utf8.RuneLen(folded) > len(r.out):
		r.exact = false
	case folded < utf8.RuneSelf:
		r.out[r.n] = byte(folded)
		r.n++
	default:
		r.n += utf8.EncodeRune(r.out[r.n:], folded)
	}
}
