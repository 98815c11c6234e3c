//go:build !race

package keywords_test

const raceDetector = false
