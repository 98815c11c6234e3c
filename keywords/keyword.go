package keywords

import (
	"fmt"
	"strconv"
)

// Intent is what a message asks for.
type Intent uint8

// The intents. The zero value asks for nothing.
const (
	None   Intent = iota // an ordinary text
	OptOut               // no more messages
	OptIn                // messages again
	Help                 // who sends this, and how to opt out
)

// String returns "none", "opt-out", "opt-in" or "help".
func (i Intent) String() string {
	switch i {
	case None:
		return "none"
	case OptOut:
		return "opt-out"
	case OptIn:
		return "opt-in"
	case Help:
		return "help"
	default:
		return "Intent(" + strconv.Itoa(int(i)) + ")"
	}
}

// MarshalText returns the same word as String. An unknown Intent is an error.
func (i Intent) MarshalText() ([]byte, error) {
	if i > Help {
		return nil, fmt.Errorf("keywords: unknown intent %d", i)
	}
	return []byte(i.String()), nil
}

// UnmarshalText reads a word that MarshalText returns. Any other word is an
// error, and leaves i as it is.
func (i *Intent) UnmarshalText(text []byte) error {
	for known := None; known <= Help; known++ {
		if known.String() == string(text) {
			*i = known
			return nil
		}
	}
	return fmt.Errorf("keywords: unknown intent %.40q", text)
}

// Keyword is one word, or a few, that asks for something if it is all that a
// message says.
type Keyword struct {
	Text     string // as a person types it: "STOP"
	Intent   Intent // OptOut, OptIn or Help
	Language string // BCP 47: "en", "fr-CA"
	Source   string // who says that it is a keyword: a law, a carrier, the host
}

// Match is the keyword that a message is. The zero value means no keyword.
type Match struct {
	Intent   Intent
	Keyword  string // as the Set lists it; "" if Intent is None
	Language string // of the keyword
}
