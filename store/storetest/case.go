package storetest

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// testCase is a promise of a store, and what shows whether it is kept.
type testCase struct {
	name    string
	promise string // a failure begins with it
	run     func(*probe)
}

// outcome is what a case has shown. Zero: the promise was kept.
type outcome struct {
	err     error
	skipped string
}

// Cases yields the name and the promise of each case, in the order in which they
// are run.
func Cases() iter.Seq2[string, string] {
	return func(yield func(name, promise string) bool) {
		for _, c := range cases() {
			if !yield(c.name, c.promise) {
				return
			}
		}
	}
}

// maxGrace is how long a case may go on after the end of its context.
const maxGrace = 5 * time.Second

// try runs the case on a store, in a goroutine of its own: it ends itself where
// it fails. One that does not end, as a call never returns, is left behind.
func (c testCase) try(ctx context.Context, s store.Store, o Options) outcome {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	p := newProbe(ctx, s, o)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer p.guard()
		c.run(p)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(min(o.Timeout, maxGrace)):
			return outcome{err: fmt.Errorf("a call does not return, though its context ended after %v", o.Timeout)}
		}
	}
	return p.outcome(o)
}

// outcome is called when the case has ended.
func (p *probe) outcome(o Options) outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.err
	if err != nil && p.source.used {
		err = fmt.Errorf("%w (Options.Seed %d)", err, o.Seed)
	}
	if err != nil && p.ctx.Err() != nil {
		err = fmt.Errorf("%w (the case ran longer than Options.Timeout, %v)", err, o.Timeout)
	}
	return outcome{err: err, skipped: p.skipped}
}
