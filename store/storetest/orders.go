package storetest

import (
	"iter"
	"slices"
)

// permutations yields every order of a set. What it yields is the caller's.
func permutations[T any](set []T) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		permute(slices.Clone(set), 0, yield)
	}
}

func permute[T any](set []T, fixed int, yield func([]T) bool) bool {
	if fixed == len(set) {
		return yield(slices.Clone(set))
	}
	for i := fixed; i < len(set); i++ {
		set[fixed], set[i] = set[i], set[fixed]
		if !permute(set, fixed+1, yield) {
			return false
		}
		set[fixed], set[i] = set[i], set[fixed]
	}
	return true
}
