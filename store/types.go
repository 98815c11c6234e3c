package store

import (
	"context"
	"strconv"
	"time"
)

// Status is what is in force for a key, and what an event asks for. The zero value
// is Unknown.
type Status uint8

// The statuses.
const (
	Unknown  Status = iota // nothing was ever recorded
	OptedIn                // messages are welcome
	OptedOut               // no messages
)

// The statuses that only a [Reviewer] knows. They are apart from the others, so that
// a number that is none of these is not taken for one.
const (
	Held     Status = 32 + iota // a text that may ask to stop waits for a person: no messages
	Released                    // of an event: a person read the Held event with its ID, and found no request in it
	Asked                       // of an event: the contact asked to opt in, and is to confirm it
)

// String returns "unknown", "opted-in", "opted-out", "held", "released" or "asked".
func (s Status) String() string {
	switch s {
	case Unknown:
		return "unknown"
	case OptedIn:
		return "opted-in"
	case OptedOut:
		return "opted-out"
	case Held:
		return "held"
	case Released:
		return "released"
	case Asked:
		return "asked"
	default:
		return "Status(" + strconv.Itoa(int(s)) + ")"
	}
}

// Source is where an event came from. Only SourceKeyword is the contact's own
// act by text message, and only it lifts an opt-out.
type Source string

// The sources in use. A store takes any other of up to 255 bytes of UTF-8 without
// NUL, and none.
const (
	SourceKeyword Source = "keyword" // the contact texted a keyword
	SourceAgent   Source = "agent"   // a person at the host recorded it
	SourceWeb     Source = "web"     // a form or an unsubscribe link
	SourceCarrier Source = "carrier" // the carrier or provider reported it
	SourceImport  Source = "import"  // a list from elsewhere
	SourceReview  Source = "review"  // a person decided what a text meant
	SourceText    Source = "text"    // the contact's own words, which are no keyword
	SourceConfirm Source = "confirm" // the contact confirmed an opt-in that was asked for
)

// Key is one phone number as one account sees it. Keys are compared byte for
// byte: no case, accent or blank is folded. Account and Number are each 1 to 255
// bytes of UTF-8 without NUL, else [ErrInvalid].
type Key struct{ Account, Number string }

// Event is one thing that was asked for, with the evidence of it.
type Event struct {
	ID     string    // the message's id; 1 to 255 bytes of UTF-8 without NUL; unique per Key
	Key    Key       // whose
	Status Status    // what is asked for: OptedIn or OptedOut; Held, Released or Asked of a Reviewer
	At     time.Time // when the contact acted, by the provider's clock; zero: not known
	Source Source    // who says so

	// ReceivedAt is when the host took it in, by the host's clock; zero: not
	// known. For an opt-out without At it is the latest moment at which the
	// contact can have acted, so an opt-in from before it does not lift it.
	ReceivedAt time.Time

	// Evidence: any bytes, kept as given. Text is cut at 4,096 bytes, and marked so.
	From, To, Text, Keyword, KeywordSet, Actor, Note string

	// Set by the store.
	RecordedAt time.Time // by the store's clock
	Prior      Status    // in force before this event
	Effective  bool      // it became the state; of Held and Released: it opened a hold, or ended one
}

// State is what is in force for a key, and which event made it so. Of a key
// that was never seen, all but Key is zero.
type State struct {
	Key        Key
	Status     Status
	At         time.Time // of the event; zero: not known
	ReceivedAt time.Time // of the event; zero: not known
	RecordedAt time.Time // of the event
	Source     Source    // of the event
	EventID    string    // of the event
}

// Result is what Append did.
type Result struct {
	State     State // as it is now
	Event     Event // as stored
	Duplicate bool  // it was stored before, and nothing was changed
}

// Cursor is a place in a listing, opaque to all but the store that gave it.
type Cursor string

// Limits of a page.
const (
	DefaultLimit = 100   // where a query's Limit is 0
	MaxLimit     = 1_000 // a larger Limit gives pages of this size
)

// HistoryQuery asks for a page of a key's events in the order of recording.
type HistoryQuery struct {
	Key   Key
	After Cursor // "": from the first
	Limit int    // 0: 100, at most 1,000
}

// EventPage is a page of events. Next is "" at the end.
type EventPage struct {
	Events []Event
	Next   Cursor
}

// Store remembers events and the state that follows from them. The interface is
// frozen: new powers come as optional interfaces.
//
// Every method is safe for concurrent use, retains none of its arguments, and
// returns slices that are the caller's. Where the context is already cancelled
// it fails, and writes nothing.
type Store interface {
	// Get returns the state of a key. Key is always set; a key that was never
	// seen is Unknown, with a nil error.
	Get(ctx context.Context, key Key) (State, error)

	// Append records an event and applies it by the rule of [Next], atomically:
	// the event and the state it causes are both there, or neither. A nil error
	// means that both are as durable as the backend's commit.
	//
	// A second Append of the same (Key, ID, Status) changes nothing and returns
	// the stored event and the state now, with Duplicate set; except an opt-out
	// whose At is newer than the opt-in in force (than its receipt, where that
	// opt-in has no At): that one is applied as a new event. The same ID with the other Status means that the sender's ids are
	// not unique: an opt-out is applied, an opt-in is refused with [ErrIDReused].
	// An ID on two numbers, or in two accounts, is two events.
	Append(ctx context.Context, ev Event) (Result, error)

	// History returns a page of a key's events, stable under concurrent appends.
	// A cursor that is broken, or of another key or store, is [ErrBadCursor].
	History(ctx context.Context, q HistoryQuery) (EventPage, error)
}
