package optout

import (
	"context"
	"errors"
)

// BlockedError is what [Guard.Send] returns when it did not send. errors.Is
// finds ErrOptedOut in it where the contact opted out, ErrHeld where a text of the
// contact is held, and otherwise the error for which it could not be decided.
type BlockedError struct {
	Decision

	cause error
}

// Error reads "failed: " and the reason, and no more: what a store says of its
// error is found with errors.Is, errors.As and errors.Unwrap.
func (e *BlockedError) Error() string { return "failed: " + string(e.Reason) }

// Unwrap returns why it was blocked.
func (e *BlockedError) Unwrap() error {
	switch e.Reason {
	case ReasonOptedOut:
		return ErrOptedOut
	case ReasonHeld:
		return ErrHeld
	default:
		return e.cause
	}
}

// Send asks the gate at the last moment and hands the gated number, in E.164, to
// send. Where it is blocked, send is not called and the error is a
// *[BlockedError]; otherwise it is what send returns.
//
// An opt-out that was acknowledged before Send was called blocks; one that
// arrives while send runs does not. Retry by calling Send again, not send.
func (g *Guard) Send(ctx context.Context, account, number string, send func(ctx context.Context, to string) error) error {
	if send == nil {
		return errors.New("optout: Send: send is nil")
	}
	var a address
	var d Decision
	if err := g.gate(ctx, account, number, &a, &d); err != nil || !d.Allowed {
		return &BlockedError{Decision: d, cause: err}
	}
	return send(ctx, a.Key)
}

// refused is the Decision for an error.
func refused(err error) Decision {
	if errors.Is(err, ErrInvalidAccount) {
		return Decision{Reason: ReasonInvalidAccount}
	}
	return Decision{Reason: ReasonStoreError}
}

func refuseAll(decisions []Decision, err error) []Decision {
	d := refused(err)
	for i := range decisions {
		decisions[i] = d
	}
	return decisions
}
