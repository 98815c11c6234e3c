package memstore_test

import (
	"context"
	"fmt"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func Example() {
	ctx := context.Background()
	s := memstore.New()
	key := store.Key{Account: "acme", Number: "+14155552671"}
	ev := store.Event{ID: "SM1", Key: key, Action: store.OptOut, Source: store.SourceKeyword, Text: "STOP"}
	for range 2 {
		result, err := s.Append(ctx, ev)
		fmt.Println(result.State.Status, result.Duplicate, err)
	}
	// Output:
	// opted-out false <nil>
	// opted-out true <nil>
}
