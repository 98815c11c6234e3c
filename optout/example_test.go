package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// sms is in place of the provider's client.
func sms(_ context.Context, to, text string) error {
	fmt.Printf("to %s: %.38s…\n", to, text)
	return nil
}

// The whole of it: every inbound text goes through Receive, every outbound one
// through Send.
func Example() {
	ctx := context.Background()
	// region embed
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}

	// Every inbound text. On an error let the provider deliver it again.
	out, err := guard.Receive(ctx, optout.Message{
		ID: "SM1", Account: "acme", From: "+14155552671", To: "+18885550100", Text: " Stop. ",
	})
	if err != nil {
		log.Fatal(err)
	}
	if out.Reply != "" {
		_ = sms(ctx, "+14155552671", out.Reply) // the one message that may still be sent
	}

	// Every outbound text.
	err = guard.Send(ctx, "acme", "+14155552671", func(ctx context.Context, to string) error {
		return sms(ctx, to, "Our spring sale starts today!")
	})
	fmt.Println(err, errors.Is(err, optout.ErrOptedOut))
	// endregion embed

	// Output:
	// to +14155552671: You have successfully been unsubscribe…
	// optout: not sent: opted_out true
}
