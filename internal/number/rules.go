package number

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// reading is one way to read digits as a number.
type reading struct {
	key   string     // in E.164, "" if class is NoNumber
	class plan.Class // NoNumber, Possible or Valid
}

func (r reading) isNumber() bool { return r.class != plan.NoNumber }

func (r reading) isValid() bool { return r.class == plan.Valid }

// international reads digits as if a plus sign preceded them. If the number equals known,
// its key is known, and no copy.
func (r *Reader) international(s *plan.Spelling, known string) reading {
	if r.library != nil {
		return r.library("+"+s.Digits(), noRegion)
	}
	p := s.International()
	switch p.Class {
	case plan.Valid, plan.Possible:
		return reading{key: s.E164(p, known), class: p.Class}
	case plan.Undecided:
		return parse("+"+s.Digits(), noRegion)
	default:
		return reading{}
	}
}

// national reads digits as they are dialled in the region.
func (r *Reader) national(s *plan.Spelling, known string) reading {
	if r.library != nil {
		return r.library(s.Digits(), r.region)
	}
	p := s.National(r.plan)
	switch p.Class {
	case plan.Valid, plan.Possible:
		return reading{key: s.E164(p, known), class: p.Class}
	case plan.NoNumber:
		return reading{}
	default:
		return parse(s.Digits(), r.region)
	}
}

// readWritten reads what the grammar has let through.
func (r *Reader) readWritten(w *written, n *Number) {
	switch {
	case w.plus:
		r.readInternational(w, n)
	case r.plan == nil:
		r.readWithoutRegion(w, n)
	case w.here:
		r.readDialled(w, n)
	default:
		r.readBare(w, n)
	}
}

// readInternational reads digits that start with a calling code.
func (r *Reader) readInternational(w *written, n *Number) {
	s := &w.digits
	one := r.international(s, "")
	switch {
	case !one.isNumber():
		n.Fault = internationalFault(s)
	case w.code != "" && (r.plan == nil || w.code != r.plan.Code()): // it may be a slip before an area code
		n.Fault = Sign
	case w.zeros > 0 && r.isNumber(w, w.digits.Digits()[:s.Len()-w.zeros]), w.stop && !s.HasPrefix("1") && !s.HasPrefix("7"):
		n.Fault = Spreadsheet
	case w.slash > 0 && !w.hasSlashAbroad():
		n.Fault = Sign
	case r.isLonger(w):
		n.Fault = Mask
	case s.Len() >= minTwoAbroad && r.isTwo(w):
		n.Fault = Tail
	default:
		n.Key, n.Valid = one.key, true
	}
}

// readDialled reads digits with separators, which are dialled in the region.
func (r *Reader) readDialled(w *written, n *Number) {
	s := &w.digits
	one := r.national(s, "")
	if s.HasPrefix(r.plan.Code()) {
		one, _ = r.withCode(s, one, r.international(s, one.key))
	}
	switch {
	case !one.isValid():
		n.Fault = r.nationalFault(s)
	case r.isShortCode(s, one):
		n.Fault = ShortCode
	case r.isOther(s, one):
		n.Fault = Abroad
	case w.zeros > 0 && r.isNumber(w, w.digits.Digits()[:s.Len()-w.zeros]), w.stop && !r.hasPrefix(s, one):
		n.Fault = Spreadsheet
	case w.slash > 0 && !w.hasSlash(r.plan.Code(), 0):
		n.Fault = Sign
	case w.word && r.plan.Code() != northAmerica:
		n.Fault = Letters
	case r.isLonger(w):
		n.Fault = Mask
	case !r.hasLength(one), r.isSlip(s, one):
		n.Fault = Unassigned
	case r.plan.Only() == 0 && s.Len() >= minTwo && r.isTwo(w):
		n.Fault = Tail
	default:
		n.Key, n.Valid = one.key, true
	}
}

const northAmerica = "1" // the calling code

