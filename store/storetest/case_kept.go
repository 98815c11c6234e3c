package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func times(p *probe) {
	all := moments()
	for i, at := range all {
		ev := p.event(p.key(), store.OptOut, at)
		ev.ReceivedAt = all[len(all)-1-i]
		p.keeps(ev)
	}
	none := p.event(p.key(), store.OptOut, time.Time{})
	if r := p.keeps(none); !r.At.IsZero() || !r.ReceivedAt.IsZero() {
		p.failf("a zero time became another: At %v, ReceivedAt %v", r.At, r.ReceivedAt)
	}
}

func timesToMicrosecond(p *probe) {
	const below = 900 * time.Nanosecond
	key := p.key()
	stop := p.event(key, store.OptOut, minute(1))
	p.applies(stop, store.OptedOut)
	tie := p.event(key, store.OptIn, minute(1).Add(below))
	if res := p.appendNew(tie); res.Record.Effective {
		p.failf("an opt-in %v after the opt-out, which is a tie, took effect", below)
	}
	start := p.event(key, store.OptIn, minute(1).Add(time.Microsecond))
	p.applies(start, store.OptedIn)
	late := p.event(key, store.OptOut, start.At.Add(below))
	p.append(late)
	if state := p.get(key); state.Status != store.OptedOut {
		p.failf("an opt-out %v after the opt-in, which is a tie, left it %v", below, state.Status)
	}
	p.settled(key)
}

// timesCompared lets two events compete whose times a narrow or textual way of comparing
// has in the wrong order.
func timesCompared(p *probe) {
	at := func(year int, after time.Duration) time.Time {
		return time.Date(year, time.March, 1, 12, 0, 0, 0, time.UTC).Add(after)
	}
	for _, pair := range [][2]time.Time{
		{at(2024, 0), at(2040, 0)},
		{at(2040, 0), at(2041, 0)},
		{at(2024, 0), at(2110, 0)},
		{at(1960, 0), at(1961, 0)},
		{at(1960, 0), at(2024, 0)},
		{at(1970, -60*24*time.Hour), at(1970, 0)},
		{at(2024, 0), at(2300, 0)},
		{at(1600, 0), at(2024, 0)},
		{at(2, 0), at(9999, 0)},
		{at(999, 0), at(1000, 0)},
		{at(2024, 0), at(2024, time.Microsecond)},
		{at(2024, 0), at(2024, time.Millisecond)},
		{at(2024, 9*time.Microsecond), at(2024, 10*time.Microsecond)},
		{at(2024, 900*time.Millisecond), at(2024, time.Second)},
		{at(2024, 999_999*time.Microsecond), at(2024, time.Second)},
	} {
		older, newer := pair[0], pair[1]
		for action, made := range map[store.Action]store.Status{store.OptOut: store.OptedOut, store.Hold: store.Held} {
			event := func(action store.Action, at time.Time) store.Event { return p.event(store.Key{}, action, at) }
			for _, order := range []struct {
				what   string
				events []store.Event
				then   store.Status
			}{
				{"a newer opt-in", []store.Event{event(action, older), event(store.OptIn, newer)}, store.OptedIn},
				{"an older opt-in", []store.Event{event(action, newer), event(store.OptIn, older)}, made},
				{"a newer one after an opt-in", []store.Event{event(store.OptIn, older), event(action, newer)}, made},
				{"an older one after an opt-in", []store.Event{event(store.OptIn, newer), event(action, older)}, store.OptedIn},
			} {
				key := p.key()
				for _, ev := range order.events {
					ev.Key = key
					p.appendNew(ev)
				}
				if _, state := p.settled(key); state.Status != order.then {
					p.failf("%v, %s, at %s and %s: the state is %v, want %v",
						action, order.what, showTime(order.events[0].At), showTime(order.events[1].At), state.Status, order.then)
				}
			}
		}
	}
}

func evidence(p *probe) {
	for _, text := range append(nasty(), strings.Repeat("\xffé", 1_300)) { // 3,900 bytes
		ev := p.event(p.key(), store.OptOut, minute(1))
		// Each field ends otherwise, so that no field is taken for another.
		ev.From, ev.To, ev.Text, ev.Keyword = text, text+"2", text+"3", text+"4"
		ev.KeywordSet, ev.Actor, ev.Note = text+"5", text+"6", text
		p.keeps(ev)
		ev.Source = store.Source(text)
		if _, err := ev.Normalize(); err == nil {
			ev.Key = p.key()
			p.keeps(ev)
		}
	}
	long := strings.Repeat("\xff5\n", 1_700) // 5,100 bytes: only Text is cut
	if p.options.Long {
		long = strings.Repeat(long, 15) // 76,500 bytes: over 16 bits
	}
	ev := p.event(p.key(), store.OptOut, minute(1))
	ev.From, ev.To, ev.Keyword, ev.KeywordSet, ev.Actor, ev.Note = long, long, long, long, long, long
	p.keeps(ev)
	p.keeps(p.event(p.key(), store.OptIn, minute(1))) // no evidence at all
}

func longText(p *probe) {
	whole := p.event(p.key(), store.OptOut, minute(1))
	whole.Text = strings.Repeat("x", store.MaxTextLen)
	p.keeps(whole)

	const kept = 4_000 // at least; what remains is for the mark
	for _, text := range []string{
		whole.Text + "x", strings.Repeat("y", 100_000), strings.Repeat("é", 3_000), strings.Repeat("\xff", 5_000), strings.Repeat("😀", 1_025),
	} {
		ev := p.event(p.key(), store.OptOut, minute(1))
		ev.Text = text
		res := p.appendNew(ev)
		records, _ := p.settled(ev.Key)
		if d := diffRecords([]store.Record{res.Record}, records); d != "" {
			p.failf("History: %s", d)
		}
		got := records[0].Text
		switch {
		case len(got) > store.MaxTextLen:
			p.failf("of %d bytes %d are stored", len(text), len(got))
		case len(got) < kept || got[:kept] != text[:kept]:
			p.failf("of %s not the first %d bytes are stored: %s", quote(text), kept, quote(got))
		case strings.HasPrefix(text, got):
			p.failf("of %s is stored %s, and no mark", quote(text), quote(got))
		}
		ev.Text, records[0].Text = "", ""
		if d := diffEvent(ev, records[0]); d != "" {
			p.failf("beside the text: %s", d)
		}
	}
}
