package number

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The schemes of phone numbers. The function clean cuts the first list, and readAddress reads
// the second.
var (
	numberSchemes = [...]string{"tel:", "sms:", "smsto:", "mms:", "whatsapp:", "rcs:"}
	sipSchemes    = [...]string{"sip:", "sips:"}
)

// WithChannels returns a Reader that also takes the addresses of other channels, by their
// schemes: "messenger" for messenger:2489176354201234. A scheme has the form of RFC 3986,
// in whatever case. The schemes of phone numbers are an error.
func (r *Reader) WithChannels(schemes []string) (*Reader, error) {
	with := *r
	with.channels = nil
	for _, scheme := range schemes {
		name := strings.ToLower(scheme)
		switch {
		case !isScheme(scheme):
			return nil, fmt.Errorf("%.40q is no scheme, want a letter, then letters, digits, \"+\", \"-\" and \".\" alone", scheme)
		case slices.Contains(numberSchemes[:], name+":"), slices.Contains(sipSchemes[:], name+":"):
			return nil, fmt.Errorf("%s is a scheme of phone numbers", name)
		}
		with.channels = append(with.channels, name)
	}
	return &with, nil
}

// isAddress reports whether a text is the address of a listed channel: its scheme, a colon
// and a value of printable characters. raw is the text before it was cut out of its
// wrapping, from which only blanks and quotes may be cut: whatsapp:messenger:1 is no
// address.
func (r *Reader) isAddress(raw, text string) bool {
	scheme, value, found := strings.Cut(text, ":")
	if !found || !isScheme(scheme) || !slices.Contains(r.channels, strings.ToLower(scheme)) {
		return false
	}
	notPrintable := func(c rune) bool { return !unicode.IsPrint(c) }
	return value != "" && value == strings.TrimFunc(value, isWrapping) && !strings.ContainsFunc(value, notPrintable) &&
		text == strings.TrimFunc(raw, isWrapping)
}

// isScheme reports whether text is the scheme of a URI (RFC 3986, section 3.1).
func isScheme(text string) bool {
	for i := range len(text) {
		c := text[i]
		if !isLetter(c) && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return text != ""
}

// named writes an address with its name in one case: the scheme in lower case, the country
// of a WhatsApp user in upper case. All else stays as it is. It does not depend on the
// channels that a Reader knows, so an opt-out is found after they change.
func named(text string) string {
	if scheme, value, found := strings.Cut(text, ":"); found && isScheme(scheme) {
		if lower := strings.ToLower(scheme); lower != scheme {
			return lower + ":" + value
		}
		return text
	}
	if isWhatsAppUser(text) {
		if country := strings.ToUpper(text[:2]); country != text[:2] {
			return country + text[2:]
		}
	}
	return text
}

// isWhatsAppUser reports whether text has the form of the id by which WhatsApp names a user
// to a business without the phone number: US.13491208655302741918.
func isWhatsAppUser(text string) bool {
	if len(text) < len("US.1") || !isLetter(text[0]) || !isLetter(text[1]) || text[2] != '.' {
		return false
	}
	digits := false
	for i := len("US."); i < len(text); i++ {
		c := text[i]
		if !isLetter(c) && !isDigit(c) && c != '.' {
			return false
		}
		digits = digits || isDigit(c)
	}
	return digits
}

// Scheme returns the scheme of phone numbers that a text starts with, such as "whatsapp:",
// in lower case, or "".
func Scheme(raw string) string {
	text := strings.TrimFunc(raw, isWrapping)
	for _, scheme := range numberSchemes[:] {
		if len(text) >= len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return scheme
		}
	}
	return ""
}
