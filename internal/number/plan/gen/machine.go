package main

import (
	"fmt"
	"regexp/syntax"
)

// hit is what a machine has found so far.
type hit uint8

const (
	miss    hit = iota
	plain       // a match
	grouped     // a match in which a capturing group took part
)

// machine is one pattern as a deterministic automaton over digits, made as far as
// steps ask for it. Its states are the ordered threads of a backtracking matcher,
// so that it prefers the match that package regexp prefers.
type machine struct {
	prog   *syntax.Prog
	ids    map[string]int
	states []state
}

type state struct {
	threads []thread
	next    [10]*edge
	end     hit // a match if the text ends here
}

type thread struct {
	pc      uint32
	grouped bool
}

type edge struct {
	to  int
	hit hit // a match that ends after this digit
}

// dead is the state of a machine that will match no more.
const dead = 0

// newMachine compiles a pattern, anchored at its start. whole anchors its end too.
func newMachine(pattern string, whole bool) (*machine, error) {
	if whole {
		pattern = "(?:" + pattern + ")$"
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	for i := range prog.Inst {
		if in := &prog.Inst[i]; in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg)&^(syntax.EmptyEndText|syntax.EmptyBeginText) != 0 {
			return nil, fmt.Errorf("pattern %q: an assertion that this generator does not know", pattern)
		}
	}
	m := &machine{prog: prog, ids: map[string]int{}}
	m.intern(nil)
	return m, nil
}

// start returns the first state, and whether nothing is a match.
func (m *machine) start() (int, hit) {
	w := walk{prog: m.prog, begin: true}
	w.add(uint32(m.prog.Start), false)
	return m.intern(w.threads), w.hit
}

func (m *machine) step(from int, digit byte) (int, hit) {
	if from == dead {
		return dead, miss
	}
	if e := m.states[from].next[digit]; e != nil {
		return e.to, e.hit
	}
	w := walk{prog: m.prog}
	for _, t := range m.states[from].threads {
		in := &m.prog.Inst[t.pc]
		if in.Op != syntax.InstEmptyWidth && in.MatchRune(rune('0'+digit)) {
			w.add(in.Out, t.grouped)
		}
		if w.hit != miss {
			break // the threads that follow are less preferred than this match
		}
	}
	e := &edge{to: m.intern(w.threads), hit: w.hit}
	m.states[from].next[digit] = e
	return e.to, e.hit
}

// end returns the match of a text that ends in a state. It is preferred to the matches
// that were found before.
func (m *machine) end(at int) hit { return m.states[at].end }

func (m *machine) intern(threads []thread) int {
	key := fmt.Sprint(threads)
	if id, ok := m.ids[key]; ok {
		return id
	}
	s := state{threads: threads}
	for _, t := range threads {
		if s.end == miss {
			w := walk{prog: m.prog, end: true}
			w.add(t.pc, t.grouped)
			if m.prog.Inst[t.pc].Op == syntax.InstEmptyWidth {
				s.end = w.hit
			}
		}
	}
	m.ids[key] = len(m.states)
	m.states = append(m.states, s)
	return m.ids[key]
}

// walk follows the program from one digit to the next.
type walk struct {
	prog       *syntax.Prog
	begin, end bool // at the begin, the end of the text
	threads    []thread
	seen       map[uint32]bool
	hit        hit
}

func (w *walk) add(pc uint32, group bool) {
	if w.hit != miss || w.seen[pc] {
		return
	}
	if w.seen == nil {
		w.seen = map[uint32]bool{}
	}
	w.seen[pc] = true
	in := &w.prog.Inst[pc]
	switch in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		w.add(in.Out, group)
		w.add(in.Arg, group)
	case syntax.InstCapture:
		w.add(in.Out, group || in.Arg >= 2)
	case syntax.InstNop:
		w.add(in.Out, group)
	case syntax.InstEmptyWidth:
		op := syntax.EmptyOp(in.Arg)
		switch {
		case op&syntax.EmptyBeginText != 0 && !w.begin:
		case op&syntax.EmptyEndText != 0 && !w.end:
			w.threads = append(w.threads, thread{pc, group})
		default:
			w.add(in.Out, group)
		}
	case syntax.InstMatch:
		w.hit = plain
		if group {
			w.hit = grouped
		}
	case syntax.InstFail:
	default:
		w.threads = append(w.threads, thread{pc, group})
	}
}
