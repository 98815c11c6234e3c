package number

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// reader returns the Reader for a region.
func reader(tb testing.TB, region string) *Reader {
	tb.Helper()
	r, err := New(region)
	require.NoError(tb, err)
	return r
}

func TestNewTakesRegionsOfISO3166(t *testing.T) {
	for _, region := range []string{"US", " us ", "Gb", "XK"} {
		require.NotNil(t, reader(t, region).plan, region)
	}
	for _, region := range []string{"", " ", "XX", "zz", "AA", "QM", "QZ", "XA"} {
		r := reader(t, region)
		require.Nil(t, r.plan, region)
		require.False(t, r.Read("4155552671").Valid, region)
	}
	for _, region := range []string{"UK", "USA", "+34", "1", "QL", "ZA1", "X1", "AB", "\xff"} {
		_, err := New(region)
		require.ErrorContains(t, err, "no region")
	}
}

func TestRead(t *testing.T) {
	const long = 256
	for _, c := range []struct {
		region, raw string
		want        Number
	}{
		// A plus sign leaves one reading, and no Digits.
		{"", "+14155552671", Number{Key: "+14155552671", Valid: true}},
		{"DE", " whatsapp:+1 (415) 555-2671", Number{Key: "+14155552671", Valid: true}},
		{"", "+1 (415) 555-267", Number{Key: "+1 (415) 555-267", Fault: Unassigned}},
		{"", "＋１４１５５５５２６７１", Number{Key: "+14155552671", Valid: true}},

		// Digits are those of the text, whatever the region makes of them.
		{"US", "4155552671", Number{Key: "+14155552671", Valid: true, Digits: "4155552671"}},
		{"US", "(415) 555-2671", Number{Key: "+14155552671", Valid: true, Digits: "4155552671"}},
		{"US", "tel:1-415-555-2671", Number{Key: "+14155552671", Valid: true, Digits: "14155552671"}},
		{"US", "415.555.2671", Number{Key: "+14155552671", Valid: true, Digits: "4155552671"}},
		{"US", "４１５ ５５５ ２６７１", Number{Key: "+14155552671", Valid: true, Digits: "4155552671"}},
		{"", "(415) 555-2671", Number{Key: "4155552671", Fault: NoRegion, Digits: "4155552671"}},
		{"", "415.555.2671", Number{Key: "4155552671", Fault: NoRegion, Digits: "4155552671"}},
		{"DE", "0171/2345678", Number{Key: "+491712345678", Valid: true, Digits: "01712345678"}},
		{"DE", "00 44 7911 123456", Number{Key: "+447911123456", Valid: true, Digits: "00447911123456"}},
		{"US", "415-555-2671 ext. 5", Number{Key: "+14155552671", Valid: true, Digits: "4155552671"}},

		// An international prefix, and brackets around a calling code.
		{"US", "011 298 21 12 34", Number{Key: "+298211234", Valid: true, Digits: "011298211234"}},
		{"HK", "00 81 90 1234 5678", Number{Key: "00819012345678", Fault: Abroad, Digits: "00819012345678"}},
		{"HK", "00819012345678", Number{Key: "00819012345678", Fault: Abroad, Digits: "00819012345678"}},
		{"HK", "001 81 90 1234 5678", Number{Key: "+819012345678", Valid: true, Digits: "001819012345678"}},
		{"PT", "(+351) 912 345 678", Number{Key: "+351912345678", Valid: true}},
		{"PT", "+(351) 912 345 678", Number{Key: "+351912345678", Valid: true}},
		{"US", "(+351) 912 345 678", Number{Key: "(+351) 912 345 678", Fault: Sign}},
		{"", "(+351) 912 345 678", Number{Key: "(+351) 912 345 678", Fault: Sign}},
		{"PT", "(+351 912) 345 678", Number{Key: "(+351 912) 345 678", Fault: Sign}},
		{"BR", "(+55) 3222-1234", Number{Key: "(+55) 3222-1234", Fault: Unassigned}},

		// Two short numbers are no long one.
		{"AT", "+43 1 3234 01 116", Number{Key: "+43 1 3234 01 116", Fault: Tail}},
		{"IR", "+98.96345 09601", Number{Key: "+98.96345 09601", Fault: Tail}},

		// The two readings of digits alone.
		{"IN", "6581234567", Number{Key: "+916581234567", Valid: true, Other: "+6581234567", Digits: "6581234567"}},
		{"IN", "65 8123 4567", Number{Key: "+916581234567", Valid: true, Digits: "6581234567"}},
		{"US", "447911123456", Number{Key: "+447911123456", Valid: true, Digits: "447911123456"}},
		{"", "447911123456", Number{Key: "447911123456", Fault: NoRegion, Other: "+447911123456", Digits: "447911123456"}},
		{"GB", "6581234567", Number{Key: "6581234567", Fault: Abroad, Other: "+6581234567", Digits: "6581234567"}},
		{"DE", "4915123456789", Number{Key: "+4915123456789", Valid: true, Other: "+494915123456789", Digits: "4915123456789"}},

		// A text that the grammar lets through is kept under its digits too.
		{"US", "12345", Number{Key: "12345", Fault: ShortCode, Digits: "12345"}},
		{"US", "555-2671", Number{Key: "5552671", Fault: Local, Digits: "5552671"}},
		{"US", "415-555-01012", Number{Key: "415-555-01012", Fault: TooLong, Digits: "41555501012"}},
		{"US", "tel:911", Number{Key: "911", Fault: ShortCode, Digits: "911"}},
		{"US", "12", Number{Key: "12", Fault: ShortCode, Digits: "12"}},
		{"ZA", "31000", Number{Key: "31000", Fault: ShortCode, Digits: "31000"}},
		{"US", "5555555555", Number{Key: "5555555555", Fault: Unassigned, Digits: "5555555555"}},

		// Any other text is kept as it is.
		{"US", "4155552671.0", Number{Key: "4155552671.0", Fault: Spreadsheet}},
		{"US", "415\x00555\x002671", Number{Key: "415\x1a555\x1a2671", Fault: Encoding}},
		{"US", "MyBrand", Number{Key: "MyBrand", Fault: Letters}},
		{"US", " MyBrand ", Number{Key: "MyBrand", Fault: Letters}},
		{"US", "1800CALLNOW", Number{Key: "1800CALLNOW", Fault: Letters}},
		{"US", "#BAL", Number{Key: "#BAL", Fault: Letters}},
		{"US", "sip:a@b.example", Number{Key: "sip:a@b.example", Fault: Channel}},
		{"US", "a\x00b", Number{Key: "a\x1ab", Fault: Encoding}},
		{"US", "sip:+14155552671@a\x00b", Number{Key: "sip:+14155552671@a\x1ab", Fault: Channel}},
		{"US", "  ", Number{Key: "  ", Fault: Empty}},
		{"US", "tel:", Number{Key: "tel:", Fault: Empty}},
		{"US", "\x00", Number{Key: "\x1a", Fault: Encoding}},

		// Letters are not among the Digits, nor is what follows an x.
		{"US", "1-800-FLOWERS", Number{Key: "+18003569377", Valid: true}},
		{"US", "415-555-2671 x5", Number{Key: "+14155552671", Valid: true}},
		{"US", "415-555-2671, x5", Number{Key: "+14155552671", Valid: true}},
		{"GB", "+442034567890xtn456", Number{Key: "+442034567890", Valid: true}},

		// No store accepts these.
		{"US", "", Number{Fault: Empty}},
		{"US", "\xff", Number{Fault: Encoding}},
		{"US", "\xff4155552671", Number{Fault: Encoding}},
		{"US", strings.Repeat("x", long), Number{Fault: TooLong}},
		{"US", strings.Repeat("9", long), Number{Fault: TooLong}},
		{"US", "+" + strings.Repeat("9", long), Number{Fault: TooLong}},
		{"US", strings.Repeat("9", 1<<20), Number{Fault: TooLong}},
		{"US", strings.Repeat("(", 1e5) + "4155552671", Number{Fault: TooLong}},
	} {
		require.Equal(t, c.want, reader(t, c.region).Read(c.raw), "%q in %q", c.raw, c.region)
	}
}

