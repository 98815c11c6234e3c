package number

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold writes a text in ASCII: digits of any script, hyphens, brackets, blanks and
// full-width characters. It drops invisible characters. Every other character is a
// fault, as are the digits of two scripts in one text.
func fold(text string) (string, Fault) {
	if isASCII(text) {
		return text, NoFault
	}
	var b strings.Builder
	zero := rune(0) // of the script of the digits
	for _, r := range text {
		c, isDigit := asciiOf(r)
		if isDigit {
			if zero != 0 && zero != r-(c-'0') {
				return "", Sign
			}
			zero = r - (c - '0')
		}
		switch {
		case c == dropped:
		case c != 0:
			b.WriteRune(c)
		case unicode.IsControl(r):
			return "", Encoding
		case unicode.IsLetter(r):
			return "", Letters
		default:
			return "", Sign
		}
	}
	return b.String(), NoFault
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// dropped is the answer of asciiOf for an invisible character.
const dropped = utf8.RuneError

// asciiOf returns the ASCII character that a character of any script is written as. It
// returns 0 if ASCII has no such character, and dropped for an invisible character. It
// reports whether the character is a digit.
func asciiOf(r rune) (c rune, isDigit bool) {
	const fullWidth = '！' - '!'
	switch {
	case unicode.IsDigit(r):
		return '0' + valueOf(r), true
	case r < utf8.RuneSelf:
		return r, false
	case '！' <= r && r <= '～':
		return r - fullWidth, false
	case r == '\u2212', r == '\u30fc', unicode.Is(unicode.Pd, r): // the minus sign; the mark that lengthens a vowel in Japanese
		return '-', false
	case unicode.Is(unicode.Zs, r):
		return ' ', false
	case unicode.Is(unicode.Ps, r):
		return '(', false
	case unicode.Is(unicode.Pe, r):
		return ')', false
	case isOverride(r):
		return 0, false
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector), r == '\u034f':
		return dropped, false
	default:
		return 0, false
	}
}

// isOverride reports whether r turns round the digits that follow, or may.
func isOverride(r rune) bool { return r == '\u202d' || r == '\u202e' }

// valueOf returns the value of a decimal digit. The digits of a script follow each other
// from zero on, and so do those scripts that are neighbors.
func valueOf(r rune) rune {
	for _, s := range unicode.Nd.R16 {
		if rune(s.Lo) <= r && r <= rune(s.Hi) {
			return (r - rune(s.Lo)) % 10
		}
	}
	for _, s := range unicode.Nd.R32 {
		if at := int64(r) - int64(s.Lo); at >= 0 && int64(r) <= int64(s.Hi) {
			return rune(at % 10)
		}
	}
	return 0
}
