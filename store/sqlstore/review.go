package sqlstore

import (
	"context"
	"math"
	"slices"
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
	s, texts, err := a.replayed(ctx, ev.Key)
	if err != nil {
		return standing{}, err
	}
	s.heed(now, append(texts, ev)) // delivered again it is whole
	return s, nil
}

// heed keeps an opt-out or a hold that the row has and the history has not: it is half
// written, by a host that committed after an error.
func (s *standing) heed(now store.State, texts []store.Event) {
	if now.Status == store.OptedOut {
		s.Consent = now
		return
	}
	if slices.ContainsFunc(texts, func(ev store.Event) bool { return ev.Status == store.Held && ev.ID == now.EventID }) {
		return
	}
	half := store.Event{
		ID: now.EventID, Key: now.Key, Status: store.Held, At: now.At, ReceivedAt: now.ReceivedAt, RecordedAt: now.RecordedAt, Source: now.Source,
	}
	s.Holds, s.seqs = slices.Insert(s.Holds, 0, half), slices.Insert(s.seqs, 0, 0) // events are counted from 1
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

// replayed reads a key's history, and follows it. It returns all texts that were held.
func (a appender) replayed(ctx context.Context, key store.Key) (s standing, texts []store.Event, err error) {
	s = standing{Standing: store.StandingOf(key, nil)}
	var seqs []int64
	args := []any{a.d.text(key.Account), a.d.text(key.Number), int64(0), int64(math.MaxInt64)}
	err = query(ctx, a.q, a.sql.history+a.end, args, func(row row) error {
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
		return standing{}, nil, err
	}
	at := 0
	for _, hold := range s.Holds { // some of the texts, in their order
		for texts[at] != hold {
			at++
		}
		s.seqs = append(s.seqs, seqs[at])
		at++
	}
	return s, texts, nil
}

// reviews are the statements that tell which holds wait, after the event with the place
// seq: those by which more do, and those by which fewer do.
func (a appender) reviews(before standing, after store.Standing, ev store.Event, seq int64) (opens, ends []statement) {
	waited, waits := before.State().Status == store.Held, after.State().Status == store.Held
	key := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number)}
	if ev.Status == store.Held && ev.Effective {
		opens = append(opens, statement{a.sql.insertReview, slices.Concat(key, []any{seq, ev.Since().UnixMicro(), bit(waits)})})
	}
	if waited && !waits {
		return opens, []statement{{a.sql.endReviews, key}}
	}
	for i, hold := range before.Holds {
		set := statement{a.sql.setReview, slices.Concat([]any{bit(waits)}, key, []any{before.seqs[i]})}
		switch stays := slices.Contains(after.Holds, hold); {
		case stays && waits && !waited:
			opens = append(opens, set)
		case !stays && waited:
			set.args[0] = bit(false)
			ends = append(ends, set)
		}
	}
	return opens, ends
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
