package table

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// Fold appends a text as a table reads it: small letters without accents, 0 for every
// digit, one blank between words, and ".", "?" or "," as a word of its own. A full stop is
// before and after it all, and a blank at both ends: " . ok stop . bye . ".
func Fold(dst []byte, text string) []byte {
	dst = append(dst, " . "...)
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			dst = foldRune(dst, text[i:i+size], r)
			i += size
			continue
		}
		i++
		switch {
		case '0' <= c && c <= '9':
			dst = append(dst, '0')
		case textfold.IsWord(c):
			dst = append(dst, textfold.Lower(c))
		case c == '\'' || c == '`': // dont
		case c == '?' || c == ',':
			dst = mark(dst, c)
		case c == '.' || c == '!' || c == ';' || c == ':' || c == '(' || c == ')' || c == '\n' || c == '\r':
			dst = mark(dst, '.')
		default:
			dst = blank(dst)
		}
	}
	return mark(dst, '.')
}

// foldRune appends the letters of a character that is not ASCII, without accents.
func foldRune(dst []byte, s string, r rune) []byte {
	switch {
	case r == '’' || r == '‘' || r == '´' || r == 'ʼ':
		return dst
	case r == utf8.RuneError || textfold.IsBlank(r):
		return blank(dst)
	case unicode.Is(unicode.Mn, r), textfold.IsInvisible(r):
		return dst
	}
	before := len(dst)
	parts := norm.NFKD.PropertiesString(s).Decomposition()
	if parts == nil && unicode.IsLetter(r) {
		return utf8.AppendRune(dst, unicode.ToLower(r))
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		parts = parts[size:]
		if unicode.IsLetter(part) && part != 'ʼ' {
			dst = utf8.AppendRune(dst, unicode.ToLower(part))
		}
	}
	if len(dst) == before {
		return blank(dst)
	}
	return dst
}

func isMark(c byte) bool { return c == '.' || c == '?' || c == ',' }

// mark appends a mark, unless another one is there.
func mark(dst []byte, c byte) []byte {
	dst = blank(dst)
	if isMark(dst[len(dst)-2]) {
		return dst
	}
	return append(dst, c, ' ')
}

// blank appends a blank, unless one is there.
func blank(dst []byte) []byte {
	if dst[len(dst)-1] == ' ' {
		return dst
	}
	return append(dst, ' ')
}
