package store

import "github.com/seed-f10031e4/consent/internal/enum"

// Action is what an event asks for. No event has the zero value.
type Action uint8

// The actions.
const (
	NoAction Action = iota // of the State of a key that was never seen
	OptOut                 // no more messages
	OptIn                  // the contact's own keyword: the only action that lifts an opt-out
	Consent                // recorded by the host, or confirmed by the contact: never lifts an opt-out
	Hold                   // a text that may ask to stop waits for a person: no messages until then
	Release                // a review found no request in a text: what the text did is taken back
	Uphold                 // a review found a request in a text: an opt-out takes the place of the text
	Ask                    // the contact asked to opt in, and is asked to confirm it
	Retract                // a START takes back an opt-out or a hold that the same digits caused under this number
	Void                   // the host takes back an opt-out or a consent that it recorded by mistake
	Erase                  // the evidence of the records before was erased: no effect on what is in force; see Eraser
)

var actions = enum.Words[Action]{Err: ErrInvalid, Kind: "Action", Words: []string{
	"none", "opt-out", "opt-in", "consent", "hold", "release", "uphold", "ask", "retract", "void", "erase",
}}

// String returns "opt-out", "opt-in", "consent", "hold", "release", "uphold", "ask",
// "retract", "void", "erase", or "none" for the zero value.
func (a Action) String() string { return actions.String(a) }

// MarshalText returns the word of String.
func (a Action) MarshalText() ([]byte, error) { return actions.Marshal(a) }

// UnmarshalText reads a word of String. Any other text is [ErrInvalid].
func (a *Action) UnmarshalText(text []byte) error { return actions.Unmarshal(text, a) }

// settles reports whether an action is about another event: see [Event.Names].
func (a Action) settles() bool { return a == Release || a == Uphold || a == Retract || a == Void }

// Status is what is in force for a key.
type Status uint8

// The statuses.
const (
	Unknown  Status = iota // nothing is in force
	OptedIn                // messages are welcome
	OptedOut               // no messages
	Held                   // a text that may ask to stop waits for a person: no messages
)

var statuses = enum.Words[Status]{Err: ErrInvalid, Kind: "Status", Words: []string{
	"unknown", "opted-in", "opted-out", "held",
}}

// String returns "unknown", "opted-in", "opted-out" or "held".
func (s Status) String() string { return statuses.String(s) }

// MarshalText returns the word of String.
func (s Status) MarshalText() ([]byte, error) { return statuses.Marshal(s) }

// UnmarshalText reads a word of String. Any other text is [ErrInvalid].
func (s *Status) UnmarshalText(text []byte) error { return statuses.Unmarshal(text, s) }
