package number

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/internal/number/plan"
)

var stress = flag.Bool("stress", false, "compare more numbers with phonenumbers, from the seed of RAPID_SEED or a new one")

// regions returns all regions that phonenumbers knows, in order, and "".
func regions() []string {
	return append(slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())), "")
}

// readers returns a Reader for each of regions.
func readers(tb testing.TB) map[string]*Reader {
	tb.Helper()
	all := map[string]*Reader{}
	for _, region := range regions() {
		r, err := New(region)
		require.NoError(tb, err, "the plan lacks a region of phonenumbers: run `make generate`")
		all[region] = r
	}
	return all
}

// byLibrary returns a Reader that reads by the metadata of phonenumbers, and never asks the
// plan, whatever the grammar lets through.
func (r *Reader) byLibrary() *Reader {
	asked := *r
	asked.library = parseByLibrary
	return &asked
}

func parseByLibrary(text, region string) reading {
	for range maxReadings {
		n, err := phonenumbers.Parse(text, region)
		if err != nil {
			return reading{}
		}
		class := libraryClass(n)
		if class == plan.NoNumber {
			n, class = withoutMexican1(n)
		}
		key := phonenumbers.Format(n, phonenumbers.E164)
		switch {
		case class == plan.NoNumber:
			return reading{}
		case key == text:
			return reading{key: key, class: class}
		}
		text = key
	}
	return reading{}
}

func withoutMexican1(n *phonenumbers.PhoneNumber) (*phonenumbers.PhoneNumber, plan.Class) {
	national := n.GetNationalNumber()
	if n.GetCountryCode() != 52 || n.GetItalianLeadingZero() || national/10_000_000_000 != 1 {
		return n, plan.NoNumber
	}
	today, err := phonenumbers.Parse(fmt.Sprintf("+52%010d", national%10_000_000_000), noRegion)
	if err != nil {
		return n, plan.NoNumber
	}
	return today, libraryClass(today)
}

// difference returns how a reading differs from that of phonenumbers, or "".
func difference(r *Reader, raw string) string {
	got, want := r.Read(raw), r.byLibrary().Read(raw)
	if got.Key == want.Key && got.Valid == want.Valid && got.Other == want.Other && got.Digits == want.Digits {
		return ""
	}
	return fmt.Sprintf("%q in %s is %+v, and %+v by phonenumbers", raw, r.region, got, want)
}

// isReadByPlan reports whether a number is read without phonenumbers.
func isReadByPlan(r *Reader, raw string) bool {
	var w written
	if w.read(clean(raw)) != NoFault {
		return false
	}
	if w.plus || !w.here && w.digits.International().Class == plan.Undecided {
		return w.digits.International().Class != plan.Undecided
	}
	return r.plan == nil || w.digits.National(r.plan).Class != plan.Undecided
}

// TestThePlanSaysWhatPhonenumbersSays compares the linked phonenumbers with the plan on
// samples of both, and on examples of every region and mutations of them, spelled in
// all ways. If it fails after an update of phonenumbers, `make generate` makes a new
// plan.
func TestThePlanSaysWhatPhonenumbersSays(t *testing.T) {
	count, seed := chance.Rounds(30_000), uint64(1)
	if *stress {
		count, seed = 3_000_000, chance.Seed()
	}
	all, regions := readers(t), regions()
	random := rand.New(rand.NewPCG(seed, 0))
	compare := func(t *testing.T, s sample) {
		t.Helper()
		require.Empty(t, difference(all[s.region], s.raw), "seed %d: the plan is a copy of phonenumbers %s", seed, plan.Version())
	}
	t.Run("each edge of the plan", func(t *testing.T) {
		samples := samplesOfThePlan(t, random)
		require.Greater(t, len(samples), 30_000)
		for i := range chance.Rounds(len(samples)) {
			compare(t, samples[i*len(samples)/chance.Rounds(len(samples))])
		}
	})
	t.Run("each alternative of phonenumbers", func(t *testing.T) {
		samples := samplesOfTheLibrary(t, random)
		require.Greater(t, len(samples), 30_000)
		for i := range chance.Rounds(len(samples)) {
			s := samples[i*len(samples)/chance.Rounds(len(samples))]
			s.region = ""
			compare(t, s)
		}
	})
	t.Run("all spellings", func(t *testing.T) {
		w := newWriter(seed)
		byPlan := 0
		for i := range count {
			s := sample{region: regions[i%len(regions)]}
			s.raw = w.number(s.region)
			if w.IntN(4) == 0 {
				s.region = regions[w.IntN(len(regions))]
			}
			compare(t, s)
			if isReadByPlan(all[s.region], s.raw) {
				byPlan++
			}
		}
		require.Greater(t, byPlan, count/2, "the plan must read most numbers: phonenumbers takes a thousand times as long")
	})
}

