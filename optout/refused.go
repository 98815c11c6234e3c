package optout

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// RefusedError is what a provider said when it refused a message because of the contact.
// The function that [Guard.Send] calls returns it, or an error that wraps it:
// provider.SendError makes one from the answer of a provider's API.
type RefusedError struct {
	Provider string `json:"provider"`           // its name: "twilio"
	Reason   string `json:"reason"`             // in a word: "opted-out", "landline"
	OptedOut bool   `json:"opted_out,omitzero"` // the contact opted out at the provider: Guard.Send records it
	Code     string `json:"code,omitzero"`      // the provider's word or number for it: "21610"
	Err      error  `json:"-"`                  // of the provider's SDK; may be nil
}

// Error names the provider, the reason and the code. The text of Err, which may hold a
// phone number, is not in it.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("optout: %.40s refused the message: %.40s (%.100s)", e.Provider, e.Reason, e.Code)
}

// Unwrap returns Err.
func (e *RefusedError) Unwrap() error { return e.Err }

// refusedTimeout is for recording what a provider said after the caller's context ended.
const refusedTimeout = 5 * time.Second

// refused records an opt-out that a provider knows of. err is what send returned.
func (g *Guard) refused(ctx context.Context, account, to string, refusal *RefusedError, err error) (Outcome, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refusedTimeout)
	defer cancel()
	out, recordErr := g.recordOptOut(ctx, Request{
		Account: account,
		Number:  to,
		Source:  store.SourceCarrier,
		Actor:   refusal.Provider,
		Note:    fmt.Sprintf("%.40s refused a message: the contact opted out there, code %.100s", refusal.Provider, refusal.Code),
	})
	if recordErr != nil {
		return out, fmt.Errorf("%w: %w; the opt-out is not known to be stored: %w", ErrOptedOut, err, recordErr)
	}
	return out, fmt.Errorf("%w: %w", ErrOptedOut, err)
}
