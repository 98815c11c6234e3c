package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/seed-f10031e4/consent/examples/pgx/inbox"
	"github.com/seed-f10031e4/consent/optout"
)

// receive is for every text that comes in. It returns the reply that the contact must get.
// After an error nothing is kept: let the provider deliver the message again.
func (a *app) receive(ctx context.Context, m optout.Message) (reply string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// region receive
	var out optout.Outcome
	err = a.store.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		out = optout.Outcome{} // it may run again
		row := inbox.SaveMessageParams{Account: m.Account, ID: m.ID, Sender: m.From, Body: []byte(m.Text)}
		if err := inbox.New(tx).SaveMessage(ctx, row); err != nil { // by sqlc
			return fmt.Errorf("save the message: %w", err) // with %w, so that InTx sees a conflict
		}
		if err := a.step("saved"); err != nil { // where a test fails
			return err
		}
		var err error
		if out, err = a.guard.With(a.store.WithTx(tx)).Receive(ctx, m); err != nil {
			return err
		}
		if err := a.step("recorded"); err != nil {
			return err
		}
		if out.EventID == "" {
			return nil // nothing was recorded: no keyword
		}
		// Not only if out.Changed: it is false when a message is delivered again.
		job := tellCRM{Account: m.Account, Number: out.State.Key.Number, EventID: out.EventID}
		if _, err := a.queue.InsertTx(ctx, tx, job, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}); err != nil {
			return fmt.Errorf("enqueue: %w", err)
		}
		return a.step("enqueued")
	})
	if err != nil {
		return "", err
	}
	return out.Reply, nil // now the contact may be answered
	// endregion receive
}
