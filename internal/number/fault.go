package number

// Fault is why a text is not read as a phone number.
type Fault uint8

// The faults. NoFault is that of a number.
const (
	NoFault     Fault = iota
	Empty             // nothing but blanks
	Encoding          // not UTF-8, or a control character
	Spreadsheet       // a spreadsheet has made a decimal number of it: 4155552671.0, 4.15E+09
	Letters           // letters, a name, a note
	Mask              // characters in the place of digits: 415-555-XXXX
	Sign              // a character where no number has it
	Tail              // after the number: one digit, a note in brackets, a second number
	TooLong           // more digits than a number has
	ShortCode         // so few digits that a short code or a service has them
	Local             // a number without its area code
	Channel           // the address of another channel, or of an unknown kind
	NoCode            // no calling code after the plus sign
	NoRegion          // no plus sign, and no region to dial in
	Abroad            // a number only with a plus sign put before, and not longer than a number of the region
	Unassigned        // the numbering plan has no such number
)

// FaultWords returns the words of the faults, in their order.
func FaultWords() []string {
	return []string{
		"none", "empty", "encoding", "spreadsheet", "letters", "mask", "sign", "tail", "too long", "short code", "local",
		"other channel", "no country code", "no region", "abroad", "unassigned",
	}
}

// String returns the word of a fault, such as "spreadsheet".
func (f Fault) String() string {
	if words := FaultWords(); int(f) < len(words) {
		return words[f]
	}
	return "unknown"
}
