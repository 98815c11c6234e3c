package optout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers/v2"
)

// cleanNumber cuts what providers, address books and spreadsheets put around a
// number: blanks, invisible characters, quotes, and the prefix of a scheme.
func cleanNumber(raw string) string {
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

// isBare reports a text with nothing to cut, as most numbers are.
func isBare(text string) bool {
	return text != "" && mayStart(text[0]) && mayStart(text[len(text)-1])
}

func mayStart(c byte) bool { return '0' <= c && c <= '9' || c == '+' || c == '(' }

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

// unsignedDigits returns the digits of a number without a plus sign, as ASCII:
// "4155552671", "(415) 555-2671". A point is none of what may stand between them,
// since a spreadsheet writes 4155552671.0.
func unsignedDigits(text string) (string, bool) {
	for _, r := range text {
		if !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Pd, unicode.Ps, unicode.Pe, unicode.Cf) {
			return "", false
		}
	}
	digits := phonenumbers.NormalizeDigitsOnly(text)
	return digits, digits != ""
}

// maxSenderID is the length of an alphanumeric sender, by GSM 03.38.
const maxSenderID = 11

// isSenderID reports an alphanumeric sender such as "AMAZON" or "1800CALLNOW",
// whose letters the library would read as the digits of a telephone's keypad.
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

// verbatim is what a text that is no phone number is kept as: phone-like text as
// its sign and digits, so that "555-1234" and "5551234" are one; anything else as
// it is, or as it came where cleaning leaves nothing.
func verbatim(raw, text string) string {
	if text == "" {
		text = raw
	}
	if digits, ok := signAndDigits(text); ok {
		return digits
	}
	return strings.ReplaceAll(text, "\x00", "?") // a store keeps no NUL
}

func signAndDigits(text string) (string, bool) {
	sign, digits := "", false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits = true
		case r == '+', r == '＋':
			if !digits {
				sign = "+"
			}
		case r == '.', r == '/', unicode.IsSpace(r), unicode.IsControl(r),
			unicode.In(r, unicode.Pd, unicode.Ps, unicode.Pe, unicode.Cf):
		default:
			return "", false
		}
	}
	return sign + phonenumbers.NormalizeDigitsOnly(text), digits
}
