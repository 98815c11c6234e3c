package storetest

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

func reviewsOrder(p *probe) {
	r := p.reviewer()
	if waiting := p.reviews(r, p.account, 0); len(waiting) > 0 {
		p.failf("%d reviews wait in an account without numbers", len(waiting))
	}
	var keys []store.Key
	for _, received := range []int{9, 3, 7, 3, 11, 1, 3} {
		keys = append(keys, p.hold(p.account, received).Key)
	}
	twice := p.hold(p.account, 5).Key
	p.appendNew(p.arrive(twice, held(2).received(2)))
	p.appendNew(p.arrive(twice, held(3))) // no time of receipt: when it was recorded
	keys = append(keys, twice)
	for _, text := range []store.Event{p.hold(p.account, 4), p.hold(p.account, 12)} {
		p.appendNew(p.review(store.Release, text))
		keys = append(keys, text.Key)
	}
	ended := p.hold(p.account, 6)
	p.appendNew(p.event(ended.Key, store.OptIn, minute(20)))
	p.hold(p.otherAccount(), 2)
	// Below a second, and where times have more digits, or 32 bits end.
	for _, received := range []time.Time{
		minute(30).Add(2 * time.Microsecond), minute(30).Add(10 * time.Microsecond), minute(30).Add(time.Microsecond), minute(30),
		time.Date(2041, time.March, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, time.March, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2001, time.September, 9, 1, 46, 39, 0, time.UTC), time.Date(1961, time.March, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1960, time.March, 1, 0, 0, 0, 0, time.UTC),
	} {
		ev := p.event(p.key(), store.Hold, received)
		ev.ReceivedAt = received
		p.appendNew(ev)
		keys = append(keys, ev.Key)
	}
	all := books{}
	for _, key := range append(keys, ended.Key) {
		records, _ := p.settled(key)
		all[key] = rulebook.Of(key, records)
	}
	p.waits(r, all, p.account)
}

func reviewsInvalid(p *probe) {
	r := p.reviewer()
	for _, text := range badTexts() {
		if _, err := r.Reviews(p.ctx, store.ReviewQuery{Account: text}); !isInvalid(err) {
			p.failf("Reviews of the account %s: error is %v", quote(text), err)
		}
	}
}

func reviewsCancelled(p *probe) {
	r := p.reviewer()
	p.hold(p.account, 1)
	for what, ctx := range p.ended() {
		for _, account := range []string{p.account, p.otherAccount()} {
			if _, err := r.Reviews(ctx, store.ReviewQuery{Account: account}); err == nil {
				p.failf("%s: no error", what)
			}
		}
	}
}

func reviewsLimit(p *probe) {
	r := p.reviewer()
	for n := range 12 {
		p.hold(p.account, 1+n/3) // some at the same time
	}
	all := p.reviews(r, p.account, 0)
	if len(all) != 12 {
		p.failf("of 12 reviews %d are listed", len(all))
	}
	for _, limit := range []int{1, 2, 3, 5, 6, 11, 12, 13, store.MaxLimit} {
		if d := diffRecords(all, p.reviews(r, p.account, limit)); d != "" {
			p.failf("pages of %d, put together: %s", limit, d)
		}
	}
	for _, limit := range []int{-1, -1_000_000} {
		if _, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: limit}); err == nil {
			p.failf("Limit %d: no error", limit)
		}
	}
}

func reviewsThousand(p *probe) {
	r := p.reviewer()
	const all = store.MaxLimit + 2
	one := p.key() // half of the holds are of one key
	p.parallel(p.workers, func(i int) {
		for n := i; n < all; n += p.workers {
			key := one
			if n%2 == 0 {
				key = p.key()
			}
			p.appendNew(p.arrive(key, held(1).received(1+n/100)))
		}
	})
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		// A store may refuse what is over the limit.
		_, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: limit})
		if limit > store.MaxLimit && isInvalid(err) {
			continue
		}
		if got := p.reviews(r, p.account, limit); len(got) != all {
			p.failf("of %d reviews %d are listed", all, len(got))
		}
	}
}

// reviewsOneKey ends holds of one key, received at one time, when they are listed.
func reviewsOneKey(p *probe, r store.Reviewer) {
	const all = 4
	account := p.otherAccount()
	first := p.hold(account, 5)
	for range all - 1 {
		p.appendNew(p.arrive(first.Key, held(1).received(5)))
	}
	listed := map[string]bool{}
	q := store.ReviewQuery{Account: account, Limit: 1}
	pages(p, "Reviews", q.Limit, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
		q.After = after
		page, err := r.Reviews(p.ctx, q)
		for _, text := range page.Records {
			listed[text.ID] = true
			p.append(p.review(store.Release, text.Event))
		}
		return page.Records, page.Next, err
	})
	if len(listed) != all {
		p.failf("of %d holds of one key and one time, each released when it is listed, %d are listed", all, len(listed))
	}
}

// reviewsStable ends and opens holds between the pages.
func reviewsStable(p *probe) {
	r := p.reviewer()
	var holds []store.Event
	for n := range 16 {
		holds = append(holds, p.hold(p.account, 10+n/2))
	}
	steady := map[string]int{} // how often each was listed
	for i, hold := range holds {
		if i%4 < 2 {
			steady[hold.ID] = 0
		}
	}
	page := 0
	q := store.ReviewQuery{Account: p.account, Limit: 3}
	records := pages(p, "Reviews", q.Limit, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
		if after != "" && page < len(holds)/4 { // one before the place, or at it, and one after it
			p.append(p.review(store.Release, holds[4*page+2]))
			p.append(p.review(store.Release, holds[len(holds)-1-4*page]))
			p.hold(p.account, 1)
			p.hold(p.account, 10+page)
			p.appendNew(p.arrive(holds[4*page].Key, held(2).received(2)))
			page++
		}
		q.After = after
		page, err := r.Reviews(p.ctx, q)
		return page.Records, page.Next, err
	})
	listed := map[string]bool{}
	for _, r := range records {
		if listed[r.ID] {
			p.failf("%s is listed twice", quote(r.ID))
		}
		listed[r.ID] = true
		if _, ok := steady[r.ID]; ok {
			steady[r.ID]++
		}
	}
	for id, n := range steady {
		if n != 1 {
			p.failf("%s, which waits all the time, is listed %d times", quote(id), n)
		}
	}
	reviewsOneKey(p, r)
}

func reviewsSlice(p *probe) {
	r := p.reviewer()
	for n := range 6 {
		p.hold(p.account, n+1)
	}
	for _, limit := range []int{0, 3} {
		read := func() []store.Record {
			page, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: limit})
			if err != nil {
				p.failf("Reviews: %w", err)
			}
			return page.Records
		}
		got := read()
		want := slices.Clone(got)
		for range 2 {
			scribble(got)
			got = read()
			if d := diffRecords(want, got); d != "" {
				p.failf("the page was written to, and the next one has it: %s", d)
			}
		}
		for _, record := range want {
			p.settled(record.Key)
		}
	}
}
