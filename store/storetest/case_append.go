package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func unknownKey(p *probe) {
	key := p.key()
	p.untouched(key, "nothing was appended")
	p.add(p.key(), out(1))
	p.untouched(key, "only another number was appended to")
}

func appendThenGet(p *probe) {
	for _, a := range []arrival{out(1), in(1), consent(1), held(1)} {
		ev := p.event(p.key(), a.received(2))
		ev.From, ev.To, ev.Text, ev.Keyword, ev.KeywordSet = "+15550001", "+15550002", "Stop.", "STOP", "v1"
		p.keeps(ev)
	}
}

func everyAction(p *probe) {
	for _, a := range []arrival{out(1), in(1), consent(1), held(1), ask(1)} {
		p.keeps(p.event(p.key(), a))
	}
	for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
		text := p.keeps(p.event(p.key(), held(1).received(2))).Event
		p.keeps(p.review(action, text))
	}
	for _, a := range []arrival{agent(1), imported(1), consent(1)} {
		p.keeps(p.void(p.keeps(p.event(p.key(), a)).Event))
	}
}

func answersNow(p *probe) {
	states := make([]store.State, 20)
	for i := range states {
		states[i].Key = p.key()
	}
	for round := range 4 { // Unknown, opted out, opted in, opted out again
		for i := range states {
			if round > 0 {
				states[i] = p.add(states[i].Key, turn(round)).State
			}
		}
		p.everywhere(states...)
		p.everywhere(states...) // what the first answer was made of may be kept for the second
	}
}

// badKeys returns keys that no store takes.
func (p *probe) badKeys() []store.Key {
	var keys []store.Key
	for _, text := range badTexts() {
		keys = append(keys, store.Key{Account: p.account, Number: text}, store.Key{Account: text, Number: "+15550001"})
	}
	return keys
}

// badEvents returns events on a good key that no store takes.
func (p *probe) badEvents(key store.Key) []store.Event {
	var events []store.Event
	for _, action := range []store.Action{store.NoAction, store.Void + 20, 100, 255} {
		events = append(events, p.event(key, arrival{action: action}))
	}
	for _, year := range []int{-5_000, 0, 1, 10_000, 300_000} {
		at := time.Date(year, time.June, 1, 0, 0, 0, 0, time.UTC)
		events = append(events, p.event(key, out(0).sent(at)), p.event(key, arrival{action: store.OptOut, known: at}))
	}
	ev := p.event(key, arrival{action: store.Void})
	events = append(events, ev) // its ID names nothing
	ev.ID = store.VoidPrefix
	events = append(events, ev)
	for _, text := range badTexts() {
		ev := p.event(key, out(1).by(store.Source(text))) // of which the empty one is that of the action
		if text != "" {
			events = append(events, ev)
		}
		ev.ID, ev.Source = text, store.SourceKeyword
		events = append(events, ev)
	}
	return events
}

func invalidEvent(p *probe) {
	key := p.key()
	for _, ev := range p.badEvents(key) {
		p.refused(ev, store.ErrInvalid, "Append")
	}
	p.add(key, out(1)) // the key itself is a good one
	for _, key := range p.badKeys() {
		_, err := p.tryAppend(p.ctx, p.event(key, out(1)))
		p.invalidf(err, "Append to %s", showKey(key))
	}
	for _, text := range badTexts() {
		before, after, _ := strings.Cut(text, "\x00")
		for _, rest := range []string{ // what a store may have made of it
			text[:min(len(text), store.MaxKeyLen)], before, before + after,
			strings.ToValidUTF8(text, ""), strings.ToValidUTF8(text, "\ufffd"),
		} {
			if key := (store.Key{Account: p.account, Number: rest}); key.Validate() == nil {
				p.untouched(key, "after a refused number")
			}
		}
	}
}

func invalidKey(p *probe) {
	for _, key := range p.badKeys() {
		_, err := p.store.Get(p.ctx, key)
		p.invalidf(err, "Get of %s", showKey(key))
		p.invalidf(p.historyOf(key).read(p.ctx), "History of %s", showKey(key))
	}
}

// maxClockSkew is how far the store's clock may be off. A clock in the wrong zone is off
// by more.
const maxClockSkew = 10 * time.Minute

func setByStore(p *probe) {
	key := p.key()
	for _, a := range []arrival{out(2), in(1)} { // the second has no effect
		r := p.keeps(p.event(key, a)) // with Prior and Effective by the rule
		off := time.Since(r.RecordedAt).Abs()
		p.checkf(off <= maxClockSkew, "RecordedAt is %s, %v from now", showTime(r.RecordedAt), off)
	}
}
