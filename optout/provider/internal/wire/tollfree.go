package wire

import "strings"

// TollFree reports whether a number is a toll-free one of the US or Canada: its network
// blocks and replies by itself, whoever the provider is.
func TollFree(number string) bool {
	digits, found := strings.CutPrefix(number, "+1")
	if !found || len(digits) != 10 {
		return false
	}
	switch digits[:3] {
	case "800", "833", "844", "855", "866", "877", "888":
		return true
	default:
		return false
	}
}

// NetworkWords returns the words that the network of toll-free numbers replies to. It does
// not reply to HELP. https://www.plivo.com/docs/sms/concepts/dnd-service/
func NetworkWords() []string { return []string{"STOP", "START", "UNSTOP"} }
