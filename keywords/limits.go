package keywords

import (
	"strings"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// maxKeyword is the number of bytes of the longest keyword, folded.
const maxKeyword = 64

// withinLimits is step 1. It reports whether a message is to be read, and cuts the
// blanks at both ends of a long one.
func withinLimits(message string) (string, bool) {
	if len(message) <= textfold.MaxTrimmed {
		return message, true
	}
	return trimmed(message)
}

func trimmed(message string) (string, bool) {
	if len(message) > textfold.MaxMessage {
		return "", false
	}
	text := strings.TrimFunc(message, textfold.IsBlank)
	return text, len(text) <= textfold.MaxTrimmed
}
