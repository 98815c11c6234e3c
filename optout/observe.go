package optout

import (
	"context"
	"errors"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/rawtext"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// Operation is the method of a Guard that an [Observation] is about.
type Operation uint8

// The operations.
const (
	NoOperation Operation = iota
	OperationReceive
	OperationGate
	OperationGateBatch
	OperationGateSeq // a batch of up to 1,000 recipients
	OperationSend
	OperationRecordOptOut
	OperationRecordOptOuts
	OperationRecordConsent
	OperationRecordConsents
	OperationResolve
	OperationVoid
	OperationVoidAll
	OperationErase
)

var operations = enum.Words[Operation]{Err: errEnum, Kind: "Operation", Words: []string{
	"none", "receive", "gate", "gate-batch", "gate-seq", "send", "record-opt-out", "record-opt-outs", "record-consent", "record-consents",
	"resolve", "void", "void-all", "erase",
}}

// String returns the word of an operation: "receive".
func (o Operation) String() string { return operations.String(o) }

// MarshalText returns the word of String.
func (o Operation) MarshalText() ([]byte, error) { return operations.Marshal(o) }

// UnmarshalText reads a word of String.
func (o *Operation) UnmarshalText(text []byte) error { return operations.Unmarshal(text, o) }

// Observation is what [Options.Observe] is given, once for each operation: what was done, how
// it ended and how long it took.
//
// It holds no phone number, no text, no name of an actor and no id, so all of it can be
// logged, and its words can be the labels of a metric. The exception is Account, which is as
// the host named it: a phone number where the host gives one. The text of Err is of this
// package. Do not log what errors.Unwrap finds in Err: a store, a driver or the function that
// sends may quote a phone number there.
type Observation struct {
	Operation Operation `json:"operation"`
	Account   string    `json:"account,omitzero"` // "" if it is invalid, or if a batch has several

	Intent keywords.Intent `json:"intent,omitzero"` // of a text that was received
	Status store.Status    `json:"status,omitzero"` // what is in force for the contact now; Unknown for a batch
	Reason Reason          `json:"reason,omitzero"` // of a Gate or a Send

	Count   int            `json:"count"`            // of the numbers or requests: 1, or the length of the batch
	Changed int            `json:"changed,omitzero"` // how many of them got another status
	Refused int            `json:"refused,omitzero"` // how many requests of a batch have an Outcome.Err
	Reasons map[Reason]int `json:"reasons,omitzero"` // of a GateBatch or GateSeq: how many numbers have each; nil for the others

	// Duration is by the clock of the machine, also with an Options.Now. That of a Send has
	// the time of the function that sends in it.
	Duration time.Duration `json:"duration_ns"`

	// InTx reports that the Guard's store is bound to a transaction of the host: nothing is
	// recorded until the host's commit, and everything is taken back by a rollback. A
	// transaction that runs twice is observed twice.
	InTx bool `json:"in_tx,omitzero"`

	Err error `json:"-"` // nil means no error; its text holds nothing that was given
}

// plainObservation is an Observation without its methods.
type plainObservation Observation

type observationJSON struct {
	plainObservation

	Error string `json:"error,omitzero"`
}

// MarshalJSON writes an observation. Err is written as "error".
func (o Observation) MarshalJSON() ([]byte, error) {
	written := observationJSON{plainObservation: plainObservation(o)}
	if o.Err != nil {
		written.Error = errorText(o.Err, errStore)
	}
	return rawtext.Marshal(written)
}

// UnmarshalJSON reads what MarshalJSON wrote, with an Err as [Outcome.UnmarshalJSON] makes it.
func (o *Observation) UnmarshalJSON(data []byte) error {
	*o = Observation{}
	var read observationJSON
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*o = Observation(read.plainObservation)
	if read.Error != "" {
		o.Err = errorOfText(read.Error)
	}
	return nil
}

// observer times an operation for Options.Observe. The zero observer does nothing: then no
// clock is read, and no memory is taken.
type observer struct {
	guard     *Guard
	operation Operation
	account   string
	start     time.Time
}

// observer returns the observer of an operation that begins.
func (g *Guard) observer(operation Operation, account string) observer {
	if g.r().observe == nil {
		return observer{}
	}
	return observer{g, operation, account, time.Now()}
}

// observed calls a method of a Guard, and tells Options.Observe of it. It tells nothing of a
// method that panics.
func observed[In any](
	ctx context.Context, g *Guard, operation Operation, account string, in In, do func(*Guard, context.Context, In) (Outcome, error),
) (Outcome, error) {
	o := g.observer(operation, account)
	out, err := do(g, ctx, in)
	if o.guard != nil {
		o.done(ctx, Observation{
			Intent: out.Match.Intent, Status: out.State.Status, Count: 1, Changed: one(out.Changed), Err: observable(err, errStore),
		})
	}
	return out, err
}

// observedAll is observed for a batch.
func observedAll[In any](
	ctx context.Context, g *Guard, operation Operation, batch []In, account func(*In) string,
	do func(*Guard, context.Context, []In) ([]Outcome, error),
) ([]Outcome, error) {
	o := g.observer(operation, common(batch, account))
	outs, err := do(g, ctx, batch)
	if o.guard != nil {
		seen := Observation{Count: len(batch), Err: observable(err, errStore)}
		for i := range outs {
			seen.Changed += one(outs[i].Changed)
			seen.Refused += one(outs[i].Err != nil)
		}
		o.done(ctx, seen)
	}
	return outs, err
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// common returns the account of all of a batch, or "".
func common[In any](batch []In, account func(*In) string) string {
	if len(batch) == 0 {
		return ""
	}
	first := account(&batch[0])
	for i := range batch {
		if account(&batch[i]) != first {
			return ""
		}
	}
	return first
}

// gated tells of a Gate.
func (o *observer) gated(ctx context.Context, d *Decision, err error) {
	if o.guard != nil {
		o.done(ctx, Observation{Status: d.State.Status, Reason: d.Reason, Count: 1, Err: observable(err, errStore)})
	}
}

// gatedAll tells of a batch of gates. After an error none of the decisions counts.
func (o *observer) gatedAll(ctx context.Context, decisions []Decision, err error) {
	if o.guard == nil {
		return
	}
	seen := Observation{Count: len(decisions), Reasons: make(map[Reason]int), Err: observable(err, errStore)}
	if err != nil && len(decisions) > 0 {
		seen.Reasons[refused(err).Reason] = len(decisions)
	} else {
		for i := range decisions {
			seen.Reasons[decisions[i].Reason]++
		}
	}
	o.done(ctx, seen)
}

// sent tells of a Send. The outcome is that of an opt-out which the provider reported.
func (o *observer) sent(ctx context.Context, d *Decision, out *Outcome, err error) {
	if o.guard == nil {
		return
	}
	seen := Observation{Status: d.State.Status, Reason: d.Reason, Count: 1, Changed: one(out.Changed)}
	if out.State.Status != store.Unknown {
		seen.Status = out.State.Status
	}
	otherwise := errSend
	if !d.Allowed {
		otherwise = errStore // the function that sends was not called
	}
	seen.Err = observable(err, otherwise)
	o.done(ctx, seen)
}

// done gives an observation to Options.Observe.
func (o *observer) done(ctx context.Context, seen Observation) {
	seen.Operation, seen.Duration = o.operation, time.Since(o.start)
	if store.ValidateAccount(o.account) == nil && !errors.Is(seen.Err, ErrInvalidAccount) {
		seen.Account = o.account
	}
	seen.InTx = o.guard.store != nil && store.InTx(o.guard.store)
	o.guard.r().observe(ctx, seen)
}

// observable returns an error with a text that can be logged; err is found in it.
func observable(err, otherwise error) error {
	if err == nil {
		return nil
	}
	return &wordedError{text: errorText(err, otherwise), cause: err}
}
