package optout

import (
	"context"
	"slices"

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
	var a address
	var d Decision
	err := g.gate(ctx, account, number, &a, &d)
	return d, err
}

// gate is Gate, into a zero address and a zero Decision.
func (g *Guard) gate(ctx context.Context, account, number string, a *address, d *Decision) error {
	s, err := g.ready(account)
	if err == nil {
		g.read(number, a)
		err = stateOf(ctx, s, account, a, &d.State)
	}
	if err != nil {
		*d = refused(err)
		return err
	}
	g.decide(a.Valid, d)
	if d.Reason == ReasonInvalidNumber {
		return errNumber(number)
	}
	return nil
}

// stateOf reads the state that decides about a number.
func stateOf(ctx context.Context, s store.Store, account string, a *address, state *store.State) (err error) {
	if a.Key == "" || a.Other != "" {
		states, err := states(ctx, s, account, a.Readings())
		decidingOf(states, state)
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	key := store.Key{Account: account, Number: a.Key}
	if *state, err = s.Get(ctx, key); err != nil {
		return err
	}
	return validState(state, key)
}

// batchSize is how many numbers a GateBatch asks the store for at a time: enough
// that a call costs little, and few enough to stay in a processor's cache.
const batchSize = 4_096

// GateBatch answers [Guard.Gate] for many numbers, in the given order and
// length, with one call of a store.BatchGetter for some thousands of them.
//
// A number that is none is refused in its own Decision alone. On an error of the
// store, all are not allowed, and the error is returned.
func (g *Guard) GateBatch(ctx context.Context, account string, numbers []string) ([]Decision, error) {
	decisions := make([]Decision, len(numbers))
	s, err := g.ready(account)
	if err == nil {
		var b batch
		err = b.gate(ctx, g, s, account, numbers, decisions)
	}
	if err != nil {
		return refuseAll(decisions, err), err
	}
	return decisions, nil
}

// batch gates many numbers, and keeps its memory for the next of them.
type batch struct {
	keys    []string
	lookups []lookup
	read    []store.State
}

// gate decides into zero Decisions.
func (b *batch) gate(ctx context.Context, g *Guard, s store.Store, account string, numbers []string, decisions []Decision) error {
	for {
		n := min(len(numbers), batchSize)
		b.keys, b.lookups = slices.Grow(b.keys[:0], n), slices.Grow(b.lookups[:0], n)
		for _, number := range numbers[:n] {
			var a address
			g.read(number, &a)
			before := len(b.keys)
			b.keys = a.AppendReadings(b.keys)
			b.lookups = append(b.lookups, lookup{keys: len(b.keys) - before, valid: a.Valid})
		}
		states, err := b.states(ctx, s, account)
		if err != nil {
			return err
		}
		for i, l := range b.lookups {
			decidingOf(states[:l.keys], &decisions[i].State)
			g.decide(l.valid, &decisions[i])
			states = states[l.keys:]
		}
		numbers, decisions = numbers[n:], decisions[n:]
		if len(numbers) == 0 {
			return nil
		}
	}
}

// states is states of the keys, into memory that is used again.
func (b *batch) states(ctx context.Context, s store.Store, account string) ([]store.State, error) {
	if len(b.keys) <= 1 {
		return states(ctx, s, account, b.keys)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if cap(b.read) < len(b.keys) {
		b.read = make([]store.State, max(len(b.keys), cap(b.keys)))
	}
	b.read = b.read[:len(b.keys)]
	if err := store.ReadBatch(ctx, s, account, b.keys, b.read); err != nil {
		return nil, err
	}
	if err := validStates(b.read, account, b.keys); err != nil {
		return nil, err
	}
	return b.read, nil
}

// lookup is what is kept of a number while the store is asked.
type lookup struct {
	keys  int
	valid bool
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
	if err := validStates(states, account, numbers); err != nil {
		return nil, err
	}
	return states, nil
}

func validStates(states []store.State, account string, numbers []string) error {
	for i := range states {
		if err := validState(&states[i], store.Key{Account: account, Number: numbers[i]}); err != nil {
			return err
		}
	}
	return nil
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

// decidingOf finds the state by which a number is decided among those of its
// lookups, and leaves a zero State where there are none: an opt-out of either reading
// blocks, or else a hold, and consent counts for the first reading alone.
func decidingOf(states []store.State, to *store.State) {
	for i := range states {
		status := states[i].Status
		if i == 0 || status == store.OptedOut || status == store.Held {
			*to = states[i]
		}
		if to.Status == store.OptedOut {
			return
		}
	}
}

// decide answers by the State of a Decision.
func (g *Guard) decide(isNumber bool, d *Decision) {
	switch {
	case d.State.Status == store.OptedOut:
		d.Reason = ReasonOptedOut
	case d.State.Status == store.Held:
		d.Reason = ReasonHeld
	case !isNumber:
		*d = Decision{Reason: ReasonInvalidNumber}
	case d.State.Status == store.OptedIn:
		d.Allowed, d.Reason = true, ReasonOptedIn
	case g.requireOptIn():
		d.Reason = ReasonNoConsent
	default:
		d.Allowed, d.Reason = true, ReasonNotOptedOut
	}
}
