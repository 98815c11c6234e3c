package memstore

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// ids are the places of an account's records in the order of their IDs. A Seq is an index in
// the records of the number.
type ids struct {
	sorted, recent []cursor.Place // recent: those that are not in sorted yet
}

func (x *ids) add(ev store.Event, place int) {
	x.recent = append(x.recent, cursor.Place{ID: ev.ID, Number: ev.Key.Number, Seq: int64(place)})
}

// after returns the places that come after one, in order.
func (x *ids) after(last cursor.Place) []cursor.Place {
	if len(x.recent) > 0 {
		slices.SortFunc(x.recent, cursor.Place.CompareIDs)
		x.sorted, x.recent = merge(x.sorted, x.recent, cursor.Place.CompareIDs), nil
	}
	first, found := slices.BinarySearchFunc(x.sorted, last, cursor.Place.CompareIDs)
	if found {
		first++
	}
	return x.sorted[first:]
}

// EventIDs implements [store.IDLister]. The first call for an account makes an index of its
// records, and each Append to the account keeps it up from then on.
func (s *Store) EventIDs(ctx context.Context, q store.IDsQuery) (store.RecordPage, error) {
	listing, err := cursor.EventIDs(ctx, "memstore", q)
	if err != nil {
		return store.RecordPage{}, err
	}
	s.mu.Lock() // the index may have to be made, or sorted
	defer s.mu.Unlock()
	a := s.accounts[q.Account]
	if a == nil {
		return store.RecordPage{}, nil
	}
	if a.ids == nil {
		a.ids = new(ids)
		for _, number := range a.numbersAfter("") {
			for place, r := range s.records(store.Key{Account: q.Account, Number: number}) {
				a.ids.add(r.Event, place)
			}
		}
	}
	var page store.RecordPage
	var last cursor.Place
	for _, at := range a.ids.after(listing.After) {
		if !strings.HasPrefix(at.ID, q.Prefix) {
			break
		}
		if len(page.Records) == listing.Limit {
			page.Next = listing.Cursor(last)
			break
		}
		last = at
		page.Records = append(page.Records, s.records(store.Key{Account: q.Account, Number: at.Number})[at.Seq])
	}
	return page, nil
}
