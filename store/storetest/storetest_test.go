package storetest_test

import (
	"testing"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

func TestMemstoreKeepsEveryPromise(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Store { return memstore.New() }, &storetest.Options{Long: true})
}
