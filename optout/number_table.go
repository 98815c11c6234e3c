package optout

import (
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

// dialling is what the table knows of a Guard's region: nil where the table may
// not be used, empty where there is no region.
type dialling struct {
	numberplan.Region
	known bool
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
	return &dialling{Region: r, known: true}
}

// addressByTable is addressByLibrary for E.164 and the usual spellings. It reports
// false where the table cannot tell: letters, extensions, digits that are not
// ASCII, prefixes that are rewritten, and whatever else is rare.
func (g *Guard) addressByTable(raw string) (address, bool) {
	d := g.dialling()
	if d == nil {
		return address{}, false
	}
	if a, ok := d.e164(raw); ok {
		return a, true
	}
	text := cleanNumber(raw)
	if len(text) != len(raw) {
		if !utf8.ValidString(raw) { // in what was cut
			return address{}, false
		}
		if a, ok := d.e164(text); ok {
			return a, true
		}
	}
	s, ok := numberplan.Spelled(text)
	switch {
	case !ok:
		return address{}, false
	case s.Plus:
		return d.international(&s)
	case s.Stop:
		return d.national(&s)
	default:
		return d.unsigned(text, &s)
	}
}

// e164 is the address of a plus sign and digits.
func (d *dialling) e164(text string) (address, bool) {
	class, ok := numberplan.E164(text)
	if !ok {
		return address{}, false
	}
	switch class {
	case numberplan.Valid, numberplan.Possible:
		return address{key: text, valid: true}, true
	case numberplan.NoNumber:
		return address{key: text}, true
	default:
		return address{}, false
	}
}

// international is the address of digits behind a plus sign.
func (d *dialling) international(s *numberplan.Spelling) (address, bool) {
	n, class := numberplan.International(s.Digits())
	return onlyNumber(&n, class)
}

// national is the address of digits with a full stop or a slash between them,
// which have the one reading.
func (d *dialling) national(s *numberplan.Spelling) (address, bool) {
	if !d.known {
		return address{}, false
	}
	n, class := d.National(s.Digits())
	return onlyNumber(&n, class)
}

func onlyNumber(n *numberplan.Number, class numberplan.Class) (address, bool) {
	if class != numberplan.Valid && class != numberplan.Possible {
		return address{}, false
	}
	return address{key: n.String(), valid: true}, true
}

// unsigned is the address of digits without a plus sign, which have two readings.
func (d *dialling) unsigned(text string, s *numberplan.Spelling) (address, bool) {
	n, class := numberplan.International(s.Digits())
	if class == numberplan.NoCode {
		class = numberplan.NoNumber
	}
	international, ok := readingOf(&n, class)
	if !ok {
		return address{}, false
	}
	var a address
	if d.known {
		n, class = d.National(s.Digits())
		national, ok := readingOf(&n, class)
		if !ok {
			return address{}, false
		}
		a, ok = eitherWay(international, national)
		if ok {
			return a, true
		}
	} else {
		digits := text
		if s.Separated {
			digits = string(s.Digits())
		}
		if a, ok = undialled(digits, international); ok {
			return a, true
		}
	}
	if s.Separated {
		return address{}, false
	}
	return address{key: text}, true
}

// readingOf reports false where the table cannot tell.
func readingOf(n *numberplan.Number, class numberplan.Class) (reading, bool) {
	switch class {
	case numberplan.Valid:
		return reading{n.String(), valid}, true
	case numberplan.Possible:
		return reading{n.String(), possible}, true
	case numberplan.NoNumber:
		return reading{}, true
	default:
		return reading{}, false
	}
}
