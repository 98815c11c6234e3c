package optout

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// Search returns a page of the numbers of an account that begin or end with a text, for a
// person who looks for a contact: Prefix "+1415", Suffix "2671". The states are those that
// the store has of each number. A contact whose number is kept under more than one key is
// found under each, and [Guard.Explain] says which one decides.
//
// Never decide by a search whether a message may be sent: ask [Guard.Gate] for the number.
//
// The error is errors.ErrUnsupported if the store is no [store.Searcher], [store.ErrInvalid]
// if Prefix and Suffix are both given, or neither, and [store.ErrBadCursor] for a cursor
// that is broken, or of another search.
func (g *Guard) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	s, err := g.ready(q.Account)
	if err != nil {
		return store.StatePage{}, err
	}
	page, err := store.Search(ctx, s, q)
	if err != nil {
		return store.StatePage{}, err
	}
	for i := range page.States {
		if page.States[i].Key.Account != q.Account {
			return store.StatePage{}, errBadState
		}
	}
	return page, nil
}
