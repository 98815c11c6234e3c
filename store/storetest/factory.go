package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seed-f10031e4/consent/store"
)

// Factory makes the store of a case.
type Factory interface {
	func() store.Store | func() (store.Store, error) | func(testing.TB) store.Store
}

// RunFactory makes the store of a subtest.
type RunFactory interface {
	Factory | func(*testing.T) store.Store
}

// BenchmarkFactory makes the store of a benchmark.
type BenchmarkFactory interface {
	Factory | func(*testing.B) store.Store
}

var errNoStore = errors.New("newStore returned no store")

// open calls newStore, which is one of the factories. It may end the goroutine,
// as a testing.TB does.
func open(tb testing.TB, newStore any) (s store.Store, err error) {
	switch f := newStore.(type) {
	case func() store.Store:
		s = f()
	case func() (store.Store, error):
		s, err = f()
	case func(testing.TB) store.Store:
		s = f(tb)
	case func(*testing.T) store.Store:
		t, ok := tb.(*testing.T)
		if !ok {
			return nil, fmt.Errorf("newStore wants a *testing.T, not a %T", tb)
		}
		s = f(t)
	case func(*testing.B) store.Store:
		b, ok := tb.(*testing.B)
		if !ok {
			return nil, fmt.Errorf("newStore wants a *testing.B, not a %T", tb)
		}
		s = f(b)
	}
	if err != nil {
		return nil, fmt.Errorf("newStore: %w", err)
	}
	if s == nil {
		return nil, errNoStore
	}
	return s, nil
}
