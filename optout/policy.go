package optout

import (
	"fmt"
	"strconv"

	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/store"
)

// Policy is what becomes of a text that is no keyword, and may ask to stop all the
// same: see [revocation.Read]. In the United States a text that a reasonable
// person would understand so is a revocation (47 CFR 64.1200(a)(10)).
type Policy uint8

// The policies. A hold closes the gate, with no word to the contact, until a person
// has read the text ([Guard.Reviews], [Guard.Resolve]) or the contact texts START.
const (
	Ignore Policy = iota // it is an ordinary text
	Hold                 // one that certainly asks to stop, or possibly, is held
	OptOut               // one that certainly asks opts out, with the confirmation; a possible one is held
)

// String returns "ignore", "hold" or "opt-out".
func (p Policy) String() string {
	switch p {
	case Ignore:
		return "ignore"
	case Hold:
		return "hold"
	case OptOut:
		return "opt-out"
	default:
		return "Policy(" + strconv.Itoa(int(p)) + ")"
	}
}

// status is what a reading comes to: OptedOut, Held, or Unknown for nothing.
func (p Policy) status(r revocation.Reading) store.Status {
	switch {
	case p == Ignore || r.Certainty == revocation.None:
		return store.Unknown
	case p == OptOut && r.Certainty == revocation.Certain:
		return store.OptedOut
	default:
		return store.Held
	}
}

// languages are those in which a text can be read and answered, besides those of the
// keywords.
func (p Policy) languages() []string {
	if p == Ignore {
		return nil
	}
	return []string{"en", "fr", "es", "pt", "de", "it", "nl", "pl", "ru", "nb"}
}

// valid refuses a policy that is none, and one that the store has no power for.
func (p Policy) valid(s store.Store) error {
	if p > OptOut {
		return fmt.Errorf("optout: Revocations: no policy %v, want Ignore, Hold or OptOut", p)
	}
	if p == Ignore {
		return nil
	}
	if _, ok := store.As[store.Reviewer](s); !ok {
		return fmt.Errorf("optout: Revocations: %v: %w", p, errNoReviewer)
	}
	return nil
}

func (g *Guard) policy() Policy {
	if g == nil || g.rules == nil {
		return Ignore
	}
	return g.rules.revocations
}
