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

// An opt-out by phone, by mail, or through the app: by any means that is not a text.
func ExampleGuard_RecordOptOut() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	// region phone
	out, err := guard.RecordOptOut(ctx, optout.Request{
		ID: "call-4711", Account: "acme", Number: "(415) 555-0123",
		Source: store.SourceAgent, Actor: "ben@acme.example", Note: "asked by phone",
	})
	if err != nil {
		log.Fatal(err) // it is not known to be stored: try again
	}
	fmt.Println(out.State.Key.Number, out.State.Status, out.Changed, out.EventID)
	// endregion phone

	// Output:
	// +14155550123 opted-out true request:call-4711
}

// A list from another provider, row by row, as often as you like.
func ExampleGuard_RecordOptOut_import() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	rows := [][]string{{"phone", "opted out"}, {"(415) 555-2671", "2024-05-01"}, {"+442079460018", ""}}
	// region import
	for i, row := range rows {
		if _, err := guard.Number(row[0]); err != nil {
			fmt.Printf("row %d: %v\n", i+1, err)
			continue
		}
		var at time.Time // without a date, or with a broken one, the row blocks from now on
		if day, err := time.Parse(time.DateOnly, row[1]); err == nil {
			at = day.Add(36 * time.Hour) // a day ends, anywhere, at 12:00 UTC of the next: an opt-out in its evening counts
		}
		_, err := guard.RecordOptOut(ctx, optout.Request{
			ID:      "list-2024/" + row[0], // the same each time, so that a second run changes nothing
			Account: "acme", Number: row[0], At: at, Source: store.SourceImport, Actor: "ben@acme.example",
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	// endregion import
	for state := range guard.OptedOut(ctx, "acme") {
		fmt.Println(state.Key.Number, state.Status)
	}

	// Output:
	// row 1: optout: no phone number: letters (5 bytes)
	// +14155552671 opted-out
	// +442079460018 opted-out
}

// An agent can record consent, and cannot lift an opt-out with it.
func ExampleGuard_RecordConsent() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{RequireOptIn: true})
	if err != nil {
		log.Fatal(err)
	}
	// region consent
	form := optout.Request{
		ID: "form-7731", Account: "acme", Number: "+14155552671", Source: store.SourceWeb,
		At: time.Date(2026, time.March, 1, 9, 30, 0, 0, time.UTC), Actor: "signup page, version 12",
		Text: "[x] Text me offers. Msg&Data rates may apply. Reply STOP to unsubscribe",
	}
	out, err := guard.RecordConsent(ctx, form)
	fmt.Println(out.State.Status, err)

	_, _ = guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155552671", Text: "STOP"})
	form.ID = "form-9000"
	out, err = guard.RecordConsent(ctx, form)
	fmt.Println(out.State.Status, errors.Is(err, optout.ErrOptedOut))
	// endregion consent

	// Output:
	// opted-in <nil>
	// opted-out true
}
