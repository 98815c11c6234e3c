package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A text that asks to stop in other words than a keyword, or may do so.
func ExampleGuard_Reviews() {
	ctx := context.Background()
	monday := time.Date(2026, time.March, 2, 15, 0, 0, 0, time.UTC)
	// region reviews
	guard, err := optout.New(memstore.New(), &optout.Options{
		Revocations: optout.OptOut, // what is certain opts out, what is possible waits for a person
		Now:         func() time.Time { return monday },
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
		fmt.Printf("%s: %v, %s, answered: %t\n", text, out.Revocation.Certainty, decision.Reason, out.Reply != "")
	}

	// What waits, oldest first, and what a person makes of it.
	for review, err := range guard.Reviews(ctx, "acme") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%q, due %s\n", review.Event.Text, review.Due.Format(time.DateOnly))
		out, err := guard.Resolve(ctx, optout.Resolution{
			Account: "acme", Number: review.Event.Key.Number, EventID: review.Event.ID,
			Verdict: optout.AsksToStop, Actor: "anna@acme.example", Note: "not our customer",
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

// Double opt-in: START asks, YES confirms, and YES is an ordinary text else.
func ExampleOptions_confirmOptIn() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{ConfirmOptIn: true, RequireOptIn: true})
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"yes", "START", "Yes!"} {
		out, err := guard.Receive(ctx, optout.Message{ID: fmt.Sprint("SM", i), Account: "acme", From: "+14155550123", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		decision, _ := guard.Gate(ctx, "acme", "+14155550123")
		fmt.Printf("%s: %s, %.40q\n", text, decision.Reason, out.Reply)
	}
	// Output:
	// yes: no_consent, ""
	// START: no_consent, "Reply YES to confirm that you want messa"
	// Yes!: opted_in, "You have successfully been re-subscribed"
}
