package numberplan

import _ "embed"

// nodes is what package gen writes: for the first three digits behind a plus sign,
// 000 to 999, where they lead, and then the nodes. Everything is uint16, low byte
// first.
//
//go:embed nodes.bin
var nodes string

// Node is a place in the automaton. One with the bit Tail is followed by digits
// that decide nothing but by their number.
type Node uint16

// The layout of nodes.bin. A node has RowWords words: where each digit leads, and
// the class of what ends here; or, with the bit Tail, the classes of what ends
// after so many digits.
const (
	StartDigits = 3
	Starts      = 1000
	RowWords    = 16
	ClassWord   = 10
	Tail        = Node(1 << 15)
)

// MaxDigits is how many digits the automaton reads.
const MaxDigits = 20

func word(at uint) Class {
	w := nodes[2*at:]
	return Class(w[0]) | Class(w[1])<<8
}

func (n Node) word(i uint) Class { return word(Starts + uint(n&^Tail)*RowWords + i) }

// international classifies ASCII digits behind a plus sign.
func international[T string | []byte](digits T) Class {
	if len(digits) < StartDigits {
		return Ask
	}
	start := (uint(digits[0]-'0')*10+uint(digits[1]-'0'))*10 + uint(digits[2]-'0')
	return follow(Node(word(start)), digits[StartDigits:])
}

// follow classifies the ASCII digits that follow a node.
func follow[T string | []byte](n Node, digits T) Class {
	table := nodes[2*Starts:]
	for i := range len(digits) {
		if n >= Tail {
			if i+RowWords <= len(digits) {
				return Ask
			}
			return n.word(uint(len(digits) - i))
		}
		w := table[(uint(n)*RowWords+uint(digits[i]-'0'))*2:]
		n = Node(w[0]) | Node(w[1])<<8
	}
	if n >= Tail {
		return n.word(0)
	}
	return n.word(ClassWord)
}
