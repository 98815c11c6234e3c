package list

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/rawtext"
)

// Row is one contact of a list. A row is an opt-out unless Consent is set.
type Row struct {
	Line    int    `json:"line,omitzero"`    // of the file, from 1; 0: the row comes from no file
	Number  string `json:"number"`           // as the list writes it
	Consent bool   `json:"consent,omitzero"` // the contact agreed to get messages

	// At is when the contact acted. Zero means not known.
	At time.Time `json:"at,omitzero"`

	// Day is the day on which the contact acted, if no time is known: "2025-03-04". It
	// counts to its end: see [optout.Request].
	Day string `json:"day,omitzero"`

	// DateErr is why the date that the list gives cannot be used. An opt-out is recorded
	// without it, a consent is refused.
	DateErr error `json:"-"`

	Source     string    `json:"source,omitzero"`      // what the list says of where the opt-out came from: "carrier", "web"
	Provider   string    `json:"provider,omitzero"`    // who gave the list: "twilio"
	Reason     string    `json:"reason,omitzero"`      // what else the list says
	EventID    string    `json:"event_id,omitzero"`    // of the record, in a list that Export wrote
	RecordedAt time.Time `json:"recorded_at,omitzero"` // when it was recorded, in a list that Export wrote
}

// plainRow is a Row without its methods.
type plainRow Row

// UnmarshalJSON reads a row. A field that is missing is zero. After an error, which quotes
// nothing, the row is zero.
func (r *Row) UnmarshalJSON(data []byte) error {
	*r = Row{}
	var read plainRow
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Row(read)
	return nil
}

// Date returns At, in RFC 3339 and UTC, or else Day. It is "" if neither is known.
func (r Row) Date() string {
	if r.At.IsZero() {
		return r.Day
	}
	return timeText(r.At)
}

// RowError is about one row of a list. A sequence of rows yields it in the place of the
// row, and goes on. Every other error ends the sequence.
type RowError struct {
	Line int    // from 1; 0: not known
	Text string // the row as it is written, cut; it may hold a phone number
	Err  error  // why the row is refused
}

// Error names the line and the reason, and never the text of the row.
func (e *RowError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("list: %v", e.Err)
	}
	return fmt.Sprintf("list: line %d: %v", e.Line, e.Err)
}

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// The longest texts of a row, in bytes. A longer number is refused. Other texts are cut.
const (
	maxNumber = 4_096
	maxCell   = 1_000
)

// Outcome is what became of a row.
type Outcome uint8

const (
	// RowRefused means that the row was not recorded. Result.Err says why.
	RowRefused Outcome = iota
	// RowNew means that the row was recorded.
	RowNew
	// RowKnown means that the row was recorded before, by the same import and with the same date.
	RowKnown
	// RowOlder means that the row was recorded, and that what is in force is newer: a START.
	RowOlder
	// RowVoided means that the row was recorded before, by the same import, and taken back
	// since. It stays so.
	RowVoided
)

var errEnum = errors.New("list: no such value")

var outcomes = enum.Words[Outcome]{Err: errEnum, Kind: "Outcome", Words: []string{"refused", "new", "known", "older", "voided"}}

// String returns "refused", "new", "known", "older" or "voided".
func (o Outcome) String() string { return outcomes.String(o) }

// MarshalText returns the word of String.
func (o Outcome) MarshalText() ([]byte, error) { return outcomes.Marshal(o) }

// UnmarshalText reads a word of String.
func (o *Outcome) UnmarshalText(text []byte) error { return outcomes.Unmarshal(text, o) }
