package storetest

import "math/rand/v2"

// source is a source of random numbers that knows whether it was asked: a case
// that did not ask fails without a seed.
type source struct {
	pcg  *rand.PCG
	used bool
}

func newSource(seed uint64) *source { return &source{pcg: rand.NewPCG(seed, 0)} }

// Uint64 implements [rand.Source].
func (s *source) Uint64() uint64 {
	s.used = true
	return s.pcg.Uint64()
}
