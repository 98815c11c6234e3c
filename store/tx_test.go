package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// inTx is a store that says whether it is bound.
type inTx struct {
	store.Store

	bound bool
}

func (s inTx) TxBound() bool { return s.bound }

// around wraps a store.
type around struct{ store.Store }

func (a around) Unwrap() store.Store { return a.Store }

func TestInTx(t *testing.T) {
	require.True(t, store.InTx(inTx{bound: true}))
	require.True(t, store.InTx(around{inTx{bound: true}}))
	require.False(t, store.InTx(inTx{}))
	require.False(t, store.InTx(memstore.New()), "which does not say")
	require.False(t, store.InTx(nil))
}
