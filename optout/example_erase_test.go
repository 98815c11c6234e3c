package optout_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A contact who opted out asks for erasure: the words go, and the opt-out stays.
func ExampleGuard_Erase() {
	ctx := context.Background()
	monday := time.Date(2026, time.March, 2, 15, 0, 0, 0, time.UTC)
	guard, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return monday }})
	if err != nil {
		log.Fatal(err)
	}
	_, err = guard.RecordOptOut(ctx, optout.Request{
		ID: "ticket-1", Account: "acme", Number: "+14155552671", Text: "I am Kim Doe, stop it!", Actor: "bert@acme.example",
	})
	if err != nil {
		log.Fatal(err)
	}
	// region erase
	erased, err := guard.Erase(ctx, optout.Erasure{
		Account: "acme", Number: "+14155552671", Actor: "anna@acme.example", Note: "request of 27 February, ticket 7",
	})
	if err != nil {
		log.Fatal(err) // call it again: it finishes what was not done
	}
	fmt.Println(erased.Records, "record") // 0 where nothing is recorded of the number
	for record, err := range guard.History(ctx, "acme", "+14155552671") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v %s by %q: text %q, erased: %t\n", record.Action, record.ID, record.Actor, record.Text, record.Erased)
	}
	decision, err := guard.Gate(ctx, "acme", "+14155552671")
	fmt.Println(decision.Allowed, decision.Reason, err)
	// endregion erase

	// Output:
	// 1 record
	// opt-out request:ticket-1 by "": text "", erased: true
	// erase erase:2026-03-02T15:00:00Z by "anna@acme.example": text "", erased: false
	// false opted_out <nil>
}
