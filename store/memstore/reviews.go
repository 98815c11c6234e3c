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
	waiting := s.waiting(s.dictionaries.accounts.known(q.Account), after)
	slices.SortFunc(waiting, func(a, b review) int { return a.compare(b.reviewPlace) })
	var page store.ReviewPage
	for _, w := range waiting[:min(limit, len(waiting))] {
		page.Reviews = append(page.Reviews, w.event)
	}
	if len(waiting) > limit {
		page.Next = s.reviewCursor(q, waiting[limit-1].reviewPlace)
	}
	return page, nil
}

// review is a text that waits.
type review struct {
	reviewPlace

	event store.Event
}

// waiting returns what waits in an account behind a place, in no order.
func (s *Store) waiting(account uint32, after reviewPlace) []review {
	var all []review
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		for key, a := range sh.aside {
			if key.account != account || a.State().Status != store.Held {
				continue
			}
			for i, hold := range a.Holds {
				at := reviewPlace{since: hold.Since().UnixMicro(), number: key.number, place: a.places[i]}
				if at.compare(after) > 0 {
					all = append(all, review{at, hold})
				}
			}
		}
		sh.mu.Unlock()
	}
	return all
}

// reviewPlace is a place in the order of the reviews. The zero place is before all
// whose number is one.
type reviewPlace struct {
	since  int64
	number string
	place  int // in the history of the number
}

func (p reviewPlace) compare(o reviewPlace) int {
	return cmp.Or(cmp.Compare(p.since, o.since), strings.Compare(p.number, o.number), cmp.Compare(p.place, o.place))
}

func (s *Store) reviewCursor(q store.ReviewQuery, p reviewPlace) store.Cursor {
	return s.sign(strconv.FormatInt(p.since, 10)+" "+strconv.Itoa(p.place)+" "+p.number, "reviews", q.Account)
}

func (s *Store) reviewPlace(q store.ReviewQuery) (p reviewPlace, err error) {
	if q.After == "" {
		return reviewPlace{since: firstTime}, nil
	}
	text, err := s.place(q.After, "reviews", q.Account)
	if err != nil {
		return p, err
	}
	since, text, _ := strings.Cut(text, " ")
	place, number, _ := strings.Cut(text, " ")
	p.number = number
	if p.since, err = strconv.ParseInt(since, 10, 64); err != nil {
		return p, store.ErrBadCursor
	}
	if p.place, err = strconv.Atoi(place); err != nil {
		return p, store.ErrBadCursor
	}
	return p, nil
}

// firstTime is before every time that a store keeps.
const firstTime = -1 << 63
