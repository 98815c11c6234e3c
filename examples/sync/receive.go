package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river"

	"github.com/seed-f10031e4/consent/optout"
)

// receive is for every text that comes in. It returns the reply that the contact must get.
// After an error nothing is kept: let the provider deliver the message again.
func (a *app) receive(ctx context.Context, m optout.Message) (reply string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// region receive
	var out optout.Outcome
	err = a.store.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		out = optout.Outcome{} // it may run again
		if err := saveMessage(ctx, tx, m); err != nil {
			return err
		}
		a.step("saved") // where a test kills it
		var err error
		if out, err = a.guard.With(a.store.WithTx(tx)).Receive(ctx, m); err != nil {
			return err
		}
		a.step("recorded")
		if out.EventID == "" {
			return nil // nothing was recorded: no keyword
		}
		// Not only if out.Changed: it is false when a message is delivered again.
		return a.enqueue(ctx, tx, tell{Account: m.Account, Number: out.State.Key.Number, EventID: out.EventID})
	})
	if err != nil {
		return "", err
	}
	a.step("committed")
	return out.Reply, nil // now the contact may be answered
	// endregion receive
}

// region enqueue

// tell is the job that tells the CRM of an event. There is one for each event, however often
// it is enqueued.
type tell struct {
	Account string `json:"account"  river:"unique"`
	Number  string `json:"number"   river:"unique"`
	EventID string `json:"event_id" river:"unique"`
}

func (tell) Kind() string { return "tell_crm" }

func (a *app) enqueue(ctx context.Context, tx *sql.Tx, jobs ...tell) error {
	params := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		params[i] = river.InsertManyParams{Args: job, InsertOpts: &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}}
	}
	if _, err := a.queue.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("enqueue: %w", err) // with %w, so that InTx sees a conflict
	}
	a.step("enqueued")
	return nil
}

// endregion enqueue

// saveMessage keeps a message as the host does. One that is delivered again is there already.
func saveMessage(ctx context.Context, tx *sql.Tx, m optout.Message) error {
	_, err := tx.ExecContext(ctx,
		"INSERT INTO sync_messages (account, id, sender, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		m.Account, m.ID, m.From, []byte(m.Text))
	if err != nil {
		return fmt.Errorf("save the message: %w", err)
	}
	return nil
}
