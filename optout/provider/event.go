package provider

import (
	"fmt"
	"unicode"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// Event is what a Handler did with a request, or with a message or a report in it.
//
// If Err is not nil and Status is below 300, no other delivery comes: a person should look
// at it. (A part that stayed alone is tried again, until ErrPartLost.) The texts of Err and
// String hold no phone number and no message, unless an error of the host's own functions
// does. Message, Outcome and Report do hold them.
type Event struct {
	Provider string
	Kind     EventKind
	Status   int // that the request is answered with; 0 after the answer

	Message Message        // of EventMessage, EventPart and EventReply
	Outcome optout.Outcome // of EventMessage and EventReply, and of a part that stayed alone
	Report  Report         // of EventReport

	Err error // what went wrong; nil means nothing
}

// EventKind is what an Event is about.
type EventKind uint8

// The kinds of an event.
const (
	EventRefused   EventKind = iota // nothing in the request was taken; Err says why
	EventMessage                    // a message went through Guard.Receive
	EventPart                       // a part of a longer message waits for the others; with Status 0: it stayed alone
	EventReport                     // a report
	EventReply                      // a reply was sent by Options.Reply, or could not be sent
	EventHandshake                  // the webhook was set up
)

var eventKinds = enum.Words[EventKind]{Err: errEnum, Kind: "EventKind", Words: []string{
	"refused", "message", "part", "report", "reply", "handshake",
}}

// String returns the word of a kind: "message".
func (k EventKind) String() string { return eventKinds.String(k) }

// MarshalText returns the word of String.
func (k EventKind) MarshalText() ([]byte, error) { return eventKinds.Marshal(k) }

// UnmarshalText reads a word of String.
func (k *EventKind) UnmarshalText(text []byte) error { return eventKinds.Unmarshal(text, k) }

// String is for a log: it says what happened, without a phone number and without a text.
func (e Event) String() string {
	text := fmt.Sprintf("%s: %v", e.Provider, e.Kind)
	switch e.Kind {
	case EventMessage:
		text += fmt.Sprintf(" intent=%v status=%v changed=%t duplicate=%t",
			e.Outcome.Match.Intent, e.Outcome.State.Status, e.Outcome.Changed, e.Outcome.Duplicate)
		if e.Outcome.NoNumber { // a forgotten Options.Channels, for one
			text += fmt.Sprintf(" fault=%q", e.Outcome.Fault)
		}
	case EventReport:
		text += fmt.Sprintf(" %v code=%s", e.Report.Kind, printable(e.Report.Code))
	case EventPart:
		if status := e.Outcome.State.Status; status != store.Unknown {
			text += fmt.Sprintf(" status=%v", status)
		}
	default:
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" http=%d", e.Status)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// printable returns a code for a log. Some providers send a sentence for a code, which may hold
// a phone number: a code with 7 digits or more is left out.
func printable(code string) string {
	digits := 0
	for _, r := range code {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits > 6 {
		return "?"
	}
	return fmt.Sprintf("%.40q", code)
}
