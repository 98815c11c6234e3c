package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// The calls of a case. An error of the store ends the case.

func (p *probe) get(key store.Key) store.State {
	state, err := p.store.Get(p.ctx, key)
	if err != nil {
		p.failf("Get of %s: %w", showKey(key), err)
	}
	return state
}

// gets reads numbers one by one.
func (p *probe) gets(account string, numbers []string) []store.State {
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i] = p.get(store.Key{Account: account, Number: number})
	}
	return states
}

func (p *probe) append(ev store.Event) store.Result {
	res, err := p.tryAppend(p.ctx, ev)
	if err != nil {
		p.failf("Append to %s (%s): %w", showKey(ev.Key), showEvent(ev), err)
	}
	return res
}

// appendNew appends an event that is not a duplicate.
func (p *probe) appendNew(ev store.Event) store.Result {
	res := p.append(ev)
	if res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	return res
}

// tryAppend appends again if the write lost against another one: nothing was written then.
func (p *probe) tryAppend(ctx context.Context, ev store.Event) (store.Result, error) {
	const pause = time.Millisecond
	for {
		res, err := p.store.Append(ctx, ev)
		if !errors.Is(err, store.ErrConflict) {
			return res, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return res, err
		}
	}
}

// history returns all records of a key, in pages of the default size.
func (p *probe) history(key store.Key) []store.Record { return p.historyBy(key, 0) }

// historyBy returns all records of a key, in pages of a limit.
func (p *probe) historyBy(key store.Key, limit int) []store.Record {
	q := store.HistoryQuery{Key: key, Limit: limit}
	return pages(p, "History", limit, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
		q.After = after
		page, err := p.store.History(p.ctx, q)
		return page.Records, page.Next, err
	})
}

// list returns all states of a query, in pages of its limit.
func (p *probe) list(l store.Lister, q store.ListQuery) []store.State {
	return pages(p, "List", q.Limit, func(after store.Cursor) ([]store.State, store.Cursor, error) {
		q.After = after
		page, err := l.List(p.ctx, q)
		return page.States, page.Next, err
	})
}

// reviews returns all that waits in an account, in pages of a limit.
func (p *probe) reviews(r store.Reviewer, account string, limit int) []store.Record {
	q := store.ReviewQuery{Account: account, Limit: limit}
	return pages(p, "Reviews", limit, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
		q.After = after
		page, err := r.Reviews(p.ctx, q)
		return page.Records, page.Next, err
	})
}

// pages puts the pages of a listing together. No case has a listing as long as the one
// that it ends.
func pages[T any](p *probe, method string, limit int, read func(after store.Cursor) ([]T, store.Cursor, error)) []T {
	const most = 5_000
	var all []T
	var after store.Cursor
	for page := 1; ; page++ {
		entries, next, err := read(after)
		if err != nil {
			p.failf("%s, page %d: %w", method, page, err)
		}
		p.pageSize(method, limit, len(entries))
		all = append(all, entries...)
		if next == "" {
			return all
		}
		if page > most || len(all) > most {
			p.failf("%s does not end: %d pages with %d entries", method, page, len(all))
		}
		after = next
	}
}

func (p *probe) pageSize(method string, limit, got int) {
	most := limit
	switch {
	case limit == 0:
		most = store.DefaultLimit
	case limit > store.MaxLimit:
		most = store.MaxLimit
	}
	if got > most {
		p.failf("%s with Limit %d: a page of %d", method, limit, got)
	}
}

// settled returns a key's history and state, after checking that the state follows from
// the history. It waits for a cancelled write that still arrives.
func (p *probe) settled(key store.Key) ([]store.Record, store.State) {
	const tries, pause = 100, 5 * time.Millisecond
	var changed string
	for range tries {
		before := p.get(key)
		records := p.history(key)
		after := p.get(key)
		if changed = diffState(before, after); changed == "" {
			p.follows(key, records, after)
			return records, after
		}
		time.Sleep(pause)
	}
	p.failf("the state of %s changes though nobody appends: %s", showKey(key), changed)
	return nil, store.State{}
}

// follows fails if the records do not lead by the rule to what is stored: in each record,
// and as the state.
func (p *probe) follows(key store.Key, records []store.Record, state store.State) {
	book := rulebook.New(key)
	for i, r := range records {
		prior := book.State().Status
		effective := book.Add(r)
		switch {
		case r.Key != key:
			p.failf("the history of %s has a record of %s", showKey(key), showKey(r.Key))
		case r.Prior != prior:
			p.failf("record %d of %d (%s): Prior is %v, the records before it lead to %v",
				i+1, len(records), showEvent(r.Event), r.Prior, prior)
		case r.Effective != effective:
			p.failf("record %d of %d (%s): Effective is %t, by the rule it is %t",
				i+1, len(records), showEvent(r.Event), r.Effective, effective)
		}
	}
	if d := diffState(book.State(), state); d != "" {
		p.failf("the state does not follow from the history of %d records: %s", len(records), d)
	}
}

// untouched fails if anything is stored for the key.
func (p *probe) untouched(key store.Key, after string) {
	if d := diffState(store.State{Key: key}, p.get(key)); d != "" {
		p.failf("%s: a state is stored: %s", after, d)
	}
	if records := p.history(key); len(records) > 0 {
		p.failf("%s: %d records are stored", after, len(records))
	}
}

// unchanged runs f, and fails if it changes what is stored for the key.
func (p *probe) unchanged(key store.Key, what string, f func()) {
	records, state := p.settled(key)
	f()
	after, now := p.settled(key)
	if d := diffState(state, now); d != "" {
		p.failf("%s: the state was changed: %s", what, d)
	}
	if d := diffRecords(records, after); d != "" {
		p.failf("%s: the history was changed: %s", what, d)
	}
}

