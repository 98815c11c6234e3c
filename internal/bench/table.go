package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// The units of go test, as package benchfmt calls them.
const (
	perOp     = "sec/op"
	perNumber = "sec/number"
	memory    = "bytes/number"
	allocs    = "allocs/op"
	bytesOp   = "B/op"
)

// tables are a goal in Markdown, one table for each unit that its cases are about,
// with a sentence on what it says.
func (g *goal) tables() string {
	var text strings.Builder
	fmt.Fprintf(&text, "### %s, package %s\n", g.name, g.pkg[strings.LastIndexByte(g.pkg, '/')+1:])
	var units []string
	parts := map[string]*goal{}
	for _, c := range g.cases {
		unit := c.mainUnit()
		if parts[unit] == nil {
			parts[unit] = new(goal)
			units = append(units, unit)
		}
		parts[unit].cases = append(parts[unit].cases, c)
	}
	for _, unit := range units {
		text.WriteString("\n" + parts[unit].table(unit))
	}
	return text.String()
}

func (g *goal) table(main string) string {
	against := g.plain()
	extra := g.units(main)
	head := []string{"case", "way", unitTitle(main), "±"}
	for _, name := range against {
		head = append(head, "against "+name)
	}
	for _, unit := range extra {
		head = append(head, unitTitle(unit))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", g.sentence(main, against))
	line := func(cells []string) { fmt.Fprintf(&text, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	fmt.Fprintf(&text, "|---|---|%s\n", strings.Repeat("---:|", len(head)-2))
	for _, c := range g.cases {
		for _, w := range c.ways {
			s := summarize(w.values[main])
			cells := []string{code(c.name), code(w.name), quantity(s.center, main), s.spread()}
			for _, name := range against {
				cells = append(cells, c.against(w, name, main))
			}
			for _, unit := range extra {
				cells = append(cells, quantity(summarize(w.values[unit]).center, unit))
			}
			line(cells)
		}
	}
	return text.String()
}

func code(name string) string {
	if name == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(name, "|", `\|`) + "`"
}

// plain are the ways of plain code that a goal has.
func (g *goal) plain() []string {
	var names []string
	for _, name := range plainWays() {
		if slices.ContainsFunc(g.cases, func(c *benchCase) bool { return c.way(name) != nil }) {
			names = append(names, name)
		}
	}
	return names
}

func (c *benchCase) way(name string) *way {
	if i := slices.IndexFunc(c.ways, func(w *way) bool { return w.name == name }); i >= 0 {
		return c.ways[i]
	}
	return nil
}

// against is how many times better a way is than the plain one of the same case.
func (c *benchCase) against(w *way, plain, unit string) string {
	other := c.way(plain)
	if other == nil || other == w || w.isPlain() {
		return ""
	}
	all := ratios(w.values[unit], other.values[unit])
	if len(all) == 0 {
		return ""
	}
	return summarize(all).ratio()
}

// mainUnit is what a case is about: the time of a number or its memory where these
// are measured, else the time of an operation, else what there is.
func (c *benchCase) mainUnit() string {
	units := (&goal{cases: []*benchCase{c}}).allUnits()
	rank := func(unit string) int {
		switch {
		case unit == perNumber:
			return 0
		case strings.HasSuffix(unit, "/number"):
			return 1
		case unit == perOp:
			return 2
		default:
			return 3
		}
	}
	return slices.MinFunc(units, func(a, b string) int { return rank(a) - rank(b) })
}

// units are the others that tell something.
func (g *goal) units(main string) []string {
	return slices.DeleteFunc(g.allUnits(), func(unit string) bool { return unit == main || unit == perOp })
}

func (g *goal) allUnits() []string {
	seen := map[string]bool{}
	for _, c := range g.cases {
		for _, w := range c.ways {
			for unit, values := range w.values {
				// Of a benchmark that is not about time go test prints 0 ns, or what an empty loop takes.
				if slices.Max(values) > 0 || unit == allocs || unit == bytesOp {
					seen[unit] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		if d := unitRank(a) - unitRank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// unitRank puts allocations last.
func unitRank(unit string) int { return slices.Index([]string{bytesOp, allocs}, unit) + 1 }

func unitTitle(unit string) string {
	titles := map[string]string{perOp: "time", perNumber: "per number", allocs: "allocs", bytesOp: "bytes alloc.", "sec/GC": "a collection"}
	if title, ok := titles[unit]; ok {
		return title
	}
	return unit
}

// sentence says what came of the comparison of each way with each plain one.
func (g *goal) sentence(unit string, against []string) string {
	var ways, parts []string
	for _, c := range g.cases {
		for _, w := range c.ways {
			if !w.isPlain() && !slices.Contains(ways, w.name) {
				ways = append(ways, w.name)
			}
		}
	}
	for _, way := range ways {
		for _, plain := range against {
			if part := g.comparison(unit, way, plain); part != "" {
				parts = append(parts, part)
			}
		}
	}
	if len(parts) == 0 {
		return "There is no plain code beside it."
	}
	return strings.Join(parts, "; ") + "."
}

// comparison is the median over the cases, the worst and the best of them.
func (g *goal) comparison(unit, way, plain string) string {
	type compared struct {
		ratio float64
		name  string
	}
	var all []compared
	var medians []float64
	for _, c := range g.cases {
		w, other := c.way(way), c.way(plain)
		if w == nil || other == nil {
			continue
		}
		if r := summarize(ratios(w.values[unit], other.values[unit])).center; !math.IsNaN(r) {
			all, medians = append(all, compared{r, code(c.name)}), append(medians, r)
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b compared) int { return cmp.Compare(a.ratio, b.ratio) })
	text := code(way) + " against " + code(plain) + " " + times(summarize(medians).center)
	if worst, best := all[0], all[len(all)-1]; times(worst.ratio) != times(best.ratio) {
		text += fmt.Sprintf(" in the median, from %s (%s) to %s (%s)", times(worst.ratio), worst.name, times(best.ratio), best.name)
	}
	return text
}
