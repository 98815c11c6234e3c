package storetest

import (
	"context"
	"sync/atomic"
)

// fuse is a context that is cancelled at the n-th look at it: by a call that
// gives up at each step, in turn, what a cancellation leaves half is found.
type fuse struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
	n      int64
}

// newFuse returns a fuse that is to be cancelled after use.
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
