package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A text that asks to stop in other words than a keyword, or may do so.
func ExampleGuard_Reviews() {
	ctx := context.Background()
	monday := time.Date(2026, time.March, 2, 15, 0, 0, 0, time.UTC)
	// region reviews
	guard, err := optout.New(memstore.New(), &optout.Options{
		Texts: optout.PolicyOptOut, // what is certain opts out, what is possible waits for a person
		Now:   func() time.Time { return monday },
	})
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"Stop. Thank you", "I think you have the wrong number", "See you at the bus stop"} {
		from := fmt.Sprintf("+1415555010%d", i)
		out, err := guard.Receive(ctx, optout.Message{ID: fmt.Sprint("SM", i), Account: "acme", From: from, Text: text})
		if err != nil {
			log.Fatal(err)
		}
		decision, _ := guard.Gate(ctx, "acme", from)
		fmt.Printf("%s: %v, %s, answered: %t\n", text, out.Reading.Certainty, decision.Reason, out.Reply != "")
	}

	// What waits, oldest first, and what a person makes of it.
	for review, err := range guard.Reviews(ctx, "acme") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q, due %s\n", review.Text, review.Due.Format(time.DateOnly))
		out, err := guard.Resolve(ctx, optout.Resolution{
			Account: "acme", Review: review.Record,
			Verdict: optout.VerdictRequest, Actor: "anna@acme.example", Note: "not our customer",
		})
		fmt.Println(out.State.Status, err)
	}
	// endregion reviews

	err = guard.Send(ctx, "acme", "+14155550101", func(context.Context, string) error { return nil })
	fmt.Println(errors.Is(err, optout.ErrOptedOut))
	// Output:
	// Stop. Thank you: certain, opted_out, answered: true
	// I think you have the wrong number: possible, held, answered: false
	// See you at the bus stop: none, not_opted_out, answered: false
	// "I think you have the wrong number", due 2026-03-16
	// opted-out <nil>
	// true
}

// A text that was read as a request by mistake is found in the history.
func ExampleGuard_Resolve() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{Texts: optout.PolicyOptOut})
	if err != nil {
		log.Fatal(err)
	}
	_, err = guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "Stop. Thank you"})
	if err != nil {
		log.Fatal(err)
	}
	// region resolve
	for record, err := range guard.History(ctx, "acme", "+14155550123") {
		if err != nil {
			log.Fatal(err)
		}
		if record.Source != store.SourceText {
			continue
		}
		out, err := guard.Resolve(ctx, optout.Resolution{
			Account: "acme", Review: record, Verdict: optout.VerdictNoRequest,
			Actor: "anna@acme.example", Note: "she meant the delivery, and said so by phone",
		})
		fmt.Printf("%q: %v, %v\n", record.Text, out.State.Status, err)
	}
	// endregion resolve

	// Output:
	// "Stop. Thank you": unknown, <nil>
}
