package optout

import (
	"context"
	"iter"

	"github.com/seed-f10031e4/consent/store"
)

// Changes yields what was recorded in an account, in pages and in the order of recording, so
// that another system can catch up: see [store.ChangeLister]. Keep the Next of each page when
// its records are dealt with, and begin with it on another day. What is yielded may have been
// yielded before, so act on what is in force now (ask [Guard.Gate]), or by EventID once.
//
// An error is yielded once, last; errors.ErrUnsupported if the store cannot list changes.
// Ranging again starts anew, and nothing is held open while the loop body runs.
//
// The records are those of the store's keys. A sender without a plus sign ("4155552671"),
// and a line with two spellings, have the same event under two keys: see [Guard.OptedOut].
func (g *Guard) Changes(ctx context.Context, q store.ChangesQuery) iter.Seq2[store.RecordPage, error] {
	return func(yield func(store.RecordPage, error) bool) {
		s, err := g.ready(q.Account)
		if err != nil {
			yield(store.RecordPage{}, err)
			return
		}
		q := q // ranging again starts anew
		for {
			page, err := store.Changes(ctx, s, q)
			switch {
			case err != nil:
			case ctx.Err() != nil:
				err = ctx.Err()
			case page.Next == "":
				return
			case page.Next == q.After:
				err = errNoEnd
			default:
				err = ofAccount(q.Account, page.Records)
			}
			if err != nil {
				yield(store.RecordPage{}, err)
				return
			}
			if !yield(page, nil) {
				return
			}
			q.After = page.Next
		}
	}
}

// ofAccount fails if a record is of another account.
func ofAccount(account string, records []store.Record) error {
	for i := range records {
		if records[i].Key.Account != account {
			return errBadState
		}
	}
	return nil
}
