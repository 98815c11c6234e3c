package memstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	listing, err := cursor.List(ctx, "memstore", q)
	if err != nil {
		return store.StatePage{}, err
	}
	s.mu.Lock() // the numbers may have to be sorted
	defer s.mu.Unlock()
	var page store.StatePage
	for _, number := range s.accounts[q.Account].numbersAfter(listing.After.Number) {
		state := s.state(store.Key{Account: q.Account, Number: number})
		if state.Status == store.Unknown || q.Status != store.Unknown && state.Status != q.Status {
			continue
		}
		if len(page.States) == listing.Limit {
			page.Next = listing.Cursor(cursor.Place{Number: page.States[listing.Limit-1].Key.Number})
			break
		}
		page.States = append(page.States, state)
	}
	return page, nil
}

// numbersAfter returns the numbers of an account that come after one, in order.
func (a *account) numbersAfter(after string) []string {
	if a == nil {
		return nil
	}
	if len(a.recent) > 0 {
		slices.Sort(a.recent)
		a.sorted, a.recent = merge(a.sorted, a.recent, strings.Compare), nil
	}
	first, found := slices.BinarySearch(a.sorted, after)
	if found {
		first++
	}
	return a.sorted[first:]
}

// merge returns what two sorted lists have, which have nothing in common, in order.
func merge[T any](a, b []T, compare func(a, b T) int) []T {
	merged := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) < 0 {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	listing, err := cursor.Reviews(ctx, "memstore", q)
	if err != nil {
		return store.RecordPage{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := s.waiting(q.Account)
	all = slices.DeleteFunc(all, func(p cursor.Place) bool { return p.Compare(listing.After) <= 0 })
	slices.SortFunc(all, cursor.Place.Compare)
	var page store.RecordPage
	for _, p := range all[:min(listing.Limit, len(all))] {
		page.Records = append(page.Records, s.contacts[store.Key{Account: q.Account, Number: p.Number}].ledger.Records()[p.Seq])
	}
	if len(all) > listing.Limit {
		page.Next = listing.Cursor(all[listing.Limit-1])
	}
	return page, nil
}

// waiting returns the places of an account's holds that wait. A Seq is an index in the
// records of the number.
func (s *Store) waiting(name string) []cursor.Place {
	a := s.accounts[name]
	if a == nil {
		return nil
	}
	var all []cursor.Place
	for number := range a.held {
		ledger := s.contacts[store.Key{Account: name, Number: number}].ledger
		for _, place := range ledger.Open() {
			since := ledger.Records()[place].ReceivedOrRecorded()
			all = append(all, cursor.Place{Since: since.UnixMicro(), Number: number, Seq: int64(place)})
		}
	}
	return all
}

// Changes implements [store.ChangeLister]. It holds no record back, and lists none again.
func (s *Store) Changes(ctx context.Context, q store.ChangesQuery) (store.RecordPage, error) {
	listing, err := cursor.Changes(ctx, "memstore", q)
	if err != nil {
		return store.RecordPage{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.accounts[q.Account]
	if a == nil {
		return store.RecordPage{}, nil
	}
	record := func(p cursor.Place) store.Record {
		return s.contacts[store.Key{Account: q.Account, Number: p.Number}].ledger.Records()[p.Seq]
	}
	since, _ := slices.BinarySearchFunc(a.changes, q.Since, func(p cursor.Place, since time.Time) int {
		return record(p).RecordedAt.Compare(since) // no two records have the same time
	})
	first := max(since, int(min(listing.After.Seq, int64(len(a.changes)))))
	last := min(first+listing.Limit, len(a.changes))
	var page store.RecordPage
	for _, p := range a.changes[first:last] {
		page.Records = append(page.Records, record(p))
	}
	if len(page.Records) > 0 {
		page.Next = listing.Cursor(cursor.Place{Seq: int64(last)})
	}
	return page, nil
}
