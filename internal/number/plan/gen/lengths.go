package main

import (
	"slices"

	"github.com/nyaruka/phonenumbers/v2"
)

// lengths are the lengths of all numbers of a region, and of its subscriber numbers.
type lengths struct{ general, fixed, mobile lengthSet }

type lengthSet struct{ full, local []int32 }

func lengthsOf(m *phonenumbers.PhoneMetadata) lengths {
	general := m.GetGeneralDesc().GetPossibleLength()
	of := func(desc *phonenumbers.PhoneNumberDesc) lengthSet {
		s := lengthSet{full: desc.GetPossibleLength(), local: desc.GetPossibleLengthLocalOnly()}
		if len(s.full) == 0 {
			s.full = general
		}
		return s
	}
	return lengths{general: of(m.GetGeneralDesc()), fixed: of(m.GetFixedLine()), mobile: of(m.GetMobile())}
}

// maxShortCode is the length of the longest short code of most countries.
const maxShortCode = 6

// bounds returns how many digits the subscriber numbers of a region have: the fewest and
// the most. Fewer than seven digits are a short code, unless the region's example of a
// fixed or mobile number is as short. only is the number of digits of all its numbers, 0
// if they have not one length.
func bounds(m *phonenumbers.PhoneMetadata) (shortest, longest, only int) {
	shortest = maxShortCode + 1
	for _, desc := range []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetMobile()} {
		if example := len(desc.GetExampleNumber()); example > 0 {
			shortest = min(shortest, example)
		}
	}
	l := lengthsOf(m)
	if len(l.general.full) == 1 {
		only = int(l.general.full[0])
	}
	return shortest, int(max(slices.Max(l.fixed.full), slices.Max(l.mobile.full))), only
}

// possible reports a length that is not of local numbers only.
func (s lengthSet) possible(n int) bool {
	return s.full[0] != -1 && slices.Contains(s.full, int32(n)) && !slices.Contains(s.local, int32(n))
}

func (s lengthSet) tooLong(n int) bool {
	return s.full[0] != -1 && !slices.Contains(s.local, int32(n)) && s.full[len(s.full)-1] < int32(n)
}

// mayStrip reports a length to which phonenumbers shortens a number.
func (s lengthSet) mayStrip(n int) bool { return s.possible(n) || s.tooLong(n) }
