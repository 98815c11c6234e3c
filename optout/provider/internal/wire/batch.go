package wire

import "github.com/seed-f10031e4/consent/optout/provider"

// Batch is a Delivery of several events. If one cannot be read, the others are taken all the
// same: in its place is a message without From.
type Batch struct {
	provider.Delivery

	unread int
	err    error // of the first that cannot be read
}

// Add takes note of an event that cannot be read, or does nothing if err is nil.
func (b *Batch) Add(err error) {
	if err == nil {
		return
	}
	if b.unread == 0 {
		b.err = err
	}
	b.unread++
	b.Messages = append(b.Messages, provider.Message{})
}

// End returns the Delivery, or an error if there is nothing in it that can be taken.
func (b *Batch) End() (provider.Delivery, error) {
	if b.unread > 0 && len(b.Messages) == b.unread && len(b.Reports) == 0 && b.Handshake == nil {
		return provider.Delivery{}, b.err
	}
	return b.Delivery, nil
}
