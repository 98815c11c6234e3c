package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// erases skips the case if the store cannot erase. A wrapper may have the method and
// nothing to call with it.
func (p *probe) erases() {
	if err := p.tryErase(p.ctx, p.key(), 1); errors.Is(err, errors.ErrUnsupported) {
		p.skip("the store has no Eraser")
	}
}

// tryErase erases again if the write lost against another one: nothing was erased then.
func (p *probe) tryErase(ctx context.Context, key store.Key, at int) error {
	_, err := again(ctx, func() (struct{}, error) {
		return struct{}{}, store.EraseKey(ctx, p.store, key, eraser(at), "letter "+strconv.Itoa(at), minute(at))
	})
	return err
}

// eraser is who erases at a time.
func eraser(at int) string { return "eraser " + strconv.Itoa(at) }

func (p *probe) erase(key store.Key, at int) {
	p.mustf(p.tryErase(p.ctx, key, at), "Erase of %s", showKey(key))
}

// marker is in all evidence of [probe.evident].
const marker = "KILROY"

// evident is the event of an arrival, with a marker in each field that Erase empties.
func (p *probe) evident(key store.Key, a arrival) store.Event {
	ev := p.event(key, a)
	mark := func(field string) string { return marker + " " + field + " " + ev.ID }
	ev.From, ev.To, ev.Text = mark("From"), mark("To"), mark("Text")
	ev.Actor, ev.Note = mark("Actor"), mark("Note")
	ev.Keyword, ev.KeywordSet = "STOP", "v1"
	return ev
}

// letter appends evidence of every kind to a new key, and returns its events: the key is
// Held, a text was released, and one is longer than is kept.
func (p *probe) letter() []store.Event {
	key := p.key()
	events := []store.Event{
		p.evident(key, consent(1)), p.evident(key, out(2)), p.evident(key, in(3)), p.evident(key, ask(4)),
		p.evident(key, held(5).received(5)), p.evident(key, held(6).received(6)), p.evident(key, held(0).received(7)),
	}
	events[1].Text = strings.Repeat(marker+" \xff", store.MaxTextLen)
	events[4].Text = marker
	verdict := p.review(store.Release, events[4])
	verdict.From, verdict.Actor, verdict.Note = events[4].From, marker+" Actor", marker+" Note"
	for _, ev := range append(events, verdict) {
		p.appendNew(ev)
	}
	return events
}

// isGone fails if a marker is found through any method.
func (p *probe) isGone(key store.Key, what string) {
	found := func(method string, answer any) {
		text, err := json.Marshal(answer)
		p.mustf(err, "the answer of %s", method)
		if strings.Contains(string(text), marker) || strings.Contains(fmt.Sprintf("%q %+v", answer, answer), marker) {
			p.failf("%s: %s answers with erased evidence", what, method)
		}
	}
	found("Get", p.get(key))
	found("GetBatch", p.getBatch(key.Account, []string{key.Number}))
	for _, r := range p.history(key) {
		found("History", r)
	}
	for _, status := range statuses() {
		if list := p.listOf(key.Account, status); list.offered() {
			found("List", list.all(0))
		}
	}
	for name, list := range map[string]listing[store.Record]{
		"Reviews": p.reviewsOf(key.Account), "Changes": p.changesOf(key.Account), "EventIDs": p.idsOf(key.Account, ""),
	} {
		if list.offered() {
			found(name, list.all(0))
		}
	}
	if search := p.searchOf(store.SearchQuery{Account: key.Account, Prefix: key.Number}); search.offered() {
		found("Search", search.all(0))
	}
	for _, r := range p.history(key) {
		records, err := store.GetRecords(p.ctx, p.store, key, r.ID)
		p.mustf(err, "GetRecords")
		found("GetRecords", records)
	}
}

