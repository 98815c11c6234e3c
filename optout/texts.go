package optout

import (
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/store"
)

// Policy is what a Guard does with a text that is not a keyword and may ask to stop: see
// [revocation.Read]. In the United States a text that a reasonable person would
// understand as such a request is a revocation (47 CFR 64.1200(a)(10)).
type Policy uint8

// The policies. A hold closes the gate, with no word to the contact, until a person
// has read the text ([Guard.Reviews], [Guard.Resolve]) or the contact texts START.
const (
	PolicyIgnore Policy = iota // the text is an ordinary text
	PolicyHold                 // a text that certainly or possibly asks to stop is held
	PolicyOptOut               // a text that certainly asks to stop opts out, with the confirmation; a possible one is held
)

var policies = enum.Words[Policy]{Err: errEnum, Kind: "Policy", Words: []string{"ignore", "hold", "opt-out"}}

// errEnum begins the errors about enumerations.
var errEnum = errors.New("optout")

// String returns "ignore", "hold" or "opt-out".
func (p Policy) String() string { return policies.String(p) }

// MarshalText returns the word of String.
func (p Policy) MarshalText() ([]byte, error) { return policies.Marshal(p) }

// UnmarshalText reads a word of String.
func (p *Policy) UnmarshalText(text []byte) error { return policies.Unmarshal(text, p) }

// action is what a reading comes to: OptOut, Hold, or NoAction.
func (p Policy) action(r revocation.Reading) store.Action {
	switch {
	case p == PolicyIgnore || r.Certainty == revocation.None:
		return store.NoAction
	case p == PolicyOptOut && r.Certainty == revocation.Certain:
		return store.OptOut
	default:
		return store.Hold
	}
}

// readText reads a text that is no keyword, or a part of a longer message.
func (g *Guard) readText(m Message) revocation.Reading {
	if !m.Incomplete {
		return revocation.Read(m.Text)
	}
	if match := g.Classify(m.Text); match.Intent == keywords.OptOut {
		return revocation.Reading{
			Certainty: revocation.Certain, Rule: "keyword", Reason: "the part is an opt-out keyword", Language: match.Language,
		}
	}
	return revocation.Read(m.Text)
}

// languages are those in which a text can be read and answered, besides those of the
// keywords.
func (p Policy) languages() []string {
	if p == PolicyIgnore {
		return nil
	}
	var tags []string
	for _, l := range shipped() {
		tags = append(tags, l.tags...)
	}
	return tags
}

// valid refuses an unknown policy, and one that the store has no power for.
func (p Policy) valid(s store.Store) error {
	if int(p) >= len(policies.Words) {
		return fmt.Errorf("optout: Texts: no policy %v, want PolicyIgnore, PolicyHold or PolicyOptOut", p)
	}
	if p == PolicyIgnore {
		return nil
	}
	if _, ok := store.As[store.Reviewer](s); !ok {
		return fmt.Errorf("optout: Texts: %v: the store is no store.Reviewer and cannot list held texts: %w", p, errors.ErrUnsupported)
	}
	return nil
}
