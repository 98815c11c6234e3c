package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// Number reads what a person, a spreadsheet or a provider has written. The word of a fault
// is for the person who can correct the text.
func ExampleGuard_Number() {
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	// region number
	for _, text := range []string{"(415) 555-2671", "14155552671@c.us", "4155552671.0", "415-555-XXXX", "555-2671"} {
		number, err := guard.Number(text)
		if refused, ok := errors.AsType[*optout.NumberError](err); ok {
			fmt.Printf("%s: %v\n", text, refused.Fault)
			continue
		}
		fmt.Printf("%s is %s\n", text, number)
	}
	// endregion number

	// Output:
	// (415) 555-2671 is +14155552671
	// 14155552671@c.us is +14155552671
	// 4155552671.0: spreadsheet
	// 415-555-XXXX: mask
	// 555-2671: local
}

// Contacts of other channels have an address and no phone number.
func ExampleOptions_channels() {
	ctx := context.Background()
	// region channels
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US", Channels: []string{"messenger", "line"}})
	if err != nil {
		log.Fatal(err)
	}
	stop := optout.Message{ID: "m1", Account: "acme", From: "messenger:2489176354201234", Text: "STOP"}
	out, err := guard.Receive(ctx, stop)
	if err != nil {
		log.Fatal(err)
	}
	_ = sms(ctx, stop.From, out.Reply) // by Messenger, of course
	for _, address := range []string{"Messenger:2489176354201234", "line:U4af4980629", "telegram:6175550123"} {
		decision, _ := guard.Gate(ctx, "acme", address)
		fmt.Println(address, decision.Allowed, decision.Reason)
	}
	// endregion channels

	// Output:
	// to messenger:2489176354201234: You have successfully been unsubscribe…
	// Messenger:2489176354201234 false opted_out
	// line:U4af4980629 true not_opted_out
	// telegram:6175550123 false invalid_number
}
