package optout

import (
	"context"
	"errors"
	"fmt"
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
		context.Canceled, context.DeadlineExceeded, errStore, errSend, errOther,
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

// errOther is in the place of an error whose text errorText does not return: it could hold
// anything.
var errOther = errors.New("optout: another error")

// errorOfText returns an error with a text that errorText returned. Of any other text it keeps
// the error of this package with which the text begins, and nothing else.
func errorOfText(text string) error {
	kinds := knownErrors()
	i := slices.IndexFunc(kinds, func(kind error) bool {
		rest, ok := strings.CutPrefix(text, kind.Error())
		return ok && (rest == "" || strings.HasPrefix(rest, ": "))
	})
	if i < 0 {
		return errOther
	}
	if detailed := kinds[i].Error() + detail(strings.TrimPrefix(text, kinds[i].Error())); detailed == text {
		return &wordedError{text: text, cause: kinds[i]}
	}
	return kinds[i]
}

// fieldReasons are what a fieldError may say of a field.
func fieldReasons() []error {
	return []error{errNoDay, errAtToo, errMissing, errNoEvent, errNotHosts, errVoid, errTwoIDs, errErased, errOfOther}
}

// detail returns what errorText may write after the text of a kind of error, if this is such a
// text: ": Day: no such date, want one such as 2025-03-04", ": mask (3 bytes)".
func detail(text string) string {
	field, why, _ := strings.Cut(strings.TrimPrefix(text, ": "), ": ")
	isField := slices.Contains([]string{"From", "Number", "Day", "EventID", "Actor", "Note"}, field)
	switch {
	case isField && slices.ContainsFunc(fieldReasons(), func(known error) bool { return known.Error() == why }):
		return ": " + field + ": " + why
	case isField:
		if number, ok := strings.CutPrefix(why, ErrInvalidNumber.Error()); ok {
			return ": " + field + ": " + ErrInvalidNumber.Error() + numberDetail(number)
		}
		return ""
	default:
		return numberDetail(text)
	}
}

// maxBytesShown keeps a phone number from being read as the length of a text.
const maxBytesShown = 9_999_999

// numberDetail returns what a NumberError has after ErrInvalidNumber, if this is such a text.
func numberDetail(text string) string {
	var bytes int
	word, count, _ := strings.Cut(strings.TrimPrefix(text, ": "), " (")
	var fault NumberFault
	if fault.UnmarshalText([]byte(word)) != nil {
		return ""
	}
	if _, err := fmt.Sscanf(count, "%d bytes)", &bytes); err != nil || bytes < 0 || bytes > maxBytesShown {
		return ""
	}
	return strings.TrimPrefix((&NumberError{Fault: fault, Bytes: bytes}).Error(), ErrInvalidNumber.Error())
}
