package chance

// Rounds returns how many of n random rounds a test makes: all of them, and a quarter with
// the race detector, which makes them ten times as slow. It is for tests of one goroutine,
// in which that detector can find nothing.
func Rounds(n int) int {
	if raced {
		return max(1, n/4)
	}
	return n
}
