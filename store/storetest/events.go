package storetest

import (
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// What the cases append: random and numerous events, and texts and times that are easily
// stored wrong.

// anyArrival is a random one. Its time is as often old as new, and sometimes not known.
func (p *probe) anyArrival() arrival {
	return p.anyOf(store.OptOut, store.OptOut, store.OptIn, store.OptIn, store.Consent, store.Hold)
}

// anyOf is a random arrival of one of the actions.
func (p *probe) anyOf(actions ...store.Action) arrival {
	sources := []store.Source{"", "", store.SourceText, store.SourceAgent, store.SourceWeb, store.SourceImport}
	a := arrival{
		action: actions[p.rand.IntN(len(actions))],
		source: sources[p.rand.IntN(len(sources))],
		at:     minute(max(0, p.rand.IntN(15)-2)),
	}
	if p.rand.IntN(2) == 0 {
		a.known = minute(p.rand.IntN(15))
	}
	return a
}

// fill appends n events to a key, and returns the records.
func (p *probe) fill(key store.Key, n int) []store.Record {
	records := make([]store.Record, n)
	for i := range records {
		records[i] = p.add(key, p.anyArrival()).Record
	}
	return records
}

// populate opts n new numbers of an account in and out by turns, and returns their states
// in byte order.
func (p *probe) populate(account string, n int) []store.State {
	states := make([]store.State, n)
	for i := range states {
		states[i].Key = p.keyIn(account)
	}
	p.spread(n, func(i int) { states[i] = p.add(states[i].Key, turn(i)).State })
	return states
}

// atOnce appends new events in one batch, which is faster than one by one, and returns the
// results. A store without a BatchAppender appends them one by one.
func (p *probe) atOnce(events []store.Event) []store.Result {
	results, err := again(p.ctx, func() ([]store.Result, error) { return store.AppendBatch(p.ctx, p.store, events) })
	p.mustf(err, "AppendBatch of %d", len(events))
	p.checkf(len(results) == len(events), "AppendBatch of %d events: %d results", len(events), len(results))
	return results
}

// populateAtOnce is populate, in one batch.
func (p *probe) populateAtOnce(account string, n int) []store.State {
	events := make([]store.Event, n)
	for i := range events {
		events[i] = p.event(p.keyIn(account), turn(i))
	}
	states := make([]store.State, n)
	for i, result := range p.atOnce(events) {
		states[i] = result.State
	}
	return states
}

// contacts appends to numbers of the case's account, some of which are alike, and returns
// them in byte order.
func (p *probe) contacts() []string {
	numbers := append(alike("Ab"), "1", "10", "2", "+1", "+10", "+2", "~", "\uffee", "😀", "a", "A", "z", "Z", "_")
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	received := moments()
	for i, number := range numbers {
		ev := p.event(store.Key{Account: p.account, Number: number}, turn(i))
		if i%5 == 4 {
			ev.Action = store.Hold
		}
		ev.ReceivedAt = received[i%len(received)]
		p.appendNew(ev)
	}
	return numbers
}

// badTexts are no account, number or id. What remains if a store cuts one of them is a
// good key, which must stay untouched.
func badTexts() []string {
	return []string{
		"", strings.Repeat("7", store.MaxKeyLen+1), strings.Repeat("é", store.MaxKeyLen/2+1),
		"a\x00b", "\x00", "a\x00", "\xff", "a\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80",
	}
}

// alike returns texts that differ in their bytes only, the first of which is base, which
// has both cases. Collations, trimming and normalizing each make some of them one.
func alike(base string) []string {
	texts := []string{base, strings.ToLower(base), strings.ToUpper(base), " " + base}
	for _, end := range []string{
		" ", "  ", "\t", "\n", "\r\n", "\v", "\u00a0", // blanks
		"é", "e\u0301", "e", "É", "ß", "ss", "ı", "i", "I", "İ", "i\u0307", "å", "\u212b", "Å", // accents and case
		"1", "１", "①", "¹", "ﬁ", "fi", // compatibility
		"\u200b", "\u00ad", "\u200d", "\ufeff", "\u0001", "\u007f", "\ufffd", // invisible
		"😀", "😁", "𝟏", // beyond three bytes
		"%", "_", "*", "?", "'", "''", `"`, "`", `\`, `\\`, "\\0", "$1", ":1", "{}", ";--", // meant otherwise elsewhere
		"/", "//", "/.", "/..", "?x=1", "#x", "%20", "+", "&", "=", ",", "|", "\x1f",
	} {
		texts = append(texts, base+end)
	}
	slices.Sort(texts[1:])
	return slices.Compact(texts)
}

// moments are times at which a way of storing them begins to go wrong.
func moments() []time.Time {
	utc := func(year, month, day, hour, minute, sec, micro int) time.Time {
		return time.Date(year, time.Month(month), day, hour, minute, sec, micro*1_000, time.UTC)
	}
	zone := func(t time.Time, seconds int) time.Time { return t.In(time.FixedZone("", seconds)) }
	now := time.Now()
	return []time.Time{
		minute(1), now, now.Local(), zone(now, 14*3_600), zone(now, -12*3_600), zone(now, 20_700), zone(now, -1_172),
		utc(1970, 1, 1, 0, 0, 0, 0), utc(1970, 1, 1, 0, 0, 0, 1), utc(1969, 12, 31, 23, 59, 59, 999_999), // the epoch is no zero time
		utc(2038, 1, 19, 3, 14, 8, 0), utc(1901, 12, 13, 20, 45, 51, 999_999), // 32 bits of seconds
		utc(2106, 2, 7, 6, 28, 16, 0),                              // the same without a sign
		utc(2262, 4, 12, 0, 0, 0, 1), utc(1677, 9, 20, 0, 0, 0, 1), // 64 bits of nanoseconds
		utc(2024, 2, 29, 23, 59, 59, 999_999), utc(2024, 3, 31, 1, 30, 0, 0), utc(2016, 12, 31, 23, 59, 59, 500_000),
		utc(2, 1, 1, 0, 0, 0, 0), zone(utc(2, 1, 1, 0, 0, 0, 1), -7_200), utc(1000, 1, 1, 0, 0, 0, 1), utc(1582, 10, 10, 0, 0, 0, 0),
		utc(9999, 12, 31, 23, 59, 59, 999_999), zone(utc(9999, 12, 31, 23, 59, 59, 0), 7_200),
		minute(1).Add(999), utc(1960, 1, 1, 0, 0, 0, 0).Add(1), utc(1960, 1, 1, 0, 0, 0, 0).Add(-1), // below a microsecond
	}
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

// scribble overwrites a slice, and the rest of its array.
func scribble[T any](s []T) {
	clear(s)
	clear(s[:cap(s)])
}

// permutations returns every order of a set.
func permutations[T any](set []T) [][]T {
	if len(set) == 0 {
		return [][]T{nil}
	}
	var orders [][]T
	for i, first := range set {
		for _, rest := range permutations(slices.Delete(slices.Clone(set), i, i+1)) {
			orders = append(orders, append([]T{first}, rest...))
		}
	}
	return orders
}
