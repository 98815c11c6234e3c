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

// probe is one case at work on one store. Its methods stop the case where the
// store fails, as those of a *testing.T do, and also in the goroutines that
// [probe.parallel] starts.
type probe struct {
	ctx     context.Context
	store   store.Store
	workers int
	rand    *mathrand.Rand // of the case's own goroutine
	source  *source
	account string       // of most of the keys; no other run has it
	names   atomic.Int64 // that were given out

	mu      sync.Mutex
	err     error // what was seen
	skipped string
}

func newProbe(ctx context.Context, s store.Store, o Options) *probe {
	source := newSource(o.Seed)
	return &probe{
		ctx:     ctx,
		store:   s,
		workers: o.Concurrency,
		rand:    mathrand.New(source),
		source:  source,
		account: "storetest-" + strings.ToLower(rand.Text()),
	}
}

// failf says what was seen, and ends the goroutine. The first failure counts.
func (p *probe) failf(format string, args ...any) {
	p.fail(fmt.Errorf(format, args...))
	runtime.Goexit()
}

func (p *probe) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

func (p *probe) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err != nil
}

// skip ends the case: what it needs is not there.
func (p *probe) skip(reason string) {
	p.mu.Lock()
	p.skipped = reason
	p.mu.Unlock()
	runtime.Goexit()
}

// guard makes a failure of a panic. It is to be deferred.
func (p *probe) guard() {
	if v := recover(); v != nil {
		p.fail(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
	}
}

// parallel calls f in n goroutines at the same time, and waits for all. Where
// one of them failed, the case ends.
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

// rounds counts to atLeast, and on to atMost while the budget lasts: what shows
// by chance is tried more often on a fast store.
func (p *probe) rounds(atLeast, atMost int, budget time.Duration) iter.Seq[int] {
	return func(yield func(int) bool) {
		start := time.Now()
		for i := range atMost {
			if i >= atLeast && time.Since(start) > budget || !yield(i) {
				return
			}
		}
	}
}

// key returns a key that no one used, of the case's account.
func (p *probe) key() store.Key {
	return store.Key{Account: p.account, Number: fmt.Sprintf("+1555%07d", p.names.Add(1))}
}

// otherAccount returns an account that no one used.
func (p *probe) otherAccount() string {
	return fmt.Sprintf("%s-%d", p.account, p.names.Add(1))
}

// event returns an event with an id that no one used, by the contact's keyword.
func (p *probe) event(key store.Key, status store.Status, at time.Time) store.Event {
	return store.Event{
		ID:     fmt.Sprintf("id-%d", p.names.Add(1)),
		Key:    key,
		Status: status,
		At:     at,
		Source: store.SourceKeyword,
	}
}

// minute returns a time of the provider's clock, later for a larger n.
func minute(n int) time.Time {
	return time.Date(2024, time.May, 17, 10, 0, 0, 123_456_000, time.UTC).Add(time.Duration(n) * time.Minute)
}

// isInvalid reports whether err says that no store takes the argument.
func isInvalid(err error) bool { return errors.Is(err, store.ErrInvalid) }
