package numberplan

import (
	"strings"
)

// Module is the library whose metadata the table is made of.
const Module = "github.com/nyaruka/phonenumbers/v2"

// Version is the version of [Module] that the table is made of.
func Version() string {
	head, _, _ := strings.Cut(index, "\n")
	return strings.TrimPrefix(head, Module+" ")
}

// E164 classifies a plus sign and digits, with nothing else, and reports false
// for any other text and for one with more digits than the automaton reads.
func E164(text string) (Class, bool) {
	if len(text) < 2 || len(text) > 1+MaxDigits || text[0] != '+' {
		return Ask, false
	}
	at := Root
	for i := 1; i < len(text); i++ {
		digit := text[i] - '0'
		if digit > 9 {
			return Ask, false
		}
		at = at.next(digit)
	}
	c := at.class()
	if c.kind() == drop {
		return Ask, false
	}
	return c, true
}

// Number is E.164 in the making.
type Number struct {
	text [1 + maxCode + MaxDigits]byte
	len  int
}

const maxCode = 3

// String returns the number: "+14155552671".
func (n *Number) String() string { return string(n.text[:n.len]) }

// set makes the number of up to MaxDigits digits behind a calling code.
func (n *Number) set(code string, digits []byte) {
	n.text[0] = '+'
	n.len = 1 + copy(n.text[1:], code)
	n.len += copy(n.text[n.len:], digits)
}

func (n *Number) digits() []byte { return n.text[1:n.len] }

// International reads digits that stand behind a plus sign, up to MaxDigits of
// them. The Number is one where the Class is Possible or Valid.
func International(digits []byte) (n Number, c Class) {
	n.set("", digits)
	c = Root.walk(digits).class()
	if c.kind() != drop {
		return n, c
	}
	prefix, code := c.prefix(), 1+c.code()
	n.len = code + copy(n.text[code:], n.text[code+prefix:n.len])
	if c = Root.walk(n.digits()).class(); !c.settled() {
		c = Ask
	}
	return n, c
}

// Region is how numbers are dialled in a region.
type Region struct {
	code string
	root Node
}

// In returns how numbers are dialled in a region of two letters, and false for one
// that the table does not know.
func In(region string) (Region, bool) {
	_, lines, _ := strings.Cut(index, "\n")
	for line := range strings.Lines(lines) {
		field := strings.Fields(line)
		if field[0] != region {
			continue
		}
		root := Node(0)
		for _, c := range []byte(field[2]) {
			root = root*10 + Node(c-'0')
		}
		return Region{code: field[1], root: root}, true
	}
	return Region{}, false
}

// National reads digits without a plus sign as they are dialled in the region, up
// to MaxDigits of them. The Number is one where the Class is Possible or Valid.
func (r Region) National(digits []byte) (n Number, c Class) {
	c = r.root.walk(digits).class()
	switch c.kind() {
	case home:
		n.set(r.code, digits[c.prefix():])
		if c = Root.walk(n.digits()).class(); !c.settled() {
			c = Ask
		}
	case abroad:
		if n, c = International(digits[c.prefix():]); c == NoCode {
			c = NoNumber
		}
	}
	return n, c
}
