package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

const ada, ben = "+14155550123", "+14155550124" // they belong to nobody

var errFull = errors.New("the ticket queue is full")

// story receives three messages. In an account that is new, nothing is there before.
func (a *app) story(ctx context.Context, account string, screen *strings.Builder) error {
	s := teller{app: a, account: account, screen: screen, at: time.Now()}

	fmt.Fprintln(screen, "1. commit: the message and its opt-out are stored in one transaction")
	a.handle = works
	if err := s.deliver(ctx, "SM1", ada); err != nil {
		return err
	}

	fmt.Fprintln(screen, "2. rollback: a later step of the host fails in the same transaction")
	a.handle = fails
	if err := s.deliver(ctx, "SM2", ben); err != nil {
		return err
	}

	fmt.Fprintln(screen, "3. the provider delivers it again, since it got no success")
	a.handle = works
	return s.deliver(ctx, "SM2", ben)
}

func works(context.Context, *sql.Tx, optout.Message) error { return nil }

func fails(context.Context, *sql.Tx, optout.Message) error { return errFull }

// teller tells what happens.
type teller struct {
	app     *app
	account string
	screen  *strings.Builder
	at      time.Time // of all messages; a message that is delivered again has the same
}

// deliver is what a webhook does.
func (s teller) deliver(ctx context.Context, id, from string) error {
	m := optout.Message{ID: id, Account: s.account, From: from, To: ours, Text: "STOP", At: s.at}
	fmt.Fprintf(s.screen, "   %s texts %q\n", m.From, m.Text)
	reply, err := s.app.receive(ctx, m)
	switch {
	case errors.Is(err, errFull):
		fmt.Fprintf(s.screen, "   no reply, and the provider is answered 500: %v\n", err)
	case err != nil:
		return err
	case reply != "":
		fmt.Fprintf(s.screen, "   app replies %q\n", reply)
	}
	return s.tables(ctx)
}

// tables shows what both tables hold now.
func (s teller) tables(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows, err := s.app.messages.list(ctx, s.app.db, s.account)
	if err != nil {
		return err
	}
	for _, row := range rows {
		fmt.Fprintf(s.screen, "     message  %s from %s %q\n", row.id, row.sender, row.text)
	}
	for state, err := range s.app.guard.OptedOut(ctx, s.account) {
		if err != nil {
			return err
		}
		fmt.Fprintf(s.screen, "     opt-out  %s of %s\n", state.EventID, state.Key.Number)
	}
	fmt.Fprintln(s.screen)
	return nil
}
