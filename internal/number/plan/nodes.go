package plan

import _ "embed"

// nodes holds, for the first three digits after a plus sign, 000 to 999, the node
// that they lead to, and then the nodes themselves. Everything is uint16, low byte
// first. The generator writes it.
//
//go:embed nodes.bin
var nodes string

// Node is a state of the automaton. After a node with the bit Tail the digits
// decide nothing; only their number does.
type Node uint16

// The layout of nodes.bin. A node has RowWords words: the node that each digit
// leads to, and the class of digits that end here. A node with the bit Tail has the
// class for each number of digits that follow.
const (
	StartDigits = 3
	Starts      = 1000
	RowWords    = 16
	ClassWord   = 10
	Tail        = Node(1 << 15)
)

// MaxDigits is the largest number of digits that the automaton reads.
const MaxDigits = 20

func word(at uint) Class {
	w := nodes[2*at:]
	return Class(w[0]) | Class(w[1])<<8
}

func (n Node) word(i uint) Class { return word(Starts + uint(n&^Tail)*RowWords + i) }

// international classifies ASCII digits that follow a plus sign.
func international[T string | []byte](digits T) Class {
	if len(digits) < StartDigits {
		return Undecided
	}
	start := (uint(digits[0]-'0')*10+uint(digits[1]-'0'))*10 + uint(digits[2]-'0')
	return follow(Node(word(start)), digits[StartDigits:])
}

// follow classifies ASCII digits from a node on.
func follow[T string | []byte](n Node, digits T) Class {
	table := nodes[2*Starts:]
	for i := range len(digits) {
		if n >= Tail {
			if i+RowWords <= len(digits) {
				return Undecided
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
