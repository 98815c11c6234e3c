//go:build race

package revocation_test

// raceDetector empties a sync.Pool at random, so that allocations cannot be
// counted under it.
const raceDetector = true
