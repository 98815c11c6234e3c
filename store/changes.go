package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ChangesQuery asks for a page of an account's records.
type ChangesQuery struct {
	Account string
	Since   time.Time // only records whose RecordedAt is Since or later; zero: all
	After   Cursor    // "": from the first; also one that was kept since another day
	Limit   int       // 0: 100, at most 1,000
}

// ChangeLister is a store that lists what was recorded in an account, so that another
// system can catch up.
type ChangeLister interface {
	// Changes returns a page of the account's records in the order of recording. Those of
	// one number are in the order of History. Of two numbers, a record that was there
	// before the other's Append began comes first.
	//
	// Next goes on after the page, today or any later day: keep it. A page without records
	// is the end for now. Only this page has no Next: then keep the cursor that you have.
	//
	// No record is missed, whatever is recorded while the pages are read. A store may hold
	// records back until the transactions that are open have ended. It may also list
	// records again, in order, if a record comes to light that belongs before them. Each
	// store says which of both it does, and what it needs.
	//
	// A cursor is good for any Since and Limit. A cursor that is broken, or of another
	// account, query or store, is [ErrBadCursor].
	Changes(ctx context.Context, q ChangesQuery) (RecordPage, error)
}

// Changes lists what was recorded in an account through s's ChangeLister. A store that has
// none cannot list: errors.ErrUnsupported.
func Changes(ctx context.Context, s Store, q ChangesQuery) (RecordPage, error) {
	l, ok := As[ChangeLister](s)
	if !ok {
		return RecordPage{}, fmt.Errorf("store: Changes: %w: the store is no ChangeLister", errors.ErrUnsupported)
	}
	return l.Changes(ctx, q)
}
