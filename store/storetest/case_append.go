package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func unknownKey(p *probe) {
	key := p.key()
	p.untouched(key, "nothing was appended")
	p.appendNew(p.event(p.key(), store.OptedOut, minute(1)))
	p.untouched(key, "only another number was appended to")
}

func appendThenGet(p *probe) {
	for _, status := range []store.Status{store.OptedOut, store.OptedIn} {
		ev := p.event(p.key(), status, minute(1))
		ev.ReceivedAt = minute(2)
		ev.From, ev.To, ev.Text, ev.Keyword, ev.KeywordSet = "+15550001", "+15550002", "Stop.", "STOP", "v1"
		res := p.appendNew(ev)
		if d := diffGiven(ev, res.Event); d != "" {
			p.failf("Append returned another event: %s", d)
		}
		want, _ := store.Next(store.State{Key: ev.Key}, res.Event)
		if d := diffState(want, res.State); d != "" {
			p.failf("Append returned another state than the event's: %s", d)
		}
		events, state := p.settled(ev.Key)
		if d := diffEvents([]store.Event{res.Event}, events); d != "" {
			p.failf("History after Append: %s", d)
		}
		if d := diffState(want, state); d != "" {
			p.failf("Get after Append: %s", d)
		}
	}
}

// badTexts are no account, number or id. What remains where a store cuts one is
// a key by itself, which must stay untouched.
func badTexts() []string {
	return []string{
		"", strings.Repeat("7", store.MaxKeyLen+1), strings.Repeat("é", store.MaxKeyLen/2+1),
		"a\x00b", "\x00", "a\x00", "\xff", "a\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80",
	}
}

// badEvents returns the events on a key that no store takes.
func (p *probe) badEvents(key store.Key) []store.Event {
	var bad []store.Event
	add := func(change func(*store.Event)) {
		ev := p.event(key, store.OptedOut, minute(1))
		change(&ev)
		if _, err := ev.NormalizeAny(); isInvalid(err) { // what only a Reviewer takes is not tried
			bad = append(bad, ev)
		}
	}
	for _, text := range badTexts() {
		add(func(ev *store.Event) { ev.ID = text })
		add(func(ev *store.Event) { ev.Source = store.Source(text) })
	}
	for _, status := range []store.Status{store.Unknown, store.OptedOut + 1, store.Asked + 1, 255} {
		add(func(ev *store.Event) { ev.Status = status })
	}
	for _, year := range []int{-5_000, 0, 1, 10_000, 300_000} {
		at := time.Date(year, time.June, 1, 0, 0, 0, 0, time.UTC)
		add(func(ev *store.Event) { ev.At = at })
		add(func(ev *store.Event) { ev.ReceivedAt = at })
	}
	return bad
}

func invalidEvent(p *probe) {
	key := p.key()
	for _, ev := range p.badEvents(key) {
		if _, err := p.tryAppend(p.ctx, ev); !isInvalid(err) {
			p.failf("Append of (%s, received at %s): error is %v", showEvent(ev), showTime(ev.ReceivedAt), err)
		}
		p.untouched(key, "after a refused event")
	}
	for _, text := range badTexts() {
		for _, key := range []store.Key{{Account: p.account, Number: text}, {Account: text, Number: key.Number}} {
			if _, err := p.tryAppend(p.ctx, p.event(key, store.OptedOut, minute(1))); !isInvalid(err) {
				p.failf("Append to %s: error is %v", showKey(key), err)
			}
		}
		for _, rest := range remains(text) {
			p.untouched(store.Key{Account: p.account, Number: rest}, "after a refused number")
		}
	}
	p.untouched(key, "after refused accounts")
	p.appendNew(p.event(key, store.OptedOut, minute(1))) // the key itself is a good one
}

// remains returns the keys that cutting a bad text can lead to.
func remains(text string) []string {
	var keys []string
	if len(text) > store.MaxKeyLen {
		keys = append(keys, text[:store.MaxKeyLen])
	}
	before, after, _ := strings.Cut(text, "\x00")
	keys = append(keys, before, before+after, strings.ToValidUTF8(text, ""), strings.ToValidUTF8(text, "\ufffd"))
	good := keys[:0]
	for _, key := range keys {
		if (store.Key{Account: "a", Number: key}).Validate() == nil {
			good = append(good, key)
		}
	}
	return good
}

func invalidKey(p *probe) {
	for _, text := range badTexts() {
		for _, key := range []store.Key{{Account: p.account, Number: text}, {Account: text, Number: "+15550001"}} {
			if _, err := p.store.Get(p.ctx, key); !isInvalid(err) {
				p.failf("Get of %s: error is %v", showKey(key), err)
			}
			if _, err := p.store.History(p.ctx, store.HistoryQuery{Key: key}); !isInvalid(err) {
				p.failf("History of %s: error is %v", showKey(key), err)
			}
		}
	}
}

// maxClockSkew is how far the store's clock may be off. One in the wrong zone is
// off by more.
const maxClockSkew = 10 * time.Minute

func setByStore(p *probe) {
	key := p.key()
	first := p.event(key, store.OptedOut, minute(2))
	first.RecordedAt, first.Prior, first.Effective = minute(-1_000_000), store.OptedIn, false
	loser := p.event(key, store.OptedIn, minute(1))
	loser.RecordedAt, loser.Prior, loser.Effective = minute(-1_000_000), store.OptedIn, true
	var want []store.Event
	for _, ev := range []store.Event{first, loser} {
		res := p.appendNew(ev)
		if off := time.Since(res.Event.RecordedAt).Abs(); off > maxClockSkew {
			p.failf("RecordedAt is %s, %v from now", showTime(res.Event.RecordedAt), off)
		}
		ev.RecordedAt = res.Event.RecordedAt
		want = append(want, ev)
	}
	want[0].Prior, want[0].Effective = store.Unknown, true
	want[1].Prior, want[1].Effective = store.OptedOut, false
	if d := diffEvents(want, p.history(key)); d != "" {
		p.failf("%s", d)
	}
	p.settled(key)
}
