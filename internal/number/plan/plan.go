package plan

import (
	_ "embed"
	"strconv"
	"strings"
)

// Module is the library whose metadata the plan is a copy of.
const Module = "github.com/nyaruka/phonenumbers/v2"

// index names the version of Module in its first line. Each other line has a
// region, its calling code, and the two nodes and the three lengths of a Region.
//
//go:embed index.txt
var index string

// Version returns the version of [Module] that the plan is a copy of.
func Version() string {
	head, _, _ := strings.Cut(index, "\n")
	return strings.TrimPrefix(head, Module+" ")
}

// Region says how numbers are dialled in a region.
type Region struct {
	code    string
	home    Node // where digits after the calling code start
	dialled Node // where digits without a plus sign start

	shortest, longest int // of its subscriber numbers
	only              int // of all its numbers, 0 if they have not one length
}

// Code returns the calling code.
func (r *Region) Code() string { return r.code }

// Shortest returns how many digits a subscriber number has at least. Fewer digits
// without a plus sign are a short code, also where the plan assigns them.
func (r *Region) Shortest() int { return r.shortest }

// Longest returns how many digits a fixed or mobile number has at most.
func (r *Region) Longest() int { return r.longest }

// Only returns how many digits every number of the region has, or 0 if they have not one
// length.
func (r *Region) Only() int { return r.only }

// In returns the Region of two letters of ISO 3166, and reports whether the plan
// has it.
func In(region string) (Region, bool) {
	_, lines, _ := strings.Cut(index, "\n")
	for line := range strings.Lines(lines) {
		field := strings.Fields(line)
		if field[0] != region {
			continue
		}
		var values [5]uint16
		for i := range values {
			value, err := strconv.ParseUint(field[2+i], 10, 16)
			if err != nil {
				return Region{}, false
			}
			values[i] = uint16(value)
		}
		return Region{
			code: field[1], home: Node(values[0]), dialled: Node(values[1]),
			shortest: int(values[2]), longest: int(values[3]), only: int(values[4]),
		}, true
	}
	return Region{}, false
}

// E164 classifies a plus sign and digits, with nothing else. It returns Undecided
// for any other text, and for a number with a trunk prefix after its calling code.
func E164(text string) Class {
	if len(text) < 1+StartDigits || len(text) > 1+MaxDigits || text[0] != '+' {
		return Undecided
	}
	digits := text[1:]
	for i := range len(digits) {
		if digits[i]-'0' > 9 {
			return Undecided
		}
	}
	return international(digits).resolved()
}
