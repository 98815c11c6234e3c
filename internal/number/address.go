package number

import (
	"strings"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// readAddress cuts the digits out of an address that has a phone number in it. It
// reports false for any other address.
func (w *written) readAddress(text *string) bool {
	if at := len(*text) - len(gateway); at > 0 && strings.EqualFold((*text)[at:], gateway) {
		*text = (*text)[:at]
		return !strings.ContainsAny(*text, ":@")
	}
	scheme, rest, isURI := strings.Cut(*text, ":")
	user, host, isMail := strings.Cut(*text, "@")
	switch {
	case isURI && (strings.EqualFold(scheme, "sip") || strings.EqualFold(scheme, "sips")):
		user, host, isMail = strings.Cut(rest, "@")
		if !isMail || !isHost(host) || user == "" || user[0] != '+' || !areDigits(user[1:]) {
			return false
		}
		*text = user
		return true
	case isURI && isScheme(scheme):
		return false
	case !isMail:
		return true
	case strings.EqualFold(host, "s.whatsapp.net"), strings.EqualFold(host, "c.us"):
		number, device, hasDevice := strings.Cut(user, ":")
		if !areDigits(number) || hasDevice && (!areDigits(device) || len(device) > maxDevice) {
			return false
		}
		w.plus = true
		*text = number
		return true
	default:
		return false
	}
}

// isHost reports whether text is what follows the user of one SIP URI: a host, and perhaps
// a port, parameters and headers.
func isHost(text string) bool {
	if text == "" || !isLetter(text[0]) && !isDigit(text[0]) && text[0] != '[' {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`@,<>"`, r) })
}

const (
	gateway   = "/TYPE=PLMN" // of the addresses of MMS gateways (OMA MMS, 3GPP TS 23.140)
	maxDevice = 5
)

func areDigits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}

// readParameters cuts the parameters of RFC 3966, and returns the digits of
// phone-context. A context that is a domain says nothing about the number, and is a
// fault.
func (w *written) readParameters(text *string) (context string, fault Fault) {
	number, parameters, found := strings.Cut(*text, ";")
	*text = strings.TrimRight(number, " ")
	for found {
		var parameter string
		parameter, parameters, found = strings.Cut(parameters, ";")
		name, value, _ := strings.Cut(parameter, "=")
		switch {
		case !isName(name) || strings.ContainsRune(value, ' '):
			return "", Sign
		case strings.EqualFold(name, "ext"):
			if !areDigits(value) || len(value) > maxExtension {
				return "", Tail
			}
			w.here = true
		case strings.EqualFold(name, "phone-context"):
			if len(value) < 2 || value[0] != '+' || context != "" {
				return "", Local
			}
			context = value
		}
	}
	return context, NoFault
}

// inContext reads a local number in the context that is the start of its number in
// E.164 (RFC 3966, section 5.1.5).
func (w *written) inContext(context, text string) Fault {
	if w.plus || !w.digits.Read(text) || w.digits.Plus() {
		return Sign
	}
	if fault := w.readDigits(text); fault != NoFault {
		return fault
	}
	digits := w.digits.Digits()
	*w = written{plus: true}
	if !w.digits.Read(context+digits) || w.digits.Grouped() {
		return Sign
	}
	return NoFault
}

// The labels of an extension. After a word there can be a full stop or a colon. A sign
// of one character can also be a slip of the finger, or the mask of a digit.
var (
	extensionWords = []string{"extension", "extn", "ext", "xtn", "xt", "local", "poste", ",,"}
	extensionSigns = []string{"x", "#"}
)

