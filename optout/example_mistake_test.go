package optout_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The file of another brand was imported, and the import is taken back. Who has sent a STOP
// stays opted out.
func Example_mistake() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	_, err = guard.Receive(ctx, optout.Message{
		ID: "SM1", Account: "acme", From: "+14155550101", Text: "STOP", At: time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC),
	})
	if err != nil {
		log.Fatal(err)
	}
	wrong := []string{"+14155550100", "+14155550101"}
	for _, number := range wrong {
		_, err := guard.RecordOptOut(ctx, optout.Request{
			ID: "list-7/" + number, Account: "acme", Number: number, Source: store.SourceImport, Actor: "ben@acme.example",
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	// region void
	for _, number := range wrong {
		out, err := guard.Void(ctx, optout.Correction{
			Account: "acme", Number: number, EventID: "list-7/" + number, Actor: "ben@acme.example", Note: "the list of another brand",
		})
		if err != nil {
			log.Fatal(err) // try again: what was taken back is a duplicate
		}
		fmt.Printf("%s %v %q\n", number, out.State.Status, out.State.EventID)
	}
	for record, err := range guard.History(ctx, "acme", wrong[0]) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v %s by %s: %q\n", record.Action, record.ID, record.Actor, record.Note)
	}
	// endregion void

	// Output:
	// +14155550100 unknown ""
	// +14155550101 opted-out "SM1"
	// opt-out request:list-7/+14155550100 by ben@acme.example: ""
	// void void:request:list-7/+14155550100 by ben@acme.example: "the list of another brand"
}
