package numberplan

import (
	_ "embed"
	"strconv"
	"strings"
)

// Module is the library whose metadata the table is made of.
const Module = "github.com/nyaruka/phonenumbers/v2"

// index names the version, and where the digits start that are dialled in each
// region.
//
//go:embed index.txt
var index string

// Version is the version of [Module] that the table is made of.
func Version() string {
	head, _, _ := strings.Cut(index, "\n")
	return strings.TrimPrefix(head, Module+" ")
}

// Region is how numbers are dialled in a region.
type Region struct {
	code    string
	home    Node // behind the calling code
	dialled Node // without a plus sign
}

// In returns how numbers are dialled in a region of two letters, and false for one
// that the table does not know.
func In(region string) (Region, bool) {
	_, lines, _ := strings.Cut(index, "\n")
	for line := range strings.Lines(lines) {
		if field := strings.Fields(line); field[0] == region {
			home, err := strconv.ParseUint(field[2], 10, 16)
			if err != nil {
				return Region{}, false
			}
			dialled, err := strconv.ParseUint(field[3], 10, 16)
			return Region{code: field[1], home: Node(home), dialled: Node(dialled)}, err == nil
		}
	}
	return Region{}, false
}

// E164 classifies a plus sign and digits, with nothing else. For any other text it
// returns Ask.
func E164(text string) Class {
	if len(text) < 1+StartDigits || len(text) > 1+MaxDigits || text[0] != '+' {
		return Ask
	}
	digits := text[1:]
	for i := range len(digits) {
		if digits[i]-'0' > 9 {
			return Ask
		}
	}
	return international(digits)
}
