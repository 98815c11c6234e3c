package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// measured is what is known of a section.
type measured struct {
	machine map[string]string
	goals   []*goal // in the order of the file
}

// goal are the benchmarks of one function: its name without "Benchmark".
type goal struct {
	pkg, name string
	cases     []*benchCase
}

// benchCase is what was done in one or more ways: what stands before the last part of
// the name.
type benchCase struct {
	name string
	ways []*way
}

// way is one benchmark: its values by unit, one for each time it was run.
type way struct {
	name   string
	values map[string][]float64
}

// readMeasured reads a file in Go's benchmark format.
func readMeasured(in io.Reader, name string) (*measured, error) {
	m := &measured{machine: map[string]string{}}
	lines := benchfmt.NewReader(in, name)
	for lines.Scan() {
		switch record := lines.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, record
		case *benchfmt.Result:
			for _, key := range []string{"goos", "goarch", "cpu", "cores", "go", "commit-date", "count", "sizes"} {
				if value := record.GetConfig(key); value != "" {
					m.machine[key] = value
				}
			}
			m.add(record)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.arrange()
	return m, nil
}

func (m *measured) add(r *benchfmt.Result) {
	full := strings.TrimSuffix(string(r.Name.Full()), "-"+m.machine["cores"]) // GOMAXPROCS
	function, rest, _ := strings.Cut(full, "/")
	g := find(&m.goals, func(g *goal) bool { return g.pkg == r.GetConfig("pkg") && g.name == function },
		func() *goal { return &goal{pkg: r.GetConfig("pkg"), name: function} })
	before, last := "", rest
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		before, last = rest[:i], rest[i+1:]
	}
	c := find(&g.cases, func(c *benchCase) bool { return c.name == before }, func() *benchCase { return &benchCase{name: before} })
	w := find(&c.ways, func(w *way) bool { return w.name == last }, func() *way { return &way{name: last, values: map[string][]float64{}} })
	for _, v := range r.Values {
		w.values[v.Unit] = append(w.values[v.Unit], v.Value)
	}
}

func find[T any](all *[]*T, is func(*T) bool, create func() *T) *T {
	if i := slices.IndexFunc(*all, is); i >= 0 {
		return (*all)[i]
	}
	*all = append(*all, create())
	return (*all)[len(*all)-1]
}

// arrange makes a case of each benchmark that has no plain code beside it, and puts
// the plain code of the others last.
func (m *measured) arrange() {
	for _, g := range m.goals {
		var cases []*benchCase
		for _, c := range g.cases {
			if !slices.ContainsFunc(c.ways, (*way).isPlain) {
				for _, w := range c.ways {
					name := strings.TrimPrefix(c.name+"/"+w.name, "/")
					cases = append(cases, &benchCase{name: name, ways: []*way{{values: w.values}}})
				}
				continue
			}
			slices.SortStableFunc(c.ways, func(a, b *way) int { return rank(a) - rank(b) })
			cases = append(cases, c)
		}
		g.cases = cases
	}
}

// rank is the place of plain code among its kind, 0 for other code.
func rank(w *way) int { return slices.Index(plainWays(), w.name) + 1 }

func (w *way) isPlain() bool { return slices.Contains(plainWays(), w.name) }
