package memstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.ReviewPage, error) {
	if err := ctx.Err(); err != nil {
		return store.ReviewPage{}, err
	}
	if err := store.ValidateAccount(q.Account); err != nil {
		return store.ReviewPage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.ReviewPage{}, err
	}
	after, err := s.reviewPlace(q)
	if err != nil {
		return store.ReviewPage{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	type waiting struct {
		place reviewPlace
		event store.Event
	}
	var all []waiting
	if a := s.accounts[q.Account]; a != nil {
		for number, c := range a.contacts {
			if c.state.Status != store.Held {
				continue
			}
			for i, hold := range store.StandingOf(c.state.Key, c.events).Holds {
				place := reviewPlace{since: hold.Since().UnixMicro(), number: number, n: i}
				if q.After == "" || place.compare(after) > 0 {
					all = append(all, waiting{place, hold})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b waiting) int { return a.place.compare(b.place) })
	var page store.ReviewPage
	for _, w := range all[:min(limit, len(all))] {
		page.Reviews = append(page.Reviews, w.event)
	}
	if len(all) > limit {
		page.Next = s.reviewCursor(q, all[limit-1].place)
	}
	return page, nil
}

type reviewPlace struct {
	since  int64
	number string
	n      int
}

func (p reviewPlace) compare(o reviewPlace) int {
	return cmp.Or(cmp.Compare(p.since, o.since), strings.Compare(p.number, o.number), cmp.Compare(p.n, o.n))
}

func (s *Store) reviewCursor(q store.ReviewQuery, p reviewPlace) store.Cursor {
	return s.sign(strconv.FormatInt(p.since, 10)+" "+strconv.Itoa(p.n)+" "+p.number, "reviews", q.Account)
}

func (s *Store) reviewPlace(q store.ReviewQuery) (p reviewPlace, err error) {
	if q.After == "" {
		return p, nil
	}
	place, err := s.place(q.After, "reviews", q.Account)
	if err != nil {
		return p, err
	}
	parts := strings.SplitN(place, " ", 3)
	if len(parts) != 3 {
		return p, store.ErrBadCursor
	}
	p.number = parts[2]
	if p.since, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return p, store.ErrBadCursor
	}
	if p.n, err = strconv.Atoi(parts[1]); err != nil {
		return p, store.ErrBadCursor
	}
	return p, nil
}
