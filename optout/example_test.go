package optout_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// sms stands for the provider's client.
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
		_ = sms(ctx, "+14155552671", out.Reply) // the one message that is still owed
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

func ExampleClassify() {
	for _, text := range []string{"STOP", " stop! ", "ＳＴＯＰ", "STOP PLEASE", "unstop", "Help?", "see you at the bus stop"} {
		fmt.Printf("%q: %v\n", text, optout.Classify(text).Intent)
	}
	// Output:
	// "STOP": opt-out
	// " stop! ": opt-out
	// "ＳＴＯＰ": opt-out
	// "STOP PLEASE": none
	// "unstop": opt-in
	// "Help?": help
	// "see you at the bus stop": none
}

// A host that needs more words than the default list lists them.
func ExampleNew_keywords() {
	// region keywords
	words, err := keywords.Default().With(
		keywords.Keyword{Text: "REVOKE", Intent: keywords.OptOut, Language: "en", Source: "47 CFR 64.1200(a)(10)"},
		keywords.Keyword{Text: "OPT OUT", Intent: keywords.OptOut, Language: "en", Source: "47 CFR 64.1200(a)(10)"},
		keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es", Source: "our campaign in Spain"},
	)
	if err != nil {
		log.Fatal(err)
	}
	guard, err := optout.New(memstore.New(), &optout.Options{Keywords: words, DefaultRegion: "US"})
	// endregion keywords
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"opt-out", "Baja", "remove me"} {
		fmt.Printf("%q: %+v\n", text, guard.Classify(text))
	}
	// Output:
	// "opt-out": {Intent:opt-out Keyword:OPT OUT Language:en}
	// "Baja": {Intent:opt-out Keyword:BAJA Language:es}
	// "remove me": {Intent:none Keyword: Language:}
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
		fmt.Printf("%-15s %-5t %s\n", recipients[i], d.Allowed, d.Reason)
	}
	// endregion batch

	// Output:
	// (415) 555-2671  false opted_out
	// +442079460018   true  not_opted_out
	// n/a             false invalid_number
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
		At: time.Date(2026, time.March, 1, 9, 30, 0, 0, time.UTC), Actor: "signup page, version 12", Text: "[x] Text me offers. Msg&Data rates may apply. Reply STOP to unsubscribe",
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
		day, _ := time.Parse(time.DateOnly, row[1]) // zero where there is none: then it blocks from now on
		_, err := guard.RecordOptOut(ctx, optout.Request{
			ID:      "list-2024/" + row[0], // the same each time, so that a second run changes nothing
			Account: "acme", Number: row[0], At: day, Source: store.SourceImport, Actor: "ben@acme.example",
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
	// row 1: optout: no phone number (5 bytes)
	// +14155552671 opted-out
	// +442079460018 opted-out
}

// A worker that sends, and tries again where that can help.
func ExampleGuard_Send_retry() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
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
	fmt.Println(work("+14155552671"), work("not a number"))

	// Output:
	// to +14155552671: Our spring sale starts today!…
	// false false
}

// The record that is asked for in a dispute.
func ExampleGuard_History() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"STOP", "START", "Unsubscribe!"} {
		_, err := guard.Receive(ctx, optout.Message{
			ID: fmt.Sprint("SM", i), Account: "acme", From: "+14155552671", Text: text,
			At: time.Date(2026, time.March, 1, 9, i, 0, 0, time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	// region history
	for record, err := range guard.History(ctx, "acme", "+14155552671") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.At.Format(time.DateTime), record.Action, record.Source, record.Text)
	}
	for state, err := range guard.OptedOut(ctx, "acme") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(state.Key.Number, "opted out by", state.EventID)
	}
	// endregion history

	// Output:
	// 2026-03-01 09:00:00 opt-out keyword STOP
	// 2026-03-01 09:01:00 opt-in keyword START
	// 2026-03-01 09:02:00 opt-out keyword Unsubscribe!
	// +14155552671 opted out by SM2
}

func ExampleSegments() {
	fmt.Println(optout.Segments(optout.Footer))
	fmt.Println(optout.Segments("Vous êtes désabonné"))
	// Output:
	// {GSM-7 25 1}
	// {UCS-2 19 1}
}
