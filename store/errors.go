package store

import "errors"

// The errors of a store. Errors of the backend and of the context are wrapped. No text
// holds a whole phone number or a message.
var (
	// ErrInvalid is an argument that no store takes; the text names the field.
	ErrInvalid = errors.New("store: invalid")

	// ErrConflict means that a write lost against another write, and lost again in each
	// retry of the store. Nothing was written. In your own transaction, run the whole
	// transaction again.
	ErrConflict = errors.New("store: conflict")

	// ErrIDReused is an opt-in or a consent with the ID of another action: the sender's
	// ids are not unique, and a mistake of the sender must not lift an opt-out.
	// Delivering it again cannot help.
	ErrIDReused = errors.New("store: id reused")

	// ErrBadCursor is a cursor that is broken, or of another query or store.
	ErrBadCursor = errors.New("store: bad cursor")
)
