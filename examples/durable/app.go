package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// app is the same as in quickstart: it does not see which store the Guard has.
type app struct {
	guard   *optout.Guard
	contact string
	screen  *strings.Builder
}

// list shows the master list: who must not be sent to.
func (a app) list(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	n := 0
	for state, err := range a.guard.OptedOut(ctx, account) {
		if err != nil {
			return err
		}
		if n++; n == 1 {
			fmt.Fprintln(a.screen, "opted out already")
		}
		fmt.Fprintf(a.screen, "  %-16s since %s\n", state.Key.Number, stamp(state.At))
	}
	if n == 0 {
		fmt.Fprintln(a.screen, "nobody is opted out")
	}
	fmt.Fprintln(a.screen)
	return nil
}

func (a app) gate(ctx context.Context) (optout.Decision, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return a.guard.Gate(ctx, account, a.contact)
}

// receive is for every text that comes in.
func (a app) receive(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := a.guard.Receive(ctx, optout.Message{
		ID:      rand.Text(), // here the provider's, the same when it delivers the message again
		Account: account, From: a.contact, To: ours, Text: text, At: time.Now(),
	})
	if err != nil {
		return err // a STOP may not be stored: let the provider deliver it again
	}
	fmt.Fprintf(a.screen, "contact texts  %q\n", text)
	if out.Reply != "" { // it is stored by now, and may be answered
		fmt.Fprintf(a.screen, "app replies    %q\n", out.Reply)
	}
	fmt.Fprintln(a.screen)
	return nil
}

// send is for every text that goes out.
func (a app) send(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	fmt.Fprintf(a.screen, "app sends      %q\n", text)
	err := a.guard.Send(ctx, account, a.contact, func(_ context.Context, to string) error {
		fmt.Fprintf(a.screen, "  delivered    to %s\n", to) // here you call your provider
		return nil
	})
	if errors.Is(err, optout.ErrOptedOut) {
		fmt.Fprintf(a.screen, "  blocked      %v\n", err)
		return nil // as it should be
	}
	if blocked, ok := errors.AsType[*optout.BlockedError](err); ok {
		return fmt.Errorf("%w: %w", blocked, blocked.Unwrap()) // nobody knows, so nothing is sent
	}
	return err
}

// history is the proof, years later, of who asked for what, and when.
func (a app) history(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	const row = "%-20s  %-7s  %-7s  %-10s  %v\n"
	fmt.Fprintf(a.screen, "\nhistory of %s\n", a.contact)
	fmt.Fprintf(a.screen, row, "time", "action", "source", "text", "effective")
	for r, err := range a.guard.History(ctx, account, a.contact) {
		if err != nil {
			return err
		}
		fmt.Fprintf(a.screen, row, stamp(r.At), r.Action, r.Source, strconv.Quote(r.Text), r.Effective)
	}
	return nil
}

// stamp shows a time. Here each has one; one from elsewhere may not be known.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return t.Format(time.RFC3339)
}
