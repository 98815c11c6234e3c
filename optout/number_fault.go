package optout

import (
	"fmt"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/number"
)

// NumberFault is why a text is not read as a phone number. A host can show its word to
// the person who wrote the text.
type NumberFault uint8

// The faults of a text, in the order of those of internal/number. FaultNone means no fault.
const (
	FaultNone        NumberFault = iota
	FaultEmpty                   // nothing but blanks
	FaultEncoding                // not UTF-8, or a control character
	FaultSpreadsheet             // a spreadsheet has made a decimal number of it: 4155552671.0, 4.15E+09
	FaultLetters                 // letters: a name, a note
	FaultMask                    // characters in the place of digits: 415-555-XXXX
	FaultSign                    // a character where no number has it
	FaultTail                    // more after the number: one digit, a note in brackets
	FaultTooLong                 // more digits or bytes than a number has
	FaultShortCode               // as few digits as a short code has
	FaultLocal                   // a number without its area code
	FaultChannel                 // the address of another channel, or of an unknown kind
	FaultNoCode                  // no calling code after the plus sign
	FaultNoRegion                // no plus sign, and no DefaultRegion
	FaultAbroad                  // a number abroad if a plus sign is put before, and not sure to be that
	FaultUnassigned              // the numbering plan has no such number
)

var numberFaults = enum.Words[NumberFault]{Err: errEnum, Kind: "NumberFault", Words: number.FaultWords()}

// String returns a word such as "spreadsheet", "letters", "too long" or "short code".
func (f NumberFault) String() string { return numberFaults.String(f) }

// MarshalText returns the word of String.
func (f NumberFault) MarshalText() ([]byte, error) { return numberFaults.Marshal(f) }

// UnmarshalText reads a word of String.
func (f *NumberFault) UnmarshalText(text []byte) error { return numberFaults.Unmarshal(text, f) }

// NumberError says why a text is not read as a phone number. errors.Is finds
// [ErrInvalidNumber] in it.
type NumberError struct {
	Fault NumberFault `json:"fault"`
	Bytes int         `json:"bytes"` // the length of the text
}

// Error names the fault, and never the text.
func (e *NumberError) Error() string {
	return fmt.Sprintf("%v: %v (%d bytes)", ErrInvalidNumber, e.Fault, e.Bytes)
}

// Unwrap returns ErrInvalidNumber.
func (e *NumberError) Unwrap() error { return ErrInvalidNumber }

// faultOf returns why nothing can be sent to a number: FaultNone for a phone number and for
// an address of a listed channel.
func faultOf(n *number.Number) NumberFault {
	if n.IsContact() {
		return FaultNone
	}
	return NumberFault(n.Fault)
}

// errNumber says what is wrong with a text that is not a number.
func errNumber(raw string, n *number.Number) error {
	return &NumberError{Fault: NumberFault(n.Fault), Bytes: len(raw)}
}
