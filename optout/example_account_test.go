package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// Most programs have one account, or know the account when a request comes in.
func ExampleGuard_For() {
	ctx := context.Background()
	st := memstore.New()
	sms := func(to, text string) { fmt.Printf("to %s: %.29s\n", to, text) }
	// region account
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US", Accounts: []string{"acme"}})
	if err != nil {
		log.Fatal(err)
	}
	acme := guard.For("acme")

	// Every inbound text.
	out, err := acme.Receive(ctx, optout.Message{ID: "SM1", From: "+14155552671", To: "+18885550100", Text: " Stop. "})
	if err != nil {
		log.Fatal(err) // answer 500, so that the provider delivers the text again
	}
	if out.Reply != "" {
		sms("+14155552671", out.Reply)
	}

	// Every outbound text.
	err = acme.Send(ctx, "(415) 555-2671", func(_ context.Context, to string) error {
		sms(to, "Our spring sale starts today!")
		return nil
	})
	fmt.Println(err, errors.Is(err, optout.ErrOptedOut))
	// endregion account

	// A mistyped account is an error, and not an open gate.
	decision, err := guard.For("Acme").Gate(ctx, "(415) 555-2671")
	fmt.Println(decision.Allowed, decision.Reason, err)
	// Output:
	// to +14155552671: You have successfully been un
	// optout: not sent: opted_out true
	// false invalid_account optout: invalid account: Options.Accounts does not list it
}
