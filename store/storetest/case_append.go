package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

func unknownKey(p *probe) {
	key := p.key()
	p.untouched(key, "nothing was appended")
	p.appendNew(p.event(p.key(), store.OptOut, minute(1)))
	p.untouched(key, "only another number was appended to")
}

func appendThenGet(p *probe) {
	for _, action := range []store.Action{store.OptOut, store.OptIn, store.Consent, store.Hold} {
		ev := p.event(p.key(), action, minute(1))
		ev.ReceivedAt = minute(2)
		ev.From, ev.To, ev.Text, ev.Keyword, ev.KeywordSet = "+15550001", "+15550002", "Stop.", "STOP", "v1"
		res := p.appendNew(ev)
		if d := diffEvent(ev, res.Record); d != "" {
			p.failf("Append returned a record of another event: %s", d)
		}
		want := rulebook.Of(ev.Key, []store.Record{res.Record}).State()
		if d := diffState(want, res.State); d != "" {
			p.failf("Append returned another state than the event's: %s", d)
		}
		records, state := p.settled(ev.Key)
		if d := diffRecords([]store.Record{res.Record}, records); d != "" {
			p.failf("History after Append: %s", d)
		}
		if d := diffState(want, state); d != "" {
			p.failf("Get after Append: %s", d)
		}
	}
}

func everyAction(p *probe) {
	for _, action := range []store.Action{store.OptOut, store.OptIn, store.Consent, store.Hold, store.Ask} {
		p.keeps(p.event(p.key(), action, minute(1)))
	}
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		text := p.event(p.key(), store.Hold, minute(1))
		text.ReceivedAt, text.Text = minute(2), "pls no more"
		p.keeps(text)
		p.keeps(p.review(action, text))
	}
}

func answersNow(p *probe) {
	asked := make([]store.Key, 20)
	for i := range asked {
		asked[i] = p.key()
	}
	for round := range 4 { // Unknown, opted out, opted in, opted out again
		want := make([]store.State, len(asked))
		for i, key := range asked {
			want[i] = store.State{Key: key}
			if round > 0 {
				want[i] = p.appendNew(p.alternate(key, round)).State
			}
		}
		for range 2 { // what the first answer was made of may be kept for the second
			p.areStates(want, round)
		}
	}
}

// areStates reads states of the case's account in every way, which are all that it has, or
// in round 0 Unknown.
func (p *probe) areStates(want []store.State, round int) {
	numbers := make([]string, len(want))
	for i, state := range want {
		numbers[i] = state.Key.Number
	}
	if d := diffStates(want, p.gets(p.account, numbers)); d != "" {
		p.failf("Get, in round %d: %s", round+1, d)
	}
	if b, ok := p.canBatch(); ok {
		if d := diffStates(want, p.getBatch(b, p.account, numbers)); d != "" {
			p.failf("GetBatch, in round %d: %s", round+1, d)
		}
	}
	l, ok := p.canList()
	if !ok || round == 0 {
		return
	}
	if d := diffStates(want, p.list(l, store.ListQuery{Account: p.account})); d != "" {
		p.failf("List, in round %d: %s", round+1, d)
	}
}

// badEvents returns events on a key that no store takes.
func (p *probe) badEvents(key store.Key) []store.Event {
	var bad []store.Event
	add := func(change func(*store.Event)) {
		ev := p.event(key, store.OptOut, minute(1))
		change(&ev)
		if _, err := ev.Normalize(); isInvalid(err) {
			bad = append(bad, ev)
		}
	}
	for _, text := range badTexts() {
		add(func(ev *store.Event) { ev.ID = text })
		add(func(ev *store.Event) { ev.Source = store.Source(text) })
	}
	for _, action := range []store.Action{store.NoAction, store.Retract + 20, 100, 255} {
		add(func(ev *store.Event) { ev.Action = action })
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
			if _, err := p.tryAppend(p.ctx, p.event(key, store.OptOut, minute(1))); !isInvalid(err) {
				p.failf("Append to %s: error is %v", showKey(key), err)
			}
		}
		for _, rest := range remains(text) {
			p.untouched(store.Key{Account: p.account, Number: rest}, "after a refused number")
		}
	}
	p.untouched(key, "after refused accounts")
	p.appendNew(p.event(key, store.OptOut, minute(1))) // the key itself is a good one
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

// maxClockSkew is how far the store's clock may be off. A clock in the wrong zone is off
// by more.
const maxClockSkew = 10 * time.Minute

func setByStore(p *probe) {
	key := p.key()
	wins, loses := p.event(key, store.OptOut, minute(2)), p.event(key, store.OptIn, minute(1))
	want := []store.Record{
		{Event: wins, Prior: store.Unknown, Effective: true},
		{Event: loses, Prior: store.OptedOut, Effective: false},
	}
	for i := range want {
		res := p.appendNew(want[i].Event)
		if off := time.Since(res.Record.RecordedAt).Abs(); off > maxClockSkew {
			p.failf("RecordedAt is %s, %v from now", showTime(res.Record.RecordedAt), off)
		}
		want[i].RecordedAt = res.Record.RecordedAt
		if d := diffRecord(want[i], res.Record); d != "" {
			p.failf("Append: %s", d)
		}
	}
	if d := diffRecords(want, p.history(key)); d != "" {
		p.failf("History: %s", d)
	}
	p.settled(key)
}
