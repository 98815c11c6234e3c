package storetest_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// tidy is a store that means well: evidence is to be kept as it was given.
type tidy struct{ *memstore.Store }

func (s tidy) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev.Note = strings.TrimSpace(ev.Note)
	return s.Store.Append(ctx, ev)
}

func ExampleCheck() {
	err := storetest.Check(func() store.Store { return memstore.New() }, nil)
	fmt.Println("memstore:", err)

	err = storetest.Check(func() store.Store { return tidy{memstore.New()} }, nil)
	fmt.Println("tidy:", err)

	err = storetest.Check(func() store.Store { return tidy{memstore.New()} }, &storetest.Options{
		Skip: map[string]string{"Evidence": "notes are trimmed, which the README says"},
	})
	fmt.Println("tidy, with an exception:", err)
	// Output:
	// memstore: <nil>
	// tidy: Evidence: Evidence survives byte for byte: Append: Note is "", want " "
	// tidy, with an exception: <nil>
}
