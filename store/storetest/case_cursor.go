package storetest

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// broken returns cursors that no store has given, some cut from one that it has.
func (p *probe) broken(good store.Cursor) []store.Cursor {
	cursors := []store.Cursor{
		"x", "-1", "0", "1", "1000000", "null", "{}", " ", "\x00", "\xff", "=", "AA==", "%", "'", "😀", store.Cursor(p.account),
		good[:len(good)-1], good[:len(good)/2], good[1:], good + good, good + "A", good + "\n", " " + good,
		store.Cursor(strings.Repeat("A", 100_000)), store.Cursor(strings.Repeat("\xff", 1_000)),
	}
	for _, size := range []int{1, 8, 16, 24, 40, 100} {
		random := make([]byte, size)
		for i := range random {
			random[i] = byte(p.rand.Uint32())
		}
		cursors = append(cursors,
			store.Cursor(base64.RawURLEncoding.EncodeToString(random)), store.Cursor(base64.StdEncoding.EncodeToString(random)))
	}
	kept := cursors[:0]
	for _, c := range cursors {
		if c != "" && c != good {
			kept = append(kept, c)
		}
	}
	return kept
}

// opposite appends two opt-outs and two opt-ins to an account.
func (p *probe) opposite(account string) {
	for n := range 4 {
		p.appendNew(p.alternate(store.Key{Account: account, Number: p.key().Number}, n))
	}
}

// next fails if a first page of one entry has no cursor, and returns it otherwise.
func (p *probe) next(method string, next store.Cursor, err error) store.Cursor {
	if err != nil {
		p.failf("%s: %w", method, err)
	}
	if next == "" {
		p.failf("%s with Limit 1 of more entries: Next is \"\"", method)
	}
	return next
}

func (p *probe) historyNext(key store.Key) store.Cursor {
	page, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, Limit: 1})
	return p.next("History", page.Next, err)
}

func (p *probe) listNext(l store.Lister, q store.ListQuery) store.Cursor {
	q.Limit = 1
	page, err := l.List(p.ctx, q)
	return p.next("List", page.Next, err)
}

func (p *probe) reviewsNext(r store.Reviewer, account string) store.Cursor {
	page, err := r.Reviews(p.ctx, store.ReviewQuery{Account: account, Limit: 1})
	return p.next("Reviews", page.Next, err)
}

func (p *probe) isBad(method, what string, err error) {
	if !errors.Is(err, store.ErrBadCursor) {
		p.failf("%s with %s: error is %v", method, what, err)
	}
}

func (p *probe) badHistory(key store.Key, after store.Cursor, what string) {
	_, err := p.store.History(p.ctx, store.HistoryQuery{Key: key, After: after, Limit: 1})
	p.isBad("History", what, err)
}

func (p *probe) badList(l store.Lister, q store.ListQuery, after store.Cursor, what string) {
	q.After, q.Limit = after, 1
	_, err := l.List(p.ctx, q)
	p.isBad("List", what, err)
}

func (p *probe) badReviews(r store.Reviewer, account string, after store.Cursor, what string) {
	_, err := r.Reviews(p.ctx, store.ReviewQuery{Account: account, After: after, Limit: 1})
	p.isBad("Reviews", what, err)
}

func historyCursor(p *probe) {
	key := p.key()
	p.fill(key, 3)
	good := p.historyNext(key)
	for _, c := range p.broken(good) {
		p.badHistory(key, c, "the broken cursor "+quote(string(c)))
	}
	otherNumber := p.key()
	otherAccount := store.Key{Account: p.otherAccount(), Number: key.Number}
	for _, key := range []store.Key{otherNumber, otherAccount} {
		p.badHistory(key, good, "the cursor of another key, on a key without records")
		p.fill(key, 3)
		p.badHistory(key, good, "the cursor of another key")
	}
	if l, ok := p.canList(); ok {
		p.opposite(key.Account)
		p.badHistory(key, p.listNext(l, store.ListQuery{Account: key.Account}), "a cursor of List")
	}
}

func listCursor(p *probe) {
	l := p.lister()
	p.opposite(p.account)
	q := store.ListQuery{Account: p.account}
	good := p.listNext(l, q)
	for _, c := range p.broken(good) {
		p.badList(l, q, c, "the broken cursor "+quote(string(c)))
	}
	other := store.ListQuery{Account: p.otherAccount()}
	p.badList(l, other, good, "the cursor of another account, on an account without numbers")
	p.opposite(other.Account)
	p.badList(l, other, good, "the cursor of another account")

	for _, of := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut} {
		c := p.listNext(l, store.ListQuery{Account: p.account, Status: of})
		for _, at := range statuses() {
			if of != at {
				p.badList(l, store.ListQuery{Account: p.account, Status: at}, c, "the cursor of another status")
			}
		}
	}
	key := p.key()
	p.fill(key, 3)
	p.badList(l, q, p.historyNext(key), "a cursor of History")
}

func reviewsCursor(p *probe) {
	r := p.reviewer()
	first := p.hold(p.account, 1)
	p.hold(p.account, 2)
	p.appendNew(p.arrive(first.Key, held(5)))
	good := p.reviewsNext(r, p.account)
	for _, c := range p.broken(good) {
		p.badReviews(r, p.account, c, "the broken cursor "+quote(string(c)))
	}
	other := p.otherAccount()
	p.badReviews(r, other, good, "the cursor of another account, on one where nothing waits")
	p.hold(other, 1)
	p.hold(other, 2)
	p.badReviews(r, other, good, "the cursor of another account")
	p.badReviews(r, p.account, p.historyNext(first.Key), "a cursor of History")
	p.badHistory(first.Key, good, "a cursor of Reviews")
	if l, ok := p.canList(); ok {
		q := store.ListQuery{Account: p.account}
		p.badReviews(r, p.account, p.listNext(l, q), "a cursor of List")
		p.badList(l, q, good, "a cursor of Reviews")
	}
}
