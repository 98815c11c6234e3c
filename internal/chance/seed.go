// Package chance returns the seed of what tests make at random, and how much they make.
//
// In CI each commit has a seed of its own, so that the same commit has the same answer
// each time. Tests of goroutines or processes that race do not use it: they differ in each
// run anyway.
package chance

import (
	"math/rand/v2"
	"os"
	"strconv"
)

// Variable is the environment variable that fixes the seed. Package rapid reads it too.
const Variable = "RAPID_SEED"

// Seed returns the seed in the environment, or another one each time. A test prints it when
// it fails.
func Seed() uint64 {
	if seed, err := strconv.ParseUint(os.Getenv(Variable), 0, 64); err == nil && seed != 0 {
		return seed
	}
	return rand.Uint64() //nolint:gosec // no secret
}
