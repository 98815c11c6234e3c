package provider

import "github.com/seed-f10031e4/consent/internal/enum"

// Replies says which keywords the provider replies to by itself. The Guard's reply goes
// out for every other keyword, so that nobody gets two.
type Replies uint8

// Which keywords a provider replies to.
const (
	RepliesDefault     Replies = iota // what Facts.Replies of the provider says
	RepliesAlways                     // those that it flags, and its own words (Message.AnsweredByDefault)
	RepliesWhenFlagged                // those that it flags in the request (Message.ProviderReplied)
	RepliesNever                      // none
)

var repliesWords = enum.Words[Replies]{Err: errEnum, Kind: "Replies", Words: []string{"default", "always", "when-flagged", "never"}}

// String returns "default", "always", "when-flagged" or "never".
func (r Replies) String() string { return repliesWords.String(r) }

// MarshalText returns the word of String.
func (r Replies) MarshalText() ([]byte, error) { return repliesWords.Marshal(r) }

// UnmarshalText reads a word of String.
func (r *Replies) UnmarshalText(text []byte) error { return repliesWords.Unmarshal(text, r) }

// replied reports whether the provider has replied to a message.
func (r Replies) replied(m Message) bool {
	switch r {
	case RepliesAlways:
		return m.ProviderReplied || m.AnsweredByDefault
	case RepliesNever:
		return false
	default:
		return m.ProviderReplied
	}
}
