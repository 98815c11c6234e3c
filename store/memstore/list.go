package memstore

import (
	"context"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// order is the numbers of an account in byte order. It costs nothing until an
// account is listed for the first time.
type order struct {
	listed bool
	sorted []string
	recent []string // added since, in no order
}

func (o *order) add(number string) {
	if o.listed {
		o.recent = append(o.recent, number)
	}
}

// numbers returns the sorted numbers of a. The slice is never written again.
func (a *account) numbers() []string {
	o := &a.order
	switch {
	case !o.listed:
		o.listed = true
		o.sorted = make([]string, 0, len(a.contacts))
		for number := range a.contacts {
			o.sorted = append(o.sorted, number)
		}
	case len(o.recent) > 0:
		o.sorted = slices.Concat(o.sorted, o.recent)
		o.recent = nil
	default:
		return o.sorted
	}
	slices.Sort(o.sorted)
	return o.sorted
}

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	if err := ctx.Err(); err != nil {
		return store.StatePage{}, err
	}
	if err := store.ValidateAccount(q.Account); err != nil {
		return store.StatePage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.StatePage{}, err
	}
	after, err := s.listPlace(q)
	if err != nil {
		return store.StatePage{}, err
	}
	s.mu.Lock() // the order of the numbers may have to be made
	defer s.mu.Unlock()
	a := s.accounts[q.Account]
	if a == nil {
		return store.StatePage{}, nil
	}
	numbers := a.numbers()
	from, found := slices.BinarySearch(numbers, after)
	if found {
		from++
	}
	var page store.StatePage
	for _, number := range numbers[from:] {
		state := a.contacts[number].state
		if q.Status != store.Unknown && state.Status != q.Status {
			continue
		}
		if len(page.States) == limit {
			page.Next = s.listCursor(q, page.States[limit-1].Key.Number)
			break
		}
		page.States = append(page.States, state)
	}
	return page, nil
}
