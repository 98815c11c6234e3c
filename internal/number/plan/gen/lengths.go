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

// possible reports a length that is not of local numbers only.
func (s lengthSet) possible(n int) bool {
	return s.full[0] != -1 && slices.Contains(s.full, int32(n)) && !slices.Contains(s.local, int32(n))
}

func (s lengthSet) tooLong(n int) bool {
	return s.full[0] != -1 && !slices.Contains(s.local, int32(n)) && s.full[len(s.full)-1] < int32(n)
}

// mayStrip reports a length to which phonenumbers shortens a number.
func (s lengthSet) mayStrip(n int) bool { return s.possible(n) || s.tooLong(n) }
