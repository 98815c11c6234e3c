package optout

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// batchSize is how many numbers a batch gate asks the store for at a time: enough
// that a call costs little, and few enough to stay in a processor's cache.
const batchSize = 4_096

// GateBatch decides [Guard.Gate] for many numbers, in the given order and
// length, with one call of a store.BatchGetter for some thousands of them. [GateSeq] does
// the same for recipients of any type and number.
//
// An invalid number is refused in its own Decision alone, and Decision.Fault says why. On an
// error of the store, all are not allowed, and the error is returned.
func (g *Guard) GateBatch(ctx context.Context, account string, numbers []string) ([]Decision, error) {
	o := g.observer(OperationGateBatch, account)
	decisions := make([]Decision, len(numbers))
	s, err := g.ready(account)
	if err == nil {
		var b batch
		err = b.gate(ctx, g, s, account, numbers, decisions)
	}
	if err != nil {
		for i := range decisions {
			decisions[i] = refused(err)
		}
	}
	o.gatedAll(ctx, decisions, err)
	return decisions, err
}

// batch gates many numbers, and keeps its memory for the next of them.
type batch struct {
	keys    []string
	counts  []int // how many of the keys are those of each number
	numbers []number.Number
}

// gate decides into zero Decisions.
func (b *batch) gate(ctx context.Context, g *Guard, s store.Store, account string, numbers []string, decisions []Decision) error {
	for {
		size := min(len(numbers), batchSize)
		b.keys, b.counts, b.numbers = slices.Grow(b.keys[:0], size), slices.Grow(b.counts[:0], size), slices.Grow(b.numbers[:0], size)
		for _, raw := range numbers[:size] {
			b.numbers = append(b.numbers, number.Number{})
			n := &b.numbers[len(b.numbers)-1]
			g.r().numbers.ReadInto(raw, n)
			before := len(b.keys)
			b.keys = n.AppendKeys(b.keys)
			b.counts = append(b.counts, len(b.keys)-before)
		}
		read, err := states(ctx, s, account, b.keys)
		if err != nil {
			return err
		}
		for i, count := range b.counts {
			if count == 1 {
				decisions[i].State = read[0]
			} else if count > 1 {
				if decisions[i].State, err = g.deciding(ctx, s, &b.numbers[i], read[:count]); err != nil {
					return err
				}
			}
			g.r().decide(&b.numbers[i], &decisions[i])
			read = read[count:]
		}
		numbers, decisions = numbers[size:], decisions[size:]
		if len(numbers) == 0 {
			return nil
		}
	}
}

// Gated is a recipient of [GateSeq], and whether a message may be sent to it.
type Gated[T any] struct {
	Recipient T        `json:"recipient"`
	Decision  Decision `json:"decision"`
}

// GateSeq decides [Guard.Gate] for the recipients of a campaign, in order, however
// many there are: it holds a batch of them, and asks the store once for each batch.
// numberOf returns the number of a recipient. It is a function since a method cannot
// have a type parameter.
//
// A recipient whose number is invalid is refused in its own Decision alone. An error
// is yielded once, last: the decisions before it are valid. Send nothing to the other
// recipients. Ranging again asks again, if recipients can be ranged again.
//
// A Decision is as old as its batch. Send through [Guard.Send], which asks at the
// last moment. GateSeq reports who may get a message now.
func GateSeq[T any](
	ctx context.Context, g *Guard, account string, recipients iter.Seq[T], numberOf func(T) string,
) iter.Seq2[Gated[T], error] {
	return func(yield func(Gated[T], error) bool) {
		if recipients == nil || numberOf == nil {
			yield(Gated[T]{}, errors.New("optout: GateSeq: recipients or numberOf is nil"))
			return
		}
		c := campaign[T]{guard: g, account: account, yield: yield}
		for recipient := range recipients {
			c.recipients, c.numbers = append(c.recipients, recipient), append(c.numbers, numberOf(recipient))
			if len(c.numbers) == campaignBatch && !c.flush(ctx) {
				return
			}
		}
		if len(c.numbers) > 0 {
			c.flush(ctx)
		}
	}
}

// campaignBatch is how many recipients a GateSeq holds.
const campaignBatch = 1_000

// campaign is a GateSeq at work.
type campaign[T any] struct {
	guard   *Guard
	account string
	yield   func(Gated[T], error) bool

	recipients []T
	numbers    []string
	decisions  []Decision
	batch      batch
}

// flush yields what was collected, and reports whether to go on.
func (c *campaign[T]) flush(ctx context.Context) bool {
	o := c.guard.observer(OperationGateSeq, c.account)
	c.decisions = append(c.decisions[:0], make([]Decision, len(c.numbers))...)
	s, err := c.guard.ready(c.account)
	if err == nil {
		err = c.batch.gate(ctx, c.guard, s, c.account, c.numbers, c.decisions)
	}
	o.gatedAll(ctx, c.decisions, err)
	if err != nil {
		c.yield(Gated[T]{}, err)
		return false
	}
	for i := range c.recipients {
		if !c.yield(Gated[T]{Recipient: c.recipients[i], Decision: c.decisions[i]}, nil) {
			return false
		}
	}
	clear(c.recipients) // what was yielded is not kept alive
	c.recipients, c.numbers = c.recipients[:0], c.numbers[:0]
	return true
}
