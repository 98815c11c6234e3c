package optout

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/memstore"
)

var numbers = flag.Int("numbers", 20_000, "how many numbers to compare with the library")

// guards has a Guard for every region that the metadata knows, and for none.
func guards(tb testing.TB) map[string]*Guard {
	tb.Helper()
	all := map[string]*Guard{}
	for _, region := range append(slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())), "") {
		g, err := New(memstore.New(), &Options{DefaultRegion: region})
		require.NoError(tb, err)
		all[region] = g
	}
	return all
}

// diff reads a number in both ways, and reports what the table says that the
// library does not.
func diff(g *Guard, raw string) (told bool, difference string) {
	var got address
	if !g.readByTable(raw, &got) {
		return false, ""
	}
	if want := g.addressByLibrary(raw); got != want {
		return true, fmt.Sprintf("%q in %s: the table says %+v, the library %+v", raw, g.region(), got, want)
	}
	return true, ""
}

// TestTheTableSaysWhatTheLibrarySays compares examples, mutations of them and
// random digits of every region, spelled in every way, read in every region.
// `-numbers 1000000` compares as many.
func TestTheTableSaysWhatTheLibrarySays(t *testing.T) {
	require.True(t, tableFits(), "the tests must run with the phonenumbers of the table")
	all := guards(t)
	regions := slices.Sorted(maps.Keys(all))
	seed := rand.Uint64()
	w := newWriter(seed)
	told := 0
	for i := range *numbers {
		region := regions[i%len(regions)]
		raw := w.number(region)
		readIn := region
		if w.IntN(4) == 0 {
			readIn = regions[w.IntN(len(regions))]
		}
		ok, difference := diff(all[readIn], raw)
		require.Empty(t, difference, "seed %d", seed)
		if ok {
			told++
		}
	}
	t.Logf("%d numbers compared, of which the table told %d", *numbers, told)
	require.Greater(t, told, *numbers/2)
}

// FuzzTheTableSaysWhatTheLibrarySays is the same for whatever text comes.
func FuzzTheTableSaysWhatTheLibrarySays(f *testing.F) {
	all := guards(f)
	regions := slices.Sorted(maps.Keys(all))
	w := newWriter(1)
	for i := range 500 {
		f.Add(w.number(regions[i%len(regions)]), uint16(i%len(regions)))
	}
	f.Fuzz(func(t *testing.T, raw string, region uint16) {
		if _, difference := diff(all[regions[int(region)%len(regions)]], raw); difference != "" {
			t.Fatal(difference)
		}
	})
}

// TestTheTableReadsTheUsualSpellings holds the table to reading them all: what it
// left to the library would be right, and slow.
func TestTheTableReadsTheUsualSpellings(t *testing.T) {
	all := guards(t)
	read, spelled := 0, 0
	for region, examples := range newWriter(1).examples {
		for _, n := range examples {
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
				if form == phonenumbers.NATIONAL && region == "" {
					continue
				}
				number := phonenumbers.Format(n, form)
				told, difference := diff(all[region], number)
				require.Empty(t, difference)
				require.True(t, told || form == phonenumbers.NATIONAL, "%s %q", region, number)
				spelled++
				if told {
					read++
				}
			}
		}
	}
	t.Logf("%d of %d", read, spelled)
	require.Greater(t, read*100, spelled*99)
	for region, numbers := range map[string][]string{
		"US": {"(415) 555-2671", "415-555-2671", "415.555.2671", "4155552671", "14155552671", "1-415-555-2671", "+1 (415) 555-2671", "011 44 7911 123456", "(440) 655-1234"},
		"GB": {"07911 123456", "+44 (0)7911 123456", "0044 7911 123456", "447911123456"},
		"DE": {"0171 2345678", "0171/2345678", "+49 (0) 171 2345678", "00 49 171 23456789"},
		"":   {"447911123456", "whatsapp:+14155552671", "tel:+1-415-555-2671"},
	} {
		for _, number := range numbers {
			told, difference := diff(all[region], number)
			require.True(t, told, "%s %q", region, number)
			require.Empty(t, difference)
		}
	}
}

// writer writes numbers at random.
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

func (w *writer) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + w.IntN(10))
	}
	return string(b)
}

// number writes a number of a region, or one that looks as if it were.
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

// separate puts separators between the digits, and once in a while other things.
func (w *writer) separate(s string) string {
	how := w.IntN(4)
	if how < 2 {
		return s
	}
	separators := []string{" ", "-", " ", "-", "(", ") ", " (", ".", "/", "[", "]", "  "}
	if how == 3 && w.IntN(3) == 0 {
		separators = append(separators, "x", "~", "\u00a0", "\u2013", "\u200b", "\t", "A", "call", "*", "+", "\uff0d", "{", ",", ";", "#", "\u0661", "\uff15", "\x00")
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

// wrap puts around a number what is found around numbers.
func (w *writer) wrap(s string) string {
	switch w.IntN(16) {
	case 0:
		s = w.pick("tel:", "whatsapp:", "WhatsApp:", "sms:", "rcs:", " tel: ", "sms: tel:", "tel:sms:", "mailto:") + s
	case 1:
		s = w.pick(" ", "\"", "'", "\t", "\n", "(", "\u202a", "\ufeff", "\xff", "+", "00") + s + w.pick(" ", "\"", "'", "\r\n", ")", "\u202c", ".", ".0", "\xff")
	case 2:
		s += w.pick(" ext. 5", ";ext=7", " x12", "#", "x", ",3", ",,4", ";5", " - 503#", "?body=hi", "?body=\xff", ";phone-context=+44", ";isub=1", " ext 9", "/ x2")
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
