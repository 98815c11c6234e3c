package number

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// MaxKey is the length in bytes of the longest Key. Stores take no longer one.
const MaxKey = 255

// Number is a text that was read as a phone number.
type Number struct {
	// Key is the number in E.164, such as "+14155552671", however it is spelled. If
	// Valid is false, Key is the text as it is, without the blanks, quotes and schemes of
	// phone numbers around it, and with any other scheme in lower case; or Digits, if these
	// are not read as a number either. Key is "" if no store accepts the text: an empty
	// text, one over MaxKey bytes, or one that is not UTF-8. The Key of a Key is that Key.
	Key string

	// Valid reports whether Key is a phone number.
	Valid bool

	// Address reports whether Key is the address of a channel that the Reader knows: see
	// WithChannels. An address is never Valid, and has no Other and no Digits.
	Address bool

	// Fault is why the text is not a phone number, and NoFault if Valid. It is Channel for
	// an Address.
	Fault Fault

	// Other is the second reading of digits alone, in E.164: they can be dialled in the
	// region, or be an international number whose plus sign was lost. Other is "" if
	// there is no second reading. It never equals Key.
	Other string

	// Digits are the digits of a text without a plus sign that the grammar lets
	// through, in ASCII: "4155552671" of "(415) 555-2671". They are "" for all other
	// text.
	//
	// They do not depend on the region or on the plan. An opt-out is kept under them
	// too, so that it is found after the region changes.
	Digits string
}

// IsContact reports whether a message can be sent to Key: a phone number, or the address
// of a channel that the Reader knows.
func (n *Number) IsContact() bool { return n.Valid || n.Address }

// AppendKeys appends the keys that an opt-out from the text is kept under, and that decide
// about it, each once: Key and its Twin, Digits, and Other and its Twin. It appends nothing
// if Key is "".
func (n *Number) AppendKeys(keys []string) []string {
	if n.Key == "" {
		return keys
	}
	keys = appendLine(keys, n.Key)
	if n.Digits != "" && n.Digits != n.Key {
		keys = append(keys, n.Digits)
	}
	if n.Other != "" {
		keys = appendLine(keys, n.Other)
	}
	return keys
}

// IsAlone reports whether a number has one key. Each gate asks.
func (n *Number) IsAlone() bool {
	return n.Digits == "" && n.Other == "" && n.Key != "" && (!mayHaveTwin(n.Key) || Twin(n.Key) == "")
}

// appendLine appends the spellings of a line.
func appendLine(keys []string, key string) []string {
	keys = append(keys, key)
	if twin := Twin(key); twin != "" {
		keys = append(keys, twin)
	}
	return keys
}

// Reader reads numbers as they are written in a region. It is safe for concurrent
// use. A nil Reader reads as one without a region.
type Reader struct {
	region   string
	plan     *plan.Region // nil without a region
	channels []string     // the schemes of other channels, in lower case

	library func(digits, region string) reading // nil but in tests, which read by phonenumbers alone
}

// noRegion is a region that phonenumbers does not know.
const noRegion = "ZZ"

// New returns a Reader for a region, two letters of ISO 3166 such as "US", in which
// numbers without a plus sign are dialled. Without a region such numbers are not
// valid. "" and the codes that ISO 3166 leaves to users, such as XX and ZZ, mean no
// region. Another code that the plan does not have is an error.
func New(region string) (*Reader, error) {
	code := strings.ToUpper(strings.TrimSpace(region))
	if dialled, ok := plan.In(code); ok {
		return &Reader{region: code, plan: &dialled}, nil
	}
	if code != "" && !isUserAssigned(code) {
		return nil, fmt.Errorf("no region %.20q, want two letters of ISO 3166 such as US or GB", region)
	}
	return &Reader{region: noRegion}, nil
}

// isUserAssigned reports whether code is one that ISO 3166 will give to no country:
// AA, QM to QZ, XA to XZ, ZZ.
func isUserAssigned(code string) bool {
	if len(code) != 2 || code[1] < 'A' || code[1] > 'Z' {
		return false
	}
	return code == "AA" || code == "ZZ" || code[0] == 'X' || code[0] == 'Q' && code[1] >= 'M'
}

// Read reads a number. It never fails: a text that is not a phone number has a key
// too, because whoever sends STOP has opted out.
func (r *Reader) Read(raw string) (n Number) {
	r.ReadInto(raw, &n)
	return n
}

// maxText is the length in bytes of the longest text that is looked into: a number can be
// in a URI with a message.
const maxText = 4096

// ReadInto sets n to what Read returns. It does not allocate if raw is in E.164.
func (r *Reader) ReadInto(raw string, n *Number) {
	if readE164(raw, n) {
		return
	}
	*n = Number{}
	if len(raw) > maxText {
		n.Fault = TooLong
		return
	}
	text := clean(raw)
	if len(text) < len(raw) {
		if !utf8.ValidString(raw) {
			n.Fault = Encoding
			return
		}
		if readE164(text, n) {
			return
		}
	}
	if len(text) > MaxKey {
		n.Fault = TooLong
		return
	}
	if r == nil {
		r = &Reader{region: noRegion}
	}
	var w written
	older := ""
	if n.Fault = w.read(text); n.Fault == NoFault {
		r.readWritten(&w, n)
		if !n.Valid && n.Other == "" {
			older = r.older(&w)
		}
	}
	if w.kept {
		n.Digits = w.digits.DigitsOf(text, n.Key, n.Other)
	}
	switch {
	case n.Valid:
	case older != "":
		n.Key = older // the contact is known, though nobody has this number today
	case w.kept && !(w.here && r.isRead(&w)):
		n.Key = n.Digits // "555-1234" and "5551234" are one sender
	default:
		n.keep(raw, text)
		if len(r.channels) > 0 && n.Key != "" && r.isAddress(raw, text) {
			n.Address, n.Fault = true, Channel
		}
	}
}

// keep makes the text its own key.
func (n *Number) keep(raw, text string) {
	if !utf8.ValidString(text) {
		*n = Number{Fault: Encoding}
		return
	}
	if kept := named(verbatim(raw, text)); len(kept) <= MaxKey {
		n.Key = kept
	}
	if areDigits(text) {
		n.Digits = text
	}
}

// readE164 reads a plus sign and digits, which are their own key. It reports false,
// and leaves n as it is, if the plan does not decide.
func readE164(text string, n *Number) bool {
	class := plan.E164(text)
	switch {
	case class == plan.Undecided:
		return false
	case class.IsNumber():
		*n = Number{Key: text, Valid: true}
	default:
		*n = Number{Key: text, Fault: e164Fault(len(text) - 1)}
	}
	return true
}
