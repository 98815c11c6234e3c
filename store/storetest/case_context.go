package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// needsContext fails if a call succeeds under a context that has ended before.
func (p *probe) needsContext(method string, call func(context.Context) error) {
	cancelled, cancel := context.WithCancel(p.ctx)
	cancel()
	expired, cancel := context.WithDeadline(p.ctx, minute(1))
	cancel()
	p.checkf(call(cancelled) != nil, "%s, the context is cancelled: no error", method)
	p.checkf(call(expired) != nil, "%s, the context is past its deadline: no error", method)
}

func cancelledContext(p *probe) {
	used, fresh := p.key(), p.key()
	p.add(used, out(1))
	for _, key := range []store.Key{used, fresh} {
		p.unchanged(key, "Append", func() {
			p.needsContext("Append", func(ctx context.Context) error {
				_, err := p.tryAppend(ctx, p.event(key, in(2)))
				return err
			})
		})
		p.needsContext("Get", func(ctx context.Context) error {
			_, err := p.store.Get(ctx, key)
			return err
		})
		p.needsContext("History", p.historyOf(key).read)
	}
}

// fuse is a context that cancels itself on the n-th call of Done or Err, so that a case
// can interrupt a store at every step.
type fuse struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
	n      int64
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

// withFuses calls f with a fuse for each look at a context, and for more than a call takes.
func (p *probe) withFuses(f func(ctx context.Context, look int)) {
	const maxLooks = 20
	for look := 1; look <= maxLooks; look++ {
		ctx, cancel := context.WithCancel(p.ctx)
		f(&fuse{Context: ctx, cancel: cancel, n: int64(look)}, look)
		cancel()
	}
}

func cancelledMidway(p *probe) {
	used := p.key()
	p.withFuses(func(ctx context.Context, look int) { p.interrupted(ctx, p.event(used, turn(look))) })
	p.withFuses(func(ctx context.Context, look int) { p.interrupted(ctx, p.event(p.key(), turn(look))) }) // the first of a key
}

func cancelledByTime(p *probe) {
	key := p.key()
	start := time.Now()
	p.add(key, turn(0))
	longest := max(2*time.Since(start), 2*time.Millisecond)
	for n := range p.rounds(10, 40, 500*time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, time.Duration(p.rand.Int64N(int64(longest))))
		p.interrupted(ctx, p.event(key, turn(n+1)))
		cancel()
	}
}

// interrupted appends under a context that may end meanwhile, and again under one that
// does not, as a caller who had an error would.
func (p *probe) interrupted(ctx context.Context, ev store.Event) {
	res, err := p.tryAppend(ctx, ev)
	p.settled(ev.Key)
	if err == nil {
		p.checkf(!res.Duplicate, "a new event is taken for a duplicate (%s)", showEvent(ev))
		p.isStored(ev, "Append returned no error")
	}
	p.append(ev)
	p.isStored(ev, fmt.Sprintf("redelivered after the error %v", err))
}

// isStored fails if an event is not stored once, or is not in force.
func (p *probe) isStored(ev store.Event, what string) {
	records, state := p.settled(ev.Key)
	stored := 0
	for _, r := range records {
		if r.ID == ev.ID {
			stored++
		}
	}
	p.checkf(stored == 1 && state.EventID == ev.ID, "%s: the event is stored %d times, the state is that of event %q",
		what, stored, state.EventID)
}

func cancelledRead(p *probe) {
	key := p.key()
	for n := range 10 {
		p.add(key, turn(n))
	}
	records, state := p.settled(key)
	text := p.add(p.keyIn(p.otherAccount()), held(1).received(1)).Record
	if changes := p.changesOf(text.Key.Account); changes.offered() {
		p.listed(changes, 1)
	}
	numbers := []string{key.Number, p.key().Number, key.Number}
	states := p.gets(key.Account, numbers)
	for method, read := range map[string]func(context.Context) (difference string, err error){
		"Get": func(ctx context.Context) (string, error) {
			got, err := p.store.Get(ctx, key)
			return diff(state, got), err
		},
		"GetBatch": func(ctx context.Context) (string, error) {
			got, err := store.GetBatch(ctx, p.store, key.Account, numbers)
			return diffs(states, got), err
		},
		"History":  p.historyOf(key).differs(records),
		"List":     p.listOf(key.Account, store.Unknown).differs(states[:1]),
		"Reviews":  p.reviewsOf(text.Key.Account).differs([]store.Record{text}),
		"EventIDs": p.idsOf(text.Key.Account, text.ID).differs([]store.Record{text}),
		"Changes":  p.changesOf(text.Key.Account).differs([]store.Record{text}),
	} {
		p.withFuses(func(ctx context.Context, look int) {
			difference, err := read(ctx)
			p.checkf(err != nil || difference == "", "%s, cancelled at look %d at its context: no error, and %s",
				method, look, difference)
		})
	}
}
