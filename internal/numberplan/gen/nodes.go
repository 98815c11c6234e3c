package main

import (
	"encoding/binary"
	"fmt"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

// row is a node: where each digit leads, and what the number is that ends here.
type row struct {
	next  [10]int
	class numberplan.Class
}

// nodes are the rows, each once: nodes from which the same follows are one. The
// first is where everything ends.
type nodes struct {
	rows []row
	ids  map[row]int
}

func newNodes() nodes {
	n := nodes{ids: map[row]int{}}
	n.add(row{class: numberplan.NoNumber})
	return n
}

func (n *nodes) add(r row) int {
	if id, ok := n.ids[r]; ok {
		return id
	}
	n.rows = append(n.rows, r)
	n.ids[r] = len(n.rows) - 1
	return len(n.rows) - 1
}

// loop adds a node that every digit leads back to.
func (n *nodes) loop(class numberplan.Class) int {
	r := row{class: class}
	for d := range r.next {
		r.next[d] = len(n.rows)
	}
	return n.add(r)
}

// tail is the classes of what ends after so many digits.
type tail [numberplan.RowWords]numberplan.Class

// tailOf returns the tail of a node after which no digit decides anything.
func (n *nodes) tailOf(id int) (t tail, ok bool) {
	for i := range t {
		r := n.rows[id]
		t[i] = r.class
		for _, to := range r.next {
			if to != r.next[0] {
				return t, false
			}
		}
		id = r.next[0]
	}
	return t, true
}

// table is the nodes as they are written.
type table struct {
	*nodes
	ids   map[int]numberplan.Node
	tails map[tail]numberplan.Node
	words [][numberplan.RowWords]uint16
}

func newTable(n *nodes) *table {
	return &table{nodes: n, ids: map[int]numberplan.Node{}, tails: map[tail]numberplan.Node{}}
}

// node writes a node with all that follow it, once.
func (t *table) node(id int) numberplan.Node {
	if at, ok := t.ids[id]; ok {
		return at
	}
	if tail, ok := t.tailOf(id); ok {
		at, ok := t.tails[tail]
		if !ok {
			var words [numberplan.RowWords]uint16
			for i, class := range tail {
				words[i] = uint16(class)
			}
			at = t.add(words) | numberplan.Tail
			t.tails[tail] = at
		}
		t.ids[id] = at
		return at
	}
	var words [numberplan.RowWords]uint16
	for digit, to := range t.rows[id].next {
		words[digit] = uint16(t.node(to))
	}
	words[numberplan.ClassWord] = uint16(t.rows[id].class)
	t.ids[id] = t.add(words)
	return t.ids[id]
}

func (t *table) add(words [numberplan.RowWords]uint16) numberplan.Node {
	t.words = append(t.words, words)
	return numberplan.Node(len(t.words) - 1)
}

// encode returns the table, in which the international numbers start at a node.
func (t *table) encode(international int) ([]byte, error) {
	var b []byte
	for start := range numberplan.Starts {
		id := international
		for _, digit := range []byte(fmt.Sprintf("%0*d", numberplan.StartDigits, start)) {
			id = t.rows[id].next[digit-'0']
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(t.node(id)))
	}
	for _, words := range t.words {
		for _, word := range words {
			b = binary.LittleEndian.AppendUint16(b, word)
		}
	}
	if len(t.words) > int(numberplan.Tail) {
		return nil, fmt.Errorf("%d nodes are more than a node can count", len(t.words))
	}
	return b, nil
}
