package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The gate answers whether a number may be texted now, and why.
func ExampleGuard_Gate() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "STOP"}); err != nil {
		log.Fatal(err)
	}
	// region gate
	for _, number := range []string{"(415) 555-0123", "+14155550199", "unknown"} {
		decision, err := guard.Gate(ctx, "acme", number)
		fmt.Println(number, decision.Allowed, decision.Reason, err)
	}
	// endregion gate

	// Output:
	// (415) 555-0123 false opted_out <nil>
	// +14155550199 true not_opted_out <nil>
	// unknown false invalid_number optout: no phone number: letters (7 bytes)
}

// Send asks the gate at the last moment, and calls its argument with the number that the
// gate allowed.
func ExampleGuard_Send() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "STOP"}); err != nil {
		log.Fatal(err)
	}
	// region send
	for _, number := range []string{"(415) 555-0199", "whatsapp:+14155550199", "(415) 555-0123"} {
		err := guard.Send(ctx, "acme", number, func(ctx context.Context, to string) error {
			return sms(ctx, to, "Our spring sale starts today!")
		})
		if errors.Is(err, optout.ErrOptedOut) {
			fmt.Println(err)
		}
	}
	// endregion send

	// Output:
	// to +14155550199: Our spring sale starts today!…
	// to whatsapp:+14155550199: Our spring sale starts today!…
	// optout: not sent: opted_out
}

// A worker that sends, and says whether to try again later.
func ExampleGuard_Send_retry() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{Texts: optout.PolicyHold})
	if err != nil {
		log.Fatal(err)
	}
	_, err = guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "I think you have the wrong number"})
	if err != nil {
		log.Fatal(err)
	}
	// region worker
	work := func(number string) (again bool) {
		err := guard.Send(ctx, "acme", number, func(ctx context.Context, to string) error {
			return sms(ctx, to, "Our spring sale starts today!")
		})
		blocked, ok := errors.AsType[*optout.BlockedError](err)
		switch {
		case ok && blocked.Reason == optout.ReasonStoreError:
			log.Print("nobody knows, so nothing is sent: ", errors.Unwrap(blocked))
			return true
		case ok && blocked.Reason == optout.ReasonHeld:
			return true // later: a person has yet to read what the contact wrote
		case ok:
			return false // for good: opted out, no consent, no phone number
		default:
			return err != nil // the provider's error; Send asks the gate again
		}
	}
	// endregion worker
	fmt.Println(work("+14155550199"), work("+14155550123"), work("not a number"))

	// Output:
	// to +14155550199: Our spring sale starts today!…
	// false true false
}