func TestANilReaderHasNoRegion(t *testing.T) {
	var none *Reader
	for _, raw := range []string{"+14155552671", "447911123456", "(415) 555-2671", "415.555.2671", "MyBrand", "", "1-800-FLOWERS"} {
		require.Equal(t, reader(t, "").Read(raw), none.Read(raw), raw)
	}
}

func TestReadIntoOverwritesAll(t *testing.T) {
	r := reader(t, "IN")
	for _, raw := range []string{"+14155552671", "6581234567", "MyBrand", "", "\xff", "+1 (415) 555-267", "６５８１２３４５６７"} {
		n := Number{Key: "k", Valid: true, Other: "o", Digits: "d"}
		r.ReadInto(raw, &n)
		require.Equal(t, r.Read(raw), n, raw)
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		number Number
		keys   []string
	}{
		{Number{}, nil},
		{Number{Key: "+1"}, []string{"+1"}},
		{Number{Key: "+1", Other: "+2"}, []string{"+1", "+2"}},
		{Number{Key: "+1", Other: "+2", Digits: "2"}, []string{"+1", "2", "+2"}},
		{Number{Key: "+1", Digits: "1"}, []string{"+1", "1"}},
		{Number{Key: "1", Other: "+1", Digits: "1"}, []string{"1", "+1"}},
		{Number{Key: "+84791234567"}, []string{"+84791234567", "+841211234567"}},
		{
			Number{Key: "+84791234567", Digits: "0791234567", Other: "+22997123456"},
			[]string{"+84791234567", "+841211234567", "0791234567", "+22997123456", "+2290197123456"},
		},
	} {
		require.Equal(t, c.keys, c.number.AppendKeys(nil))
		require.Equal(t, len(c.keys) == 1, c.number.IsAlone())
		require.Equal(t, append([]string{"0"}, c.keys...), c.number.AppendKeys([]string{"0"}))
	}
}

