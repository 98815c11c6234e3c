package wire

import "strings"

// TollFree reports whether a number is a toll-free number of North America. On such a number
// the carrier replies to STOP, whoever the provider is.
// https://www.fcc.gov/consumers/guides/what-toll-free-number-and-how-does-it-work
func TollFree(number string) bool {
	rest, ok := strings.CutPrefix(number, "+1")
	if !ok || len(rest) != len("8005550100") {
		return false
	}
	switch rest[:3] {
	case "800", "833", "844", "855", "866", "877", "888":
		return true
	default:
		return false
	}
}