func eraseEvidence(p *probe) {
	p.erases()
	events := p.letter()
	key := events[0].Key
	p.erase(key, 10)
	p.isGone(key, "Erase")
	for i, r := range p.history(key)[:len(events)] {
		p.checkf(r.Erased, "record %d is not Erased", i+1)
		p.checkf(r.From+r.To+r.Text+r.Actor+r.Note == "", "record %d: From %s, To %s, Text %s, Actor %s, Note %s, want none", i+1,
			quote(r.From), quote(r.To), quote(r.Text), quote(r.Actor), quote(r.Note))
	}
	for _, ev := range []store.Event{p.evident(key, out(8)), p.evident(key, held(9))} { // what has come since
		p.appendNew(ev)
	}
	p.erase(key, 11)
	p.isGone(key, "a second Erase")
}

// blank is what an Erase must leave of records.
func blank(records []store.Record) []store.Record {
	left := slices.Clone(records)
	for i := range left {
		if r := &left[i]; r.Action != store.Erase {
			r.From, r.To, r.Text, r.Actor, r.Note, r.Erased = "", "", "", "", "", true
		}
	}
	return left
}

func eraseKeeps(p *probe) {
	p.erases()
	stop := p.evident(p.key(), out(1).by("any source"))
	p.appendNew(stop)
	for _, key := range []store.Key{p.letter()[0].Key, stop.Key, p.add(p.key(), in(1)).Record.Key, p.add(p.key(), held(1)).Record.Key} {
		records, state := p.settled(key)
		p.erase(key, 10)
		after, now := p.settled(key)
		p.samef(diff(state, now), "Get after Erase")
		p.samef(diffs(blank(records), after[:min(len(records), len(after))]), "History after Erase")
		p.answers(key, now)
	}
}

// answers fails if a way to read a key answers another state.
func (p *probe) answers(key store.Key, want store.State) {
	p.samef(diffs([]store.State{want}, p.getBatch(key.Account, []string{key.Number})), "GetBatch after Erase")
	if list := p.listOf(key.Account, want.Status); list.offered() {
		p.checkf(slices.Contains(list.all(0), want), "List of status %v lacks the key after Erase", want.Status)
	}
}

func eraseRecorded(p *probe) {
	p.erases()
	key := p.letter()[0].Key
	before, _ := p.settled(key)
	for at := 10; at < 13; at++ {
		p.erase(key, at)
		records, _ := p.settled(key)
		p.checkf(len(records) == len(before)+at-9, "of %d erasures %d are recorded", at-9, len(records)-len(before))
		for i, r := range records[len(before):] {
			want, err := store.ErasureOf(key, eraser(10+i), "letter "+strconv.Itoa(10+i), minute(10+i))
			p.mustf(err, "ErasureOf")
			p.samef(diff(want, r.Event), "the record of erasure %d", i+1)
			p.checkf(!r.Effective && !r.Erased && !r.RecordedAt.IsZero(), "the record of erasure %d: %+v", i+1, r)
		}
	}
	p.unchanged(key, "the same Erase again", func() { p.erase(key, 12) })
}

func eraseListed(p *probe) {
	p.erases()
	lists := map[string]listing[store.Record]{"Changes": p.changesOf(p.account), "EventIDs": p.idsOf(p.account, "")}
	for name, list := range lists {
		if !list.offered() {
			delete(lists, name)
		}
	}
	key := p.letter()[0].Key
	for _, list := range lists { // before the Erase too: a store may have an index since then
		p.listed(list, len(p.history(key)))
	}
	p.erase(key, 10)
	records := p.history(key)
	last := records[len(records)-1]
	for name, list := range lists {
		isThere := func() bool { return slices.Contains(list.all(0), last) }
		p.late(isThere)
		p.checkf(isThere(), "%s lacks the record of an Erase", name)
		p.checkf(len(list.all(0)) == len(records), "%s has %d records after an Erase, want %d", name, len(list.all(0)), len(records))
	}
	found, err := store.GetRecords(p.ctx, p.store, key, last.ID)
	p.mustf(err, "GetRecords")
	p.samef(diffs([]store.Record{last}, found), "GetRecords of the ID of an Erase")
}

func eraseUnknown(p *probe) {
	p.erases()
	key := p.key()
	p.erase(key, 1)
	p.untouched(key, "Erase of a key that was never seen")
	p.checkf(p.get(key).Status == store.Unknown, "the key is not Unknown")
	p.keeps(p.evident(key, out(2)))
}