// minAbroad is how many digits a number has at least that is read with a plus sign put
// before.
const minAbroad = 8

// abroad reads digits alone as if their plus sign was lost.
func (r *Reader) abroad(s *plan.Spelling) reading {
	if s.Len() < minAbroad {
		return reading{}
	}
	one := r.international(s, "")
	if newer, older := twinOf(one.key); older && one.class == plan.Possible && plan.E164(newer) == plan.Valid {
		one.class = plan.Valid // WhatsApp leaves the 9 of mobile numbers in Brazil out
	}
	if !one.isValid() {
		return reading{}
	}
	return one
}

// readBare reads digits alone, as providers deliver them: as dialled in the region, and
// with the plus sign lost. Both are kept. The Key is the number dialled here, or else
// one that is too long for a number of the region. Other digits are not valid.
func (r *Reader) readBare(w *written, n *Number) {
	s := &w.digits
	abroad := r.abroad(s)
	here := r.national(s, abroad.key)
	if s.HasPrefix(r.plan.Code()) {
		here, abroad = r.withCode(s, here, abroad)
	}
	switch {
	case here.isValid() && r.isShortCode(s, here):
		n.Fault = ShortCode
	case here.isValid() && r.isOther(s, here):
		n.Fault = Abroad
	case here.isValid():
		n.Key, n.Valid = here.key, true
	case abroad.isValid() && s.Len() > r.plan.Longest():
		n.Key, n.Valid = abroad.key, true
	case abroad.isValid():
		n.Fault = Abroad
	default:
		n.Fault = r.nationalFault(s)
	}
	if abroad.key != n.Key && abroad.key != Twin(n.Key) {
		n.Other = abroad.key
	}
}

// older returns the older spelling of a line that digits without a plus sign are, or "": as
// they were dialled in the region, or with the plus sign lost. The newer spelling must be a
// valid number. Of letters, and where an x or a full stop may be a slip, nothing is guessed.
func (r *Reader) older(w *written) string {
	if w.plus || w.word || w.more != "" || w.zeros > 0 || w.stop {
		return ""
	}
	digits := w.digits.Digits()
	var keys [3]string
	if r.plan != nil {
		keys[0] = "+" + r.plan.Code() + digits
		if hasTrunk(r.plan.Code()) {
			keys[1] = "+" + r.plan.Code() + strings.TrimPrefix(digits, "0")
		}
	}
	if !w.here {
		keys[2] = "+" + digits
	}
	for _, key := range keys {
		if newer, older := twinOf(key); older && plan.E164(newer) == plan.Valid {
			return key
		}
	}
	return ""
}

// isRead reports whether the digits alone are read as a number.
func (r *Reader) isRead(w *written) bool {
	if r.plan == nil {
		return false
	}
	var n Number
	r.readBare(w, &n)
	return n.Valid
}

// readWithoutRegion keeps digits alone under the number with a plus sign put before, too.
// Without a region nothing says that they start with a calling code, so they are not
// valid.
func (r *Reader) readWithoutRegion(w *written, n *Number) {
	n.Fault = NoRegion
	if !w.here {
		n.Other = r.abroad(&w.digits).key
	}
}

// withCode reads digits that start with the calling code of the region. Where they are a
// number with it, and another number that is dialled without it and without a prefix, the
// first is meant: nobody in Germany writes 04915 1234567 without its 0.
func (r *Reader) withCode(s *plan.Spelling, here, with reading) (first, second reading) {
	if with.isValid() && (!here.isValid() || !r.hasPrefix(s, here)) {
		return with, here
	}
	return here, with
}

// hasPrefix reports whether a trunk prefix, an international prefix or the calling code
// of the region is among the digits of a number that is dialled here.
func (r *Reader) hasPrefix(s *plan.Spelling, one reading) bool {
	return s.Len()+len("+")+len(r.plan.Code()) > len(one.key)
}

