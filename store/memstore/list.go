package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	limit, err := readyToList(ctx, q.Account, q.Limit)
	if err != nil {
		return store.StatePage{}, err
	}
	query := []string{"memstore list", q.Account, q.Status.String()}
	after := ""
	if q.After != "" {
		if after, err = cursor.Place(q.After, query...); err != nil {
			return store.StatePage{}, err
		}
	}
	s.mu.Lock() // the numbers may have to be sorted
	defer s.mu.Unlock()
	var page store.StatePage
	for _, number := range s.accounts[q.Account].numbersAfter(after) {
		state := s.state(store.Key{Account: q.Account, Number: number})
		if state.Status == store.Unknown || q.Status != store.Unknown && state.Status != q.Status {
			continue
		}
		if len(page.States) == limit {
			page.Next = cursor.New(page.States[limit-1].Key.Number, query...)
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
		a.sorted, a.recent = merge(a.sorted, a.recent), nil
	}
	first, found := slices.BinarySearch(a.sorted, after)
	if found {
		first++
	}
	return a.sorted[first:]
}

// merge returns the texts of two sorted lists, which have none in common, in order.
func merge(a, b []string) []string {
	merged := make([]string, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

// waiting is the place of a hold in the order of the reviews.
type waiting struct {
	since  int64 // microseconds
	number string
	place  int // in the records of the number
}

func (w waiting) compare(other waiting) int {
	return cmp.Or(cmp.Compare(w.since, other.since), strings.Compare(w.number, other.number), cmp.Compare(w.place, other.place))
}

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	limit, err := readyToList(ctx, q.Account, q.Limit)
	if err != nil {
		return store.RecordPage{}, err
	}
	var after waiting
	if q.After != "" {
		if after, err = waitingAt(q.After, q.Account); err != nil {
			return store.RecordPage{}, err
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := s.waiting(q.Account)
	all = slices.DeleteFunc(all, func(w waiting) bool { return q.After != "" && w.compare(after) <= 0 })
	slices.SortFunc(all, waiting.compare)
	var page store.RecordPage
	for _, w := range all[:min(limit, len(all))] {
		page.Records = append(page.Records, s.contacts[store.Key{Account: q.Account, Number: w.number}].ledger.Records()[w.place])
	}
	if len(all) > limit {
		page.Next = all[limit-1].cursor(q.Account)
	}
	return page, nil
}

func (s *Store) waiting(name string) []waiting {
	a := s.accounts[name]
	if a == nil {
		return nil
	}
	var all []waiting
	for number := range a.held {
		ledger := s.contacts[store.Key{Account: name, Number: number}].ledger
		for _, place := range ledger.Open() {
			since := ledger.Records()[place].ReceivedOrRecorded()
			all = append(all, waiting{since: since.UnixMicro(), number: number, place: place})
		}
	}
	return all
}

func (w waiting) cursor(account string) store.Cursor {
	return cursor.New(fmt.Sprintf("%d %d %s", w.since, w.place, w.number), "memstore reviews", account)
}

func waitingAt(c store.Cursor, account string) (w waiting, err error) {
	text, err := cursor.Place(c, "memstore reviews", account)
	if err != nil {
		return w, err
	}
	since, text, _ := strings.Cut(text, " ")
	place, number, _ := strings.Cut(text, " ")
	w.number = number
	if w.since, err = strconv.ParseInt(since, 10, 64); err != nil {
		return w, store.ErrBadCursor
	}
	if w.place, err = strconv.Atoi(place); err != nil {
		return w, store.ErrBadCursor
	}
	return w, nil
}

func readyToList(ctx context.Context, account string, limit int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := store.ValidateAccount(account); err != nil {
		return 0, err
	}
	return store.PageLimit(limit)
}