// applies appends an event that is recorded and becomes the state, which has the status.
func (p *probe) applies(ev store.Event, status store.Status) {
	before, _ := p.settled(ev.Key)
	res := p.append(ev)
	if res.Duplicate {
		p.failf("a new event is taken for a duplicate (%s)", showEvent(ev))
	}
	if d := diffEvent(ev, res.Record); d != "" {
		p.failf("the record returned is of another event: %s", d)
	}
	if !res.Record.Effective || res.State.Status != status {
		p.failf("it is not applied (%s): Effective is %t, the state is %v", showEvent(ev), res.Record.Effective, res.State.Status)
	}
	after, state := p.settled(ev.Key)
	if d := diffState(res.State, state); d != "" {
		p.failf("Get after Append: %s", d)
	}
	if d := diffRecords(append(before, res.Record), after); d != "" {
		p.failf("History after Append: %s", d)
	}
}

// isDuplicate appends an event, and fails if it is not taken for a duplicate or changes
// anything.
func (p *probe) isDuplicate(ev store.Event, what string) {
	p.unchanged(ev.Key, what, func() {
		records, state := p.settled(ev.Key)
		res := p.append(ev)
		if !res.Duplicate {
			p.failf("%s: Duplicate is not set", what)
		}
		if d := diffState(state, res.State); d != "" {
			p.failf("%s: the state returned is not the one now: %s", what, d)
		}
		nearest := "no record with this ID and Action is stored"
		for _, stored := range records {
			if stored.ID != ev.ID || stored.Action != ev.Action {
				continue
			}
			if nearest = diffRecord(stored, res.Record); nearest == "" {
				return
			}
		}
		p.failf("%s: the record returned is not the stored one: %s", what, nearest)
	})
}

// refused appends an event, and fails if the error is not the one that is wanted or
// anything changes.
func (p *probe) refused(ev store.Event, want error, what string) {
	p.unchanged(ev.Key, what, func() {
		if _, err := p.tryAppend(p.ctx, ev); !errors.Is(err, want) {
			p.failf("%s (%s): error is %v, want %w", what, showEvent(ev), err, want)
		}
	})
}

// keeps appends an event and fails if it is not given back as it was given.
func (p *probe) keeps(ev store.Event) store.Record {
	want, err := ev.Normalize()
	if err != nil {
		p.failf("an event that a store takes is refused by Normalize: %w", err)
	}
	res := p.appendNew(ev)
	if d := diffEvent(want, res.Record); d != "" {
		p.failf("Append: %s", d)
	}
	records, state := p.settled(ev.Key)
	last := records[len(records)-1]
	if d := diffRecord(res.Record, last); d != "" {
		p.failf("History: %s", d)
	}
	if d := diffState(rulebook.Of(ev.Key, records).State(), state); d != "" {
		p.failf("Get: %s", d)
	}
	return last
}

// everywhere fails if a way to read a state answers another one.
func (p *probe) everywhere(want store.State) {
	_, got := p.settled(want.Key)
	if d := diffState(want, got); d != "" {
		p.failf("Get: %s", d)
	}
	if b, ok := p.canBatch(); ok {
		never := p.key().Number
		states := p.getBatch(b, want.Key.Account, []string{never, want.Key.Number})
		if d := diffState(want, states[1]); d != "" {
			p.failf("GetBatch: %s", d)
		}
	}
	l, ok := p.canList()
	if !ok {
		return
	}
	for _, status := range statuses() {
		listed := p.list(l, store.ListQuery{Account: want.Key.Account, Status: status})
		found := ""
		is := want.Status != store.Unknown && (status == store.Unknown || status == want.Status)
		for _, s := range listed {
			if s.Key == want.Key {
				found = "listed"
				if d := diffState(want, s); d != "" {
					p.failf("List of status %v: %s", status, d)
				}
			}
		}
		if is != (found != "") {
			p.failf("List of status %v: that a %v key is listed is %t", status, want.Status, found != "")
		}
	}
}

func statuses() []store.Status {
	return []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held}
}

// The optional interfaces. A wrapper may have a method and nothing to call with it: then
// the store has none.

func (p *probe) canBatch() (store.BatchGetter, bool) {
	return store.As[store.BatchGetter](p.store)
}

func (p *probe) batchGetter() store.BatchGetter {
	b, ok := p.canBatch()
	if !ok {
		p.skip("the store has no BatchGetter")
	}
	return b
}

func (p *probe) canList() (store.Lister, bool) {
	l, ok := store.As[store.Lister](p.store)
	if !ok {
		return nil, false
	}
	_, err := l.List(p.ctx, store.ListQuery{Account: p.account, Limit: 1})
	return l, !errors.Is(err, errors.ErrUnsupported)
}

func (p *probe) lister() store.Lister {
	l, ok := p.canList()
	if !ok {
		p.skip("the store has no Lister")
	}
	return l
}

func (p *probe) canReview() (store.Reviewer, bool) {
	r, ok := store.As[store.Reviewer](p.store)
	if !ok {
		return nil, false
	}
	_, err := r.Reviews(p.ctx, store.ReviewQuery{Account: p.account, Limit: 1})
	return r, !errors.Is(err, errors.ErrUnsupported)
}

func (p *probe) reviewer() store.Reviewer {
	r, ok := p.canReview()
	if !ok {
		p.skip("the store has no Reviewer")
	}
	return r
}

func (p *probe) getBatch(b store.BatchGetter, account string, numbers []string) []store.State {
	states, err := b.GetBatch(p.ctx, account, numbers)
	if err != nil {
		p.failf("GetBatch of %d: %w", len(numbers), err)
	}
	if len(states) != len(numbers) {
		p.failf("GetBatch of %d numbers: %d states", len(numbers), len(states))
	}
	return states
}
