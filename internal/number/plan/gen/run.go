package main

import "encoding/binary"

// run is a machine on its way through a text.
type run struct {
	m  *machine
	at int
}

func (r *run) step(digit byte) hit {
	if r.m == nil {
		return miss
	}
	to, h := r.m.step(r.at, digit)
	r.at = to
	return h
}

// whole reports that the text so far matches a pattern that is anchored at its end.
func (r *run) whole() bool { return r.m != nil && r.m.end(r.at) != miss }

func begin(m *machine) run {
	if m == nil {
		return run{}
	}
	at, _ := m.start()
	return run{m: m, at: at}
}

// prefix looks for a prefix of a text, and runs other machines over the rest of the
// text. The last match that it finds is the preferred one.
type prefix struct {
	run
	from  int // where the text starts that the prefix is looked for in
	hit   hit
	after int // where the text goes on after the prefix

	zero bool // the first digit after the prefix is 0
	rest run  // the pattern of all numbers, on what follows the prefix
	next *prefix
}

// newPrefix starts at a place of the digits. rest and next may be nil: next is a
// prefix that is looked for after this one, or in its place where it is not there.
func newPrefix(m *machine, at int, rest, next *machine) prefix {
	p := prefix{from: at, after: at, rest: begin(rest)}
	if next != nil {
		q := newPrefix(next, at, nil, nil)
		p.next = &q
	}
	if m != nil {
		id, h := m.start()
		p.run, p.hit = run{m: m, at: id}, h
	}
	return p
}

// step reads the digit at a place.
func (p *prefix) step(digit byte, at int) {
	h := p.run.step(digit)
	if h == miss {
		if at == p.after {
			p.zero = digit == 0
		}
		p.rest.step(digit)
		if p.next != nil {
			q := *p.next
			q.step(digit, at)
			p.next = &q
		}
		return
	}
	p.hit, p.after, p.zero = h, at+1, false
	p.rest = begin(p.rest.m)
	if p.next != nil {
		q := newPrefix(p.next.m, at+1, nil, nil)
		p.next = &q
	}
}

// ended is the prefix of a text that ends at a place.
func (p *prefix) ended(at int) prefix {
	e := *p
	if e.m != nil {
		if h := e.m.end(e.at); h != miss {
			e.hit, e.after, e.zero, e.rest = h, at, false, begin(e.rest.m)
			if e.next != nil {
				q := newPrefix(e.next.m, at, nil, nil)
				e.next = &q
			}
		}
	}
	if e.next != nil {
		q := e.next.ended(at)
		e.next = &q
	}
	return e
}

// found reports a prefix of one digit or more, or one with a group.
func (p *prefix) found() bool { return p.hit == grouped || p.hit == plain && p.after > p.from }

func (p *prefix) key(b []byte) []byte {
	zero := uint64(0)
	if p.zero {
		zero = 1
	}
	for _, v := range []uint64{uint64(p.at), uint64(p.from), uint64(p.hit), uint64(p.after), zero, uint64(p.rest.at)} {
		b = binary.AppendUvarint(b, v)
	}
	if p.next != nil {
		b = p.next.key(b)
	}
	return b
}
