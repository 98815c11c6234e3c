package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Factory returns the store of one case. It may be empty and new, or use a server that
// others use at the same time: the accounts of a case have names that no other run uses.
// What needs closing is closed by t.Cleanup, after the case.
type Factory func(t testing.TB) store.Store

// Run makes each case a subtest of t.
func Run(t *testing.T, newStore Factory, opts *Options) {
	t.Helper()
	o, err := opts.settings()
	if err != nil {
		t.Error(err)
	}
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			if reason := o.Skip[c.name]; reason != "" {
				t.Skip(reason)
			}
			out := c.try(t.Context(), newStore(t), o)
			if out.err != nil {
				t.Errorf("%s: %v", c.promise, out.err)
			}
			if out.skipped != "" {
				t.Skip(out.skipped)
			}
		})
	}
}

// Check runs each case on one store, outside of a test. It returns nil if every promise
// was kept, and otherwise errors.Join of one error for each failed case, with the case's
// name, its promise and what was seen.
func Check(ctx context.Context, s store.Store, opts *Options) error {
	o, err := opts.settings()
	errs := []error{err}
	for _, c := range cases() {
		out := outcome{skipped: o.Skip[c.name]}
		if out.skipped == "" {
			out = c.try(ctx, s, o)
		}
		if out.err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w", c.name, c.promise, out.err))
		}
		if out.skipped != "" {
			o.Logf("storetest: %s skipped: %s", c.name, out.skipped)
		}
	}
	return errors.Join(errs...)
}

// Cases yields the name and the promise of each case, in the order in which they are run.
func Cases() iter.Seq2[string, string] {
	return func(yield func(name, promise string) bool) {
		for _, c := range cases() {
			if !yield(c.name, c.promise) {
				return
			}
		}
	}
}

// testCase is a promise of a store, and a function that shows whether it is kept.
type testCase struct {
	name    string
	run     func(*probe)
	promise string // a failure begins with it
}

// outcome is the result of a case. The zero outcome: the promise was kept.
type outcome struct {
	err     error
	skipped string
}

// maxGrace is how long a case may go on after its context has ended.
const maxGrace = 5 * time.Second

// try runs the case on a store, in a goroutine of its own, which ends when the case
// fails. If a call never returns, the goroutine is left running.
func (c testCase) try(ctx context.Context, s store.Store, o Options) outcome {
	if s == nil {
		return outcome{err: errors.New("there is no store")}
	}
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
	return p.outcome()
}