// TestWhatEveryReadingPromises holds the properties that the documentation of Number
// names, over random texts of all regions.
func TestWhatEveryReadingPromises(t *testing.T) {
	all, regions := readers(t), regions()
	w := newWriter(1)
	for range 5_000 {
		raw := w.number(regions[w.IntN(len(regions))])
		promises(t, all[regions[w.IntN(len(regions))]], all[regions[w.IntN(len(regions))]], raw)
	}
	rapid.Check(t, func(t *rapid.T) {
		region := rapid.SampledFrom(regions)
		promises(t, all[region.Draw(t, "region")], all[region.Draw(t, "another region")], rapid.String().Draw(t, "raw"))
	})
}

// FuzzRead holds the same properties on any text.
func FuzzRead(f *testing.F) {
	all, regions := readers(f), regions()
	w := newWriter(2)
	for i := range 500 {
		f.Add(w.number(regions[i%len(regions)]), uint16(i), uint16(i/2))
	}
	f.Add("tel:\u200b", uint16(0), uint16(1))
	f.Add(" Messenger:4155552671", uint16(0), uint16(1))
	f.Add("whatsapp:x:1/TYPE=PLMN", uint16(0), uint16(1))
	f.Add("sip:+14155552671@a.example, sip:+14155552672@b.example", uint16(0), uint16(1))
	f.Add("6581234567", uint16(slices.Index(regions, "IN")), uint16(0))
	f.Fuzz(func(t *testing.T, raw string, region, another uint16) {
		promises(t, all[regions[int(region)%len(regions)]], all[regions[int(another)%len(regions)]], raw)
	})
}