func eraseInvalid(p *probe) {
	p.erases()
	used := p.letter()[0].Key
	p.unchanged(used, "Erase that no store takes", func() {
		for _, key := range p.badKeys() {
			p.invalidf(p.tryErase(p.ctx, key, 1), "Erase of %s", showKey(key))
		}
		p.invalidf(p.tryErase(p.ctx, used, 0), "Erase without a time")
		late := store.EraseKey(p.ctx, p.store, used, "anna", "letter", minute(1).AddDate(9_000, 0, 0))
		p.invalidf(late, "Erase in a year of five digits")
		ev, err := store.ErasureOf(used, "anna", "letter", minute(1))
		p.mustf(err, "ErasureOf")
		_, err = p.tryAppend(p.ctx, ev)
		p.invalidf(err, "Append of an erasure")
	})
}

func eraseDuplicate(p *probe) {
	p.erases()
	events := p.letter()
	key := events[0].Key
	p.erase(key, 10)
	for _, ev := range events {
		p.isDuplicate(ev, fmt.Sprintf("an erased %v that is delivered again", ev.Action))
		ev.Text, ev.From, ev.To, ev.Actor, ev.Note = marker, marker, marker, marker, marker
		p.isDuplicate(ev, fmt.Sprintf("an erased %v that is delivered again in other words", ev.Action))
	}
	if _, ok := store.As[store.BatchAppender](p.store); ok {
		for i, res := range p.appendBatch(events) {
			p.checkf(res.Duplicate, "event %d, delivered again in a batch, is no Duplicate", i+1)
		}
	}
	undated := p.evident(p.key(), out(0).received(1))
	p.appendNew(undated)
	p.erase(undated.Key, 10)
	p.isDuplicate(undated, "an erased opt-out without At that is delivered again")
	p.isGone(key, "after redeliveries")
	p.isGone(undated.Key, "after redeliveries")
}

func eraseOther(p *probe) {
	p.erases()
	for _, action := range []store.Action{store.OptOut, store.Hold} {
		first := p.evident(p.key(), arrival{action: action, at: minute(1), known: minute(1)})
		p.appendNew(first)
		p.erase(first.Key, 10)
		for what, change := range map[string]func(*store.Event){
			"ID":     func(ev *store.Event) { ev.ID += "x" },
			"Source": func(ev *store.Event) { ev.Source = store.SourceCarrier },
			"At":     func(ev *store.Event) { ev.At = ev.At.Add(time.Microsecond) },
		} {
			ev := first
			change(&ev)
			r := p.keeps(ev)
			p.checkf(!r.Erased, "%v with another %s than an erased one is Erased", action, what)
		}
	}
	stop := p.evident(p.key(), out(0).received(1))
	p.appendNew(stop)
	p.erase(stop.Key, 10)
	p.add(stop.Key, in(20)) // which is later than the receipt
	stop.ReceivedAt = stop.ReceivedAt.Add(72*time.Hour + time.Microsecond)
	p.keeps(stop)
	p.endsf(stop.Key, isOut, "an opt-out without At whose id was erased more than 72 hours before")
}

func eraseReading(p *probe) {
	p.erases()
	text := p.evident(p.key(), held(1).received(1))
	p.appendNew(text)
	p.erase(text.Key, 10)
	stop := text
	stop.Action = store.OptOut
	r := p.appendNew(stop).Record
	p.checkf(r.Erased && r.Effective, "Erased is %t, Effective %t", r.Erased, r.Effective)
	p.isGone(text.Key, "an erased hold that comes again as an opt-out")
	p.endsf(text.Key, isOut, "an erased hold that comes again as an opt-out")
	p.isDuplicate(stop, "the same again")
}

