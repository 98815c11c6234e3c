package optout

import (
	"fmt"

	"github.com/seed-f10031e4/consent/internal/number"
)

// address is a number as it is looked up in the store.
type address = number.Number

// Number returns the number in E.164, such as "+14155552671", whichever way it is
// spelled. If the text is not a phone number (a short code, an alphanumeric sender),
// Number returns "" and an error that wraps [ErrInvalidNumber].
func (g *Guard) Number(raw string) (string, error) {
	var a address
	g.read(raw, &a)
	if !a.Valid {
		return "", errNumber(raw)
	}
	return a.Key, nil
}

// errNumber says what is wrong without the number.
func errNumber(raw string) error {
	return fmt.Errorf("%w (%d bytes)", ErrInvalidNumber, len(raw))
}

// address reads a number. It never fails: a text that is not a phone number has a
// key too, because whoever sends STOP has opted out.
func (g *Guard) address(raw string) (a address) {
	g.read(raw, &a)
	return a
}

// read sets a to the address of a number.
func (g *Guard) read(raw string, a *address) {
	var reader *number.Reader // nil: no region
	if g != nil && g.rules != nil {
		reader = g.rules.numbers
	}
	reader.ReadInto(raw, a)
}
