package numberplan

// Class is what digits are by which a node is reached.
type Class uint16

// The classes. Possible, as in package optout, is of a subscriber number's length,
// in a range that the metadata does not know.
const (
	NoNumber Class = iota
	Possible
	Valid
	Ask    // the library
	NoCode // digits behind a plus sign that start with no calling code

	// Those below carry a number of digits, and are followed inside this package.
	drop   // a trunk prefix between the calling code and the rest
	home   // a national number, behind a prefix
	abroad // an international number, behind a prefix
)

const (
	kindBits   = 4
	countBits  = 6
	maxOfCount = 1<<countBits - 1
)

// Drop is the class of an international number with a trunk prefix of so many
// digits behind a calling code of so many.
func Drop(code, prefix int) Class { return drop | counts(prefix, code) }

// Home is the class of a national number behind a prefix of so many digits.
func Home(prefix int) Class { return home | counts(prefix, 0) }

// Abroad is the class of an international number behind a prefix of so many
// digits.
func Abroad(prefix int) Class { return abroad | counts(prefix, 0) }

func counts(prefix, code int) Class {
	return Class(prefix&maxOfCount)<<kindBits | Class(code)<<(kindBits+countBits)
}

func (c Class) kind() Class { return c & (1<<kindBits - 1) }

func (c Class) prefix() int { return int(c>>kindBits) & maxOfCount }

func (c Class) code() int { return int(c >> (kindBits + countBits)) }

// settled reports a class that is an answer.
func (c Class) settled() bool { return c <= Valid }
