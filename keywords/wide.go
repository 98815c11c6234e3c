package keywords

import "unicode/utf8"

// findWide is find for a text of up to 4,096 bytes that is not all ASCII. It sees
// to the texts that fold to ASCII letters and blanks with signs around them: ＳＴＯＰ,
// “Stop”, STOP🛑. Those of other kinds are left to readWide, if they may be
// keywords at all.
func (s *Set) findWide(text string) *Match {
	x := &s.index
	w := speller{index: x, start: ^uint64(0)}
	afterMark := 0 // the first one behind a letter
	for i := 0; i < len(text); {
		c, size := text[i], 1
		class, folded := asciiClass[c], rune(c|0x20) // for letters and digits
		base := folded
		if class == notASCII {
			var char rune
			char, size = utf8.DecodeRuneInString(text[i:])
			class, folded, base = glance(char)
		}
		i += size

		told := open
		switch {
		case class == kept && size == 1 && w.behind == 0:
			size, told = w.ascii(text[i-1:])
			i += size - 1
		case class == kept:
			told = w.letter(folded, base)
		case class == unsure:
			told = hard
		case w.n > 0: // else it is cut, also a mark with the sign that it changes
			if class == mark && w.behind&hasMark == 0 {
				afterMark = i
			}
			told = w.sign(class)
		}
		switch told {
		case open:
		case none:
			return noMatch
		case hard:
			return s.readWide(text)
		}
	}

	found := s.match(w.out[:w.n])
	if w.behind&hasMark == 0 || x.onlyASCII && found == noMatch {
		return found
	}
	// Either the marks are cut, or one of them joins the last letter. One that joins
	// it alone does so whatever is behind it, of which there may be much.
	if x.onlyASCII && len(text)-afterMark > maxKeyword && s.findLong(text[:afterMark]) == noMatch {
		return noMatch
	}
	return s.readWide(text)
}

// speller is the state of findWide.
type speller struct {
	index *index
	start uint64           // the keywords whose sketch starts so
	out   [maxKeyword]byte // the folded text, up to the last letter or digit

	n, letters int   // of out
	behind     uint8 // what was seen behind that
}

const (
	hasBlank = 1 << iota
	hasSign
	hasMark
)

// verdict is what is known of a text, of which a part was read.
type verdict uint8

const (
	open verdict = iota
	none         // it is no keyword
	hard         // it is for readWide
)

// ascii adds the ASCII letters and digits that a text starts with, right behind a
// letter or as the first.
func (w *speller) ascii(text string) (int, verdict) {
	x, n, letters := w.index, w.n, w.letters
	for i := range len(text) {
		c := text[i] | 0x20
		if asciiClass[text[i]] != kept {
			w.n, w.letters = n, letters
			return i, open
		}
		if letters < prefix {
			if w.start &= x.letters[letters][c%utf8.RuneSelf]; w.start == 0 {
				return i, none
			}
		}
		if letters == x.mostLetters {
			return i, none
		}
		if n == len(w.out) {
			return i, hard
		}
		w.out[n] = c
		n++
		letters++
	}
	w.n, w.letters = n, letters
	return len(text), open
}

// letter adds a letter or digit.
func (w *speller) letter(folded, base rune) verdict {
	x := w.index
	if w.letters == x.mostLetters {
		return none
	}
	if w.letters < prefix {
		if w.start &= x.letters[w.letters][base%utf8.RuneSelf]; w.start == 0 {
			return none
		}
	}
	if w.behind != 0 || folded >= utf8.RuneSelf {
		switch {
		case x.onlyASCII && (w.behind&hasMark != 0 || folded >= utf8.RuneSelf), x.onlyWords && w.behind&hasSign != 0:
			return none
		case w.behind > hasBlank || folded >= utf8.RuneSelf || w.n == len(w.out):
			return hard
		}
		w.behind = 0
		w.out[w.n] = ' '
		w.n++
	}
	if w.n == len(w.out) {
		return hard
	}
	w.out[w.n] = byte(folded)
	w.n++
	w.letters++
	return open
}

// sign adds a character of another class behind a letter.
func (w *speller) sign(class uint8) verdict {
	switch class {
	case separator:
		w.behind |= hasBlank
	case edge:
		w.behind |= hasSign
	case mark:
		w.behind |= hasMark
	case strike: // changes signs: = and U+0338 are ≠
		if w.behind != 0 {
			return hard
		}
	}
	return open
}
