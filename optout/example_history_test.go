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

// The master list of an account.
func ExampleGuard_OptedOut() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"STOP", "START", "STOP"} {
		m := optout.Message{ID: fmt.Sprint("SM", i), Account: "acme", From: fmt.Sprint("+1415555010", i), Text: text}
		if _, err := guard.Receive(ctx, m); err != nil {
			log.Fatal(err)
		}
	}
	// region list
	for state, err := range guard.OptedOut(ctx, "acme") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(state.Key.Number, state.Source, state.EventID)
	}
	// endregion list

	// Output:
	// +14155550100 keyword SM0
	// +14155550102 keyword SM2
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

// What was recorded since the last night, for another system.
func ExampleGuard_Changes() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	var kept store.Cursor // in the host's database
	for night, texts := range [][]string{{"STOP", "START"}, {}, {"STOP"}} {
		for i, text := range texts {
			m := optout.Message{ID: fmt.Sprintf("SM%d%d", night, i), Account: "acme", From: "+14155552671", Text: text}
			if _, err := guard.Receive(ctx, m); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Println("night", night+1)
		// region changes
		for page, err := range guard.Changes(ctx, store.ChangesQuery{Account: "acme", After: kept}) {
			if err != nil {
				log.Fatal(err) // go on from kept at the next run
			}
			for _, r := range page.Records {
				fmt.Println(r.Key.Number, r.Action, r.ID)
			}
			kept = page.Next // once the records are dealt with
		}
		// endregion changes
	}

	// Output:
	// night 1
	// +14155552671 opt-out SM00
	// +14155552671 opt-in SM01
	// night 2
	// night 3
	// +14155552671 opt-out SM20
}
