package number

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean cuts what providers, address books and spreadsheets put around a number:
// blanks, invisible characters, quotes, and the prefix of a scheme.
func clean(raw string) string {
	text := raw
	for !isBare(text) {
		before := len(text)
		text = cutScheme(strings.TrimFunc(text, isWrapping))
		if len(text) == before {
			break
		}
	}
	return text
}

// isBare reports whether there is nothing to cut, which is so for most numbers.
func isBare(text string) bool {
	return text != "" && startsNumber(text[0]) && startsNumber(text[len(text)-1])
}

func startsNumber(c byte) bool { return '0' <= c && c <= '9' || c == '+' || c == '(' }

// cutScheme cuts one prefix of a scheme, or several in the order of the list.
func cutScheme(text string) string {
	for _, scheme := range numberSchemes[:] {
		if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
			continue
		}
		text = text[len(scheme):]
		if strings.HasSuffix(scheme, "ms:") || scheme == "smsto:" { // sms:+14155552671?body=Hello
			text = cutQuery(text)
		}
	}
	return text
}

// cutQuery cuts the query of a URI: a question mark, a name and an equals sign. Another
// question mark can stand for a digit.
func cutQuery(text string) string {
	before, query, found := strings.Cut(text, "?")
	name, _, isQuery := strings.Cut(query, "=")
	if found && (query == "" || isQuery && isName(name)) {
		return before
	}
	return text
}

// isName reports whether text is the name of a parameter: a letter, and then letters,
// digits and hyphens.
func isName(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !isLetter(c) && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return text != ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isWrapping(r rune) bool {
	switch {
	case r == '"', r == '\'', r == '`', r == '\u034f':
		return true
	case r < utf8.RuneSelf:
		return unicode.IsSpace(r)
	case isOverride(r):
		return false
	}
	return unicode.IsSpace(r) ||
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Pi, unicode.Pf, unicode.Quotation_Mark)
}

// verbatim returns what a text that is not a phone number is kept as: the text, or
// the raw text if cleaning left nothing. A store accepts no NUL. In its place comes ASCII's
// character for that, with which no text is a phone number either: with a question mark
// "sip:+14155552671@a\x00b" would be one.
func verbatim(raw, text string) string {
	if text == "" {
		text = raw
	}
	return strings.ReplaceAll(text, "\x00", "\x1a")
}
