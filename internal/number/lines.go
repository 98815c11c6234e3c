package number

import (
	"strings"
	"time"
)

// A line can have two spellings in E.164. In some countries a digit is written or left out;
// in others all lines got new numbers, and address books, lists and address systems of
// messengers keep the old ones. Both spellings are one contact.

// linesChecked is the day on which the table was last compared with the notices of the ITU
// (its Operational Bulletin) and of the regulators.
const linesChecked = "2026-11-26"

// country is a calling code whose lines have two spellings.
type country struct {
	code   string
	trunk  bool   // a 0 may be dialled before a number
	since  string // the day from which the newer spelling is dialled
	source string
	lines  []lines
}

// lines are numbers whose older and newer spellings differ in one place. After the calling
// code come the digits of the head, then older or newer, then the rest.
type lines struct {
	head         int
	older, newer string
	rest         int    // how many digits
	starts       string // how the rest starts: one of these; "" for any digits
}

// countries is the table. It has no line whose newer number is not sure. To add a country
// breaks no store: an opt-out under one spelling is found under both.
//
// Mexico's 1 after +52 is not here: a Reader drops it.
var countries = []country{
	{
		// A mobile number has a 9 before its eight digits, which start with 6 to 9. Landlines
		// start with 2 to 5, so +55 11 92345-6789 has no older spelling: +55 11 2345-6789 is
		// a landline. WhatsApp leaves the 9 out in most areas. Numbers of trunked radio (70,
		// 77 to 79) got no 9; their network was closed in 2018.
		code: "55", trunk: true, since: "2012-07-29",
		source: "Anatel, Resolução nº 553 de 14 de dezembro de 2010 (in all areas since 2016-11-06)",
		lines:  []lines{{head: 2, newer: "9", rest: 8, starts: "6 7 8 9"}},
	},
	{
		// From abroad a mobile number has a 9 after +54, in all areas. Many write it without
		// the 9. Fixed and mobile lines share the area codes, and no two lines have the same
		// ten digits. Numbers of services (600, 800, 810) have no area code.
		code: "54", trunk: true, since: "1999-01-24",
		source: "Secretaría de Comunicaciones, Resolución 46/97, Plan Fundamental de Numeración Nacional",
		lines:  []lines{{newer: "9", rest: 10, starts: "11 2 3"}},
	},
	{
		// Every number got the prefix of its operator, two digits. Ranges that the notice does
		// not name (60 to 63, 80 to 83, services) are left out.
		code: "225", since: "2021-01-31", source: "ARTCI, plan national de numérotation à dix chiffres; ITU Operational Bulletin, +225 (E.129)",
		lines: []lines{
			{newer: "01", rest: 8, starts: "01 02 03 40 41 42 43 50 51 52 53 70 71 72 73"},
			{newer: "05", rest: 8, starts: "04 05 06 44 45 46 54 55 56 64 65 66 74 75 76 84 85 86 94 95 96"},
			{newer: "07", rest: 8, starts: "07 08 09 47 48 49 57 58 59 67 68 69 77 78 79 87 88 89 97 98"},
			{newer: "21", rest: 8, starts: "208 218 228 238"},
			{newer: "25", rest: 8, starts: "200 210 220 230 240 300 310 320 330 340 350 360"},
			{newer: "27", rest: 8, starts: "202 203 212 213 215 217 224 225 234 235 243 244 245 306 316 319 327 337 347 359 368"},
		},
	},
	{
		// Every subscriber number got 01. Numbers of services (8…) are left out.
		code: "229", since: "2024-11-30", source: "ARCEP Bénin, migration à dix chiffres; ITU Operational Bulletin, +229 (E.129)",
		lines: []lines{{newer: "01", rest: 8, starts: "2 4 5 6 9"}},
	},
	{
		// Mobile numbers of eleven digits (with their 0) got ten. The last seven stayed.
		code: "84", trunk: true, since: "2018-09-15", source: "Bộ Thông tin và Truyền thông, Quyết định 798/QĐ-BTTTT (2018-05-25)",
		lines: []lines{
			{older: "120", newer: "70", rest: 7},
			{older: "121", newer: "79", rest: 7},
			{older: "122", newer: "77", rest: 7},
			{older: "123", newer: "83", rest: 7},
			{older: "124", newer: "84", rest: 7},
			{older: "125", newer: "85", rest: 7},
			{older: "126", newer: "76", rest: 7},
			{older: "127", newer: "81", rest: 7},
			{older: "128", newer: "78", rest: 7},
			{older: "129", newer: "82", rest: 7},
			{older: "162", newer: "32", rest: 7},
			{older: "163", newer: "33", rest: 7},
			{older: "164", newer: "34", rest: 7},
			{older: "165", newer: "35", rest: 7},
			{older: "166", newer: "36", rest: 7},
			{older: "167", newer: "37", rest: 7},
			{older: "168", newer: "38", rest: 7},
			{older: "169", newer: "39", rest: 7},
			{older: "186", newer: "56", rest: 7},
			{older: "188", newer: "58", rest: 7},
			{older: "199", newer: "59", rest: 7},
		},
	},
}

// LinesAsOf returns the day on which the table of lines with two spellings was last compared
// with its sources. A country that gave its lines new numbers after that day is not in the
// table.
func LinesAsOf() time.Time {
	day, err := time.Parse(time.DateOnly, linesChecked)
	if err != nil {
		return time.Time{} // not reachable: TestTheTableOfLines parses it
	}
	return day
}

// Twin returns the other spelling of the line that a key in E.164 is, or "" if the line has
// one spelling. The Twin of the Twin is the key. It does not depend on the plan.
func Twin(key string) string {
	if !mayHaveTwin(key) {
		return ""
	}
	other, _ := twinOf(key)
	return other
}

// mayHaveTwin reports whether a key starts as one in the table does. Most do not.
func mayHaveTwin(key string) bool {
	return len(key) > 1 && (key[1] == '5' || key[1] == '8' || key[1] == '2')
}

// hasTrunk reports whether a 0 may be dialled before the numbers of a calling code.
func hasTrunk(code string) bool {
	for i := range countries {
		if countries[i].code == code {
			return countries[i].trunk
		}
	}
	return false
}

// IsOlder reports whether a key is the older of the two spellings of a line.
func IsOlder(key string) bool {
	_, older := twinOf(key)
	return older
}

func twinOf(key string) (other string, older bool) {
	if key == "" || key[0] != '+' {
		return "", false
	}
	for i := range countries {
		c := &countries[i]
		digits, ok := strings.CutPrefix(key[1:], c.code)
		if !ok {
			continue
		}
		if !areDigits(digits) {
			return "", false
		}
		for _, l := range c.lines {
			if l.matches(digits, l.older) {
				return "+" + c.code + digits[:l.head] + l.newer + digits[l.head+len(l.older):], true
			}
			if l.matches(digits, l.newer) {
				return "+" + c.code + digits[:l.head] + l.older + digits[l.head+len(l.newer):], false
			}
		}
		return "", false
	}
	return "", false
}

// matches reports whether digits are a number of these lines in the spelling that has a part
// after its head.
func (l *lines) matches(digits, part string) bool {
	if len(digits) != l.head+len(part)+l.rest || !strings.HasPrefix(digits[l.head:], part) {
		return false
	}
	if l.starts == "" {
		return true
	}
	rest := digits[l.head+len(part):]
	for start := range strings.FieldsSeq(l.starts) {
		if strings.HasPrefix(rest, start) {
			return true
		}
	}
	return false
}
