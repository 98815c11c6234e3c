package storetest_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// tidy is a store that means well, but evidence must be kept as it was given.
type tidy struct{ *memstore.Store }

func (s tidy) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev.Note = strings.TrimSpace(ev.Note)
	return s.Store.Append(ctx, ev)
}

func ExampleCheck() {
	err := storetest.Check(context.Background(), tidy{memstore.New()}, nil)
	fmt.Println(err)
	// Output:
	// Evidence: Evidence survives byte for byte: Append: Note is "", want " "
}
