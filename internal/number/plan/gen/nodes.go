package main

import (
	"encoding/binary"
	"fmt"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// row is a node: the node that each digit leads to, and the class of digits that end here.
type row struct {
	next  [10]int
	class plan.Class
}

// nodes are the rows, each once: two nodes with the same continuations are one. In the
// first node everything ends.
type nodes struct {
	rows []row
	ids  map[row]int
}

func newNodes() nodes {
	n := nodes{ids: map[row]int{}}
	n.add(row{class: plan.NoNumber})
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

// loop adds a node in which every digit leads to the node itself.
func (n *nodes) loop(class plan.Class) int {
	r := row{class: class}
	for d := range r.next {
		r.next[d] = len(n.rows)
	}
	return n.add(r)
}

// tail has the class for each number of further digits.
type tail [plan.RowWords]plan.Class

// tailOf returns the tail of a node, if the digits after it decide nothing.
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
	ids   map[int]plan.Node
	tails map[tail]plan.Node
	words [][plan.RowWords]uint16
}

func newTable(n *nodes) *table {
	return &table{nodes: n, ids: map[int]plan.Node{}, tails: map[tail]plan.Node{}}
}

// node writes a node and all that follow it, each once.
func (t *table) node(id int) plan.Node {
	if at, ok := t.ids[id]; ok {
		return at
	}
	if tail, ok := t.tailOf(id); ok {
		at, ok := t.tails[tail]
		if !ok {
			var words [plan.RowWords]uint16
			for i, class := range tail {
				words[i] = uint16(class)
			}
			at = t.add(words) | plan.Tail
			t.tails[tail] = at
		}
		t.ids[id] = at
		return at
	}
	var words [plan.RowWords]uint16
	for digit, to := range t.rows[id].next {
		words[digit] = uint16(t.node(to))
	}
	words[plan.ClassWord] = uint16(t.rows[id].class)
	t.ids[id] = t.add(words)
	return t.ids[id]
}

func (t *table) add(words [plan.RowWords]uint16) plan.Node {
	t.words = append(t.words, words)
	return plan.Node(len(t.words) - 1)
}

// encode returns the table. International numbers start at the given node.
func (t *table) encode(international int) ([]byte, error) {
	var b []byte
	for start := range plan.Starts {
		id := international
		for _, digit := range []byte(fmt.Sprintf("%0*d", plan.StartDigits, start)) {
			id = t.rows[id].next[digit-'0']
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(t.node(id)))
	}
	for _, words := range t.words {
		for _, word := range words {
			b = binary.LittleEndian.AppendUint16(b, word)
		}
	}
	if len(t.words) > int(plan.Tail) {
		return nil, fmt.Errorf("%d nodes are more than a node can count", len(t.words))
	}
	return b, nil
}
