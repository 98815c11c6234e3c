package optout

import (
	"context"
	"errors"

	numbers "github.com/seed-f10031e4/consent/internal/number"
)

// BlockedError is what [Guard.Send] returns when it did not send. errors.Is
// finds [ErrOptedOut], [ErrHeld] or [ErrNoConsent] in it, or the error for which
// the gate could not decide.
type BlockedError struct {
	Decision

	cause error
}

// Error reads "optout: not sent: " and the reason. What a store says of its
// error is found with errors.Is, errors.As and errors.Unwrap.
func (e *BlockedError) Error() string {
	if !e.Reason.known() {
		return "optout: not sent"
	}
	return "optout: not sent: " + string(e.Reason)
}

// Unwrap returns why it was blocked.
func (e *BlockedError) Unwrap() error {
	switch e.Reason {
	case ReasonOptedOut:
		return ErrOptedOut
	case ReasonHeld:
		return ErrHeld
	case ReasonNoConsent:
		return ErrNoConsent
	default:
		return e.cause
	}
}

// Send asks the gate at the last moment and hands the gated number to send, in E.164;
// a number that came with the scheme whatsapp: or rcs: keeps it. An address of
// [Options.Channels] is handed on with its scheme in lower case. If the number is blocked,
// send is not called and the error is a *[BlockedError]; otherwise it is what send returns.
//
// An opt-out that was acknowledged before Send was called blocks; one that
// arrives while send runs does not. Retry by calling Send again, not send.
//
// If send returns an error that wraps a *[RefusedError] with OptedOut, the contact opted
// out at the provider: Send records the opt-out, also if ctx has ended, and returns an
// error that wraps [ErrOptedOut] and the error of send, and if the opt-out could not be
// stored, why.
func (g *Guard) Send(ctx context.Context, account, number string, send func(ctx context.Context, to string) error) error {
	o := g.observer(OperationSend, account)
	var d Decision
	out, err := g.send(ctx, account, number, send, &d)
	o.sent(ctx, &d, &out, err)
	return err
}

// send is Send into a zero Decision. It returns the outcome of an opt-out that the provider
// reported.
func (g *Guard) send(
	ctx context.Context, account, number string, send func(ctx context.Context, to string) error, d *Decision,
) (Outcome, error) {
	if send == nil {
		return Outcome{}, errors.New("optout: Send: send is nil")
	}
	to, err := g.gate(ctx, account, number, d)
	if err != nil || !d.Allowed {
		return Outcome{}, &BlockedError{Decision: *d, cause: err}
	}
	err = send(ctx, channel(number)+to)
	if refusal, ok := errors.AsType[*RefusedError](err); ok && refusal != nil && refusal.OptedOut {
		return g.refused(ctx, account, to, refusal, err)
	}
	return Outcome{}, err
}

// channel returns the scheme of a phone number on another channel than SMS, or "".
func channel(number string) string {
	switch scheme := numbers.Scheme(number); scheme {
	case "whatsapp:", "rcs:":
		return scheme
	default:
		return ""
	}
}
