package storetest

import (
	"context"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// ended returns contexts that have ended before the call.
func (p *probe) ended() map[string]context.Context {
	cancelled, cancel := context.WithCancel(p.ctx)
	cancel()
	expired, cancel := context.WithDeadline(p.ctx, minute(0))
	cancel()
	return map[string]context.Context{"cancelled": cancelled, "past its deadline": expired}
}

func cancelledContext(p *probe) {
	used := p.key()
	p.appendNew(p.event(used, store.OptOut, minute(1)))
	for what, ctx := range p.ended() {
		key := p.key()
		if _, err := p.tryAppend(ctx, p.event(key, store.OptOut, minute(1))); err == nil {
			p.failf("%s: Append to a new key: no error", what)
		}
		p.untouched(key, what)
		p.unchanged(used, what, func() {
			if _, err := p.tryAppend(ctx, p.event(used, store.OptIn, minute(2))); err == nil {
				p.failf("%s: Append: no error", what)
			}
		})
		for _, key := range []store.Key{used, key} {
			if _, err := p.store.Get(ctx, key); err == nil {
				p.failf("%s: Get: no error", what)
			}
			if _, err := p.store.History(ctx, store.HistoryQuery{Key: key}); err == nil {
				p.failf("%s: History: no error", what)
			}
		}
	}
}

// maxLooks is how often a call may look at its context before the cases with a fuse pass
// it by.
const maxLooks = 20

func cancelledMidway(p *probe) {
	for _, key := range []store.Key{p.key(), p.key()} {
		for n := 1; n <= maxLooks; n++ {
			ctx := newFuse(p.ctx, n)
			p.interrupted(ctx, p.alternate(key, n))
			ctx.cancel()
		}
	}
	for n := 1; n <= maxLooks; n++ { // the first event of a key
		ctx := newFuse(p.ctx, n)
		p.interrupted(ctx, p.alternate(p.key(), n))
		ctx.cancel()
	}
}

func cancelledByTime(p *probe) {
	key := p.key()
	start := time.Now()
	p.appendNew(p.alternate(key, 0))
	longest := max(2*time.Since(start), 2*time.Millisecond)
	for n := range p.rounds(10, 40, 500*time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, time.Duration(p.rand.Int64N(int64(longest))))
		p.interrupted(ctx, p.alternate(key, n+1))
		cancel()
	}
}

// interrupted appends under a context that may end meanwhile, and again under one that
// does not, as a caller who had an error would.
func (p *probe) interrupted(ctx context.Context, ev store.Event) {
	res, err := p.tryAppend(ctx, ev)
	if err == nil && res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	records, _ := p.settled(ev.Key)
	if stored := count(records, ev); err == nil && stored != 1 {
		p.failf("Append returned no error, and the event is stored %d times", stored)
	}
	p.append(ev)
	records, state := p.settled(ev.Key)
	if stored := count(records, ev); stored != 1 || state.EventID != ev.ID {
		p.failf("redelivered after the error %v: the event is stored %d times, the state is that of event %q", err, stored, state.EventID)
	}
}

func count(records []store.Record, ev store.Event) int {
	n := 0
	for _, stored := range records {
		if stored.ID == ev.ID && stored.Action == ev.Action {
			n++
		}
	}
	return n
}

func cancelledRead(p *probe) {
	key := p.key()
	for n := range 10 {
		p.appendNew(p.alternate(key, n))
	}
	records, state := p.settled(key)
	text := p.hold(p.otherAccount(), 1)
	waiting, _ := p.settled(text.Key)
	numbers := []string{key.Number, p.key().Number, key.Number}
	states := []store.State{state, {Key: store.Key{Account: key.Account, Number: numbers[1]}}, state}
	b, canBatch := p.canBatch()
	l, canList := p.canList()
	r, canReview := p.canReview()
	for n := 1; n <= maxLooks; n++ {
		p.underFuse(n, "Get", func(ctx context.Context) (string, error) {
			got, err := p.store.Get(ctx, key)
			return diffState(state, got), err
		})
		p.underFuse(n, "History", func(ctx context.Context) (string, error) {
			page, err := p.store.History(ctx, store.HistoryQuery{Key: key})
			return diffRecords(records, page.Records), err
		})
		if canBatch {
			p.underFuse(n, "GetBatch", func(ctx context.Context) (string, error) {
				got, err := b.GetBatch(ctx, key.Account, numbers)
				return diffStates(states, got), err
			})
		}
		if canList {
			p.underFuse(n, "List", func(ctx context.Context) (string, error) {
				page, err := l.List(ctx, store.ListQuery{Account: key.Account})
				return diffStates(states[:1], page.States), err
			})
		}
		if canReview {
			p.underFuse(n, "Reviews", func(ctx context.Context) (string, error) {
				page, err := r.Reviews(ctx, store.ReviewQuery{Account: text.Key.Account})
				return diffRecords(waiting, page.Records), err
			})
		}
	}
}

func (p *probe) underFuse(n int, method string, read func(context.Context) (diff string, err error)) {
	ctx := newFuse(p.ctx, n)
	defer ctx.cancel()
	if d, err := read(ctx); err == nil && d != "" {
		p.failf("%s, cancelled at look %d at its context: no error, and: %s", method, n, d)
	}
}