func eraseHold(p *probe) {
	p.erases()
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		for what, words := range map[string]func(text, stored store.Event) store.Event{
			"as it is stored":   func(_, stored store.Event) store.Event { return stored },
			"as it was written": func(text, _ store.Event) store.Event { return text },
		} {
			text := p.evident(p.key(), held(1).received(2))
			p.appendNew(text)
			p.erase(text.Key, 10)
			reviews := p.reviewsOf(text.Key.Account)
			if reviews.offered() {
				waits := func(r store.Record) bool { return r.ID == text.ID && r.Erased && r.Text == "" }
				p.checkf(slices.ContainsFunc(reviews.all(0), waits), "Reviews lacks the erased hold")
			}
			read := words(text, p.history(text.Key)[0].Event)
			verdict := p.review(action, read)
			verdict.From, verdict.To = read.From, read.To
			res := p.appendNew(verdict)
			want := map[store.Action]store.Status{store.Uphold: isOut}[action]
			p.checkf(res.State.Status == want && res.Record.Effective, "%v of an erased hold, %s: the state is %v, want %v",
				action, what, res.State.Status, want)
			p.checkf(res.Record.Actor == "anna", "the %v lacks its Actor", action)
			p.endsf(text.Key, want, "%v of an erased hold, %s", action, what)
			p.isGone(text.Key, fmt.Sprintf("%v, %s", action, what))
			p.isDuplicate(verdict, fmt.Sprintf("a second %v, %s", action, what))
			late := verdict
			late.ReceivedAt = minute(3)
			p.refused(late, store.ErrInvalid, "a review of another time")
		}
	}
}

func eraseApart(p *probe) {
	p.erases()
	first := p.evident(p.key(), held(1).received(2))
	second, third := first, first
	second.Text += " and there"
	third.From += " and there"
	verdict := p.review(store.Release, first)
	verdict.From = first.From
	for _, ev := range []store.Event{first, second, third, verdict} {
		p.appendNew(ev)
	}
	optOut := p.evident(first.Key, out(3).by(store.SourceText))
	p.appendNew(optOut)
	p.erase(first.Key, 10)
	// All is made anew from the records by a review of an opt-out.
	p.appendNew(p.review(store.Release, p.history(first.Key)[4].Event))
	p.endsf(first.Key, isHeld, "a review of one of three texts of one id and time, erased")
	if reviews := p.reviews(); reviews.offered() {
		p.checkf(len(reviews.all(0)) == 2, "%d texts wait, want 2", len(reviews.all(0)))
	}
	for n, text := range p.history(first.Key)[1:3] {
		read := p.review(store.Release, text.Event)
		read.From = text.From
		p.appendNew(read)
		p.checkf(p.get(first.Key).Status == []store.Status{isHeld, isUnknown}[n], "after %d reviews the key is %v", n+1, p.get(first.Key).Status)
	}
	p.isGone(first.Key, "texts that differ in nothing but their words")
}

// eraseVoid is of what the host recorded, before and after it is voided.
func eraseVoid(p *probe) {
	p.erases()
	for _, a := range []arrival{agent(1), imported(1), consent(1)} {
		for _, voided := range []bool{false, true} {
			wrong := p.evident(p.key(), a)
			void := p.void(wrong)
			void.Actor, void.Note = marker+" Actor", marker+" Note"
			p.appendNew(wrong)
			if voided {
				p.appendNew(void)
			}
			p.erase(wrong.Key, 10)
			p.isGone(wrong.Key, "a "+wrong.Action.String()+" of the host")
			if !voided {
				void.Actor, void.Note = "ann", "wrong list"
				p.unchanged(wrong.Key, "a Void of another ID", func() {
					other := void
					other.ID += "x"
					p.refused(other, store.ErrInvalid, "of another ID than an erased one")
				})
				r := p.appendNew(void).Record
				p.checkf(r.Erased && r.Effective && r.From == "" && r.Actor == "ann", "a Void of an erased %v: the record is %+v", wrong.Action, r)
			}
			p.endsf(wrong.Key, isUnknown, "a Void and an Erase")
			p.isDuplicate(void, "a Void again, erased")
			p.isDuplicate(wrong, "what was voided and erased, again")
			p.erase(wrong.Key, 11)
			p.isGone(wrong.Key, "an Erase of a Void")
			p.isDuplicate(void, "a Void again, erased twice")
			p.endsf(wrong.Key, isUnknown, "a Void and two Erases")

			p.add(wrong.Key, imported(2)) // all is made anew from the records
			p.appendNew(p.void(p.history(wrong.Key)[len(p.history(wrong.Key))-1].Event))
			p.endsf(wrong.Key, isUnknown, "a Void of another event after that")
		}
	}
	stop := p.evident(p.key(), out(1))
	p.appendNew(stop)
	p.erase(stop.Key, 10)
	p.refused(p.void(stop), store.ErrInvalid, "of an erased STOP")
	p.endsf(stop.Key, isOut, "a Void of an erased STOP")
}

