package wire

import "github.com/seed-f10031e4/consent/optout/provider"

// Batch is a Delivery of several events. If some cannot be read, the others are taken all the
// same, and a message without From tells the Handler.
type Batch struct {
	provider.Delivery

	err error // of the first event that cannot be read
}

// Add takes note of an event that cannot be read, or does nothing if err is nil.
func (b *Batch) Add(err error) {
	if err != nil && b.err == nil { // once: a body can hold 100,000 of them
		b.err = err
		b.Messages = append(b.Messages, provider.Message{})
	}
}

// End returns the Delivery, or an error if there is nothing in it that can be taken.
func (b *Batch) End() (provider.Delivery, error) {
	if b.err != nil && len(b.Messages) == 1 && len(b.Reports) == 0 && b.Handshake == nil {
		return provider.Delivery{}, b.err
	}
	return b.Delivery, nil
}
