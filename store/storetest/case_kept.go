package storetest

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func times(p *probe) {
	all := append(moments(), time.Time{})
	for i, at := range all {
		ev := p.event(p.key(), out(0).sent(at))
		ev.ReceivedAt = all[len(all)-1-i]
		p.keeps(ev)
	}
	p.keeps(p.event(p.key(), out(0))) // neither time is known
}

func timesToMicrosecond(p *probe) {
	const below = 900 * time.Nanosecond
	next := minute(1).Add(time.Microsecond)
	tie, late := in(0).sent(minute(1).Add(below)), out(0).sent(next.Add(below))
	p.sequence(out(1).wins(isOut), tie.loses(isOut), in(0).sent(next).wins(isIn), late.wins(isOut))
}

// timesCompared lets two events compete whose times a narrow or textual way of comparing
// has in the wrong order.
func timesCompared(p *probe) {
	at := func(year int, after time.Duration) time.Time {
		return time.Date(year, time.March, 1, 12, 0, 0, 0, time.UTC).Add(after)
	}
	times := []time.Time{ // in their order
		at(2, 0), at(999, 0), at(1000, 0), at(1600, 0), at(1960, 0), at(1961, 0), at(1970, -60*24*time.Hour), at(1970, 0),
		at(2024, 0), at(2024, time.Microsecond), at(2024, 9*time.Microsecond), at(2024, 10*time.Microsecond),
		at(2024, time.Millisecond), at(2024, 900*time.Millisecond), at(2024, 999_999*time.Microsecond), at(2024, time.Second),
		at(2040, 0), at(2041, 0), at(2110, 0), at(2300, 0), at(9999, 0),
	}
	for i, newer := range times[1:] {
		older := times[i]
		for _, stop := range stops() {
			p.sequence(stop.sent(older).comes(), in(0).sent(newer).wins(isIn))
			p.sequence(stop.sent(newer).comes(), in(0).sent(older).loses(stop.then))
			p.sequence(in(0).sent(older).wins(isIn), stop.sent(newer).wins(stop.then))
			p.sequence(in(0).sent(newer).wins(isIn), stop.sent(older).loses(isIn))
		}
	}
}

func evidence(p *probe) {
	for _, text := range append(nasty(), strings.Repeat("\xffé", 1_300)) { // 3,900 bytes
		ev := p.event(p.key(), out(1))
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
	ev := p.event(p.key(), out(1))
	ev.From, ev.To, ev.Keyword, ev.KeywordSet, ev.Actor, ev.Note = long, long, long, long, long, long
	p.keeps(ev)
	p.keeps(p.event(p.key(), in(1))) // no evidence at all
}

func longText(p *probe) {
	whole := p.event(p.key(), out(1))
	whole.Text = strings.Repeat("x", store.MaxTextLen)
	p.keeps(whole)

	const kept = 4_000 // at least; what remains is for the mark
	for _, text := range []string{
		whole.Text + "x", strings.Repeat("y", 100_000), strings.Repeat("é", 3_000), strings.Repeat("\xff", 5_000), strings.Repeat("😀", 1_025),
	} {
		ev := p.event(p.key(), out(1))
		ev.Text = text
		r := p.appendNew(ev).Record
		p.samef(diffs([]store.Record{r}, p.history(ev.Key)), "History")
		got := r.Text
		p.checkf(len(got) <= store.MaxTextLen, "of %d bytes %d are stored", len(text), len(got))
		p.checkf(strings.HasPrefix(got, text[:kept]), "of %s not the first %d bytes are stored: %s", quote(text), kept, quote(got))
		p.checkf(!strings.HasPrefix(text, got), "of %s is stored %s, and no mark", quote(text), quote(got))
		ev.Text = got
		p.samef(diff(ev, r.Event), "beside the text")
	}
}
