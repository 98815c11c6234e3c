// Quickstart shows the main job of the SDK: a contact texts STOP, and nothing is
// sent to them until they text START.
//
//	go -C examples run ./quickstart
//
// It also plays a conversation of your own, one JSON object a line (messages.go
// has the fields; - is the standard input):
//
//	go -C examples run ./quickstart -messages FILE
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	account = "demo"            // whose contact it is: your customer, your brand
	contact = "+1 415 555 0123" // spelled as you like; this one belongs to nobody
	ours    = "+1 415 555 0100"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// story is the main job, from the contact's STOP to the record of it.
func story(ctx context.Context, screen *strings.Builder) error {
	// memstore forgets everything when the program ends. The opt-outs of real
	// people belong in a store that survives it.
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		return err
	}
	app := app{guard: guard, screen: screen}
	nine := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)

	if err := app.receive(ctx, "SM1", "  Stop. ", nine); err != nil {
		return err
	}
	if err := app.send(ctx, "Your order has shipped."); err != nil {
		return err
	}
	if err := app.receive(ctx, "SM2", "START", nine.Add(5*time.Minute)); err != nil {
		return err
	}
	if err := app.send(ctx, "Your order has arrived."); err != nil {
		return err
	}
	return app.history(ctx)
}

type app struct {
	guard  *optout.Guard
	screen *strings.Builder
}

// receive is for every text that comes in.
func (a app) receive(ctx context.Context, id, text string, at time.Time) error {
	out, err := a.guard.Receive(ctx, optout.Message{
		ID: id, Account: account, From: contact, To: ours, Text: text, At: at,
	})
	if err != nil {
		return err // a STOP may not be stored: let the provider deliver it again
	}
	fmt.Fprintf(a.screen, "contact texts  %q\n", text)
	if out.Reply != "" { // the confirmation of what was stored; Send would block it
		fmt.Fprintf(a.screen, "app replies    %q\n\n", out.Reply)
	}
	return nil
}

// send is for every text that goes out. A STOP may come at any time, so Send asks
// the store at the last moment.
func (a app) send(ctx context.Context, text string) error {
	fmt.Fprintf(a.screen, "app sends      %q\n", text)
	err := a.guard.Send(ctx, account, contact, func(_ context.Context, to string) error {
		fmt.Fprintf(a.screen, "  delivered    to %s\n\n", to) // here you call your provider
		return nil
	})
	if errors.Is(err, optout.ErrOptedOut) {
		fmt.Fprintf(a.screen, "  blocked      %v\n\n", err)
		return nil // as it should be
	}
	return err
}

// history is the proof, years later, of who asked for what, and when.
func (a app) history(ctx context.Context) error {
	const row = "%-20s  %-7s  %-7s  %-10s  %v\n"
	fmt.Fprintf(a.screen, "history of %s\n", contact)
	fmt.Fprintf(a.screen, row, "time", "action", "source", "text", "effective")
	for r, err := range a.guard.History(ctx, account, contact) {
		if err != nil {
			return err
		}
		fmt.Fprintf(a.screen, row,
			r.At.Format(time.RFC3339), r.Action, r.Source, strconv.Quote(r.Text), r.Effective)
	}
	return nil
}
