package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	mathrand "math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// probe is one case at work on one store. Its methods end the case if the store fails,
// as those of a *testing.T do, also in the goroutines that [probe.parallel] starts.
type probe struct {
	ctx     context.Context
	store   store.Store
	options Options
	workers int
	rand    *mathrand.Rand // of the case's own goroutine
	source  *source
	account string                   // of most of the keys; no other run has it
	names   *atomic.Int64            // that were given out
	end     *atomic.Pointer[outcome] // the first failure, or why the case is skipped
}

func newProbe(ctx context.Context, s store.Store, o Options) *probe {
	source := &source{pcg: mathrand.NewPCG(o.Seed, 0)}
	return &probe{
		ctx:     ctx,
		store:   s,
		options: o,
		workers: o.Concurrency,
		rand:    mathrand.New(source),
		source:  source,
		account: "storetest-" + strings.ToLower(rand.Text()),
		names:   new(atomic.Int64),
		end:     new(atomic.Pointer[outcome]),
	}
}

// source is a source of random numbers that knows whether a case has used it: only then
// the seed belongs to a failure.
type source struct {
	pcg  *mathrand.PCG
	used bool
}

// Uint64 implements [mathrand.Source].
func (s *source) Uint64() uint64 {
	s.used = true
	return s.pcg.Uint64()
}

// outcome is called when the case has ended.
func (p *probe) outcome() outcome {
	end := p.end.Load()
	if end == nil {
		return outcome{}
	}
	err := end.err
	if err != nil && p.source.used {
		err = fmt.Errorf("%w (Options.Seed %d)", err, p.options.Seed)
	}
	if err != nil && p.ctx.Err() != nil {
		err = fmt.Errorf("%w (the case ran longer than Options.Timeout, %v)", err, p.options.Timeout)
	}
	return outcome{err: err, skipped: end.skipped}
}

// failf says what was seen, and ends the goroutine. The first failure counts.
func (p *probe) failf(format string, args ...any) {
	p.fail(fmt.Errorf(format, args...))
	runtime.Goexit()
}

// checkf fails unless ok.
func (p *probe) checkf(ok bool, format string, args ...any) {
	if !ok {
		p.failf(format, args...)
	}
}

// mustf fails if there is an error.
func (p *probe) mustf(err error, format string, args ...any) {
	if err != nil {
		p.failf("%s: %w", fmt.Sprintf(format, args...), err)
	}
}

// samef fails if there is a difference, as [diff] and [diffs] return it.
func (p *probe) samef(difference, format string, args ...any) {
	if difference != "" {
		p.failf("%s: %s", fmt.Sprintf(format, args...), difference)
	}
}

// invalidf fails unless an error says that no store takes the argument.
func (p *probe) invalidf(err error, format string, args ...any) {
	if !errors.Is(err, store.ErrInvalid) {
		p.failf("%s: error is %v", fmt.Sprintf(format, args...), err)
	}
}

func (p *probe) fail(err error) { p.end.CompareAndSwap(nil, &outcome{err: err}) }

func (p *probe) failed() bool { return p.end.Load() != nil }

// skip ends the case, because what it needs is missing.
func (p *probe) skip(reason string) {
	p.end.CompareAndSwap(nil, &outcome{skipped: reason})
	runtime.Goexit()
}

// guard makes a failure of a panic. It must be deferred.
func (p *probe) guard() {
	if v := recover(); v != nil {
		p.fail(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}
}

// parallel calls f in n goroutines at the same time, and waits for all of them. If one of
// them failed, the case ends.
func (p *probe) parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			defer p.guard()
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
	if p.failed() {
		runtime.Goexit()
	}
}

// beside calls read again and again in some goroutines, while others write.
func (p *probe) beside(readers int, read func(), writers int, write func(writer int)) {
	var writing atomic.Int64
	writing.Store(int64(writers))
	p.parallel(writers+readers, func(i int) {
		if i < writers {
			defer writing.Add(-1)
			write(i)
			return
		}
		for writing.Load() > 0 && !p.failed() {
			read()
		}
	})
}

// rounds counts to atLeast, and on to atMost while the budget lasts: what shows by chance
// is tried more often on a fast store, and less often with [Options.Brief].
func (p *probe) rounds(atLeast, atMost int, budget time.Duration) iter.Seq[int] {
	const brief = 3
	if p.options.Brief {
		atLeast, budget = (atLeast+brief-1)/brief, budget/brief
	}
	return func(yield func(int) bool) {
		start := time.Now()
		for i := range atMost {
			if i >= atLeast && time.Since(start) > budget || !yield(i) {
				return
			}
		}
	}
}

// spread calls f with 0 to n-1, in as many goroutines as call the store at once.
func (p *probe) spread(n int, f func(i int)) {
	p.parallel(p.workers, func(worker int) {
		for i := worker; i < n; i += p.workers {
			f(i)
		}
	})
}

// key returns a key of the case's account that no one has used, greater than those before.
func (p *probe) key() store.Key { return p.keyIn(p.account) }

func (p *probe) keyIn(account string) store.Key {
	return store.Key{Account: account, Number: fmt.Sprintf("+1555%07d", p.names.Add(1))}
}

// otherAccount returns an account that no one has used.
func (p *probe) otherAccount() string {
	return fmt.Sprintf("%s-%d", p.account, p.names.Add(1))
}

// reopen opens the data of the store a second time, or skips the case. It returns the
// same probe at work on the second store.
func (p *probe) reopen() *probe {
	if p.options.Reopen == nil {
		p.skip("Options.Reopen is not set")
	}
	s, err := p.options.Reopen(p.store)
	p.mustf(err, "Options.Reopen")
	p.checkf(s != nil, "Options.Reopen returned no store")
	other := *p
	other.store = s
	return &other
}
