package storetest_test

import (
	"context"
	"fmt"

	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// The suite outside of a test: before a program starts to use a store.
func ExampleCheck() {
	err := storetest.Check(context.Background(), memstore.New(), nil)
	fmt.Println(err)
	// Output: <nil>
}
