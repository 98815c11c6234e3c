package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

func randomEvents(p *probe) {
	for range p.rounds(1, 40, 150*time.Millisecond) {
		p.random(p.anyArrival, func([]store.Key) {})
	}
}

func reviewsRandom(p *probe) {
	p.reviews()
	actions := slices.Repeat([]store.Action{store.Hold}, 8)
	actions = append(actions, store.OptOut, store.OptIn, store.OptIn, store.Consent)
	for range p.rounds(3, 10, 150*time.Millisecond) {
		p.random(func() arrival { return p.anyOf(actions...) }, func(keys []store.Key) {
			p.waits(keys[:2]...)
			p.waits(keys[2])
		})
	}
}

// random appends events whose ids, times, texts and keys repeat, to the store and to
// books by the rule written a second time, and now and then looks at the keys: two of one
// account and one of another.
func (p *probe) random(anyArrival func() arrival, look func(keys []store.Key)) {
	one := p.keyIn(p.otherAccount())
	keys := []store.Key{one, p.keyIn(one.Account), {Account: p.otherAccount(), Number: one.Number}}
	books := map[store.Key]*rulebook.Book{}
	for _, key := range keys {
		books[key] = rulebook.New(key)
	}
	for step := range 250 {
		key := keys[p.rand.IntN(len(keys))]
		ev := p.anyEvent(p.event(key, anyArrival()), books[key].Records())
		ev.Note = strconv.Itoa(step)
		p.agrees(books[key], ev, step+1)
		if step%20 == 19 {
			look(keys)
		}
	}
	for key, book := range books {
		records, state := p.settled(key)
		p.samef(diffs(book.Records(), records), "History at the end")
		p.samef(diff(book.State(), state), "Get at the end")
	}
}

// anyEvent changes a new event, or returns a review or a Void of what is stored.
func (p *probe) anyEvent(ev store.Event, stored []store.Record) store.Event {
	if len(stored) > 0 && p.rand.IntN(5) == 0 {
		return p.anyReview(stored)
	}
	ev.ID = "id-" + strconv.Itoa(p.rand.IntN(40))
	ev.Text, ev.From = []string{"", "stop it", "no more"}[p.rand.IntN(3)], p.anyFrom()
	if p.rand.IntN(20) == 0 {
		ev.Action = store.Ask
	}
	switch {
	case ev.At.IsZero():
	case p.rand.IntN(4) == 0: // as many providers give it
		ev.At = ev.At.Truncate(time.Second)
	default: // below a microsecond: cut before it is compared
		ev.At = ev.At.Add(time.Duration(p.rand.IntN(4)) * 400 * time.Nanosecond)
	}
	if !ev.ReceivedAt.IsZero() && p.rand.IntN(4) == 0 { // around the 72 hours of a redelivery
		ev.ReceivedAt = ev.ReceivedAt.Add(time.Duration(71+p.rand.IntN(3)) * time.Hour)
	}
	return ev
}

// anyFrom returns one of the spellings of a sender.
func (p *probe) anyFrom() string { return []string{"", "+15550001", "15550001"}[p.rand.IntN(3)] }

// anyReview returns a review or a Void of one of the records, which is now and then no text,
// or not the host's, or names it wrong.
func (p *probe) anyReview(stored []store.Record) store.Event {
	text := stored[p.rand.IntN(len(stored))].Event
	if p.rand.IntN(4) == 0 {
		for range 5 {
			if text.Voidable() {
				break
			}
			text = stored[p.rand.IntN(len(stored))].Event
		}
		ev := p.void(text)
		if p.rand.IntN(10) == 0 {
			ev.From = p.anyFrom()
		}
		return ev
	}
	for range 5 {
		if text.Action == store.Hold || text.Action == store.OptOut && text.Source == store.SourceText {
			break
		}
		text = stored[p.rand.IntN(len(stored))].Event
	}
	actions := []store.Action{store.Release, store.Release, store.Uphold, store.Uphold, store.Retract}
	ev := p.review(actions[p.rand.IntN(len(actions))], text)
	ev.From = text.From
	switch p.rand.IntN(20) {
	case 0:
		ev.At = minute(p.rand.IntN(15))
	case 1:
		ev.ReceivedAt = minute(p.rand.IntN(15))
	case 2:
		ev.Text += "."
	case 3, 4:
		ev.From = p.anyFrom()
	}
	return ev
}

// agrees appends one event to both, and compares.
func (p *probe) agrees(book *rulebook.Book, ev store.Event, step int) {
	what := fmt.Sprintf("step %d (%s)", step, showEvent(ev))
	kept, err := ev.Normalize()
	p.mustf(err, "%s: Normalize", what)
	repeated, wantErr := book.Repeats(kept)
	res, err := p.tryAppend(p.ctx, ev)
	if wantErr != nil {
		p.checkf(errors.Is(err, wantErr), "%s: error is %v, want %v", what, err, wantErr)
		return
	}
	p.mustf(err, "%s", what)
	p.checkf(res.Duplicate == (len(repeated) > 0), "%s: Duplicate is %t", what, res.Duplicate)
	if res.Duplicate {
		same := func(r store.Record) bool { return diff(r, res.Record) == "" }
		p.checkf(slices.ContainsFunc(repeated, same), "%s: the record returned is not one that is stored with this content", what)
	} else {
		want, _ := book.Append(kept, res.Record.RecordedAt)
		p.samef(diff(want.Record, res.Record), "%s: the record returned", what)
	}
	p.samef(diff(book.State(), res.State), "%s: the state returned", what)
}

// waits fails if what waits in the account of keys is not what is open by the rule.
func (p *probe) waits(keys ...store.Key) {
	var want []store.Record
	for _, key := range keys {
		if records, state := p.settled(key); state.Status == store.Held {
			want = append(want, rulebook.Of(key, records).Open()...)
		}
	}
	received := func(a, b store.Record) int { return a.ReceivedOrRecorded().Compare(b.ReceivedOrRecorded()) }
	for _, limit := range []int{0, 3} {
		got := p.reviewsOf(keys[0].Account).all(limit)
		p.checkf(slices.IsSortedFunc(got, received), "Reviews in pages of %d are not sorted by when they were received", limit)
		for _, records := range [][]store.Record{want, got} { // those of one time may be in any order
			slices.SortFunc(records, func(a, b store.Record) int {
				return cmp.Or(received(a, b), strings.Compare(a.Key.Number, b.Key.Number),
					strings.Compare(a.ID, b.ID), strings.Compare(a.Note, b.Note))
			})
		}
		p.samef(diffs(want, got), "Reviews in pages of %d", limit)
	}
}
