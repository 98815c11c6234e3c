package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os/exec"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

// generator holds the metadata, and what was made of it so far.
type generator struct {
	metadata  map[string]*phonenumbers.PhoneMetadata // by region
	worldwide map[int]*phonenumbers.PhoneMetadata    // by calling code
	machines  map[string]*machine
	nodes     nodes
}

// generate returns the nodes of the automaton and the index of where to enter it.
func generate() (table []byte, index string, err error) {
	version, err := version()
	if err != nil {
		return nil, "", err
	}
	g := generator{
		metadata:  map[string]*phonenumbers.PhoneMetadata{},
		worldwide: map[int]*phonenumbers.PhoneMetadata{},
		machines:  map[string]*machine{},
		nodes:     nodes{ids: map[row]numberplan.Node{}},
	}
	g.nodes.add(row{class: numberplan.NoNumber}) // 0, where everything ends
	g.nodes.rows = append(g.nodes.rows, row{})   // numberplan.Root, which is filled in last
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, "", err
	}
	for _, m := range all.GetMetadata() {
		if m.GetId() == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			g.worldwide[int(m.GetCountryCode())] = m
		} else {
			g.metadata[m.GetId()] = m
		}
	}
	if err := g.international(); err != nil {
		return nil, "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", numberplan.Module, version)
	for _, id := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())) {
		m := g.metadata[id]
		dialled, err := g.national(m)
		if err != nil {
			return nil, "", err
		}
		fmt.Fprintf(&b, "%s %d %d\n", id, m.GetCountryCode(), dialled)
	}
	if len(g.nodes.rows) > math.MaxUint16 {
		return nil, "", fmt.Errorf("%d nodes are more than uint16 can count", len(g.nodes.rows))
	}
	return g.nodes.encode(), b.String(), nil
}

// version is the one that go.mod selects.
func version() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-json", numberplan.Module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	var module struct {
		Version string
		Replace *struct{ Path string }
	}
	if err := json.Unmarshal(out, &module); err != nil {
		return "", err
	}
	if module.Replace != nil || module.Version == "" {
		return "", errors.New("phonenumbers is replaced: the table would be of a version that has no name")
	}
	return module.Version, nil
}

func (g *generator) machine(pattern string, whole bool) (*machine, error) {
	key := fmt.Sprint(whole, pattern)
	if m := g.machines[key]; m != nil {
		return m, nil
	}
	m, err := newMachine(pattern, whole)
	g.machines[key] = m
	return m, err
}

// row is a node: where each digit leads, and what the number is that ends here.
type row struct {
	next  [10]numberplan.Node
	class numberplan.Class
}

// nodes are the rows, each once: nodes from which the same follows are one.
type nodes struct {
	rows []row
	ids  map[row]numberplan.Node
}

func (n *nodes) add(r row) numberplan.Node {
	if id, ok := n.ids[r]; ok {
		return id
	}
	id := numberplan.Node(len(n.rows))
	n.rows = append(n.rows, r)
	n.ids[r] = id
	return id
}

// loop adds a node that every digit leads back to.
func (n *nodes) loop(class numberplan.Class) numberplan.Node {
	r := row{class: class}
	for d := range r.next {
		r.next[d] = numberplan.Node(len(n.rows))
	}
	return n.add(r)
}

func (n *nodes) encode() []byte {
	var b []byte
	for _, r := range n.rows {
		start := len(b)
		for _, to := range r.next {
			b = binary.LittleEndian.AppendUint16(b, uint16(to))
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(r.class))
		b = append(b, make([]byte, numberplan.RowBytes-(len(b)-start))...)
	}
	return b
}
