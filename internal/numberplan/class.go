package numberplan

// Class is what digits are.
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
	prefixBits = 6
	maxPrefix  = 1<<prefixBits - 1
	maxCode    = 3
)

// Drop is the class of an international number with a trunk prefix of so many
// digits behind a calling code of so many.
func Drop(code, prefix int) Class {
	return drop | Class(prefix&maxPrefix)<<kindBits | Class(code&maxCode)<<(kindBits+prefixBits)
}

// Home is the class of a national number behind a prefix of so many digits.
func Home(prefix int) Class { return home | Class(prefix&maxPrefix)<<kindBits }

// Abroad is the class of an international number behind a prefix of so many
// digits.
func Abroad(prefix int) Class { return abroad | Class(prefix&maxPrefix)<<kindBits }

// IsNumber reports Possible and Valid.
func (c Class) IsNumber() bool { return c == Valid || c == Possible }

func (c Class) kind() Class { return c & (1<<kindBits - 1) }

func (c Class) prefix() int { return int(c>>kindBits) & maxPrefix }

func (c Class) code() int { return int(c >> (kindBits + prefixBits)) }

// answer is c where it is one, and otherwise Ask.
func (c Class) answer() Class {
	if c > Valid {
		return Ask
	}
	return c
}
