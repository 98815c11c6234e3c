package store_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func ExampleNext() {
	morning := time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)
	state := store.State{}
	for _, ev := range []store.Event{
		{ID: "stop", Action: store.OptOut, Source: store.SourceKeyword, At: morning.Add(time.Hour)},
		{ID: "late start", Action: store.OptIn, Source: store.SourceKeyword, At: morning},
		{ID: "agent", Action: store.OptIn, Source: store.SourceAgent, At: morning.Add(2 * time.Hour)},
		{ID: "start", Action: store.OptIn, Source: store.SourceKeyword, At: morning.Add(3 * time.Hour)},
	} {
		var effective bool
		state, effective = store.Next(state, ev)
		fmt.Printf("%-10s effective: %-5t now %v\n", ev.ID, effective, state.Status)
	}
	// Output:
	// stop       effective: true  now opted-out
	// late start effective: false now opted-out
	// agent      effective: false now opted-out
	// start      effective: true  now opted-in
}

func ExampleAs() {
	var s store.Store = memstore.New()
	_, canList := store.As[store.Lister](s)
	_, err := store.List(context.Background(), s, store.ListQuery{Account: "acme"})
	fmt.Println(canList, err)
	// Output: true <nil>
}
