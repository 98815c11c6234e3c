package optout

import (
	"context"
	"errors"
	"iter"

	"github.com/seed-f10031e4/consent/store"
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
		batch := make([]T, 0, store.MaxLimit)
		numbers := make([]string, 0, store.MaxLimit)
		flush := func() bool {
			decisions, err := g.GateBatch(ctx, account, numbers)
			if err != nil {
				yield(Filtered[T]{}, err)
				return false
			}
			for i := range batch {
				if !yield(Filtered[T]{Recipient: batch[i], Decision: decisions[i]}, nil) {
					return false
				}
			}
			clear(batch) // what was yielded is not kept alive
			batch, numbers = batch[:0], numbers[:0]
			return true
		}
		for recipient := range recipients {
			batch, numbers = append(batch, recipient), append(numbers, number(recipient))
			if len(batch) == cap(batch) && !flush() {
				return
			}
		}
		if len(batch) > 0 {
			flush()
		}
	}
}
