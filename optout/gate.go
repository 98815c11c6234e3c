package optout

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// Decision is whether a message may be sent, and why. The zero value is: not
// allowed.
type Decision struct {
	Allowed bool
	Reason  Reason
	State   store.State // by which it was decided
}

// Reason is why a Decision is as it is.
type Reason string

// The reasons. Only ReasonNotOptedOut and ReasonOptedIn come with Allowed.
const (
	ReasonOptedOut       Reason = "opted_out"       // the contact asked for no more messages
	ReasonNoConsent      Reason = "no_consent"      // RequireOptIn, and no opt-in is recorded
	ReasonInvalidNumber  Reason = "invalid_number"  // no phone number
	ReasonInvalidAccount Reason = "invalid_account" // no account
	ReasonStoreError     Reason = "store_error"     // it could not be told
	ReasonNotOptedOut    Reason = "not_opted_out"
	ReasonOptedIn        Reason = "opted_in"
)

// Gate answers whether a message may be sent to a number now. Ask it at the last
// moment, or let [Guard.Send] do so: a STOP may come at any time.
//
// On an error the answer is not allowed. What is no phone number is blocked if
// exactly that text opted out, and otherwise an error that wraps
// [ErrInvalidNumber].
func (g *Guard) Gate(ctx context.Context, account, number string) (Decision, error) {
	d, _, err := g.gate(ctx, account, number)
	return d, err
}

func (g *Guard) gate(ctx context.Context, account, number string) (Decision, address, error) {
	s, err := g.ready(account)
	if err != nil {
		return refused(err), address{}, err
	}
	a := g.address(number)
	states, err := states(ctx, s, account, a.lookups())
	if err != nil {
		return refused(err), address{}, err
	}
	d := g.decide(a, states)
	if d.Reason == ReasonInvalidNumber {
		return d, a, errNumber(number)
	}
	return d, a, nil
}

// GateBatch answers [Guard.Gate] for many numbers, in the given order and
// length, with as few calls of the store as it can do.
//
// A number that is none is refused in its own Decision alone. On an error of the
// store, all are not allowed, and the error is returned.
func (g *Guard) GateBatch(ctx context.Context, account string, numbers []string) ([]Decision, error) {
	decisions := make([]Decision, len(numbers))
	s, err := g.ready(account)
	if err != nil {
		return refuseAll(decisions, err), err
	}
	addresses := make([]address, len(numbers))
	keys := make([]string, 0, len(numbers))
	for i, number := range numbers {
		addresses[i] = g.address(number)
		keys = append(keys, addresses[i].lookups()...)
	}
	states, err := states(ctx, s, account, keys)
	if err != nil {
		return refuseAll(decisions, err), err
	}
	for i, a := range addresses {
		n := len(a.lookups())
		decisions[i] = g.decide(a, states[:n])
		states = states[n:]
	}
	return decisions, nil
}

// lookups are the numbers in the store that decide about a, its key first.
func (a address) lookups() []string {
	switch {
	case a.key == "":
		return nil
	case a.other == "" || a.other == a.key:
		return []string{a.key}
	default:
		return []string{a.key, a.other}
	}
}

// states reads the states of an account's numbers, and trusts none that is not
// what was asked for.
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
	for i, state := range states {
		if err := validState(state, store.Key{Account: account, Number: numbers[i]}); err != nil {
			return nil, err
		}
	}
	return states, nil
}

func validState(state store.State, key store.Key) error {
	if state.Key != key || state.Status > store.OptedOut {
		return errBadState
	}
	return nil
}

// decide answers by the states of a's lookups: an opt-out of either reading
// blocks, and consent counts for the first reading alone.
func (g *Guard) decide(a address, states []store.State) Decision {
	for _, state := range states {
		if state.Status == store.OptedOut {
			return Decision{Reason: ReasonOptedOut, State: state}
		}
	}
	if !a.valid || len(states) == 0 {
		return Decision{Reason: ReasonInvalidNumber}
	}
	state := states[0]
	switch {
	case state.Status == store.OptedIn:
		return Decision{Allowed: true, Reason: ReasonOptedIn, State: state}
	case g.requireOptIn():
		return Decision{Reason: ReasonNoConsent, State: state}
	default:
		return Decision{Allowed: true, Reason: ReasonNotOptedOut, State: state}
	}
}
