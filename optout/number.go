package optout

import (
	"fmt"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/store"
)

// address is a phone number, or what came in the place of one, as it is looked
// up in the store.
type address struct {
	key   string // "" where no store could keep it
	valid bool   // key is a phone number

	// other is the key of the second reading of digits without a plus sign, ""
	// where there is none. An opt-out is recorded under both, and either blocks.
	other string
}

// standing is how sure it is that digits are a phone number.
type standing uint8

const (
	noNumber standing = iota
	possible          // of a subscriber number's length, in a range that the metadata does not know
	valid
)

// Number returns the key under which a number is remembered: E.164, such as
// "+14155552671", whichever way it is spelled. The key of a key is itself.
//
// For what is no phone number (a short code, an alphanumeric sender) it returns
// the key together with an error that wraps [ErrInvalidNumber]; the key is "" for
// what no store could keep: nothing, over 255 bytes, or not UTF-8.
func (g *Guard) Number(raw string) (string, error) {
	var a address
	g.read(raw, &a)
	if !a.valid {
		return a.key, errNumber(raw)
	}
	return a.key, nil
}

// errNumber tells what is wrong without telling the number.
func errNumber(raw string) error {
	return fmt.Errorf("%w (%d bytes)", ErrInvalidNumber, len(raw))
}

// address reads a number by the rules of the contract. It never fails: what is
// no phone number has a key too, since whoever texts STOP has opted out.
func (g *Guard) address(raw string) (a address) {
	g.read(raw, &a)
	return a
}

// read is address, into a zero address. The table is asked first, since it costs
// a hundredth of the library. What it cannot tell it leaves to the library, and
// what it tells is what the library says.
func (g *Guard) read(raw string, to *address) {
	if !g.readByTable(raw, to) {
		*to = g.addressByLibrary(raw)
	}
}

func (g *Guard) addressByLibrary(raw string) address {
	if !utf8.ValidString(raw) {
		return address{}
	}
	region := g.region()
	text := cleanNumber(raw)
	digits, unsigned := unsignedDigits(text)
	switch {
	case isSenderID(text), hasControl(text):
	case unsigned:
		if a, ok := readDigits(text, digits, region); ok {
			return a
		}
	default:
		if key, s := canonical(text, region); s != noNumber {
			return address{key: key, valid: true}
		}
	}
	kept := verbatim(raw, text)
	if kept != text && kept != raw {
		// The key of a key is itself, so what it is kept as decides.
		a := g.addressByLibrary(kept)
		a.valid = false
		return a
	}
	if len(kept) > store.MaxKeyLen {
		kept = ""
	}
	return address{key: kept}
}

// reading is one way to read digits.
type reading struct {
	standing

	key string
}

// readDigits reads digits without a plus sign in both ways.
func readDigits(text, digits, region string) (address, bool) {
	var international, national reading
	international.key, international.standing = canonical("+"+digits, noRegion)
	if region == noRegion {
		return undialled(digits, international)
	}
	national.key, national.standing = canonical(text, region)
	var a address
	is := eitherWay(international, national, &a)
	return a, is
}

// undialled is the address of digits of which nobody says that they start with a
// country code: no number. An opt-out from them is kept under both, so that no
// spelling escapes it.
func undialled(digits string, international reading) (address, bool) {
	return address{key: digits, other: international.key}, international.standing != noNumber
}

// eitherWay makes the address of digits without a plus sign, read as providers
// deliver them, with a plus sign put before, and as dialled in the region. The key
// is the reading that is a valid number, as dialled where both are. It reports
// false where they are no phone number and there is nothing to look up but the
// digits.
func eitherWay(international, national reading, a *address) bool {
	is, ns := international.standing, national.standing
	a.valid = true
	switch {
	case is == noNumber && ns == noNumber:
		a.valid = false
	case is == noNumber || international.key == national.key:
		a.key = national.key
	case ns == noNumber:
		a.key = international.key
	case is > ns:
		a.key, a.other = international.key, national.key
	default:
		a.key, a.other = national.key, international.key
	}
	return a.valid
}

// noRegion is a region that phonenumbers knows nothing of: only numbers with a
// plus sign are read.
const noRegion = "ZZ"

// maxReadings is how often a number is read again until it stays as it is.
// Three readings were enough for every number seen.
const maxReadings = 8

// canonical returns the E.164 form of text and how sure it is to be a number.
// The library rewrites some of its own results (it takes a trunk prefix off), so
// the result is read again until it stays.
func canonical(text, region string) (string, standing) {
	for range maxReadings {
		n, err := phonenumbers.Parse(text, region)
		if err != nil {
			return "", noNumber
		}
		s := standingOf(n, text)
		if s == noNumber {
			n, s = oldMexicanMobile(n, text)
		}
		if s == noNumber {
			return "", noNumber
		}
		key := phonenumbers.Format(n, phonenumbers.E164)
		if key == text {
			return key, s
		}
		text = key
	}
	return "", noNumber
}

func standingOf(n *phonenumbers.PhoneNumber, text string) standing {
	switch {
	case phonenumbers.IsValidNumber(n):
		return valid
	case !hasLetter(text) && isSubscriberLength(n):
		return possible
	default:
		return noNumber
	}
}

// isSubscriberLength asks for the length of a fixed or mobile number, since
// that of any number would let short codes pass.
func isSubscriberLength(n *phonenumbers.PhoneNumber) bool {
	for _, t := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE} {
		if phonenumbers.IsPossibleNumberForTypeWithReason(n, t) == phonenumbers.IS_POSSIBLE {
			return true
		}
	}
	return false
}

// oldMexicanMobile takes the 1 off that mobile numbers had behind +52 until
// 2019: +521 55… and +52 55… are one number.
func oldMexicanMobile(n *phonenumbers.PhoneNumber, text string) (*phonenumbers.PhoneNumber, standing) {
	const mexico, mobile, subscribers = 52, 1, 10_000_000_000
	national := n.GetNationalNumber()
	if n.GetCountryCode() != mexico || n.GetItalianLeadingZero() || national/subscribers != mobile {
		return n, noNumber
	}
	today, err := phonenumbers.Parse(fmt.Sprintf("+%d%010d", mexico, national%subscribers), noRegion)
	if err != nil {
		return n, noNumber
	}
	return today, standingOf(today, text)
}
