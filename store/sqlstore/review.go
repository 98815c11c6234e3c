package sqlstore

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// A key's row in the table of states has what is in force: of a key with an open hold
// the first one. What is behind it, the consent and the other holds, follows from the
// key's history, which is read where it matters. The table of reviews only tells
// which holds wait, by when they were received.

// standing is a key's store.Standing, and where its holds are.
type standing struct {
	store.Standing
	seqs []int64 // of Holds
}

// standing returns what ev meets. A key that is not held has no open hold but under
// an opt-out, where it matters to what may lift that.
func (a appender) standing(ctx context.Context, now store.State, ev store.Event) (standing, error) {
	s := standing{Standing: store.Standing{Consent: now}}
	if now.Status != store.Held {
		lifts := ev.Status == store.OptedIn || ev.Status == store.Released
		if now.Status != store.OptedOut || !lifts {
			return s, nil
		}
		if held, err := a.everHeld(ctx, ev.Key); err != nil || !held {
			return s, err
		}
	}
	return a.replayed(ctx, ev.Key)
}

func (a appender) everHeld(ctx context.Context, key store.Key) (held bool, err error) {
	args := []any{a.d.text(key.Account), a.d.text(key.Number)}
	err = query(ctx, a.q, a.sql.everHeld+a.end, args, func(row row) error {
		held = true
		var seq int64
		return row.Scan(&seq)
	})
	return held, err
}

// replayed reads a key's history, and follows it.
func (a appender) replayed(ctx context.Context, key store.Key) (standing, error) {
	s := standing{Standing: store.StandingOf(key, nil)}
	var texts []store.Event
	var seqs []int64
	args := []any{a.d.text(key.Account), a.d.text(key.Number), int64(0), int64(math.MaxInt64)}
	err := query(ctx, a.q, a.sql.history+a.end, args, func(row row) error {
		var seq int64
		ev, err := scanEvent(row, key, &seq)
		if err != nil {
			return err
		}
		if ev.Status == store.Held {
			texts, seqs = append(texts, ev), append(seqs, seq)
		}
		s.Standing, _ = s.Next(ev)
		return nil
	})
	if err != nil {
		return standing{}, err
	}
	at := 0
	for _, hold := range s.Holds { // some of the texts, in their order
		for texts[at] != hold {
			at++
		}
		s.seqs = append(s.seqs, seqs[at])
		at++
	}
	return s, nil
}

// review writes which holds wait, before and after the event with the place seq.
func (a appender) review(ctx context.Context, before standing, after store.Standing, ev store.Event, seq int64) error {
	waited, waits := before.State().Status == store.Held, after.State().Status == store.Held
	key := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number)}
	opens := ev.Status == store.Held && ev.Effective
	if opens {
		args := append(key, seq, ev.Since().UnixMicro(), number(waits))
		if _, err := a.q.ExecContext(ctx, a.sql.insertReview, args...); err != nil {
			return err
		}
	}
	kept := after.Holds
	if opens {
		kept = kept[:len(kept)-1]
	}
	if waited == waits && len(kept) == len(before.Holds) || !waited && !waits {
		return nil
	}
	if waited {
		if _, err := a.q.ExecContext(ctx, a.sql.endReviews, key...); err != nil {
			return err
		}
	}
	if !waits {
		return nil
	}
	at := 0
	for _, hold := range kept { // some of those before, in their order
		for before.Holds[at] != hold {
			at++
		}
		if _, err := a.q.ExecContext(ctx, a.sql.waitReview, append(key[:2:2], before.seqs[at])...); err != nil {
			return err
		}
		at++
	}
	return nil
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (r reader) reviews(ctx context.Context, q store.ReviewQuery) (store.ReviewPage, error) {
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
	after, err := reviewPlaceOf(q)
	if err != nil {
		return store.ReviewPage{}, err
	}
	var page store.ReviewPage
	var last reviewPlace
	since, number := after.since, r.d.text(after.number)
	args := []any{r.d.text(q.Account), since, since, number, number, after.seq, int64(limit) + 1}
	err = query(ctx, r.q, r.sql.reviews+r.end, args, func(row row) error {
		var at reviewPlace
		ev, err := scanEvent(row, store.Key{Account: q.Account}, &at.number, &at.seq, &at.since)
		if err != nil {
			return err
		}
		if len(page.Reviews) == limit {
			page.Next = reviewCursor(q, last)
			return nil
		}
		last = at
		ev.Key.Number = at.number
		page.Reviews = append(page.Reviews, ev)
		return nil
	})
	if err != nil {
		return store.ReviewPage{}, wrap(err)
	}
	return page, nil
}

// reviewPlace is a place in the order of the reviews.
type reviewPlace struct {
	since  int64
	number string
	seq    int64
}

func reviewCursor(q store.ReviewQuery, p reviewPlace) store.Cursor {
	return sign(strconv.FormatInt(p.since, 10)+" "+strconv.FormatInt(p.seq, 10)+" "+p.number, "reviews", q.Account)
}

func reviewPlaceOf(q store.ReviewQuery) (p reviewPlace, err error) {
	if q.After == "" {
		return reviewPlace{since: math.MinInt64}, nil
	}
	place, err := placeOf(q.After, "reviews", q.Account)
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