// eraseVoidOne is of events of two senders with one ID.
func eraseVoidOne(p *probe) {
	p.erases()
	one := p.evident(p.key(), imported(1))
	other := one
	other.From += " and there"
	p.appendNew(one)
	p.appendNew(other)
	p.erase(one.Key, 10)
	p.refused(p.void(one), store.ErrInvalid, "of one of two senders that are erased")
	p.endsf(one.Key, isOut, "a Void of one of two senders that are erased")

	one.Key, other.Key = p.key(), p.key()
	other.Key = one.Key
	for _, ev := range []store.Event{one, other, p.void(one)} {
		p.appendNew(ev)
	}
	p.erase(one.Key, 10)
	p.isGone(one.Key, "an Erase of one of two that was voided")
	p.endsf(one.Key, isOut, "an Erase of one of two that was voided")
	p.isDuplicate(p.void(one), "a Void of one of two senders again, erased")
	more := p.add(one.Key, imported(30)).Record.Event
	p.appendNew(p.void(more)) // all is made anew from the records
	p.endsf(one.Key, isOut, "an Erase of one of two that was voided, and another Void")
}

func eraseOne(p *probe) {
	p.erases()
	key := p.letter()[0].Key
	others := []store.Key{
		p.letter()[0].Key,
		{Account: p.otherAccount(), Number: key.Number},
		{Account: key.Account, Number: key.Number + " "},
		{Account: key.Account, Number: key.Number + "0"},
		{Account: strings.ToUpper(key.Account), Number: key.Number},
	}
	var erase func(keys []store.Key)
	erase = func(keys []store.Key) {
		if len(keys) == 0 {
			p.erase(key, 10)
			return
		}
		p.unchanged(keys[0], "Erase of another key", func() { erase(keys[1:]) })
	}
	for _, other := range others[1:] {
		p.appendNew(p.evident(other, out(1)))
	}
	erase(others)
}

func eraseThousand(p *probe) {
	p.erases()
	key := p.key()
	n := 1_200
	if p.options.Long {
		n = 4_000
	}
	events := make([]store.Event, n)
	for i := range events {
		events[i] = p.evident(key, out(1))
	}
	p.atOnce(events)
	before := p.get(key)
	p.erase(key, 10)
	records := p.historyOf(key).all(store.MaxLimit)
	p.checkf(len(records) == n+1, "of %d records %d are there", n+1, len(records))
	for i, r := range records[:n] {
		p.checkf(r.Erased && r.Text+r.From == "", "record %d of %d is not erased", i+1, n)
	}
	p.samef(diff(before, p.get(key)), "Get after Erase")
}

func eraseCancelled(p *probe) {
	p.erases()
	key := p.letter()[0].Key
	p.unchanged(key, "Erase", func() {
		p.needsContext("Erase", func(ctx context.Context) error { return p.tryErase(ctx, key, 10) })
	})
	p.needsContext("Erase of a key that was never seen", func(ctx context.Context) error { return p.tryErase(ctx, p.key(), 10) })
}

