package faultstore_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// While the store is away the gate is closed, and STOP is answered with an error,
// so that the provider delivers it again.
func Example_failClosed() {
	ctx := context.Background()
	// region fault
	outage := new(faultstore.Toggle)
	guard, err := optout.New(faultstore.Wrap(memstore.New(), outage.Inject), nil)
	if err != nil {
		log.Fatal(err)
	}
	webhook := func() string {
		out, err := guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155552671", Text: "STOP"})
		if err != nil {
			return "500" // the provider delivers it again
		}
		return "200 " + out.Reply
	}

	outage.On()
	fmt.Println(webhook())
	decision, err := guard.Gate(ctx, "acme", "+14155552671")
	fmt.Println(decision.Allowed, decision.Reason, errors.Is(err, faultstore.ErrInjected))

	outage.Off()
	fmt.Println(webhook())
	decision, err = guard.Gate(ctx, "acme", "+14155552671")
	fmt.Println(decision.Allowed, decision.Reason, err)
	// endregion fault

	// Output:
	// 500
	// false store_error true
	// 200 You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.
	// false opted_out <nil>
}
