package textfold

import (
	"unicode"
	"unicode/utf8"
)

const (
	// MaxMessage is the number of bytes over which a message is not read. More
	// than 255 SMS parts cannot carry it.
	MaxMessage = 131_072
	// MaxTrimmed is the number of bytes over which a message is no keyword, once
	// the blanks at its ends are cut.
	MaxTrimmed = 4_096
)

// IsWord reports whether c is an ASCII letter or digit.
func IsWord(c byte) bool {
	lower := c | 0x20
	return 'a' <= lower && lower <= 'z' || '0' <= c && c <= '9'
}

// IsControl reports whether c is an ASCII control character that is no blank.
func IsControl(c byte) bool {
	return c < ' ' && (c < '\t' || c > '\r') || c == 0x7f
}

// Lower returns the small letter of an ASCII capital letter, and any other byte
// as it is.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// IsBlank reports whether r is read as a blank: white space, and the characters
// that look like it.
func IsBlank(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || '\t' <= r && r <= '\r'
	}
	switch r {
	case '\u180e', '\u3164', '\u2800', '\u115f', '\u1160', '\uffa0', '\ufffc':
		return true
	}
	return unicode.IsSpace(r)
}

// IsInvisible reports whether r, which is no blank, cannot be seen: format,
// control, private-use and unassigned characters, variation selectors, tags and
// U+034F.
func IsInvisible(r rune) bool {
	if r < '\u0300' {
		return !unicode.IsGraphic(r)
	}
	return !unicode.IsGraphic(r) || r == '\u034f' || unicode.Is(unicode.Variation_Selector, r)
}
