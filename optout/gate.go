package optout

import (
	"context"
	"errors"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Decision says whether a message may be sent, and why. The zero value says: not
// allowed.
type Decision struct {
	Allowed bool        `json:"allowed"`
	Fault   NumberFault `json:"fault,omitzero"` // why the text is no contact, also if it opted out; FaultNone for a contact
	Reason  Reason      `json:"reason,omitzero"`
	State   store.State `json:"state,omitzero"` // by which it was decided
}

// Reason is why a Decision is as it is.
type Reason string

// The reasons. Only ReasonNotOptedOut and ReasonOptedIn come with Allowed.
const (
	ReasonOptedOut       Reason = "opted_out"       // the contact asked for no more messages
	ReasonHeld           Reason = "held"            // a text that may ask to stop waits for a person
	ReasonNoConsent      Reason = "no_consent"      // RequireOptIn, and no opt-in is recorded
	ReasonInvalidNumber  Reason = "invalid_number"  // neither a phone number nor an address of Options.Channels
	ReasonInvalidAccount Reason = "invalid_account" // not an account, or not one of Options.Accounts
	ReasonStoreError     Reason = "store_error"     // the store could not be read
	ReasonNotOptedOut    Reason = "not_opted_out"
	ReasonOptedIn        Reason = "opted_in"
)

// known reports whether a reason is one of this package. One that was read from JSON can hold
// any text.
func (r Reason) known() bool {
	switch r {
	case ReasonOptedOut, ReasonHeld, ReasonNoConsent, ReasonInvalidNumber, ReasonInvalidAccount, ReasonStoreError, ReasonNotOptedOut,
		ReasonOptedIn:
		return true
	default:
		return false
	}
}

// Gate decides whether a message may be sent to a number now. Ask it at the last
// moment, or let [Guard.Send] do so: a STOP may come at any time.
//
// On an error the answer is not allowed. If raw is neither a phone number nor an address of
// [Options.Channels], the answer is not allowed either: the Reason is ReasonOptedOut or
// ReasonHeld if the store has an opt-out or a hold of exactly this text, and otherwise the
// error wraps [ErrInvalidNumber].
func (g *Guard) Gate(ctx context.Context, account, raw string) (d Decision, err error) {
	o := g.observer(OperationGate, account)
	_, err = g.gate(ctx, account, raw, &d)
	o.gated(ctx, &d, err)
	return d, err
}

// gate is Gate into a zero Decision, and returns the number that was read.
func (g *Guard) gate(ctx context.Context, account, raw string, d *Decision) (to string, err error) {
	var n number.Number
	s, err := g.ready(account)
	if err == nil {
		g.r().numbers.ReadInto(raw, &n)
		err = g.stateOf(ctx, s, account, &n, &d.State)
	}
	if err != nil {
		*d = refused(err)
		return "", err
	}
	g.r().decide(&n, d)
	if d.Reason == ReasonInvalidNumber {
		return "", errNumber(raw, &n)
	}
	return n.Key, nil
}

// stateOf reads the state that decides about a number. Most numbers have one key, and
// need no memory for it.
func (g *Guard) stateOf(ctx context.Context, s store.Store, account string, n *number.Number, state *store.State) (err error) {
	if !n.IsAlone() {
		now, err := g.read(ctx, s, account, n)
		*state = now.state
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	key := store.Key{Account: account, Number: n.Key}
	if *state, err = s.Get(ctx, key); err != nil {
		return err
	}
	return validState(state, key)
}

// decide answers by the State of a Decision.
func (r *rules) decide(n *number.Number, d *Decision) {
	d.Fault = faultOf(n)
	switch {
	case d.State.Status == store.OptedOut:
		d.Reason = ReasonOptedOut
	case d.State.Status == store.Held:
		d.Reason = ReasonHeld
	case d.Fault != FaultNone:
		d.Reason, d.State = ReasonInvalidNumber, store.State{}
	case d.State.Status == store.OptedIn:
		d.Allowed, d.Reason = true, ReasonOptedIn
	case r.requireOptIn:
		d.Reason = ReasonNoConsent
	default:
		d.Allowed, d.Reason = true, ReasonNotOptedOut
	}
}

// states reads the states of an account's numbers, and accepts only what was asked for.
func states(ctx context.Context, s store.Store, account string, numbers []string) ([]store.State, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var states []store.State
	var err error
	switch len(numbers) {
	case 0:
		return nil, nil
	case 1:
		states = make([]store.State, 1)
		states[0], err = s.Get(ctx, store.Key{Account: account, Number: numbers[0]})
	default:
		states, err = store.GetBatch(ctx, s, account, numbers)
	}
	if err != nil {
		return nil, err
	}
	if len(states) != len(numbers) {
		return nil, errBadState
	}
	for i := range states {
		if err := validState(&states[i], store.Key{Account: account, Number: numbers[i]}); err != nil {
			return nil, err
		}
	}
	return states, nil
}

func validState(state *store.State, key store.Key) error {
	if state.Key != key {
		return errBadState
	}
	switch state.Status {
	case store.Unknown, store.OptedIn, store.OptedOut, store.Held:
		return nil
	default:
		return errBadState
	}
}

// refused is the Decision for an error.
func refused(err error) Decision {
	if errors.Is(err, ErrInvalidAccount) {
		return Decision{Reason: ReasonInvalidAccount}
	}
	return Decision{Reason: ReasonStoreError}
}
