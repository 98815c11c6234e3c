package store_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func ExampleStanding_Next() {
	morning := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	var standing store.Standing
	for _, ev := range []store.Event{
		{ID: "stop", Action: store.OptOut, At: morning.Add(time.Hour)},
		{ID: "late start", Action: store.OptIn, At: morning},
		{ID: "agent", Action: store.Consent, At: morning.Add(2 * time.Hour)},
		{ID: "start", Action: store.OptIn, At: morning.Add(3 * time.Hour)},
	} {
		var effective bool
		standing, effective = standing.Next(store.Record{Event: ev}, store.Text{})
		fmt.Printf("%-10s effective: %-5t now %v\n", ev.ID, effective, standing.InForce().Status)
	}
	// Output:
	// stop       effective: true  now opted-out
	// late start effective: false now opted-out
	// agent      effective: false now opted-out
	// start      effective: true  now opted-in
}

// A text that may ask to stop holds the number, until a person has read it.
func ExampleLedger() {
	received := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	ledger := store.NewLedger(store.Key{Account: "acme", Number: "+14155552671"}, nil)
	text := store.Event{ID: "SM1", Action: store.Hold, ReceivedAt: received, Text: "who is this, pls stop"}
	review := text
	review.Action, review.Source, review.Actor = store.Uphold, store.SourceReview, "anna"
	for _, ev := range []store.Event{text, review, review} {
		result, err := ledger.Append(ev, received.Add(time.Minute))
		fmt.Println(ev.Action, result.State.Status, result.Duplicate, err)
	}
	// Output:
	// hold held false <nil>
	// uphold opted-out false <nil>
	// uphold opted-out true <nil>
}

func ExampleAs() {
	var s store.Store = memstore.New()
	_, canList := store.As[store.Lister](s)
	_, err := store.List(context.Background(), s, store.ListQuery{Account: "acme"})
	fmt.Println(canList, err)
	// Output: true <nil>
}

// The records of an import, of all its numbers.
func ExampleEventIDs() {
	ctx := context.Background()
	s := memstore.New()
	for _, row := range []string{"list-7/1", "list-7/2", "list-8/1"} {
		_, err := s.Append(ctx, store.Event{
			ID: row, Key: store.Key{Account: "acme", Number: "+1415555010" + row[7:]}, Action: store.OptOut, Source: store.SourceImport,
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	for q := (store.IDsQuery{Account: "acme", Prefix: "list-7/"}); ; {
		page, err := store.EventIDs(ctx, s, q)
		if err != nil {
			log.Fatal(err)
		}
		for _, record := range page.Records {
			fmt.Println(record.ID, record.Key.Number)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	// Output:
	// list-7/1 +14155550101
	// list-7/2 +14155550102
}
