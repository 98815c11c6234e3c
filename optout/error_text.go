package optout

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// What is written about an error for a log has words of this package alone: an error of a
// store, of a driver or of the function that sends may quote a phone number or a text.

// fieldError says what is wrong with a field of a message or a request.
type fieldError struct {
	field string
	why   error // of this package, so that the text holds nothing that was given
}

func (e *fieldError) Error() string {
	return ErrInvalidMessage.Error() + ": " + e.field + ": " + e.why.Error()
}

func (e *fieldError) Unwrap() []error { return []error{ErrInvalidMessage, e.why} }

// The errors in whose place another one is written.
var (
	errStore = errors.New("optout: the store failed")
	errSend  = errors.New("optout: sending failed")
)

// knownErrors are the errors that have a text of their own, the more exact ones first. The
// first that an error wraps says what it is.
func knownErrors() []error {
	return []error{
		store.ErrIDReused, ErrOptedOut, ErrHeld, ErrNoConsent, ErrNoReview, ErrInvalidMessage, ErrInvalidNumber, ErrInvalidAccount,
		errNoStore, errNoEnd, errBadState, store.ErrConflict, store.ErrInvalid, store.ErrBadCursor, errors.ErrUnsupported,
		context.Canceled, context.DeadlineExceeded, errStore, errSend,
	}
}

// errorText returns what an error is, in words of this package: the text of another one if
// err wraps none that is known.
func errorText(err, otherwise error) string {
	if worded, ok := errors.AsType[*wordedError](err); ok {
		return worded.text
	}
	if field, ok := errors.AsType[*fieldError](err); ok {
		return field.Error()
	}
	kinds := knownErrors()
	i := slices.IndexFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
	if i < 0 {
		return otherwise.Error()
	}
	if fault, ok := errors.AsType[*NumberError](err); ok && errors.Is(fault, kinds[i]) {
		return fault.Error()
	}
	return kinds[i].Error()
}

// wordedError is an error with a text that errorText made.
type wordedError struct {
	text  string
	cause error // may be nil
}

func (e *wordedError) Error() string { return e.text }
func (e *wordedError) Unwrap() error { return e.cause }

// errorOfText returns an error with a text that errorText returned.
func errorOfText(text string) error {
	kinds := knownErrors()
	i := slices.IndexFunc(kinds, func(kind error) bool { return strings.HasPrefix(text, kind.Error()) })
	if i < 0 {
		return &wordedError{text: text}
	}
	return &wordedError{text: text, cause: kinds[i]}
}
