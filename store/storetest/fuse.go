package storetest

import (
	"context"
	"sync/atomic"
)

// fuse is a context that cancels itself on the n-th call of Done or Err, so that a case
// can interrupt a store at every step.
type fuse struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
	n      int64
}

// newFuse returns a fuse that must be cancelled after use.
func newFuse(parent context.Context, n int) *fuse {
	ctx, cancel := context.WithCancel(parent)
	return &fuse{Context: ctx, cancel: cancel, n: int64(n)}
}

func (f *fuse) Done() <-chan struct{} {
	f.look()
	return f.Context.Done()
}

func (f *fuse) Err() error {
	f.look()
	return f.Context.Err()
}

func (f *fuse) look() {
	if f.looks.Add(1) >= f.n {
		f.cancel()
	}
}