func promises(t require.TestingT, r, another *Reader, raw string) {
	n := r.Read(raw)
	listing, err := r.WithChannels([]string{"messenger", "x"})
	require.NoError(t, err)
	listed := listing.Read(raw)
	if listed.Address {
		require.Regexp(t, `^(messenger|x):.`, listed.Key, "%q", raw)
		require.False(t, n.Valid, "%q", raw)
		listed.Address, n.Fault = false, Channel
	}
	require.Equal(t, n, listed, "%q: the channels must not decide", raw)
	require.Equal(t, n.Key, r.Read(n.Key).Key, "the key of %q has another key", raw)
	require.LessOrEqual(t, len(n.Key), MaxKey, "%q", raw)
	require.NotContains(t, n.Key, "\x00", "%q", raw)
	require.Equal(t, n.Valid, n.Fault == NoFault, "%q: %v", raw, n.Fault)
	if n.Key == "" {
		require.Equal(t, Number{Fault: n.Fault}, n, "%q", raw)
		return
	}
	if n.Valid {
		require.Regexp(t, `^\+[0-9]{3,17}$`, n.Key, "%q", raw)
		require.True(t, r.Read(n.Key).Valid, "%q", raw)
	}
	if n.Other != "" {
		require.NotEqual(t, n.Key, n.Other, "%q", raw)
		require.True(t, r.Read(n.Other).Valid || !n.Valid && IsOlder(n.Other), "%q", raw)
		require.NotEqual(t, Twin(n.Key), n.Other, "%q", raw)
	}
	require.Empty(t, strings.Trim(n.Digits, "0123456789"), "%q", raw)
	require.Equal(t, n.Digits, another.Read(raw).Digits, "%q: the region must not decide", raw)
	if n.Digits != "" {
		kept := (*Reader)(nil).Read(raw)
		require.Equal(t, n.Digits, kept.Digits, "%q: an opt-out that was recorded without a region is not found", raw)
		again := r.Read(n.Digits)
		require.Contains(t, again.AppendKeys(nil), n.Digits, "%q", raw)
	}
}

// TestTheCaseFile reads the numbers of a file of cases. Rows of severity "must" are
// all met, and most of severity "should".
func TestTheCaseFile(t *testing.T) {
	raw, err := os.ReadFile("testdata/phone_numbers.tsv")
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	met := 0
	for _, row := range rows[1:] {
		field := strings.Split(row, "\t")
		id, region, want, severity := field[0], field[3], field[4], field[5]
		var text string
		require.NoError(t, json.Unmarshal([]byte(field[2]), &text), id)
		got := "INVALID"
		if n := reader(t, region).Read(text); n.Valid {
			got = n.Key
		}
		switch severity {
		case "must":
			require.Equal(t, want, got, "%s: %.60q in %q (%s)", id, text, region, field[10])
		case "should":
			if got == want {
				met++
			} else {
				t.Logf("should: %s %.40q in %q: %q, want %q", id, text, region, got, want)
			}
		}
	}
	require.GreaterOrEqual(t, met, 8)
}

func TestReadingAllocatesOnlyWhatItMakes(t *testing.T) {
	r := reader(t, "US")
	for raw, allocations := range map[string]float64{
		"+14155552671": 0, "+447911123456": 0, "whatsapp:+14155552671": 0, " +14155552671 ": 0, "+1555": 0,
		"(415) 555-2671": 1, "4155552671": 1, "+1 (415) 555-2671": 1, "14155552671": 1, "415.555.2671": 1,
	} {
		var n Number
		require.InDelta(t, allocations, testing.AllocsPerRun(100, func() { r.ReadInto(raw, &n) }), 0, raw)
	}
	var none *Reader
	var n Number
	require.InDelta(t, 1, testing.AllocsPerRun(100, func() { none.ReadInto("447911123456", &n) }), 0)
}

// BenchmarkRead reads numbers. The library's Parse and Format do less: they do not
// say whether a number is valid.
func BenchmarkRead(b *testing.B) {
	r := reader(b, "US")
	for _, raw := range []string{"+14155552671", "+447911123456", "(415) 555-2671", "+44 7911 123456", "4155552671", "whatsapp:+14155552671"} {
		b.Run(raw, func(b *testing.B) {
			b.Run("read", func(b *testing.B) {
				var n Number
				b.ReportAllocs()
				for b.Loop() {
					r.ReadInto(raw, &n)
				}
			})
			b.Run("library", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if n, err := phonenumbers.Parse(raw, "US"); err == nil {
						_ = phonenumbers.Format(n, phonenumbers.E164)
					}
				}
			})
		})
	}
}

// BenchmarkReadNumbersOfTheWorld reads a mobile number of each region in turn.
func BenchmarkReadNumbersOfTheWorld(b *testing.B) {
	var numbers []string
	for _, region := range regions() {
		if n := phonenumbers.GetExampleNumberForTypeInRegion(region, phonenumbers.MOBILE); n != nil {
			numbers = append(numbers, phonenumbers.Format(n, phonenumbers.E164))
		}
	}
	var r *Reader
	var n Number
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		r.ReadInto(numbers[i], &n)
		if i++; i == len(numbers) {
			i = 0
		}
	}
}