// FuzzThePlanSaysWhatPhonenumbersSays compares the two on any text.
func FuzzThePlanSaysWhatPhonenumbersSays(f *testing.F) {
	all, regions := readers(f), regions()
	w := newWriter(1)
	for i := range 500 {
		f.Add(w.number(regions[i%len(regions)]), uint16(i%len(regions)))
	}
	f.Fuzz(func(t *testing.T, raw string, region uint16) {
		require.Empty(t, difference(all[regions[int(region)%len(regions)]], raw))
	})
}

// TestThePlanReadsTheUsualSpellings fails if a usual spelling is left to phonenumbers:
// the answer would be right, and slow.
func TestThePlanReadsTheUsualSpellings(t *testing.T) {
	all := readers(t)
	byPlan, spelled := 0, 0
	for region, examples := range newWriter(1).examples {
		for _, n := range examples {
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
				if form == phonenumbers.NATIONAL && region == "" {
					continue
				}
				number := phonenumbers.Format(n, form)
				is := isReadByPlan(all[region], number)
				require.True(t, is || form == phonenumbers.NATIONAL, "%s %q", region, number)
				spelled++
				if is {
					byPlan++
				}
			}
		}
	}
	require.Greater(t, byPlan*100, spelled*99)
	for region, numbers := range map[string][]string{
		"US": {
			"(415) 555-2671", "415-555-2671", "415.555.2671", "4155552671", "14155552671", "1-415-555-2671", "+1 (415) 555-2671",
			"011 44 7911 123456", "(440) 655-1234",
		},
		"GB": {"07911 123456", "+44 (0)7911 123456", "0044 7911 123456", "447911123456"},
		"DE": {"0171 2345678", "0171/2345678", "+49 (0) 171 2345678", "00 49 171 23456789"},
		"":   {"447911123456", "whatsapp:+14155552671", "tel:+1-415-555-2671"},
	} {
		for _, number := range numbers {
			require.True(t, isReadByPlan(all[region], number), "%s %q", region, number)
		}
	}
}

// TestTheUsualSpellingsOfEveryRegionAreRead reads the forms of phonenumbers, in the region and
// as they are dialled from elsewhere. Short codes are refused, and no other number.
func TestTheUsualSpellingsOfEveryRegionAreRead(t *testing.T) {
	all := readers(t)
	for region, examples := range newWriter(1).examples {
		for _, n := range examples {
			e164 := phonenumbers.Format(n, phonenumbers.E164)
			forms := map[string][]string{}
			for _, in := range []string{"US", "GB", "DE", "JP", "RU"} {
				if !strings.HasPrefix(e164, "+"+all[in].plan.Code()) {
					forms[in] = append(forms[in], phonenumbers.FormatOutOfCountryCallingNumber(n, in))
				}
			}
			if region != "" {
				national := phonenumbers.Format(n, phonenumbers.NATIONAL)
				forms[region] = append(forms[region], national, strings.ReplaceAll(national, " ", "-"))
			}
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.INTERNATIONAL, phonenumbers.RFC3966} {
				forms[region] = append(forms[region], phonenumbers.Format(n, form))
			}
			for in, texts := range forms {
				for _, text := range texts {
					read := all[in].Read(text)
					if fault := read.Fault; fault == ShortCode && in == region {
						continue
					}
					require.Equal(t, e164, read.Key, "%q in %s: %v", text, in, read.Fault)
				}
			}
		}
	}
}
