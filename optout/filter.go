package optout

import (
	"context"
	"errors"
	"iter"
)

// Filtered is a recipient of [Filter], and whether a message may be sent to it.
type Filtered[T any] struct {
	Recipient T
	Decision  Decision
}

// Filter answers [Guard.Gate] for the recipients of a campaign, in order, however
// many there are: it holds a batch of them, and asks the store once for each batch.
// number gives the number of a recipient. It is a function since a method cannot
// have a type parameter.
//
// A recipient whose number is none is refused in its own Decision alone. An error
// is yielded once, last: what was yielded before was decided, what was not may not
// be sent to. Ranging again asks again, where recipients can be ranged again.
//
// A Decision is as old as its batch. Send through [Guard.Send], which asks at the
// last moment; Filter tells beforehand who is left.
func Filter[T any](
	ctx context.Context, g *Guard, account string, recipients iter.Seq[T], number func(T) string,
) iter.Seq2[Filtered[T], error] {
	return func(yield func(Filtered[T], error) bool) {
		if recipients == nil || number == nil {
			yield(Filtered[T]{}, errors.New("optout: Filter: recipients or number is nil"))
			return
		}
		f := filter[T]{ctx: ctx, guard: g, account: account, yield: yield}
		for recipient := range recipients {
			f.recipients, f.numbers = append(f.recipients, recipient), append(f.numbers, number(recipient))
			if len(f.numbers) == filterSize && !f.flush() {
				return
			}
		}
		if len(f.numbers) > 0 {
			f.flush()
		}
	}
}

// filterSize is the recipients of a batch.
const filterSize = 1_000

// filter is a Filter at work.
type filter[T any] struct {
	ctx     context.Context //nolint:containedctx // it lives for one call
	guard   *Guard
	account string
	yield   func(Filtered[T], error) bool

	recipients []T
	numbers    []string
	decisions  []Decision
	batch      batch
}

// flush yields what was collected, and reports whether to go on.
func (f *filter[T]) flush() bool {
	s, err := f.guard.ready(f.account)
	if err == nil {
		f.decisions = append(f.decisions[:0], make([]Decision, len(f.numbers))...)
		err = f.batch.gate(f.ctx, f.guard, s, f.account, f.numbers, f.decisions)
	}
	if err != nil {
		f.yield(Filtered[T]{}, err)
		return false
	}
	for i := range f.recipients {
		if !f.yield(Filtered[T]{Recipient: f.recipients[i], Decision: f.decisions[i]}, nil) {
			return false
		}
	}
	clear(f.recipients) // what was yielded is not kept alive
	f.recipients, f.numbers = f.recipients[:0], f.numbers[:0]
	return true
}
