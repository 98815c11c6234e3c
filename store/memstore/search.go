package memstore

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var _ store.Searcher = (*Store)(nil)

// Search implements [store.Searcher]. It looks at every number of the account.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	listing, err := cursor.Search(ctx, "memstore", q)
	if err != nil {
		return store.StatePage{}, err
	}
	order := strings.Compare
	if q.Suffix != "" {
		order = func(a, b string) int { return strings.Compare(cursor.Backwards(a), cursor.Backwards(b)) }
	}
	s.mu.Lock() // the numbers may have to be sorted
	defer s.mu.Unlock()
	var found []store.State
	for _, number := range s.accounts[q.Account].numbersAfter("") {
		if !strings.HasPrefix(number, q.Prefix) || !strings.HasSuffix(number, q.Suffix) {
			continue
		}
		if listing.After.Number != "" && order(number, listing.After.Number) <= 0 {
			continue
		}
		state := s.state(store.Key{Account: q.Account, Number: number})
		if state.Status != store.Unknown && (q.Status == store.Unknown || state.Status == q.Status) {
			found = append(found, state)
		}
	}
	slices.SortFunc(found, func(a, b store.State) int { return order(a.Key.Number, b.Key.Number) })
	page := store.StatePage{States: found}
	if len(found) > listing.Limit {
		page.States = slices.Clone(found[:listing.Limit])
		page.Next = listing.Cursor(cursor.Place{Number: found[listing.Limit-1].Key.Number})
	}
	return page, nil
}
