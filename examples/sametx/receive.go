package main

import (
	"context"
	"database/sql"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// app is the host: its database, its table of messages, and the Guard on the same
// database.
type app struct {
	db       *sql.DB
	store    *sqlstore.Store
	guard    *optout.Guard
	messages messages

	// handle is the rest of what the host does with a message in its transaction: a
	// ticket, a queue. It fails where the story wants that.
	handle func(ctx context.Context, tx *sql.Tx, m optout.Message) error
}

// receive is for every text that comes in. It returns the reply that the contact must
// get.
//
// On an error nothing is kept, so nothing may be answered: let the provider deliver
// the message again, unless optout.Permanent(err). An error at the commit may also
// mean that it was made and only its answer lost; then the redelivery is known to be
// one, and gets its reply as well.
func (a *app) receive(ctx context.Context, m optout.Message) (reply string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	var out optout.Outcome
	err = a.store.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// InTx runs this again after a conflict: nothing may be left of the run before,
		// and nothing here may be felt outside the transaction.
		out = optout.Outcome{}
		if err := a.messages.save(ctx, tx, m); err != nil {
			return err
		}
		var err error
		if out, err = a.guard.With(a.store.WithTx(tx)).Receive(ctx, m); err != nil {
			return err // as it is, also a conflict: InTx must see it
		}
		return a.handle(ctx, tx, m)
	})
	if err != nil {
		return "", err
	}
	return out.Reply, nil // committed: now the contact may be told
}
