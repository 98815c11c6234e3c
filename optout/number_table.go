package optout

import (
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

// dialling is what the table knows of a Guard's region. It is nil where the table
// may not be used.
type dialling struct {
	region *numberplan.Region // nil where there is none
}

// newDialling returns nil where the table is not of the phonenumbers in use.
func newDialling(region string) *dialling {
	if !tableFits() {
		return nil
	}
	if region == noRegion {
		return &dialling{}
	}
	r, ok := numberplan.In(region)
	if !ok {
		return nil
	}
	return &dialling{region: &r}
}

// readByTable is addressByLibrary for E.164 and the usual spellings. It reports
// false, and writes nothing of worth, where the table cannot tell: for letters,
// extensions, digits that are not ASCII, and whatever else is rare.
func (g *Guard) readByTable(raw string, a *address) bool {
	d := g.dialling()
	if d == nil {
		return false
	}
	if readE164(raw, a) {
		return true
	}
	text := cleanNumber(raw)
	if len(text) != len(raw) {
		if !utf8.ValidString(raw) {
			return false // in what was cut
		}
		if readE164(text, a) {
			return true
		}
	}
	var s numberplan.Spelling
	switch {
	case !s.Read(text):
		return false
	case s.Plus():
		return onlyReading(&s, s.International(), a)
	case !s.Stop():
		return d.unsigned(text, &s, a)
	case d.region == nil:
		return false
	default:
		return onlyReading(&s, s.National(d.region), a)
	}
}

// readE164 is for a plus sign and digits, which are their own key.
func readE164(text string, a *address) bool {
	class := numberplan.E164(text)
	if class != numberplan.NoNumber && !class.IsNumber() {
		return false
	}
	a.key, a.valid = text, class.IsNumber()
	return true
}

// onlyReading is for what is a number in one way or not at all.
func onlyReading(s *numberplan.Spelling, r numberplan.Reading, a *address) bool {
	if !r.Class.IsNumber() {
		return false
	}
	a.key, a.valid = s.E164(r, ""), true
	return true
}

// unsigned is for digits without a plus sign, which have two readings.
func (d *dialling) unsigned(text string, s *numberplan.Spelling, a *address) (told bool) {
	r := s.International()
	if r.Class == numberplan.NoCode {
		r.Class = numberplan.NoNumber
	}
	international, told := readingOf(s, r, "")
	if !told {
		return false
	}
	var is bool
	if d.region == nil {
		*a, is = undialled(digitsOf(text, s), international)
	} else {
		national, told := readingOf(s, s.National(d.region), international.key)
		if !told {
			return false
		}
		is = eitherWay(international, national, a)
	}
	if !is {
		*a = address{key: text}
	}
	return is || !s.Separated()
}

func digitsOf(text string, s *numberplan.Spelling) string {
	if s.Separated() {
		return s.Digits()
	}
	return text
}

// readingOf reports false where the table cannot tell. other is the key of another
// reading, which may be the same.
func readingOf(s *numberplan.Spelling, r numberplan.Reading, other string) (reading, bool) {
	switch r.Class {
	case numberplan.Valid:
		return reading{key: s.E164(r, other), standing: valid}, true
	case numberplan.Possible:
		return reading{key: s.E164(r, other), standing: possible}, true
	case numberplan.NoNumber:
		return reading{}, true
	default:
		return reading{}, false
	}
}
