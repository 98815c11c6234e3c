package main

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// The bounds of a number in phonenumbers.
const (
	maxCode     = 3
	minNational = 2
	maxNational = 17
)

// callingCodes adds the automata of the national numbers of all calling codes, and
// returns their roots.
func (g *generator) callingCodes() (map[string]int, error) {
	codes := map[string]int{}
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedCallingCodes())) {
		root, err := g.callingCode(code)
		if err != nil {
			return nil, fmt.Errorf("calling code %d: %w", code, err)
		}
		codes[strconv.Itoa(code)] = root
	}
	return codes, nil
}

// international adds the automaton of digits after a plus sign, and returns its root.
func (g *generator) international(codes map[string]int) int {
	noCode := g.nodes.loop(plan.NoCode)
	var add func(digits string) int
	add = func(digits string) int {
		if root, ok := codes[digits]; ok {
			return root
		}
		if len(digits) == maxCode {
			return noCode
		}
		r := row{class: plan.NoNumber}
		for d := range r.next {
			r.next[d] = add(digits + strconv.Itoa(d))
		}
		return g.nodes.add(r)
	}
	return add("")
}

// callingPlan is what decides about the numbers of one calling code.
type callingPlan struct {
	code     string
	general  *machine
	trunk    *machine // nil where there is no prefix
	lengths  lengths
	regions  []region
	machines []*machine // of the regions' patterns
}

// region decides about valid numbers as phonenumbers does: by its leading digits if it
// has any, and then by the patterns of the types.
type region struct {
	leading *machine
	general typed
	types   []typed
}

// typed is a pattern, by its place among the machines, and the lengths it is for.
type typed struct {
	machine int
	lengths []int32
}

// number is how far the machines of a plan have come.
type number struct {
	digits  int
	first   byte // of the national number
	general run
	trunk   prefix
	valid   []int // states of the machines
	leading []prefix
}

// callingCode adds the automaton of the national numbers of a calling code, and
// returns its root.
func (g *generator) callingCode(code int) (int, error) {
	p, err := g.callingPlan(code)
	if err != nil {
		return 0, err
	}
	n := number{general: begin(p.general), trunk: newPrefix(p.trunk, 0, p.general, nil)}
	for _, m := range p.machines {
		n.valid = append(n.valid, begin(m).at)
	}
	for _, r := range p.regions {
		n.leading = append(n.leading, newPrefix(r.leading, 0, nil, nil))
	}
	seen := map[string]int{}
	var add func(n number) int
	add = func(n number) int {
		key := n.key()
		if id, ok := seen[key]; ok {
			return id
		}
		r := row{class: p.class(n)}
		if len(p.code)+n.digits < plan.MaxDigits {
			for d := range r.next {
				r.next[d] = add(p.step(n, byte(d)))
			}
		}
		seen[key] = g.nodes.add(r)
		return seen[key]
	}
	return add(n), nil
}

func (g *generator) callingPlan(code int) (callingPlan, error) {
	ids := phonenumbers.GetRegionCodesForCountryCode(code)
	main := g.metadata[ids[0]]
	if ids[0] == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		main = g.worldwide[code]
	}
	p := callingPlan{code: strconv.Itoa(code), lengths: lengthsOf(main)}
	var err error
	machineOf := func(pattern string, whole bool) *machine {
		m, e := g.machine(pattern, whole)
		if e != nil {
			err = e
		}
		return m
	}
	p.general = machineOf(main.GetGeneralDesc().GetNationalNumberPattern(), true)
	if pattern := main.GetNationalPrefixForParsing(); pattern != "" {
		p.trunk = machineOf(pattern, false)
	}
	typedOf := func(desc *phonenumbers.PhoneNumberDesc) typed {
		m := machineOf(desc.GetNationalNumberPattern(), true)
		i := slices.Index(p.machines, m)
		if i < 0 {
			i = len(p.machines)
			p.machines = append(p.machines, m)
		}
		return typed{machine: i, lengths: desc.GetPossibleLength()}
	}
	for _, id := range ids {
		m := g.metadata[id]
		if id == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			m = main
		}
		r := region{general: typedOf(m.GetGeneralDesc())}
		if len(ids) > 1 && m.GetLeadingDigits() != "" {
			r.leading = machineOf(m.GetLeadingDigits(), false)
		}
		descs := []*phonenumbers.PhoneNumberDesc{
			m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(),
			m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(),
		}
		if !m.GetSameMobileAndFixedLinePattern() {
			descs = append(descs, m.GetMobile())
		}
		for _, desc := range descs {
			r.types = append(r.types, typedOf(desc))
		}
		p.regions = append(p.regions, r)
	}
	return p, err
}

func (p *callingPlan) step(n number, digit byte) number {
	if n.digits == 0 {
		n.first = digit
	}
	n.trunk.step(digit, n.digits)
	n.general.step(digit)
	n.valid = slices.Clone(n.valid)
	for i, m := range p.machines {
		n.valid[i], _ = m.step(n.valid[i], digit)
	}
	n.leading = slices.Clone(n.leading)
	for i := range n.leading {
		n.leading[i].step(digit, n.digits)
	}
	n.digits++
	return n
}

func (n number) key() string {
	b := binary.AppendUvarint(nil, uint64(n.digits))
	b = append(b, n.first)
	b = n.trunk.key(binary.AppendUvarint(b, uint64(n.general.at)))
	for _, at := range n.valid {
		b = binary.AppendUvarint(b, uint64(at))
	}
	for i := range n.leading {
		// How many leading digits there are, or where they ended, decides nothing.
		b = binary.AppendUvarint(append(b, byte(n.leading[i].hit)), uint64(n.leading[i].at))
	}
	return string(b)
}

// class is what phonenumbers, and the rules of package number, make of the number.
func (p *callingPlan) class(n number) plan.Class {
	if len(p.code)+n.digits <= minNational || n.digits < minNational {
		return plan.NoNumber
	}
	trunk := n.trunk.ended(n.digits)
	if trunk.hit == grouped {
		return plan.Undecided // the library may put other digits in their place
	}
	if trunk.found() && !(n.general.whole() && !trunk.rest.whole()) && p.lengths.general.mayStrip(n.digits-trunk.after) {
		return plan.Drop(len(p.code), trunk.after)
	}
	switch {
	case n.digits > maxNational:
		return plan.NoNumber
	case p.valid(n):
		return plan.Valid
	case p.lengths.fixed.possible(n.digits), p.lengths.mobile.possible(n.digits):
		return plan.Possible
	case p.code == "52" && n.digits == 11 && n.first == 1:
		return plan.Undecided // an old Mexican mobile number
	default:
		return plan.NoNumber
	}
}

func (p *callingPlan) valid(n number) bool {
	for i, r := range p.regions {
		if r.leading != nil {
			leading := n.leading[i].ended(n.digits)
			if leading.hit != miss {
				return p.isOf(n, r)
			}
		} else if p.isOf(n, r) {
			return true
		}
	}
	return false
}

func (p *callingPlan) isOf(n number, r region) bool {
	return p.matches(n, r.general) && slices.ContainsFunc(r.types, func(t typed) bool { return p.matches(n, t) })
}

func (p *callingPlan) matches(n number, t typed) bool {
	if len(t.lengths) > 0 && !slices.Contains(t.lengths, int32(n.digits)) {
		return false
	}
	return p.machines[t.machine].end(n.valid[t.machine]) != miss
}
