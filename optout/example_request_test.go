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
	rows := [][]string{{"(415) 555-2671", "2024-05-01"}, {"+442079460018", ""}, {"+442079460023", "1 May"}, {"415-555-XXXX", ""}, {"", ""}}
	// region import
	for i, row := range rows {
		r := optout.Request{
			ID:      "list-2024/" + row[0], // the same each time: a second run of a row with a day changes nothing
			Account: "acme", Number: row[0], Day: row[1], Source: store.SourceImport, Actor: "ben@acme.example",
		}
		out, err := guard.RecordOptOut(ctx, r)
		if errors.Is(err, optout.ErrInvalidMessage) { // no date: without a day the row blocks from now on
			fmt.Printf("row %d: %v\n", i+1, err)
			r.Day = ""
			out, err = guard.RecordOptOut(ctx, r)
		}
		switch {
		case optout.Permanent(err): // an empty row
		case err != nil:
			log.Fatal(err)
		case out.NoNumber: // recorded as it is written: show the row to a person
			fmt.Printf("row %d: no phone number: %v\n", i+1, out.Fault)
		}
	}
	// endregion import
	for state := range guard.OptedOut(ctx, "acme") {
		fmt.Println(state.Key.Number, state.Status)
	}

	// Output:
	// row 3: optout: invalid message: Day: no such date, want one such as 2025-03-04
	// row 4: no phone number: mask
	// row 5: optout: invalid message: Number: optout: no phone number: empty (0 bytes)
	// +14155552671 opted-out
	// +442079460018 opted-out
	// +442079460023 opted-out
	// 415-555-XXXX opted-out
}

// A list with days and no times: an opt-out of a day wins over a START of the same day, in any
// time zone, and a START of a later day wins over the opt-out.
func ExampleGuard_RecordOptOut_day() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	start := optout.Message{
		ID: "SM1", Account: "acme", From: "+14155552671", Text: "START",
		At: time.Date(2025, time.March, 5, 2, 30, 0, 0, time.UTC), // in Chicago in the evening of the 4th
	}
	if _, err := guard.Receive(ctx, start); err != nil {
		log.Fatal(err)
	}
	for _, day := range []string{"2025-03-03", "2025-03-04"} {
		out, err := guard.RecordOptOut(ctx, optout.Request{
			ID: "row-17", Account: "acme", Number: "+14155552671", Day: day, Source: store.SourceImport,
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(day, out.State.Status, out.Superseded)
	}

	// Output:
	// 2025-03-03 opted-in true
	// 2025-03-04 opted-out false
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
