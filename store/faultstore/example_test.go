package faultstore_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The store goes down, and comes back.
func Example() {
	var outage faultstore.Toggle
	s := faultstore.Wrap(memstore.New(), outage.Inject)
	ctx := context.Background()
	key := store.Key{Account: "acme", Number: "+14155552671"}

	_, err := s.Get(ctx, key)
	fmt.Println("up:", err)
	outage.On()
	_, err = s.Get(ctx, key)
	fmt.Println("down:", err)
	outage.Off()
	_, err = s.Get(ctx, key)
	fmt.Println("up again:", err)
	// Output:
	// up: <nil>
	// down: faultstore: injected
	// up again: <nil>
}

// The connection breaks after the write: the opt-out is stored, and its sender
// has to ask again to know it.
func ExampleAfter() {
	broken := errors.New("connection reset")
	s := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, broken)))
	optOut := store.Event{
		ID: "SM1", Key: store.Key{Account: "acme", Number: "+14155552671"},
		Action: store.OptOut, Source: store.SourceKeyword,
	}

	_, err := s.Append(context.Background(), optOut)
	fmt.Println("first:", err)
	res, err := s.Append(context.Background(), optOut)
	fmt.Println("again:", res.State.Status, res.Duplicate, err)
	// Output:
	// first: connection reset
	// again: opted-out true <nil>
}
