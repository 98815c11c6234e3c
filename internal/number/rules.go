package number

import (
	"strings"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// reading is one way to read a text as a number.
type reading struct {
	key   string     // in E.164, "" if class is NoNumber
	class plan.Class // NoNumber, Possible or Valid
}

// readSpelling reads the usual spellings by the plan alone. It reports false, and
// leaves n as it is, for letters, extensions, digits that are not ASCII, and digits
// that the plan does not decide about.
func (r *Reader) readSpelling(text string, n *Number) bool {
	var s plan.Spelling
	switch {
	case !s.Read(text):
		return false
	case s.Plus():
		return readOneWay(&s, s.International(), n)
	case !s.Stop():
		return r.readUnsigned(text, &s, n)
	case r.plan == nil:
		return false
	case !readOneWay(&s, s.National(r.plan), n):
		return false
	default:
		n.Digits = s.Digits(n.Key)
		return true
	}
}

// readOneWay reads a spelling that has no second reading.
func readOneWay(s *plan.Spelling, r plan.Reading, n *Number) bool {
	if !r.Class.IsNumber() {
		return false
	}
	n.Key, n.Valid = s.E164(r, ""), true
	return true
}

// readUnsigned reads digits without a plus sign, which have two readings.
func (r *Reader) readUnsigned(text string, s *plan.Spelling, n *Number) bool {
	abroad := s.International()
	if abroad.Class == plan.NoCode {
		abroad.Class = plan.NoNumber
	}
	international, decided := planReading(s, abroad, "")
	if !decided {
		return false
	}
	var national reading
	if r.plan != nil {
		if national, decided = planReading(s, s.National(r.plan), international.key); !decided {
			return false
		}
	}
	n.Digits = text
	if s.Separated() {
		n.Digits = s.Digits(international.key, national.key)
	}
	r.bothWays(international, national, n)
	return true
}

// planReading reports false if the plan does not decide. known is the key of another
// reading, which may be the same.
func planReading(s *plan.Spelling, r plan.Reading, known string) (reading, bool) {
	switch r.Class {
	case plan.Valid, plan.Possible:
		return reading{key: s.E164(r, known), class: r.Class}, true
	case plan.NoNumber:
		return reading{}, true
	default:
		return reading{}, false
	}
}

// bothWays reads n.Digits as providers deliver them, with the plus sign lost, and as
// dialled in the region. The key is the reading that is the surer number, and the
// dialled one if both are equally sure. Digits that are not a number in either way
// are their own key.
//
// Without a region nothing says that the digits start with a calling code, so they
// are not a valid number. An opt-out from them is still kept under that number too.
func (r *Reader) bothWays(international, national reading, n *Number) {
	n.Valid = true
	switch {
	case r.plan == nil, international.class == plan.NoNumber && national.class == plan.NoNumber:
		n.Key, n.Other, n.Valid = n.Digits, international.key, false
	case international.class == plan.NoNumber || international.key == national.key:
		n.Key = national.key
	case national.class == plan.NoNumber:
		n.Key = international.key
	case international.class > national.class:
		n.Key, n.Other = international.key, national.key
	default:
		n.Key, n.Other = national.key, international.key
	}
}

// readText reads what readSpelling leaves, with the help of phonenumbers.
func (r *Reader) readText(raw, text string, n *Number) {
	phone, isPhoneLike := readPhoneLike(text)
	if phone.sign == "" && len(phone.digits) <= MaxKey {
		n.Digits = phone.digits
	}
	switch {
	case isSenderID(text), hasControl(text):
	case isPhoneLike && phone.plain:
		international, national := parse("+"+phone.digits, noRegion), parse(text, r.region)
		if international.class != plan.NoNumber || national.class != plan.NoNumber {
			r.bothWays(international, national, n)
			return
		}
	default:
		if one := parse(text, r.region); one.class != plan.NoNumber {
			n.Key, n.Valid = one.key, true
			return
		}
	}
	kept := verbatim(raw, text)
	if isPhoneLike {
		kept = phone.sign + phone.digits // "555-1234" and "5551234" are one sender
	}
	switch {
	case kept != text && kept != raw: // the Key of a Key is itself
		r.ReadInto(kept, n)
		n.Valid = false
	case len(kept) <= MaxKey:
		n.Key = kept
	}
}

// maxReadings is how often a number is read again until it stays the same. Three
// readings were enough for every number seen.
const maxReadings = 8

// parse takes a text apart with phonenumbers. The library rewrites some of its own
// results (it removes a trunk prefix), so a result is read again until it stays the
// same. A text with letters is a number only if its number is valid.
func parse(text, region string) reading {
	letters := hasLetter(text)
	for range maxReadings {
		n, err := phonenumbers.Parse(text, region)
		if err != nil {
			return reading{}
		}
		key := phonenumbers.Format(n, phonenumbers.E164)
		class := classOf(n, key)
		switch {
		case class == plan.NoNumber, class == plan.Possible && letters:
			today, ok := oldMexicanMobile(key)
			if !ok {
				return reading{}
			}
			key = today
		case key == text:
			return reading{key: key, class: class}
		}
		text = key
	}
	return reading{}
}

// oldMexicanMobile removes the 1 that followed +52 in mobile numbers until 2019:
// +521 55… and +52 55… are one number.
func oldMexicanMobile(key string) (string, bool) {
	const before = "+521"
	if !strings.HasPrefix(key, before) || len(key) != len("+5215512345678") {
		return "", false
	}
	return "+52" + key[len(before):], true
}

// classOf asks the plan, and phonenumbers if the plan does not decide.
func classOf(n *phonenumbers.PhoneNumber, key string) plan.Class {
	if class := plan.E164(key); class != plan.Undecided {
		return class
	}
	return libraryClass(n)
}

// libraryClass classifies a number by the metadata of phonenumbers. A number is
// possible if it has the length of a fixed or mobile number: the library calls every
// length possible that a short code has.
func libraryClass(n *phonenumbers.PhoneNumber) plan.Class {
	if phonenumbers.IsValidNumber(n) {
		return plan.Valid
	}
	for _, t := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE} {
		if phonenumbers.IsPossibleNumberForTypeWithReason(n, t) == phonenumbers.IS_POSSIBLE {
			return plan.Possible
		}
	}
	return plan.NoNumber
}
