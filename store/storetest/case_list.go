package storetest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// withStatus returns the states that a List with the status has to list.
func withStatus(states []store.State, status store.Status) []store.State {
	var with []store.State
	for _, s := range states {
		if status == store.Unknown || s.Status == status {
			with = append(with, s)
		}
	}
	return with
}

func listEqualsGets(p *probe) {
	l := p.lister()
	if states := p.list(l, store.ListQuery{Account: p.account}); len(states) > 0 {
		p.failf("%d states of an account without numbers", len(states))
	}
	numbers := p.contacts()
	other := p.otherAccount()
	for _, number := range numbers[:5] { // are not listed
		p.appendNew(p.event(store.Key{Account: other, Number: number + "x"}, store.OptOut, minute(1)))
	}
	p.appendNew(p.event(store.Key{Account: p.account, Number: "asked"}, store.Ask, minute(1))) // Unknown, with a history
	states := p.gets(p.account, numbers)
	for _, status := range statuses() {
		for _, limit := range []int{0, 7} {
			got := p.list(l, store.ListQuery{Account: p.account, Status: status, Limit: limit})
			if d := diffStates(withStatus(states, status), got); d != "" {
				p.failf("status %v, pages of %d: %s", status, limit, d)
			}
		}
	}
}

func listInvalid(p *probe) {
	l := p.lister()
	for _, text := range badTexts() {
		if _, err := l.List(p.ctx, store.ListQuery{Account: text}); !isInvalid(err) {
			p.failf("List of the account %s: error is %v", quote(text), err)
		}
	}
}

func listCancelled(p *probe) {
	l := p.lister()
	p.appendNew(p.event(p.key(), store.OptOut, minute(1)))
	for what, ctx := range p.ended() {
		for _, account := range []string{p.account, p.otherAccount()} {
			if _, err := l.List(ctx, store.ListQuery{Account: account}); err == nil {
				p.failf("%s: no error", what)
			}
		}
	}
}

func listLimit(p *probe) {
	l := p.lister()
	for n := range 12 {
		p.appendNew(p.alternate(p.key(), n))
	}
	all := p.list(l, store.ListQuery{Account: p.account})
	if len(all) != 12 {
		p.failf("of 12 numbers %d are listed", len(all))
	}
	for _, status := range statuses() {
		for _, limit := range []int{1, 2, 3, 5, 6, 11, 12, 13, store.MaxLimit} {
			got := p.list(l, store.ListQuery{Account: p.account, Status: status, Limit: limit})
			if d := diffStates(withStatus(all, status), got); d != "" {
				p.failf("status %v, pages of %d, put together: %s", status, limit, d)
			}
		}
	}
	for _, limit := range []int{-1, -1_000_000} {
		if _, err := l.List(p.ctx, store.ListQuery{Account: p.account, Limit: limit}); err == nil {
			p.failf("Limit %d: no error", limit)
		}
	}
}

func listThousand(p *probe) {
	l := p.lister()
	size := store.MaxLimit + 2
	if p.options.Long {
		size = 2_600
	}
	p.populate(p.account, size)
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1_000_000_000} {
		q := store.ListQuery{Account: p.account, Limit: limit}
		// A store may refuse what is over the limit.
		if _, err := l.List(p.ctx, q); limit > store.MaxLimit && isInvalid(err) {
			continue
		}
		p.inOrder(p.list(l, q), size)
	}
}

// inOrder fails if there are not that many states, each number greater than the one
// before.
func (p *probe) inOrder(states []store.State, want int) {
	if len(states) != want {
		p.failf("of %d numbers %d are listed", want, len(states))
	}
	for i := 1; i < len(states); i++ {
		if states[i-1].Key.Number >= states[i].Key.Number {
			p.failf("%s is listed after %s", quote(states[i].Key.Number), quote(states[i-1].Key.Number))
		}
	}
}

func listStable(p *probe) {
	l := p.lister()
	for _, status := range []store.Status{store.Unknown, store.OptedOut, store.OptedIn} {
		p.stableList(l, p.otherAccount(), status)
	}
}

// stableList changes an account between the pages of a List: numbers are added
// everywhere, and some that are there change their status to and fro.
func (p *probe) stableList(l store.Lister, account string, status store.Status) {
	key := func(number string) store.Key { return store.Key{Account: account, Number: number} }
	numbers := strings.Split("bcdefghijklmnopq", "")
	steady := map[string]int{} // how often each was listed
	for i, number := range numbers {
		ev := p.alternate(key(number), i)
		is := p.appendNew(ev).State.Status
		if i%4 >= 2 && (status == store.Unknown || is == status) {
			steady[number] = 0
		}
	}
	changing := slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { _, ok := steady[n]; return ok })
	last, page := "", 0
	q := store.ListQuery{Account: account, Status: status, Limit: 2}
	states := pages(p, "List", q.Limit, func(after store.Cursor) ([]store.State, store.Cursor, error) {
		if after != "" {
			p.between(key, changing, page)
			page++
		}
		q.After = after
		page, err := l.List(p.ctx, q)
		return page.States, page.Next, err
	})
	for _, state := range states {
		number := state.Key.Number
		if number <= last {
			p.failf("%q is listed after %q: twice, or out of order", number, last)
		}
		last = number
		if _, ok := steady[number]; ok {
			steady[number]++
		}
	}
	for number, listed := range steady {
		if listed != 1 {
			p.failf("%q, which keeps its status, is listed %d times", number, listed)
		}
	}
}

// between is what happens between two pages.
func (p *probe) between(key func(string) store.Key, changing []string, page int) {
	const pages = 6
	if page >= pages {
		return
	}
	for _, number := range []string{"a", "f5", "z"} {
		p.appendNew(p.alternate(key(number+strconv.Itoa(page)), page))
	}
	for i, number := range changing {
		p.appendNew(p.alternate(key(number), 100+page+i))
	}
}

func listSlice(p *probe) {
	l := p.lister()
	for n := range 6 {
		p.appendNew(p.alternate(p.key(), n))
	}
	for _, limit := range []int{0, 3} {
		read := func() []store.State {
			page, err := l.List(p.ctx, store.ListQuery{Account: p.account, Limit: limit})
			if err != nil {
				p.failf("List: %w", err)
			}
			return page.States
		}
		got := read()
		want := slices.Clone(got)
		for range 2 {
			scribble(got)
			got = read()
			if d := diffStates(want, got); d != "" {
				p.failf("the page was written to, and the next one has it: %s", d)
			}
		}
		for _, state := range want {
			if d := diffState(state, p.get(state.Key)); d != "" {
				p.failf("the page was written to, and Get has it: %s", d)
			}
		}
	}
}
