package storetest

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// waits fails where what waits in an account is not what the model has.
func (p *probe) waits(r store.Reviewer, m model, account string) {
	var want []store.Event
	for key := range m {
		if s := m.standing(key); key.Account == account && s.State().Status == store.Held {
			want = append(want, s.Holds...)
		}
	}
	for _, limit := range []int{0, 1, 3} {
		got := p.reviews(r, account, limit)
		if !slices.IsSortedFunc(got, func(a, b store.Event) int { return a.Since().Compare(b.Since()) }) {
			p.failf("Reviews in pages of %d are not sorted by when they were received", limit)
		}
		// Of one time they may be in any order.
		for _, events := range [][]store.Event{want, got} {
			slices.SortFunc(events, func(a, b store.Event) int {
				return cmp.Or(a.Since().Compare(b.Since()), strings.Compare(a.Key.Number, b.Key.Number), a.RecordedAt.Compare(b.RecordedAt),
					strings.Compare(a.ID, b.ID), strings.Compare(a.Note, b.Note))
			})
		}
		if d := diffEvents(want, got); d != "" {
			p.failf("Reviews in pages of %d: %s", limit, d)
		}
	}
}

// hold opens a hold of a new key of the account.
func (p *probe) hold(account string, received int) store.Event {
	ev := p.arrive(store.Key{Account: account, Number: p.key().Number}, held(1).received(received))
	ev.Text = "pls \x00\xff no more"
	return p.appendNew(ev).Event
}

func reviewsOrder(p *probe) {
	r := p.reviewer()
	if waiting := p.reviews(r, p.account, 0); len(waiting) > 0 {
		p.failf("%d reviews wait in an account without numbers", len(waiting))
	}
	m := model{}
	add := func(ev store.Event) { m[ev.Key] = append(m[ev.Key], ev) }
	for _, received := range []int{9, 3, 7, 3, 11, 1, 3} {
		add(p.hold(p.account, received))
	}
	twice := p.hold(p.account, 5)
	add(twice)
	add(p.appendNew(p.arrive(twice.Key, held(2).received(2))).Event)
	add(p.appendNew(p.arrive(twice.Key, held(3))).Event) // no time of receipt: when it was recorded
	for _, ev := range []store.Event{p.hold(p.account, 4), p.hold(p.account, 12)} {
		add(ev)
		add(p.appendNew(p.release(ev)).Event)
	}
	ended := p.hold(p.account, 6)
	add(ended)
	add(p.appendNew(p.event(ended.Key, store.OptedIn, minute(20))).Event)
	p.hold(p.otherAccount(), 2)
	p.waits(r, m, p.account)
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
		if d := diffEvents(all, p.reviews(r, p.account, limit)); d != "" {
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
	p.parallel(p.workers, func(i int) {
		for n := i; n < all; n += p.workers {
			p.hold(p.account, 1+n/100)
		}
	})
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		// A store may refuse what is over the limit.
		if _, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: limit}); limit > store.MaxLimit && isInvalid(err) {
			continue
		}
		if got := p.reviews(r, p.account, limit); len(got) != all {
			p.failf("of %d reviews %d are listed", all, len(got))
		}
	}
}

// reviewsOneKey ends holds of one key, received at one time, once they are listed.
func reviewsOneKey(p *probe, r store.Reviewer) {
	const all = 4
	q := store.ReviewQuery{Account: p.otherAccount(), Limit: 1}
	first := p.hold(q.Account, 5)
	for range all - 1 {
		p.appendNew(p.arrive(first.Key, held(1).received(5)))
	}
	listed := map[string]bool{}
	for pages := 0; ; pages++ {
		page, err := r.Reviews(p.ctx, q)
		if err != nil {
			p.failf("Reviews, page %d: %w", pages+1, err)
		}
		for _, ev := range page.Reviews {
			listed[ev.ID] = true
			p.append(p.release(ev))
		}
		if page.Next == "" {
			break
		}
		p.pageCount("Reviews", pages, len(listed))
		q.After = page.Next
	}
	if len(listed) != all {
		p.failf("of %d holds of one key and one time, each released once it is listed, %d are listed", all, len(listed))
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
	listed := map[string]bool{}
	q := store.ReviewQuery{Account: p.account, Limit: 3}
	for pages := 0; ; pages++ {
		page, err := r.Reviews(p.ctx, q)
		if err != nil {
			p.failf("Reviews, page %d: %w", pages+1, err)
		}
		for _, ev := range page.Reviews {
			if listed[ev.ID] {
				p.failf("%s is listed twice", quote(ev.ID))
			}
			listed[ev.ID] = true
			if _, ok := steady[ev.ID]; ok {
				steady[ev.ID]++
			}
		}
		if page.Next == "" {
			break
		}
		p.pageCount("Reviews", pages, len(listed))
		q.After = page.Next
		if pages < len(holds)/4 { // one before the place, or at it, and one behind it
			p.append(p.release(holds[4*pages+2]))
			p.append(p.release(holds[len(holds)-1-4*pages]))
			p.hold(p.account, 1)
			p.hold(p.account, 10+pages)
			p.appendNew(p.arrive(holds[4*pages].Key, held(2).received(2)))
		}
	}
	for id, n := range steady {
		if n != 1 {
			p.failf("%s, which waits all the time, is listed %d times", quote(id), n)
		}
	}
	reviewsOneKey(p, r)
}

func reviewsCursor(p *probe) {
	r := p.reviewer()
	next := func(account string) store.Cursor {
		page, err := r.Reviews(p.ctx, store.ReviewQuery{Account: account, Limit: 1})
		if err != nil || page.Next == "" {
			p.failf("Reviews with Limit 1 of two: Next is %s, error is %w", quote(string(page.Next)), err)
		}
		return page.Next
	}
	bad := func(account string, after store.Cursor, what string) {
		if _, err := r.Reviews(p.ctx, store.ReviewQuery{Account: account, After: after, Limit: 1}); !errors.Is(err, store.ErrBadCursor) {
			p.failf("Reviews with %s: error is %v", what, err)
		}
	}
	first := p.hold(p.account, 1)
	p.hold(p.account, 2)
	p.appendNew(p.arrive(first.Key, held(5)))
	good := next(p.account)
	for _, c := range p.broken(good) {
		bad(p.account, c, "the broken cursor "+quote(string(c)))
	}
	other := p.otherAccount()
	bad(other, good, "the cursor of another account, on one where nothing waits")
	p.hold(other, 1)
	p.hold(other, 2)
	bad(other, good, "the cursor of another account")
	bad(p.account, p.historyNext(first.Key), "a cursor of History")
	p.badHistory(first.Key, good, "a cursor of Reviews")
	if l, ok := p.canList(); ok {
		bad(p.account, p.listNext(l, store.ListQuery{Account: p.account}), "a cursor of List")
		p.badList(l, store.ListQuery{Account: p.account}, good, "a cursor of Reviews")
	}
}

func reviewsSlice(p *probe) {
	r := p.reviewer()
	for n := range 6 {
		p.hold(p.account, n+1)
	}
	for _, limit := range []int{0, 3} {
		read := func() []store.Event {
			page, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: limit})
			if err != nil {
				p.failf("Reviews: %w", err)
			}
			return page.Reviews
		}
		got := read()
		want := slices.Clone(got)
		for range 2 {
			scribble(got)
			got = read()
			if d := diffEvents(want, got); d != "" {
				p.failf("the page was written to, and the next one has it: %s", d)
			}
		}
		for _, ev := range want {
			p.settled(ev.Key)
		}
	}
}
