package main

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// minDialled is the smallest number of digits that are read without regard to separators.
const minDialled = 3

// dialling is what decides about digits that are dialled in a region.
type dialling struct {
	code                   string
	abroad, general, trunk *machine
	trunkOfCode            *machine // of the main region of the calling code
	lengths                lengthSet
}

// dialled is how far the machines have come.
type dialled struct {
	digits  int
	abroad  prefix // the international prefix
	general run
	trunk   prefix // the trunk prefix, and the general pattern of what follows

	code    int    // how many digits of the calling code the number starts with, -1 for another number
	foreign prefix // as trunk, of the digits after the calling code
	local   run    // the general pattern of the digits after the calling code
}

// national adds the automaton of digits without a plus sign that are dialled in
// a region, and returns its root.
func (g *generator) national(m *phonenumbers.PhoneMetadata) (int, error) {
	main := g.metadata[phonenumbers.GetRegionCodeForCountryCode(int(m.GetCountryCode()))]
	d := dialling{code: strconv.Itoa(int(m.GetCountryCode())), lengths: lengthsOf(m).general}
	for _, c := range []struct {
		to      **machine
		pattern string
		whole   bool
	}{
		{&d.abroad, m.GetInternationalPrefix(), false},
		{&d.general, m.GetGeneralDesc().GetNationalNumberPattern(), true},
		{&d.trunk, m.GetNationalPrefixForParsing(), false},
		{&d.trunkOfCode, main.GetNationalPrefixForParsing(), false},
	} {
		if c.pattern == "" {
			continue
		}
		made, err := g.machine(c.pattern, c.whole)
		if err != nil {
			return 0, err
		}
		*c.to = made
	}
	if d.abroad == nil || d.general == nil {
		return 0, fmt.Errorf("region %s: no international prefix, or no pattern", m.GetId())
	}
	seen := map[string]int{}
	var add func(n dialled) int
	add = func(n dialled) int {
		n = d.settle(n)
		key := n.key()
		if id, ok := seen[key]; ok {
			return id
		}
		r := row{class: d.class(n)}
		if n.digits < plan.MaxDigits {
			for digit := range r.next {
				r.next[digit] = add(d.step(n, byte(digit)))
			}
		}
		seen[key] = g.nodes.add(r)
		return seen[key]
	}
	return add(dialled{
		abroad:  newPrefix(d.abroad, 0, nil, nil),
		general: begin(d.general),
		trunk:   newPrefix(d.trunk, 0, d.general, nil),
	}), nil
}

func (d *dialling) step(n dialled, digit byte) dialled {
	at := n.digits
	n.digits++
	n.abroad.step(digit, at)
	n.general.step(digit)
	n.trunk.step(digit, at)
	switch {
	case n.code == len(d.code):
		n.foreign.step(digit, at)
		n.local.step(digit)
	case n.code < 0 || d.code[n.code] != '0'+digit:
		n.code = -1
	default:
		n.code++
		if n.code == len(d.code) {
			n.foreign = newPrefix(d.trunk, n.digits, d.general, d.trunkOfCode)
			n.local = begin(d.general)
		}
	}
	return n
}

// settle forgets what can no longer decide anything, so that numbers that differ only
// in it become one.
func (d *dialling) settle(n dialled) dialled {
	if n.abroad.at == dead {
		if n.abroad.hit != miss && (n.abroad.after == n.digits || !n.abroad.zero) {
			if n.abroad.after < n.digits {
				n.general, n.trunk, n.code, n.foreign, n.local = run{}, prefix{}, -1, prefix{}, run{}
			}
			return n
		}
		n.abroad = prefix{}
	}
	if n.trunk.at == dead && !n.trunk.found() {
		n.trunk = prefix{}
		if n.code < 0 {
			n.general = run{}
		}
	}
	return n
}

func (n dialled) key() string {
	b := binary.AppendVarint(nil, int64(n.digits))
	b = binary.AppendVarint(b, int64(n.code))
	b = n.abroad.key(b)
	b = binary.AppendUvarint(b, uint64(n.general.at))
	b = n.trunk.key(b)
	b = n.foreign.key(b)
	return string(binary.AppendUvarint(b, uint64(n.local.at)))
}

// class is what phonenumbers makes of the digits.
func (d *dialling) class(n dialled) plan.Class {
	if n.digits < minDialled {
		return plan.Undecided
	}
	if abroad := n.abroad.ended(n.digits); abroad.hit != miss && !abroad.zero {
		if n.digits-abroad.after <= minNational {
			return plan.NoNumber
		}
		return plan.Abroad(abroad.after)
	}
	if n.code == len(d.code) {
		if class, ok := d.withCode(n); ok {
			return class
		}
	}
	trunk := n.trunk.ended(n.digits)
	dropped := 0
	if trunk.hit == grouped {
		return plan.Undecided
	}
	if trunk.found() && !(n.general.whole() && !trunk.rest.whole()) && d.lengths.mayStrip(n.digits-trunk.after) {
		dropped = trunk.after
	}
	return d.home(n, dropped)
}

// withCode reads digits that start with the calling code of their own region. It
// reports false if they are a national number anyway.
func (d *dialling) withCode(n dialled) (plan.Class, bool) {
	foreign := n.foreign.ended(n.digits)
	refused := foreign.found() && n.local.whole() && !foreign.rest.whole()
	if foreign.hit == grouped || refused || foreign.next != nil && foreign.next.found() {
		return plan.Undecided, true
	}
	if n.general.whole() || !foreign.rest.whole() {
		if !d.lengths.tooLong(n.digits) {
			return 0, false
		}
	}
	return d.home(n, foreign.after), true
}

func (d *dialling) home(n dialled, dropped int) plan.Class {
	if rest := n.digits - dropped; rest < minNational || rest > maxNational {
		return plan.NoNumber
	}
	return plan.Home(dropped)
}
