package sqlstore

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// reviews lists the holds that wait, by when their texts were received. The statement
// asks the key's row whether a hold is open and the key held: rows of the table of holds
// may be late to say it.
func (r reader) reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	limit, err := readyToList(ctx, q.Account, q.Limit)
	if err != nil {
		return store.RecordPage{}, err
	}
	after, err := reviewPlaceOf(q)
	if err != nil {
		return store.RecordPage{}, err
	}
	var page store.RecordPage
	var last reviewPlace
	since, number := after.since, r.d.text(after.number)
	args := []any{r.d.text(q.Account), since, since, number, number, after.seq, int64(limit) + 1}
	err = r.page(ctx, r.sql.reviews, args, func(row *row) error {
		var at reviewPlace
		record, err := scanRecord(row, store.Key{Account: q.Account}, &at.number, &at.seq, &at.since)
		if err != nil {
			return err
		}
		if len(page.Records) == limit {
			page.Next = last.cursor(q.Account)
			return nil
		}
		last = at
		record.Key.Number = at.number
		page.Records = append(page.Records, record)
		return nil
	})
	if err != nil {
		return store.RecordPage{}, err
	}
	return page, nil
}

// reviewPlace is a place in the order of the reviews.
type reviewPlace struct {
	since  int64
	number string
	seq    int64
}

func (p reviewPlace) cursor(account string) store.Cursor {
	place := strconv.FormatInt(p.since, 10) + " " + strconv.FormatInt(p.seq, 10) + " " + p.number
	return cursor.New(place, "sqlstore reviews", account)
}

func reviewPlaceOf(q store.ReviewQuery) (p reviewPlace, err error) {
	if q.After == "" {
		return reviewPlace{since: math.MinInt64}, nil
	}
	place, err := cursor.Place(q.After, "sqlstore reviews", q.Account)
	if err != nil {
		return p, err
	}
	since, place, _ := strings.Cut(place, " ")
	seq, number, _ := strings.Cut(place, " ")
	p.number = number
	if p.since, err = strconv.ParseInt(since, 10, 64); err != nil {
		return p, store.ErrBadCursor
	}
	if p.seq, err = strconv.ParseInt(seq, 10, 64); err != nil {
		return p, store.ErrBadCursor
	}
	return p, nil
}
