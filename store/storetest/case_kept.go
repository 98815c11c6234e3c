package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// keeps appends an event and fails where it is not given back as it was given.
func (p *probe) keeps(ev store.Event) store.Event {
	want, err := ev.Normalize()
	if err != nil {
		p.failf("an event that a store takes is refused by Normalize: %w", err)
	}
	res := p.appendNew(ev)
	if d := diffGiven(want, res.Event); d != "" {
		p.failf("Append: %s", d)
	}
	events, state := p.settled(ev.Key)
	last := events[len(events)-1]
	if d := diffEvent(res.Event, last); d != "" {
		p.failf("History: %s", d)
	}
	if res.Event.Effective {
		want, _ := store.Next(store.State{}, res.Event)
		if d := diffState(want, state); d != "" {
			p.failf("Get: %s", d)
		}
	}
	return last
}

// moments are times at which a way of storing them begins to go wrong.
func moments() []time.Time {
	utc := func(year, month, day, hour, minute, sec, micro int) time.Time {
		return time.Date(year, time.Month(month), day, hour, minute, sec, micro*1_000, time.UTC)
	}
	zone := func(t time.Time, seconds int) time.Time { return t.In(time.FixedZone("", seconds)) }
	now := time.Now()
	return []time.Time{
		minute(0), now, now.Local(), zone(now, 14*3_600), zone(now, -12*3_600), zone(now, 20_700), zone(now, -1_172),
		utc(1970, 1, 1, 0, 0, 0, 0), utc(1970, 1, 1, 0, 0, 0, 1), utc(1969, 12, 31, 23, 59, 59, 999_999), // the epoch is no zero time
		utc(2038, 1, 19, 3, 14, 8, 0), utc(1901, 12, 13, 20, 45, 51, 999_999), // 32 bits of seconds
		utc(2262, 4, 12, 0, 0, 0, 1), utc(1677, 9, 20, 0, 0, 0, 1), // 64 bits of nanoseconds
		utc(2024, 2, 29, 23, 59, 59, 999_999), utc(2024, 3, 31, 1, 30, 0, 0), utc(2016, 12, 31, 23, 59, 59, 500_000),
		utc(2, 1, 1, 0, 0, 0, 0), zone(utc(2, 1, 1, 0, 0, 0, 1), -7_200), utc(1000, 1, 1, 0, 0, 0, 1), utc(1582, 10, 10, 0, 0, 0, 0),
		utc(9999, 12, 31, 23, 59, 59, 999_999), zone(utc(9999, 12, 31, 23, 59, 59, 0), 7_200),
		minute(0).Add(999), utc(1960, 1, 1, 0, 0, 0, 0).Add(1), utc(1960, 1, 1, 0, 0, 0, 0).Add(-1), // below a microsecond
	}
}

func times(p *probe) {
	all := moments()
	for i, at := range all {
		ev := p.event(p.key(), store.OptedOut, at)
		ev.ReceivedAt = all[len(all)-1-i]
		p.keeps(ev)
	}
	none := p.event(p.key(), store.OptedOut, time.Time{})
	if ev := p.keeps(none); !ev.At.IsZero() || !ev.ReceivedAt.IsZero() {
		p.failf("a zero time became another: At %v, ReceivedAt %v", ev.At, ev.ReceivedAt)
	}
}

func timesToMicrosecond(p *probe) {
	const below = 900 * time.Nanosecond
	key := p.key()
	out := p.event(key, store.OptedOut, minute(1))
	p.applies(out)
	tie := p.event(key, store.OptedIn, minute(1).Add(below))
	if res := p.appendNew(tie); res.Event.Effective {
		p.failf("an opt-in %v after the opt-out, which is a tie, took effect", below)
	}
	in := p.event(key, store.OptedIn, minute(1).Add(time.Microsecond))
	p.applies(in)
	out.At = in.At.Add(below)
	p.isDuplicate(out, "the opt-out redelivered, not a microsecond newer")
	p.settled(key)
}

// nasty are texts that a column, an encoding or a helpful hand changes.
func nasty() []string {
	var every strings.Builder
	for b := range 256 {
		every.WriteByte(byte(b))
	}
	return []string{
		"", " ", "\x00", "a\x00b", "\n", "\r\n", " a ", "a\t", "\xff", "\xff\xfe", "a\xc3", "\xed\xa0\x80", "\xf0\x9f", "\ufffd", "\ufeffa",
		"😀", "e\u0301", "é", "É", "\u202e", "'", `"`, `\`, `\x00`, `\n`, "%s", "$1", "?", ":a", "NULL", "null", "0", "{}", "0x41", every.String(),
	}
}

func evidence(p *probe) {
	for _, text := range append(nasty(), strings.Repeat("\xffé", 1_300)) { // 3,900 bytes
		ev := p.event(p.key(), store.OptedOut, minute(1))
		// Each field has its own end, so that none stands for another.
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
	ev := p.event(p.key(), store.OptedOut, minute(1))
	ev.From, ev.To, ev.Keyword, ev.KeywordSet, ev.Actor, ev.Note = long, long, long, long, long, long
	p.keeps(ev)
	p.keeps(p.event(p.key(), store.OptedIn, minute(1))) // no evidence at all
}

func longText(p *probe) {
	whole := p.event(p.key(), store.OptedOut, minute(1))
	whole.Text = strings.Repeat("x", store.MaxTextLen)
	p.keeps(whole)

	const kept = 4_000 // at least; what remains is for the mark
	for _, text := range []string{
		whole.Text + "x", strings.Repeat("y", 100_000), strings.Repeat("é", 3_000), strings.Repeat("\xff", 5_000), strings.Repeat("😀", 1_025),
	} {
		ev := p.event(p.key(), store.OptedOut, minute(1))
		ev.Text = text
		res := p.appendNew(ev)
		events, _ := p.settled(ev.Key)
		if d := diffEvents([]store.Event{res.Event}, events); d != "" {
			p.failf("History: %s", d)
		}
		got := events[0].Text
		switch {
		case len(got) > store.MaxTextLen:
			p.failf("of %d bytes %d are stored", len(text), len(got))
		case len(got) < kept || got[:kept] != text[:kept]:
			p.failf("of %s not the first %d bytes are stored: %s", quote(text), kept, quote(got))
		case strings.HasPrefix(text, got):
			p.failf("of %s is stored %s, and no mark", quote(text), quote(got))
		}
		ev.Text, events[0].Text = "", ""
		if d := diffGiven(ev, events[0]); d != "" {
			p.failf("beside the text: %s", d)
		}
	}
}
