package keywords

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// addSketch notes the sketch of a keyword.
func (x *index) addSketch(folded string, bit uint64) {
	var all []rune
	for i, char := range folded {
		all = appendSketch(all, norm.NFKC.PropertiesString(folded[i:]).Decomposition(), char)
	}
	sum := uint64(emptySum)
	for i, letter := range all {
		sum = addToSum(sum, letter)
		if i < prefix {
			x.letters[i][letter%utf8.RuneSelf] |= bit
		}
	}
	x.sketches[sum] = true
	x.mostLetters = max(x.mostLetters, len(all))
}

// appendSketch appends the sketch of one character, given what NFKD makes of it,
// or nothing where it stays.
func appendSketch(dst []rune, parts []byte, char rune) []rune {
	if len(parts) == 0 {
		if letter := sketchLetter(char); letter > 0 {
			dst = append(dst, letter)
		}
		return dst
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if letter := sketchLetter(part); letter > 0 {
			dst = append(dst, letter)
		}
	}
	return dst
}

// sketchLetter is the letter of a sketch that one character is, or 0 for none.
// Of a Hangul syllable it is the first part, and the other parts are none, since
// parts that follow one another become a syllable.
func sketchLetter(char rune) rune {
	switch {
	case char < utf8.RuneSelf:
		if asciiClass[char] == kept {
			return rune(lower(byte(char)))
		}
		return 0
	case '\uac00' <= char && char <= '\ud7a3':
		return '\u1100' + (char-'\uac00')/588
	case '\u1160' <= char && char <= '\u11ff':
		return 0
	}
	if char = foldCase(char); unicode.IsLetter(char) || unicode.IsNumber(char) {
		return char
	}
	return 0
}

// A sum stands for a sketch. Two with one sum cost time, not truth.
const emptySum = 0xcbf29ce484222325

func addToSum(sum uint64, letter rune) uint64 { return (sum ^ uint64(letter)) * 0x9e3779b97f4a7c15 }
