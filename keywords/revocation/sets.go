package revocation

import (
	"iter"
	"math/bits"
)

// set is a set of numbers, a bit each.
type set[N ~int | ~uint16] []uint64

// newSet returns an empty set of numbers below most.
func newSet[N ~int | ~uint16](most int) set[N] { return make(set[N], most/64+1) }

func (s set[N]) has(n N) bool { return s[n>>6]>>(n&63)&1 != 0 }

func (s set[N]) add(n N) { s[n>>6] |= 1 << (n & 63) }

func (s set[N]) addAll(more set[N]) {
	for i, bits := range more {
		s[i] |= bits
	}
}

// size returns how many numbers the set has.
func (s set[N]) size() (n int) {
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// all goes through the numbers of the set.
func (s set[N]) all() iter.Seq[N] {
	return func(yield func(N) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(N(i<<6 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
