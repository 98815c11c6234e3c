package number

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers/v2"
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
	for _, scheme := range [...]string{"tel:", "sms:", "whatsapp:", "rcs:"} {
		if len(text) < len(scheme) || !strings.EqualFold(text[:len(scheme)], scheme) {
			continue
		}
		text = text[len(scheme):]
		if scheme == "sms:" { // sms:+14155552671?body=Hello
			text, _, _ = strings.Cut(text, "?")
		}
	}
	return text
}

func isWrapping(r rune) bool {
	switch r {
	case '"', '\'', '`', '\u034f':
		return true
	}
	if r < utf8.RuneSelf {
		return unicode.IsSpace(r)
	}
	return unicode.IsSpace(r) ||
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Pi, unicode.Pf, unicode.Quotation_Mark)
}

// phoneLike is a text of digits, plus signs, and the characters that separate them.
type phoneLike struct {
	sign   string // "+" if a plus sign precedes the digits
	digits string // in ASCII
	plain  bool   // only digits, blanks, hyphens, brackets and invisible characters
}

// readPhoneLike reports false for a text that has other characters, or no digit.
// A full stop is not plain, because a spreadsheet writes 4155552671.0.
func readPhoneLike(text string) (p phoneLike, ok bool) {
	p.plain = true
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			ok = true
		case unicode.IsSpace(r), unicode.In(r, unicode.Pd, unicode.Ps, unicode.Pe, unicode.Cf):
		case r == '+', r == '＋':
			p.plain = false
			if !ok {
				p.sign = "+"
			}
		case r == '.', r == '/', unicode.IsControl(r):
			p.plain = false
		default:
			return phoneLike{}, false
		}
	}
	p.digits = phonenumbers.NormalizeDigitsOnly(text)
	return p, ok
}

// maxSenderID is the length of the longest alphanumeric sender, by GSM 03.38.
const maxSenderID = 11

// isSenderID reports whether text is an alphanumeric sender such as "AMAZON" or
// "1800CALLNOW". phonenumbers would read its letters as the digits of a telephone's
// keypad.
func isSenderID(text string) bool {
	letters := false
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z':
			letters = true
		default:
			return false
		}
	}
	return letters && len(text) <= maxSenderID
}

func hasControl(text string) bool { return strings.IndexFunc(text, unicode.IsControl) >= 0 }

func hasLetter(text string) bool { return strings.IndexFunc(text, unicode.IsLetter) >= 0 }

// verbatim returns what a text that is not a phone number is kept as: the text, or
// the raw text if cleaning left nothing. A store accepts no NUL.
func verbatim(raw, text string) string {
	if text == "" {
		text = raw
	}
	return strings.ReplaceAll(text, "\x00", "?")
}