// isShortCode reports whether digits that are dialled here are as few as a short code.
func (r *Reader) isShortCode(s *plan.Spelling, one reading) bool {
	return s.Len() < r.plan.Shortest() && !r.hasPrefix(s, one)
}

// isOther reports whether digits start with 00, as international numbers do in most regions,
// and are dialled here as another number than the one that follows: in Hong Kong
// 00 81 90 1234 5678 starts with the prefix 008.
func (r *Reader) isOther(s *plan.Spelling, one reading) bool {
	if !s.HasPrefix("00") {
		return false
	}
	var after plan.Spelling
	if digits := s.Digits()[len("00"):]; digits == one.key[1:] || !after.Read(digits) {
		return false
	}
	abroad := r.international(&after, one.key)
	return abroad.isValid() && abroad.key != one.key
}

// isNumber reports whether other digits are a number, if they are read as those of w.
func (r *Reader) isNumber(w *written, digits string) bool {
	var s plan.Spelling
	if !s.Read(digits) {
		return false
	}
	if w.plus {
		return r.international(&s, "").isNumber()
	}
	return r.national(&s, "").isValid()
}

// hasLength reports whether a number that is dialled here has the length of all numbers of
// the region. A region may share its calling code with one that has shorter numbers.
func (r *Reader) hasLength(one reading) bool {
	code := r.plan.Code()
	return r.plan.Only() == 0 || len(one.key) == len("+")+len(code)+r.plan.Only() || !strings.HasPrefix(one.key[1:], code)
}

// isSlip reports whether a number abroad is one of the region in which one digit of the
// international prefix is too many or missing: 00500 6 23 15. All numbers of the region
// must have one length, for elsewhere most numbers abroad would be such.
func (r *Reader) isSlip(s *plan.Spelling, one reading) bool {
	const atMost = 2 // digits that a trunk prefix and the slip add
	if r.plan.Only() == 0 || s.Len() > r.plan.Only()+atMost || strings.HasPrefix(one.key[1:], r.plan.Code()) {
		return false
	}
	digits := s.Digits()
	for i := range min(len(digits), maxInternationalPrefix) {
		if r.isOfRegion(digits[:i] + digits[i+1:]) {
			return true
		}
		for c := range 10 {
			if r.isOfRegion(digits[:i] + string(rune('0'+c)) + digits[i:]) {
				return true
			}
		}
	}
	return false
}

const maxInternationalPrefix = 4 // digits

// Two numbers in one text have at least so many digits.
const (
	minOne       = 5
	minTwo       = 2 * minOne
	minTwoAbroad = minTwo + 2 // where the calling code has one digit all numbers have one length
)

// isTwo reports whether a number may be two: a separator stands between two numbers, both
// with a trunk prefix or both without. After a plus sign the second has the length of the
// first, or a zero as its trunk prefix.
func (r *Reader) isTwo(w *written) bool {
	before := 0
	for i := range len(w.text) - minOne {
		if isDigit(w.text[i]) {
			before++
			continue
		}
		after := w.digits.Len() - before
		if before < minOne || after < minOne {
			continue
		}
		zero := w.digits.At(before) == '0'
		switch {
		case w.plus && zero:
			for code := 1; code <= plan.MaxCode; code++ {
				if r.areTwo(w, before, code, 1) {
					return true
				}
			}
		case w.plus:
			if code := before - after; 0 < code && code <= plan.MaxCode && r.areTwo(w, before, code, 0) {
				return true
			}
		case min(before, after) >= r.plan.Shortest() && w.digits.HasPrefix("0") == zero:
			digits := w.digits.Digits()
			if r.isDialled(digits[:before]) && r.isDialled(digits[before:]) {
				return true
			}
		}
	}
	return false
}

