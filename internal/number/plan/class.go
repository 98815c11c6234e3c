package plan

// Class says what digits are.
type Class uint16

// The classes that callers see.
const (
	// NoNumber means that no phone number has these digits.
	NoNumber Class = iota
	// Possible means that the digits are as long as a subscriber number of their
	// country, in a range that the plan does not assign.
	Possible
	// Valid means that the plan assigns these digits.
	Valid
	// Undecided means that the plan does not say what the digits are.
	Undecided
	// NoCode means that digits after a plus sign start with no calling code.
	NoCode

	// The classes below carry a number of digits. This package resolves them.
	drop   // a trunk prefix follows the calling code
	home   // a national number follows a prefix
	abroad // an international number follows a prefix
)

const (
	kindBits   = 4
	prefixBits = 6
	maxPrefix  = 1<<prefixBits - 1
	maxCode    = MaxCode
)

// MaxCode is how many digits the longest calling code has.
const MaxCode = 3

// Drop is the class of an international number that has a trunk prefix after its
// calling code. code and prefix are the numbers of digits of the two.
func Drop(code, prefix int) Class {
	return drop | Class(prefix&maxPrefix)<<kindBits | Class(code&maxCode)<<(kindBits+prefixBits)
}

// Home is the class of a national number after a prefix of that many digits.
func Home(prefix int) Class { return home | Class(prefix&maxPrefix)<<kindBits }

// Abroad is the class of an international number after a prefix of that many
// digits.
func Abroad(prefix int) Class { return abroad | Class(prefix&maxPrefix)<<kindBits }

// IsNumber reports whether c is Possible or Valid.
func (c Class) IsNumber() bool { return c == Valid || c == Possible }

func (c Class) kind() Class { return c & (1<<kindBits - 1) }

func (c Class) prefix() int { return int(c>>kindBits) & maxPrefix }

func (c Class) code() int { return int(c >> (kindBits + prefixBits)) }

// resolved returns NoNumber, Possible and Valid as they are, and Undecided for all
// other classes.
func (c Class) resolved() Class {
	if c > Valid {
		return Undecided
	}
	return c
}
