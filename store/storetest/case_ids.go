package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

func (p *probe) idsOf(account, prefix string) listing[store.Record] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.Record, store.Cursor, error) {
		page, err := store.EventIDs(ctx, p.store, store.IDsQuery{Account: account, Prefix: prefix, After: after, Limit: limit})
		return page.Records, page.Next, err
	}
	return listing[store.Record]{probe: p, method: "EventIDs", page: page}
}

// ids returns the EventIDs of the case's account, or skips the case.
func (p *probe) ids(prefix string) listing[store.Record] {
	ids := p.idsOf(p.account, prefix)
	if !ids.offered() {
		p.skip("the store has no IDLister")
	}
	return ids
}

// withID appends a new opt-out of an ID, and returns its record.
func (p *probe) withID(key store.Key, id string) store.Record {
	return p.appendNew(p.ofID(key, id)).Record
}

// ofID is a new opt-out of an ID.
func (p *probe) ofID(key store.Key, id string) store.Event {
	ev := p.event(key, imported(1+int(p.names.Add(1)%40)))
	ev.ID, ev.From = id, fmt.Sprint("from ", p.names.Add(1)) // two of one ID are two events
	return ev
}

// sortIDs puts records in the order of EventIDs. Those of one number and one ID are in the
// order of recording.
func sortIDs(records []store.Record) {
	slices.SortStableFunc(records, func(a, b store.Record) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Key.Number, b.Key.Number))
	})
}

func startingWith(records []store.Record, prefix string) []store.Record {
	var found []store.Record
	for _, r := range records {
		if strings.HasPrefix(r.ID, prefix) {
			found = append(found, r)
		}
	}
	return found
}

func idsOrder(p *probe) {
	p.samef(diffs(nil, p.ids("").all(0)), "of an account without numbers")
	last := strings.Repeat("\U0010ffff", store.MaxKeyLen/4)
	texts := append(alike("Ab"), "list-1/1", "list-1/10", "list-1/2", "list-1", "list-10/1", "list-2/1", "void:list-1/1",
		last, last[4:]+"\u0001")
	keys := []store.Key{p.key(), p.key(), p.key()}
	other := p.keyIn(p.otherAccount())
	var all []store.Record
	for i, id := range texts {
		all = append(all, p.withID(keys[i%3], id))
		switch i % 5 {
		case 1:
			all = append(all, p.withID(keys[(i+1)%3], id))
		case 2:
			all = append(all, p.withID(keys[i%3], id)) // once more
		case 3:
			p.withID(other, id)
		}
	}
	sortIDs(all)
	for _, prefix := range append(texts[:20:20], "", "A", "list-", "list-1", "list-1/", "list-1/1", "%", "list-1_", "LIST", "list-1/ ",
		last[:8], last) {
		want := startingWith(all, prefix)
		for _, limit := range []int{0, 3} {
			p.samef(diffs(want, p.ids(prefix).all(limit)), "the records whose ID begins with %s, in pages of %d", quote(prefix), limit)
		}
	}
	// Any action, and what was taken back.
	text, wrong := p.hold(1), p.withID(keys[0], "wrong/1")
	review := p.appendNew(p.review(store.Release, text)).Record
	void := p.appendNew(p.void(wrong.Event)).Record
	p.samef(diffs([]store.Record{p.history(text.Key)[0], review}, p.ids(text.ID).all(0)), "a hold and its review")
	p.samef(diffs([]store.Record{wrong}, p.ids("wrong/").all(0)), "what was voided")
	p.samef(diffs([]store.Record{void}, p.ids(void.ID).all(0)), "a Void")
}

func idsInvalid(p *probe) {
	p.ids("")
	for _, text := range badTexts() {
		p.invalidf(p.idsOf(text, "a").read(p.ctx), "EventIDs of the account %s", quote(text))
		if text != "" {
			p.invalidf(p.ids(text).read(p.ctx), "EventIDs with the prefix %s", quote(text))
		}
	}
}

func idsCancelled(p *probe) {
	ids := p.ids("")
	p.withID(p.key(), "1")
	p.needsContext("EventIDs", ids.read)
	p.needsContext("EventIDs of an account without numbers", p.idsOf(p.otherAccount(), "").read)
}

// rows appends n records of an import, some of one ID, and returns them in order.
func (p *probe) rows(n int) []store.Record {
	events := make([]store.Event, n)
	for i := range events {
		events[i] = p.ofID(p.key(), fmt.Sprintf("row/%d", i*2/3))
	}
	records := make([]store.Record, n)
	for i, result := range p.atOnce(events) {
		records[i] = result.Record
	}
	sortIDs(records)
	return records
}

func idsLimit(p *probe) {
	ids := p.ids("row/")
	p.withID(p.key(), "row")
	p.withID(p.key(), "row0")
	ids.hasLimits(p.rows(12))
}

func idsThousand(p *probe) {
	ids := p.ids("row/")
	ids.hasLargestPages(p.rows(store.MaxLimit + 2))
}

// idsStable appends between the pages, before the place and after it.
func idsStable(p *probe) {
	ids := p.ids("row/")
	var stay, listed []string
	name := func(r store.Record) string { return r.ID + " " + r.Key.Number + " " + r.From }
	for _, r := range p.rows(16) {
		stay = append(stay, name(r))
	}
	pages := 0
	for _, r := range ids.pages(2, func(page []store.Record) {
		if pages++; pages > 5 { // else there is no end
			return
		}
		last := page[len(page)-1]
		p.withID(last.Key, last.ID) // which comes after it
		p.withID(p.key(), last.ID)
		p.withID(p.key(), "row/")
		p.withID(p.key(), "row/99")
	}) {
		listed = append(listed, name(r))
	}
	p.listedOnce(listed, stay)
}

func idsCursor(p *probe) {
	ids := p.ids("row/")
	rows := p.rows(4)
	p.add(rows[0].Key, out(1))
	good := ids.refusesBroken()
	p.ids("row").refuses(good, "the cursor of another prefix")
	p.ids("").refuses(good, "the cursor of a prefix")
	history := p.historyOf(rows[0].Key)
	ids.refuses(history.next(), "a cursor of History")
	history.refuses(good, "a cursor of EventIDs")
	account := p.otherAccount()
	other := p.idsOf(account, "row/")
	other.refuses(good, "the cursor of another account, which has no numbers")
	p.withID(p.keyIn(account), "row/1")
	other.refuses(good, "the cursor of another account")
}

func idsSlice(p *probe) {
	ids := p.ids("row/")
	rows := p.rows(6)
	ids.isCallers()
	for _, r := range rows { // what was written to is not what is stored
		p.settled(r.Key)
	}
}
