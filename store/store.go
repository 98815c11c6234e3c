package store

import (
	"context"
	"time"
)

// Source is a label: where an event came from. It decides nothing about what is in
// force; the [Action] does. Only what takes an opt-out back looks at it: a review takes back
// those that were read from the contact's own words, and a Void what the host recorded.
type Source string

// The sources in use. A store takes any other of up to 255 bytes of UTF-8 without
// NUL, and the empty one.
const (
	SourceKeyword Source = "keyword" // the contact texted a keyword
	SourceText    Source = "text"    // the contact's own words, which are no keyword
	SourceConfirm Source = "confirm" // the contact confirmed an opt-in
	SourceAgent   Source = "agent"   // a person at the host recorded it
	SourceWeb     Source = "web"     // a form or an unsubscribe link
	SourceCarrier Source = "carrier" // the carrier or provider reported it
	SourceImport  Source = "import"  // a list from elsewhere
	SourceReview  Source = "review"  // a person decided what a text meant
)

// Key is one phone number as one account sees it. Keys are compared byte for
// byte: no case, accent or blank is folded. Account and Number are each 1 to 255
// bytes of UTF-8 without NUL, else [ErrInvalid].
type Key struct {
	Account string `json:"account"`
	Number  string `json:"number"`
}

// Event is one thing that was asked for, with the evidence of it.
type Event struct {
	ID     string    `json:"id"`              // 1 to 255 bytes of UTF-8 without NUL; unique per Key; of a Void see VoidPrefix
	Key    Key       `json:"key,omitzero"`    // whose
	Action Action    `json:"action,omitzero"` // what is asked for
	At     time.Time `json:"at,omitzero"`     // when the contact acted, by the provider's clock; zero: not known

	// ReceivedAt is when the host received the event, by the host's clock; zero: not
	// known. The contact cannot have sent an opt-out without At later than this, so an
	// opt-in that was sent before ReceivedAt does not lift it.
	ReceivedAt time.Time `json:"received_at,omitzero"`

	Source Source `json:"source,omitzero"` // where it came from

	// Evidence: any bytes, kept as given. Text is cut at 4,096 bytes, and marked so.
	From       string `json:"from,omitzero"`
	To         string `json:"to,omitzero"`
	Text       string `json:"text,omitzero"`
	Keyword    string `json:"keyword,omitzero"`
	KeywordSet string `json:"keyword_set,omitzero"`
	Actor      string `json:"actor,omitzero"`
	Note       string `json:"note,omitzero"`
}

// Record is an event as a store keeps it.
type Record struct {
	Event

	RecordedAt time.Time `json:"recorded_at,omitzero"` // by the store's clock
	Prior      Status    `json:"prior"`                // what was in force before

	// Effective: it changed the state; or, for a Hold, a review or a Void, it opened a
	// hold, ended a hold or took an event back.
	Effective bool `json:"effective,omitzero"`

	Erased bool `json:"erased,omitzero"` // its evidence was erased: see [Eraser]
}

// ReceivedOrRecorded returns ReceivedAt, or RecordedAt if ReceivedAt is zero.
func (r Record) ReceivedOrRecorded() time.Time {
	if r.ReceivedAt.IsZero() {
		return r.RecordedAt
	}
	return r.ReceivedAt
}

// State is what is in force for a key, and which event made it so. Every field of a key
// that was never seen is zero, except Key.
type State struct {
	Key        Key       `json:"key,omitzero"`
	Status     Status    `json:"status"`
	Action     Action    `json:"action,omitzero"`      // of the event
	At         time.Time `json:"at,omitzero"`          // of the event; zero: not known
	ReceivedAt time.Time `json:"received_at,omitzero"` // of the event; zero: not known
	RecordedAt time.Time `json:"recorded_at,omitzero"` // of the event
	Source     Source    `json:"source,omitzero"`      // of the event
	EventID    string    `json:"event_id,omitzero"`    // of the event
}

// Result is what Append did.
type Result struct {
	State     State  `json:"state,omitzero"`     // as it is now
	Record    Record `json:"record,omitzero"`    // as stored
	Duplicate bool   `json:"duplicate,omitzero"` // it was stored before, and nothing was changed
	Err       error  `json:"-"`                  // of one event of a batch: it was refused, the others were not; see [BatchAppender]
}

// Cursor is a place in a listing. Only the store that made it can read it.
type Cursor string

// Limits of a page.
const (
	DefaultLimit = 100   // the size of a page if a query's Limit is 0
	MaxLimit     = 1_000 // a larger Limit gives pages of this size
)

// HistoryQuery asks for a page of a key's records in the order of recording.
type HistoryQuery struct {
	Key   Key
	After Cursor // "": from the first
	Limit int    // 0: 100, at most 1,000
}

// RecordPage is a page of records. Next is "" at the end.
type RecordPage struct {
	Records []Record `json:"records"`
	Next    Cursor   `json:"next"`
}

// Store remembers events and the state that follows from them. The interface is
// frozen: new powers come as optional interfaces.
//
// Every method is safe for concurrent use, retains none of its arguments, and
// returns slices that are the caller's. If the context is already cancelled, a method
// fails and writes nothing; a context that is cancelled later never leaves half an Append.
type Store interface {
	// Get returns the state of a key. Key is always set; a key that was never
	// seen is Unknown, with a nil error.
	Get(ctx context.Context, key Key) (State, error)

	// Append records an event and applies it by the rule of [Standing.Next], atomically:
	// the record and the state that it causes are both there, or neither. A nil error
	// means that both are as durable as the backend's commit.
	//
	// A second Append of the same (Key, ID, Action) changes nothing and returns
	// the stored record and the state now, with Duplicate set, however many events lie
	// between; [Replay] has the exceptions. An ID on two numbers, or in two accounts, is
	// two events.
	Append(ctx context.Context, ev Event) (Result, error)

	// History returns a page of a key's records, stable under concurrent appends.
	// A cursor that is broken, or of another key or store, is [ErrBadCursor].
	History(ctx context.Context, q HistoryQuery) (RecordPage, error)
}
