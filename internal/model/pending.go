package model

// What the documentation promises and the code does not do yet. Set each to true with
// the change that builds it.
const (
	separatorsAreDialled = true // digits with separators have one reading, as dialled in DefaultRegion
	repliesToNumbersOnly = true // what is no phone number gets no reply
)
