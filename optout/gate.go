package optout

import (
	"context"
	"errors"

	"github.com/seed-f10031e4/consent/internal/number"
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
	ReasonHeld           Reason = "held"            // a text that may ask to stop waits for a person
	ReasonNoConsent      Reason = "no_consent"      // RequireOptIn, and no opt-in is recorded
	ReasonInvalidNumber  Reason = "invalid_number"  // no phone number
	ReasonInvalidAccount Reason = "invalid_account" // no account
	ReasonStoreError     Reason = "store_error"     // the store could not be read
	ReasonNotOptedOut    Reason = "not_opted_out"
	ReasonOptedIn        Reason = "opted_in"
)

// Gate decides whether a message may be sent to a number now. Ask it at the last
// moment, or let [Guard.Send] do so: a STOP may come at any time.
//
// On an error the answer is not allowed. A text that is no phone number is blocked if
// exactly that text opted out, and is otherwise an error that wraps [ErrInvalidNumber].
func (g *Guard) Gate(ctx context.Context, account, number string) (Decision, error) {
	d, _, err := g.gate(ctx, account, number)
	return d, err
}

// gate is Gate, and returns the number that was read too.
func (g *Guard) gate(ctx context.Context, account, raw string) (d Decision, to string, err error) {
	s, err := g.ready(account)
	if err != nil {
		return refused(err), "", err
	}
	var n number.Number
	g.r().numbers.ReadInto(raw, &n)
	now, err := g.read(ctx, s, account, &n)
	if err != nil {
		return refused(err), "", err
	}
	if now.states != nil {
		d.State = now.deciding()
	}
	g.r().decide(n.Valid, &d)
	if d.Reason == ReasonInvalidNumber {
		return d, "", errNumber(raw)
	}
	return d, n.Key, nil
}

// decide answers by the State of a Decision.
func (r *rules) decide(isNumber bool, d *Decision) {
	switch {
	case d.State.Status == store.OptedOut:
		d.Reason = ReasonOptedOut
	case d.State.Status == store.Held:
		d.Reason = ReasonHeld
	case !isNumber:
		*d = Decision{Reason: ReasonInvalidNumber}
	case d.State.Status == store.OptedIn:
		d.Allowed, d.Reason = true, ReasonOptedIn
	case r.requireOptIn:
		d.Reason = ReasonNoConsent
	default:
		d.Allowed, d.Reason = true, ReasonNotOptedOut
	}
}

// lookup is what the store is asked about a number.
type lookup struct {
	keys   int  // how many
	digits bool // the second key is the digits as they came
	valid  bool // it is a phone number
}

// appendKeys appends the keys of the store that decide about a number: the number, its
// digits as they came, and the second reading of these digits.
func appendKeys(keys []string, n *number.Number) ([]string, lookup) {
	l := lookup{valid: n.Valid}
	before := len(keys)
	if n.Key != "" {
		keys = append(keys, n.Key)
		if digits := digitsKey(n); digits != "" {
			keys, l.digits = append(keys, digits), true
		}
		if n.Other != "" {
			keys = append(keys, n.Other)
		}
	}
	l.keys = len(keys) - before
	return keys, l
}

// found are the states of the keys of a number.
type found struct {
	lookup

	states []store.State
}

// read reads the states that decide about a number. A text that no store keeps has none.
func (g *Guard) read(ctx context.Context, s store.Store, account string, n *number.Number) (found, error) {
	if n.Key == "" {
		return found{}, ctx.Err()
	}
	keys, l := appendKeys(make([]string, 0, 3), n)
	states, err := states(ctx, s, account, keys)
	return found{lookup: l, states: states}, err
}

// deciding returns the state by which a number is gated: an opt-out under any of its keys,
// or else a hold; otherwise what is known of the number itself. What is kept under the
// digits alone, by other Options, gives way to a START of the number.
func (f found) deciding() store.State {
	deciding := &f.states[0]
	for i := range f.states[1:] {
		state := &f.states[1+i]
		switch {
		case !closes(state.Status), deciding.Status == store.OptedOut:
		case f.digits && sameText(state, &f.states[1]) && state.GivesWay(f.states[0]):
		case state.Status == store.OptedOut, deciding.Status != store.Held:
			deciding = state
		}
	}
	return *deciding
}

// unknown reports whether nothing is known of the contact. What opted in under the second
// reading of the digits is another contact.
func (f found) unknown() bool {
	return f.states[0].Status == store.Unknown && !closes(f.deciding().Status)
}

// sameText reports whether one text made two states, under two keys.
func sameText(a, b *store.State) bool {
	return a.EventID == b.EventID && a.At.Equal(b.At) && a.ReceivedAt.Equal(b.ReceivedAt)
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
