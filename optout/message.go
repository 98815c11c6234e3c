package optout

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/store"
)

// Message is an inbound text message.
type Message struct {
	// ID is the provider's id of the message, by which a redelivery is
	// recognised. An empty one gets a random id: then none is. One that no store
	// keeps (over 255 bytes, not UTF-8, with a NUL) is replaced by its SHA-256.
	ID string

	Account  string // whose contact it is: the tenant, the brand
	From, To string // the contact's number, and the account's
	Text     string // as it came, nothing cut
	Answered bool   // the provider has replied to the contact itself

	// At is the provider's time, in whatever zone; zero if it gives none. One from
	// before 2000, or more than 5 minutes ahead of the host's clock, counts as not
	// given.
	At time.Time

	// ReceivedAt is when the host took the message in, for one that waited in a
	// queue or comes from a log; zero: now. It counts where an opt-out has no At:
	// an opt-in from before it does not lift it.
	ReceivedAt time.Time
}

var errSelf = fmt.Errorf("%w: From and To are the same number", ErrInvalidMessage)

func invalidMessage(field string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrInvalidMessage, field, err)
}

// validMessage checks what can be told without reading numbers, so that it costs
// an ordinary text nothing.
func validMessage(m Message) error {
	if err := validAccount(m.Account); err != nil {
		return err
	}
	switch {
	case m.From == "":
		return fmt.Errorf("%w: From is empty: %w", ErrInvalidMessage, ErrInvalidNumber)
	case !utf8.ValidString(m.From):
		return fmt.Errorf("%w: From is not UTF-8: %w", ErrInvalidMessage, ErrInvalidNumber)
	case m.From == m.To:
		return errSelf
	}
	return nil
}

// The provider's clock may be ahead of the host's by this much; what is further
// ahead, or from before there were such services, is no time that was given.
const clockSkew = 5 * time.Minute

var earliest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

func usableTime(at, now time.Time) time.Time {
	if at.Before(earliest) || at.After(now.Add(clockSkew)) {
		return time.Time{}
	}
	return at
}

// receivedAt is when a message was taken in, zero where that cannot be told: a
// host's clock that is badly off must not lose an opt-out, and no store keeps the
// year 10,000.
func receivedAt(given, now time.Time) time.Time {
	if !given.IsZero() && given.Before(now) {
		now = given
	}
	if now.Before(earliest) || now.UTC().Year() > 9_999 {
		return time.Time{}
	}
	return now
}

// eventID makes an id that every store keeps of the one that the sender gave.
func eventID(id string) string {
	switch {
	case id == "":
		return "random-" + rand.Text()
	case len(id) > store.MaxKeyLen || !utf8.ValidString(id) || strings.IndexByte(id, 0) >= 0:
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:])
	default:
		return id
	}
}
