package number

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers/v2"
)

// writer writes random texts that are phone numbers, or look like them.
type writer struct {
	*rand.Rand
	examples map[string][]*phonenumbers.PhoneNumber
	metadata map[string]*phonenumbers.PhoneMetadata
}

func newWriter(seed uint64) *writer {
	w := &writer{
		Rand:     rand.New(rand.NewPCG(seed, 0)),
		examples: map[string][]*phonenumbers.PhoneNumber{},
		metadata: map[string]*phonenumbers.PhoneMetadata{},
	}
	for region := range phonenumbers.GetSupportedRegions() {
		for typ := phonenumbers.FIXED_LINE; typ <= phonenumbers.VOICEMAIL; typ++ {
			if n := phonenumbers.GetExampleNumberForTypeInRegion(region, typ); n != nil {
				w.examples[region] = append(w.examples[region], n)
			}
		}
	}
	for code := range phonenumbers.GetSupportedGlobalNetworkCallingCodes() {
		w.examples[""] = append(w.examples[""], phonenumbers.GetExampleNumberForNonGeoEntity(code))
	}
	slices.SortFunc(w.examples[""], func(a, b *phonenumbers.PhoneNumber) int { return int(a.GetCountryCode() - b.GetCountryCode()) })
	collection, _ := phonenumbers.MetadataCollection()
	for _, m := range collection.GetMetadata() {
		w.metadata[m.GetId()] = m
	}
	return w
}

func (w *writer) pick(of ...string) string { return of[w.IntN(len(of))] }

func (w *writer) digits(n int) string { return digits(w.Rand, n) }

func digits(random *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + random.IntN(10))
	}
	return string(b)
}

// number writes a number of a region, or a text that looks like one.
func (w *writer) number(region string) string {
	n := w.examples[region][w.IntN(len(w.examples[region]))]
	code, national := strconv.Itoa(int(n.GetCountryCode())), phonenumbers.GetNationalSignificantNumber(n)
	switch w.IntN(8) {
	case 0: // the example, in a form of the library
		form := phonenumbers.PhoneNumberFormat(w.IntN(4))
		return w.wrap(phonenumbers.Format(n, form))
	case 1:
		national = w.digits(2 + w.IntN(14))
	case 2: // the example's first digits
		first := min(w.IntN(5), len(national))
		national = national[:first] + w.digits(len(national)-first)
	case 3: // longer or shorter
		national = national[:w.IntN(len(national))+1] + w.digits(w.IntN(3))
	default: // some digits are others
		b := []byte(national)
		for range 1 + w.IntN(3) {
			b[w.IntN(len(b))] = byte('0' + w.IntN(10))
		}
		national = string(b)
	}
	return w.wrap(w.separate(w.prefix(region, code, national)))
}

func (w *writer) prefix(region, code, national string) string {
	m := w.metadata[region]
	trunk := m.GetNationalPrefix()
	if trunk == "" || w.IntN(6) == 0 {
		trunk = w.pick("0", "1", "8", "00", "06", "044", "0415", "015", "9", "0315")
	}
	abroad := w.pick("00", "011", "810", "0011", "010", "009", m.GetInternationalPrefix())
	if !isDigits(abroad) {
		abroad = "00"
	}
	if w.IntN(12) == 0 {
		code = w.digits(1 + w.IntN(3))
	}
	switch w.IntN(10) {
	case 0, 1:
		return "+" + code + national
	case 2:
		return "+" + code + trunk + national
	case 3:
		return code + national
	case 4:
		return trunk + national
	case 5:
		return abroad + code + national
	case 6:
		return code + trunk + national
	case 7:
		return abroad + code + trunk + national
	case 8:
		if len(national) > 7 && w.IntN(2) == 0 {
			return national[len(national)-7:]
		}
		return w.pick("", code, trunk) + trunk + national
	default:
		return national
	}
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// separate puts separators between the digits, and sometimes other characters.
func (w *writer) separate(s string) string {
	how := w.IntN(4)
	if how < 2 {
		return s
	}
	separators := []string{" ", "-", " ", "-", "(", ") ", " (", ".", "/", "[", "]", "  "}
	if how == 3 && w.IntN(3) == 0 {
		separators = append(separators, "x", "~", "\u00a0", "\u2013", "\u200b", "\t", "A", "call", "*",
			"+", "\uff0d", "{", ",", ";", "#", "\u0661", "\uff15", "\x00")
	}
	var b strings.Builder
	for _, c := range s {
		if w.IntN(4) == 0 {
			b.WriteString(separators[w.IntN(len(separators))])
		}
		b.WriteRune(c)
	}
	return b.String()
}

// wrap puts a scheme, blanks, quotes or an extension around a number.
func (w *writer) wrap(s string) string {
	switch w.IntN(16) {
	case 0:
		s = w.pick("tel:", "whatsapp:", "WhatsApp:", "sms:", "rcs:", " tel: ", "sms: tel:", "tel:sms:", "mailto:") + s
	case 1:
		s = w.pick(" ", "\"", "'", "\t", "\n", "(", "\u202a", "\ufeff", "\xff", "+", "00") + s
		s += w.pick(" ", "\"", "'", "\r\n", ")", "\u202c", ".", ".0", "\xff")
	case 2:
		s += w.pick(" ext. 5", ";ext=7", " x12", "#", "x", ",3", ",,4", ";5", " - 503#", "?body=hi", "?body=\xff",
			";phone-context=+44", ";isub=1", " ext 9", "/ x2")
	case 3:
		s = "sms:" + s + w.pick("?body=hi", "?\xff", "?", "? ", "")
	case 4:
		s = strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r - '0' + w.zero()
			}
			return r
		}, s)
	}
	return s
}

// zero is the zero of some script.
func (w *writer) zero() rune { return []rune("0\u0660\uff10\u0966")[w.IntN(4)] }