// readExtension cuts an extension: a label, at most maxExtension digits, and "#" where a
// telephone dials it.
func (w *written) readExtension(text *string) {
	rest := strings.TrimSuffix(*text, "#")
	digits := len(rest) - len(strings.TrimRight(rest, "0123456789"))
	if digits == 0 || digits > maxExtension {
		return
	}
	extension := rest[len(rest)-digits:]
	label := strings.TrimRight(rest[:len(rest)-digits], " ")
	number, ok := cutLabel(strings.TrimRight(label, ".: "), extensionWords)
	if !ok {
		if number, ok = cutLabel(label, extensionSigns); !ok {
			return
		}
		w.more = extension
	}
	number = strings.TrimRight(number, " ")
	if !strings.HasSuffix(label, ",,") { // 415-555-2671, ext. 5
		number = strings.TrimRight(strings.TrimSuffix(number, ","), " ")
	}
	*text, w.here = number, true
}

// cutLabel cuts a label that follows a digit or a blank.
func cutLabel(text string, labels []string) (number string, ok bool) {
	for _, label := range labels {
		at := len(text) - len(label)
		if at <= 0 || !strings.EqualFold(text[at:], label) || isLetter(label[0]) && isLetter(text[at-1]) {
			continue
		}
		return text[:at], true
	}
	return "", false
}

// The counts of letters in a phoneword: all of a number after the area code, or its last
// group.
const (
	longWord  = 7
	shortWord = 4
)

// readWord reads a number of North America in which letters of a telephone's keypad stand
// for the last digits: 1-800-FLOWERS, (212) 555-MOVE. A separator precedes the word. A
// letter that is there four times, or alone in its group, is a mask.
func (w *written) readWord(text string) bool {
	const keypad = "22233344455566677778889999"
	at := strings.IndexFunc(text, func(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' })
	if at <= 0 || isDigit(text[at-1]) {
		return false
	}
	word := []byte(text[at:])
	var counts [26]int
	letters, group := 0, 0
	for i, c := range word {
		switch {
		case isLetter(c):
			at := c&^0x20 - 'A'
			if counts[at]++; counts[at] == 4 {
				return false
			}
			word[i] = keypad[at]
			letters, group = letters+1, group+1
		case (c == '-' || c == ' ') && group > 1:
			group = 0
		default:
			return false
		}
	}
	if letters != longWord && letters != shortWord || group < 2 || isRepeated(text[at:]) {
		return false
	}
	text = text[:at] + string(word)
	if !w.digits.Read(text) || w.digits.Plus() || w.readDigits(text) != NoFault {
		return false
	}
	const national = 10
	ok := w.digits.Len() == national || w.digits.Len() == national+1 && w.digits.HasPrefix("1")
	w.word, w.kept = true, false
	return ok
}

// isRepeated reports whether a group of letters is one letter again and again.
func isRepeated(text string) bool {
	for group := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '-' || r == ' ' }) {
		if strings.Trim(strings.ToUpper(group), strings.ToUpper(group[:1])) == "" {
			return true
		}
	}
	return false
}

// faultOf says what is wrong with a text that the grammar refuses.
func faultOf(text string) Fault {
	digits, letters, masks := 0, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			digits++
		case c < ' ' || c == 0x7f:
			return Encoding
		case c == '*' || c == '?' || c == '_' || c == 'x' || c == 'X' || c == '#':
			masks++
		case isLetter(c):
			letters++
		}
	}
	switch {
	case text == "":
		return Empty
	case isDecimal(text):
		return Spreadsheet
	case letters > 0:
		return Letters
	case masks > 0:
		return Mask
	case digits > plan.MaxDigits:
		return TooLong
	case digits == len(text):
		return ShortCode
	default:
		return Sign
	}
}

// isDecimal reports whether text is a number with a decimal comma or with commas between
// thousands, or in the scientific notation of a spreadsheet.
func isDecimal(text string) bool {
	mantissa, exponent, scientific := strings.Cut(strings.ToUpper(strings.TrimPrefix(text, "+")), "E")
	if scientific && !areDigits(strings.TrimLeft(exponent, "+-")) {
		return false
	}
	if mantissa == "" || !isDigit(mantissa[0]) || !isDigit(mantissa[len(mantissa)-1]) {
		return false
	}
	return strings.Trim(mantissa, "0123456789.,") == "" && (scientific || strings.Contains(mantissa, ","))
}
