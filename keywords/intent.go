package keywords

import "strconv"

// Intent is what a message asks for.
type Intent uint8

// The intents. The zero value asks for nothing.
const (
	None   Intent = iota // an ordinary text
	OptOut               // no more messages
	OptIn                // messages again
	Help                 // who are you, and how do I get out
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

// Keyword is one word (or a few) that, sent alone, asks for something.
type Keyword struct {
	Text     string // as people are told to type it: "STOP"
	Intent   Intent // OptOut, OptIn or Help
	Language string // BCP 47: "en", "fr-CA"
	Source   string // who says that it is a keyword: a law, a carrier, the host
}

// Match is what a message was found to be. The zero value is no keyword.
type Match struct {
	Intent   Intent
	Keyword  string // as listed, "" when Intent is None
	Language string // of the keyword
}
