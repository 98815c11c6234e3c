package optout_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The recipients of a campaign come from anywhere, in any number: a file, a query.
func ExampleGateSeq() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "STOP"}); err != nil {
		log.Fatal(err)
	}
	// region campaign
	type customer struct{ Name, Phone string }
	customers := slices.Values([]customer{{"Ada", "(415) 555-0123"}, {"Ben", "+14155550199"}, {"Cleo", ""}})
	for gated, err := range optout.GateSeq(ctx, guard, "acme", customers, func(c customer) string { return c.Phone }) {
		if err != nil {
			log.Fatal(err) // the rest must not be sent to
		}
		fmt.Println(gated.Recipient.Name, gated.Decision.Allowed, gated.Decision.Reason)
	}
	// endregion campaign

	// Output:
	// Ada false opted_out
	// Ben true not_opted_out
	// Cleo false invalid_number
}

func ExampleGuard_GateBatch() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := guard.RecordOptOut(ctx, optout.Request{Account: "acme", Number: "+14155552671", Source: store.SourceWeb}); err != nil {
		log.Fatal(err)
	}
	// region batch
	recipients := []string{"(415) 555-2671", "+442079460018", "n/a"}
	decisions, err := guard.GateBatch(ctx, "acme", recipients)
	if err != nil {
		log.Fatal(err) // nothing may be sent
	}
	for i, d := range decisions {
		fmt.Printf("%-15s %-5t %-14s %v\n", recipients[i], d.Allowed, d.Reason, d.Fault)
	}
	// endregion batch

	// Output:
	// (415) 555-2671  false opted_out      none
	// +442079460018   true  not_opted_out  none
	// n/a             false invalid_number letters
}
