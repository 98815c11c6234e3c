package optout

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// Message is an inbound text message.
type Message struct {
	// ID is the provider's id of the message. A message that is delivered again is
	// recognised by its ID, which should be unique for each contact. An empty ID is
	// replaced by a random one: then no second delivery is recognised. An ID that no
	// store keeps (over 255 bytes, not UTF-8, with a NUL) is replaced by its SHA-256.
	ID string `json:"id,omitzero"`

	Account string `json:"account"`       // whose contact it is: the tenant, the brand
	From    string `json:"from"`          // the contact's number or address (see Options.Channels)
	To      string `json:"to,omitzero"`   // the account's number
	Text    string `json:"text,omitzero"` // as it came, nothing cut

	// Incomplete reports that Text is one part of a longer message, whose other parts did
	// not come. By itself such a text is no opt-out, no opt-in and no HELP, and Outcome.Match
	// is zero. If Options.Texts is not PolicyIgnore and the part alone would be an opt-out
	// keyword or a request, it is held. ProviderIntent counts as in a whole message.
	Incomplete bool `json:"incomplete,omitzero"`

	// At is the provider's time, in whatever zone; zero if it gives none, or if it
	// gives another one when it delivers the message again. A time before 2000, or more
	// than 5 minutes ahead of the host's clock, counts as not given.
	At time.Time `json:"at,omitzero"`

	// ReceivedAt is when the host received the message. Set it if the message waited in
	// a queue or comes from a log. Zero means now, and so does a time before 2000 or more
	// than 5 minutes ahead. ReceivedAt matters for an opt-out without At: an opt-in that
	// was sent before ReceivedAt does not lift this opt-out.
	ReceivedAt time.Time `json:"received_at,omitzero"`

	// ProviderReplied reports that the provider has replied to the contact itself:
	// Outcome.Reply is then empty.
	ProviderReplied bool `json:"provider_replied,omitzero"`

	// ProviderIntent is how the provider has read the text. OptOut records an
	// opt-out, whatever the text says, unless the text asks for help here. The other
	// intents change nothing.
	ProviderIntent keywords.Intent `json:"provider_intent,omitzero"`
}

var errSelf = fmt.Errorf("%w: From and To are the same number", ErrInvalidMessage)

// invalidMessage returns the error about a field. err is of this package.
func invalidMessage(field string, err error) error {
	return &fieldError{field: field, why: err}
}

// validMessage checks what can be told without reading numbers, so that an ordinary
// text costs nothing.
func (r *rules) validMessage(m Message) error {
	if err := r.validAccount(m.Account); err != nil {
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

// clockSkew is by how much the clocks of the provider and the host may differ.
const clockSkew = 5 * time.Minute

// earliest is before every provider that sends a time.
var earliest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// given returns a time that a caller passed, and zero for one that cannot be right.
func given(at, now time.Time) time.Time {
	if at.Before(earliest) || at.After(now.Add(clockSkew)) {
		return time.Time{}
	}
	return at
}

// receivedAt returns when a message was received: now, if no usable time is given. It
// returns zero if the host's clock is so wrong that no store keeps its time.
func receivedAt(at, now time.Time) time.Time {
	if at = given(at, now); at.IsZero() {
		at = now
	}
	if at.Before(earliest) || at.UTC().Year() > 9_999 {
		return time.Time{}
	}
	return at
}

// The prefixes of ids that a Guard makes, beside that of a Void. A message's own id with one
// of them is replaced by its SHA-256, so that the ids of requests, of messages and of Voids
// never meet.
const (
	requestPrefix = "request:"
	randomPrefix  = "random:"
	apartPrefix   = "apart:" // see isApart
)

// messageID makes an id that every store keeps from the id that a sender gave.
func messageID(id string) string {
	switch {
	case id == "":
		return randomPrefix + rand.Text()
	case !storable(id), strings.HasPrefix(id, requestPrefix), strings.HasPrefix(id, randomPrefix),
		strings.HasPrefix(id, apartPrefix), strings.HasPrefix(id, store.VoidPrefix):
		return hashed(id)
	default:
		return id
	}
}

// requestID is messageID for a [Request].
func requestID(id string) string {
	switch {
	case id == "":
		return randomPrefix + rand.Text()
	case !storable(store.VoidPrefix + requestPrefix + id): // it can be taken back
		return requestPrefix + hashed(id)
	default:
		return requestPrefix + id
	}
}

func storable(id string) bool {
	return len(id) <= store.MaxKeyLen && utf8.ValidString(id) && strings.IndexByte(id, 0) < 0
}

func hashed(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}
