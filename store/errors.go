package store

import "errors"

// What a store's errors are, besides those of the backend and the context, which
// are wrapped. Their texts never hold a whole phone number or a message.
var (
	// ErrInvalid is an argument that no store takes; the text names the field.
	ErrInvalid = errors.New("store: invalid")

	// ErrConflict is a write that lost against another one, after the retries
	// that the store may make. Nothing was written. Inside the caller's own
	// transaction the whole transaction must be run again.
	ErrConflict = errors.New("store: conflict")

	// ErrIDReused is an opt-in whose ID an opt-out has used: the sender's ids are
	// not unique, and an opt-out must not be lifted by a mistake of theirs.
	// Delivering it again cannot help.
	ErrIDReused = errors.New("store: id reused")

	// ErrBadCursor is a cursor that is broken, or of another query or store.
	ErrBadCursor = errors.New("store: bad cursor")
)
