package provider

import (
	"crypto/sha256"
	"fmt"
	"sync"
)

// maxSent is how many replies a Handler remembers.
const maxSent = 8192

// sentReplies are the newest replies that Options.Reply sent: a message that is delivered
// again gets none again.
type sentReplies struct {
	mu   sync.Mutex
	sent map[[sha256.Size]byte]bool
	ring [][sha256.Size]byte // in the order of sending
	next int                 // where the oldest is, once the ring is full
}

// begin reports whether a reply should be sent: it was not sent, and is not being sent now.
func (s *sentReplies) begin(key [sha256.Size]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent[key] {
		return false
	}
	if s.sent == nil {
		s.sent = map[[sha256.Size]byte]bool{}
	}
	if len(s.ring) < maxSent {
		s.ring = append(s.ring, key)
	} else {
		delete(s.sent, s.ring[s.next])
		s.ring[s.next], s.next = key, (s.next+1)%maxSent
	}
	s.sent[key] = true
	return true
}

// failed forgets a reply that could not be sent.
func (s *sentReplies) failed(key [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sent, key)
}

// key tells a reply from others.
func (r Reply) key() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", r.Account, r.To, r.MessageID, r.Text))
}
