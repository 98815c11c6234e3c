package keywords

import "unicode/utf8"

// Classes of characters beside those of ASCII.
const (
	mark   = notASCII + 1 + iota // stays where it is, or makes one character with the one before it
	strike                       // a mark that folding drops
	unsure                       // has to be studied
)

// glance tells the class of a character that is not ASCII, what it is when
// folded, and the letter that is its sketch, for those that messages are full of
// and a comparison or two can tell. TestAGlanceIsRight compares each with what
// study says.
func glance(char rune) (class uint8, folded, letter rune) {
	switch {
	case char < '\u0100':
		return glanceLatin(char)
	case char == 'İ', char == 'ı':
		return kept, 'i', 'i'
	case char < '\u0300':
		return unsure, 0, 0
	case char < '\u0370':
		return glanceMark(char), 0, 0
	case char < '\u0430':
		if char < '\u0410' || char == 'Й' {
			return unsure, 0, 0
		}
		return kept, char + 0x20, char + 0x20
	case char < '\u0450':
		if char == 'й' {
			return unsure, 0, 0
		}
		return kept, char, char
	case char < '\u2000':
		return unsure, 0, 0
	case char < '\u2100':
		return glancePunctuation(char), char, 0
	case '\u24b6' <= char && char <= '\u24e9': // circled letters
		folded = 'a' + (char-'\u24b6')%26
		return kept, folded, folded
	case '\u2600' <= char && char < '\u2768', char == utf8.RuneError:
		return edge, char, 0
	case '\u4e00' <= char && char <= '\u9fff':
		return kept, char, char
	case '\ufe00' <= char && char <= '\ufe0f':
		return dropped, 0, 0
	case '\uff01' <= char && char <= '\uff5e':
		ascii := byte(char - '\uff00' + ' ')
		folded = rune(lower(ascii))
		return asciiClass[ascii], folded, folded
	case char < 0x1d400:
		return unsure, 0, 0
	case char < 0x1d800:
		return glanceMath(char)
	case 0x1f300 <= char && char < 0x1f650, 0x1f680 <= char && char < 0x1f6d3, 0x1f900 <= char && char < 0x1fa00:
		return edge, char, 0
	}
	return unsure, 0, 0
}

// glanceLatin is of U+0080 to U+00FF.
func glanceLatin(char rune) (class uint8, folded, letter rune) {
	// The letters without their marks, from U+00E0.
	const plain = "aaaaaa\xe6ceeeeiiii\xf0nooooo\xf7\xf8uuuuy\xfey"
	switch {
	case char < '\u00a0', char == '\u00ad':
		if char == '\u0085' {
			return separator, 0, 0
		}
		return dropped, 0, 0
	case char < 'À', char == 'ß':
		return unsure, 0, 0
	case char == '×', char == '÷':
		return edge, char, 0
	}
	folded = char | 0x20
	return kept, folded, rune(plain[folded-'à'])
}

// glanceMark is of U+0300 to U+036F.
func glanceMark(char rune) uint8 {
	switch char {
	case '\u0332', '\u0335', '\u0336', '\u0337', '\u0338':
		return strike
	case '\u034f':
		return dropped
	case '\u0307', '\u0345': // goes after i; is an iota
		return unsure
	}
	return mark
}

// glancePunctuation is of U+2000 to U+20FF.
func glancePunctuation(char rune) uint8 {
	switch {
	case char <= '\u200a', '\u2010' <= char && char <= '\u2015':
		return separator
	case char <= '\u200f', '\u202a' <= char && char <= '\u202e', '\u2060' <= char && char <= '\u2064':
		return dropped
	case '\u2018' <= char && char <= '\u2023', '\u2039' <= char && char <= '\u203b':
		return edge
	case '\u20dd' <= char && char <= '\u20e0':
		return strike
	}
	return unsure
}

// glanceMath is of U+1D400 to U+1D7FF: alphabets and digits as font apps send
// them.
func glanceMath(char rune) (class uint8, folded, letter rune) {
	at := char - 0x1d400
	switch {
	case char >= 0x1d7ce:
		folded = '0' + (char-0x1d7ce)%10
	case char >= 0x1d6a4: // Greek, and i and j without a dot
		return unsure, 0, 0
	case isMathHole(char):
		return dropped, 0, 0
	default:
		folded = 'a' + at%26
	}
	return kept, folded, folded
}

// isMathHole reports the letters of these alphabets that are not assigned, since
// they had been elsewhere.
func isMathHole(char rune) bool {
	switch char {
	case 0x1d455, 0x1d49d, 0x1d4a0, 0x1d4a1, 0x1d4a3, 0x1d4a4, 0x1d4a7, 0x1d4a8, 0x1d4ad, 0x1d4ba, 0x1d4bc, 0x1d4c4,
		0x1d506, 0x1d50b, 0x1d50c, 0x1d515, 0x1d51d, 0x1d53a, 0x1d53f, 0x1d545, 0x1d547, 0x1d548, 0x1d549, 0x1d551:
		return true
	}
	return false
}