// areTwo reports whether there is a number with a calling code before a place, and one after
// it, of which so many digits are a trunk prefix.
func (r *Reader) areTwo(w *written, place, code, trunk int) bool {
	digits := w.digits.Digits()
	return r.isNumber(w, digits[:place]) && r.isNumber(w, digits[:code]+digits[place+trunk:])
}

// isDialled reports whether digits are a number that is dialled here.
func (r *Reader) isDialled(digits string) bool {
	var s plan.Spelling
	if !s.Read(digits) {
		return false
	}
	one := r.national(&s, "")
	return one.isValid() && !r.isShortCode(&s, one)
}

// isOfRegion reports whether digits are a number of the region that is dialled here.
func (r *Reader) isOfRegion(digits string) bool {
	var s plan.Spelling
	if !s.Read(digits) {
		return false
	}
	one := r.national(&s, "")
	return one.isValid() && strings.HasPrefix(one.key[1:], r.plan.Code())
}

// isLonger reports whether the digits after an x or a # are the last digits of a longer
// number: then the x may be a slip of the finger, or a mask.
func (r *Reader) isLonger(w *written) bool {
	if w.more == "" {
		return false
	}
	digits := w.digits.Digits()
	return r.isNumber(w, digits+w.more) || slices.ContainsFunc([]byte("0123456789"), func(masked byte) bool {
		return r.isNumber(w, digits+string(masked)+w.more)
	})
}

// hasSlash reports whether a country writes a slash where it stands: after the area code.
// code is the calling code, and before how many digits of it precede the slash.
func (w *written) hasSlash(code string, before int) bool {
	trunk := true // an area code has a trunk prefix
	switch code {
	case "36", "378", "39", "420", "48":
		trunk = false
	case "32", "359", "381", "382", "383", "385", "386", "387", "389", "40", "41", "421", "423", "43", "49":
	default:
		return false
	}
	area := w.slash - before
	if before == 0 && trunk && !w.digits.HasPrefix("0") {
		return false
	}
	return 0 < area && area <= maxSlash
}

// hasSlashAbroad is hasSlash after a plus sign.
func (w *written) hasSlashAbroad() bool {
	digits := w.digits.Digits()
	for code := range plan.MaxCode {
		if w.hasSlash(digits[:code+1], code+1) {
			return true
		}
	}
	return false
}

// maxSubscriber is how many digits a number has at most after a plus sign (E.164).
const maxSubscriber = 15

func internationalFault(s *plan.Spelling) Fault {
	if s.HasPrefix("0") {
		return NoCode
	}
	return e164Fault(s.Len())
}

func e164Fault(digits int) Fault {
	if digits > maxSubscriber {
		return TooLong
	}
	return Unassigned
}

// maxLocal is how many digits a number without its area code has at most.
const maxLocal = 8

func (r *Reader) nationalFault(s *plan.Spelling) Fault {
	switch longest := r.plan.Longest(); {
	case s.Len() < r.plan.Shortest():
		return ShortCode
	case s.Len() > longest && (!s.HasPrefix("0") || s.Len() > longest+1):
		return TooLong
	case s.Len() <= maxLocal && s.Len() < longest-1:
		return Local
	default:
		return Unassigned
	}
}

// maxReadings is how often a number is read again until it stays the same. Three
// readings were enough for every number seen.
const maxReadings = 8

// parse reads digits, with or without a plus sign, with phonenumbers. The library rewrites
// some of its own results (it removes a trunk prefix), so a result is read again until it
// stays the same.
func parse(digits, region string) reading {
	for range maxReadings {
		n, err := phonenumbers.Parse(digits, region)
		if err != nil {
			return reading{}
		}
		key := phonenumbers.Format(n, phonenumbers.E164)
		class := classOf(n, key)
		switch {
		case class == plan.NoNumber:
			today, ok := oldMexicanMobile(key)
			if !ok {
				return reading{}
			}
			key = today
		case key == digits:
			return reading{key: key, class: class}
		}
		digits = key
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
