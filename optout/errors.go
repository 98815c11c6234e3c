package optout

import (
	"errors"

	"github.com/seed-f10031e4/consent/store"
)

// The errors of a Guard, besides those of the store, which are wrapped. Their
// texts never hold a whole phone number or a message.
var (
	// ErrOptedOut: the contact opted out, and nothing may be sent or lifted.
	ErrOptedOut = errors.New("optout: opted out")

	// ErrHeld: a text of the contact that may ask to stop waits for a person.
	ErrHeld = errors.New("optout: held for review")

	// ErrNoConsent: RequireOptIn is set, and no opt-in of the contact is recorded.
	ErrNoConsent = errors.New("optout: no opt-in recorded")

	// ErrNoReview: there is no text with this id that was held.
	ErrNoReview = errors.New("optout: no such review")

	// ErrInvalidNumber: the text is no phone number, and no address of Options.Channels. A
	// [NumberError] says why.
	ErrInvalidNumber = errors.New("optout: no phone number")

	// ErrInvalidAccount: the account is not 1 to 255 bytes of UTF-8 without NUL, or
	// Options.Accounts does not list it.
	ErrInvalidAccount = errors.New("optout: invalid account")

	// ErrInvalidMessage: a message or request that cannot be recorded; the text
	// names the field.
	ErrInvalidMessage = errors.New("optout: invalid message")
)

// Permanent reports whether [Guard.Receive] would fail with this error each time that
// the same message is delivered. Another delivery cannot help: a person should look at
// the message.
func Permanent(err error) bool {
	for _, permanent := range []error{
		ErrInvalidNumber, ErrInvalidAccount, ErrInvalidMessage, ErrNoReview, store.ErrInvalid, store.ErrIDReused,
	} {
		if errors.Is(err, permanent) {
			return true
		}
	}
	return false
}

var (
	errNoStore  = errors.New("optout: the Guard has no store")
	errNoEnd    = errors.New("optout: the store's pages do not end")
	errBadState = errors.New("optout: the store answered with a state that is not the one asked for")
)
