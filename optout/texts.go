package optout

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/store"
)

// Policy is what becomes of a text that is no keyword and may ask to stop: see
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

var policies = []string{"ignore", "hold", "opt-out"}

// String returns "ignore", "hold" or "opt-out".
func (p Policy) String() string { return word("Policy", policies, uint8(p)) }

// MarshalText returns the word of String.
func (p Policy) MarshalText() ([]byte, error) { return marshal("Policy", policies, uint8(p)) }

// UnmarshalText reads a word of String.
func (p *Policy) UnmarshalText(text []byte) error {
	return unmarshal("Policy", policies, text, (*uint8)(p))
}

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
	if int(p) >= len(policies) {
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

func word(kind string, words []string, value uint8) string {
	if int(value) < len(words) {
		return words[value]
	}
	return kind + "(" + strconv.Itoa(int(value)) + ")"
}

func marshal(kind string, words []string, value uint8) ([]byte, error) {
	if int(value) >= len(words) {
		return nil, fmt.Errorf("optout: no %s has the value %d", kind, value)
	}
	return []byte(words[value]), nil
}

func unmarshal(kind string, words []string, text []byte, to *uint8) error {
	i := slices.Index(words, string(text))
	if i < 0 {
		return fmt.Errorf("optout: no %s is called %.20q", kind, text)
	}
	*to = uint8(i) //nolint:gosec // few words
	return nil
}
