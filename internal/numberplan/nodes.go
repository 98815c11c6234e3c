package numberplan

import _ "embed"

// Node is a place in the automaton. From the zero Node on, nothing is a number.
type Node uint16

// Root is where the digits behind a plus sign start.
const Root Node = 1

// RowBytes is the length of a node in nodes.bin: where each digit leads to and the
// class, as uint16, low byte first, and two bytes of nothing.
const RowBytes = 24

// MaxDigits is how many digits the automaton reads.
const MaxDigits = 20

//go:embed nodes.bin
var nodes string

//go:embed index.txt
var index string

// next follows a digit, 0 to 9.
func (n Node) next(digit byte) Node { return Node(word(int(n)*RowBytes + int(digit)*2)) }

func (n Node) class() Class { return Class(word(int(n)*RowBytes + 10*2)) }

func word(at int) uint16 {
	w := nodes[at : at+2]
	return uint16(w[0]) | uint16(w[1])<<8
}

// walk follows ASCII digits.
func (n Node) walk(digits []byte) Node {
	for _, c := range digits {
		n = n.next(c - '0')
	}
	return n
}
