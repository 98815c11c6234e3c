// Package enum converts the values of an enumeration to words, and back.
package enum

import (
	"fmt"
	"slices"
)

// Words are the words of an enumeration, by value.
type Words[E ~uint8] struct {
	Err   error  // that every error wraps
	Kind  string // the name of the type
	Words []string
}

// String returns the word of a value: "Kind(9)" if it has none.
func (w Words[E]) String(value E) string {
	if int(value) < len(w.Words) {
		return w.Words[value]
	}
	return fmt.Sprintf("%s(%d)", w.Kind, uint8(value))
}

// Marshal returns the word of a value. A value without a word is an error.
func (w Words[E]) Marshal(value E) ([]byte, error) {
	if int(value) >= len(w.Words) {
		return nil, fmt.Errorf("%w: no %s has the value %d", w.Err, w.Kind, uint8(value))
	}
	return []byte(w.Words[value]), nil
}

// Unmarshal sets a value by its word. For any other text it returns an [UnknownError], and
// leaves the value as it is.
func (w Words[E]) Unmarshal(text []byte, value *E) error {
	i := slices.Index(w.Words, string(text))
	if i < 0 {
		return &UnknownError{Err: w.Err, Kind: w.Kind}
	}
	*value = E(i)
	return nil
}

// UnknownError says that a text is no word of an enumeration. It does not hold the text, which
// may be a phone number or a message.
type UnknownError struct {
	Err  error  // that is found with errors.Is
	Kind string // the name of the type
}

// Error names the type.
func (e *UnknownError) Error() string { return e.Err.Error() + ": no " + e.Kind + " has this name" }

// Unwrap returns Err.
func (e *UnknownError) Unwrap() error { return e.Err }
