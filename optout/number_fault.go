package optout

import (
	"fmt"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/number"
)

// NumberFault is why a text is not read as a phone number. A host can show its word to
// the person who wrote the text.
type NumberFault uint8

// The faults of a text. FaultNone means no fault.
const (
	FaultNone        = NumberFault(number.NoFault)
	FaultEmpty       = NumberFault(number.Empty)       // nothing but blanks
	FaultEncoding    = NumberFault(number.Encoding)    // not UTF-8, or a control character
	FaultSpreadsheet = NumberFault(number.Spreadsheet) // a spreadsheet has made a decimal number of it: 4155552671.0, 4.15E+09
	FaultLetters     = NumberFault(number.Letters)     // letters: a name, a note
	FaultMask        = NumberFault(number.Mask)        // characters in the place of digits: 415-555-XXXX
	FaultSign        = NumberFault(number.Sign)        // a character where no number has it
	FaultTail        = NumberFault(number.Tail)        // more after the number: one digit, a note in brackets
	FaultTooLong     = NumberFault(number.TooLong)     // more digits or bytes than a number has
	FaultShortCode   = NumberFault(number.ShortCode)   // as few digits as a short code has
	FaultLocal       = NumberFault(number.Local)       // a number without its area code
	FaultChannel     = NumberFault(number.Channel)     // the address of another channel, or of an unknown kind
	FaultNoCode      = NumberFault(number.NoCode)      // no calling code after the plus sign
	FaultNoRegion    = NumberFault(number.NoRegion)    // no plus sign, and no DefaultRegion
	FaultAbroad      = NumberFault(number.Abroad)      // a number abroad if a plus sign is put before, and not sure to be that
	FaultUnassigned  = NumberFault(number.Unassigned)  // the numbering plan has no such number
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
	Fault NumberFault
	Bytes int // the length of the text
}

// Error names the fault, and never the text.
func (e *NumberError) Error() string {
	return fmt.Sprintf("%v: %v (%d bytes)", ErrInvalidNumber, e.Fault, e.Bytes)
}

// Unwrap returns ErrInvalidNumber.
func (e *NumberError) Unwrap() error { return ErrInvalidNumber }

// errNumber says what is wrong with a text that is not a number.
func errNumber(raw string, n *number.Number) error {
	return &NumberError{Fault: NumberFault(n.Fault), Bytes: len(raw)}
}
