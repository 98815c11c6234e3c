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
