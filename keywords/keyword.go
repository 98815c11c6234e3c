package keywords

import (
	"errors"

	"github.com/seed-f10031e4/consent/internal/enum"
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

var intents = enum.Words[Intent]{
	Err: errors.New("keywords"), Kind: "Intent", Words: []string{"none", "opt-out", "opt-in", "help"},
}

// String returns "none", "opt-out", "opt-in" or "help".
func (i Intent) String() string { return intents.String(i) }

// MarshalText returns the word of String. An unknown Intent is an error.
func (i Intent) MarshalText() ([]byte, error) { return intents.Marshal(i) }

// UnmarshalText reads a word of String. Any other text is an error, and leaves i as it is.
func (i *Intent) UnmarshalText(text []byte) error { return intents.Unmarshal(text, i) }

// Keyword is one word, or a few, that asks for something if it is all that a
// message says.
type Keyword struct {
	Text     string `json:"text"`              // as a person types it: "STOP"
	Intent   Intent `json:"intent"`            // OptOut, OptIn or Help
	Language string `json:"language,omitzero"` // BCP 47: "en", "fr-CA"
	Source   string `json:"source,omitzero"`   // who says that it is a keyword: a law, a carrier, the host
}

// Match is the keyword that a message is. The zero value means no keyword.
type Match struct {
	Intent   Intent `json:"intent"`
	Keyword  string `json:"keyword,omitzero"`  // as the Set lists it; "" if Intent is None
	Language string `json:"language,omitzero"` // of the keyword
}