func eraseMidway(p *probe) {
	p.erases()
	midway := func(ctx context.Context, _ int) {
		key := p.letter()[0].Key
		before, state := p.settled(key)
		err := p.tryErase(ctx, key, 10)
		after, now := p.settled(key)
		p.samef(diff(state, now), "Get after an Erase with the error %v", err)
		if len(after) == len(before) && err != nil {
			p.samef(diffs(before, after), "an Erase that is not recorded, after the error %v", err)
		} else {
			p.checkf(len(after) == len(before)+1, "after the error %v %d records were added", err, len(after)-len(before))
			p.samef(diffs(blank(before), after[:len(before)]), "an Erase that is recorded, after the error %v", err)
		}
		p.erase(key, 11) // a second Erase finishes what was not
		p.isGone(key, "a second Erase")
	}
	p.withFuses(midway)
	for n := range p.rounds(5, 20, 100*time.Millisecond) {
		ctx, cancel := context.WithTimeout(p.ctx, time.Duration(p.rand.Int64N(int64(4*time.Millisecond))))
		midway(ctx, n)
		cancel()
	}
}

func eraseConcurrent(p *probe) {
	p.erases()
	for range p.rounds(3, 20, 100*time.Millisecond) {
		p.raceErase()
	}
}

// raceErase lets Erases and Appends race to one key.
func (p *probe) raceErase() {
	key := p.key()
	p.appendNew(p.evident(key, in(1)))
	events := make([]store.Event, 2*p.workers)
	for i := range events {
		events[i] = p.evident(key, out(2+i))
	}
	p.appendNew(events[0])
	p.parallel(len(events)+1, func(i int) { // of which one comes before both
		if i < len(events)-1 {
			p.appendNew(events[i+1])
		} else {
			p.erase(key, 10+i)
		}
	})
	records, state := p.settled(key)
	p.checkf(state.Status == isOut, "opted out beside an Erase: the state is %v", state.Status)
	last := 0
	for i, r := range records {
		if r.Action == store.Erase {
			last = i
		}
	}
	p.checkf(len(records) == len(events)+3, "of %d records %d are there", len(events)+3, len(records))
	for i, r := range records {
		if r.Action == store.Erase || r.Action == store.OptIn {
			continue
		}
		at := slices.IndexFunc(events, func(ev store.Event) bool { return ev.ID == r.ID })
		want := store.Record{Event: events[at], RecordedAt: r.RecordedAt, Prior: r.Prior, Effective: r.Effective}
		if i < last {
			want = blank([]store.Record{want})[0]
		}
		p.samef(diff(want, r), "record %d, the last Erase is record %d", i+1, last+1)
	}
}

// eraseRandom appends events whose ids, times and texts repeat, and erases now and then.
func eraseRandom(p *probe) {
	p.erases()
	for range p.rounds(4, 20, 100*time.Millisecond) {
		key := p.keyIn(p.otherAccount())
		book := rulebook.New(key)
		for step := range 150 {
			if step%25 == 24 {
				p.erase(key, step)
				p.tookOver(book, key, step)
			}
			ev := p.anyEvent(p.event(key, p.anyArrival()), book.Records())
			if ev.Note = strconv.Itoa(step); ev.Action == store.Erase {
				continue
			}
			p.agrees(book, ev, step+1)
		}
		records, state := p.settled(key)
		p.samef(diffs(book.Records(), records), "History at the end")
		p.samef(diff(book.State(), state), "Get at the end")
	}
}

// tookOver makes a book what an Erase has left of the records.
func (p *probe) tookOver(book *rulebook.Book, key store.Key, at int) {
	records, state := p.settled(key)
	before := book.Records()
	if len(records) == len(before) { // nothing was there
		return
	}
	p.checkf(len(records) == len(before)+1, "after an Erase there are %d records, want %d", len(records), len(before)+1)
	for i, r := range records[:len(before)] {
		want := blank(before[i : i+1])[0]
		want.From, want.Text = r.From, r.Text // which may be a random word
		p.samef(diff(want, r), "record %d after an Erase", i+1)
		p.checkf(before[i].Erased || before[i].Action == store.Erase || isNoEvidence(r.From) && isNoEvidence(r.Text),
			"record %d after an Erase has From %s, Text %s", i+1, quote(r.From), quote(r.Text))
	}
	book.Erase(records)
	last := records[len(before)]
	_, err := book.Append(last.Event, last.RecordedAt)
	p.mustf(err, "the record of the Erase at %d", at)
	p.samef(diff(book.State(), state), "Get after an Erase")
}

func isNoEvidence(word string) bool { return word == "" || strings.HasPrefix(word, "erased:") }
