package storetest

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// alike returns texts that differ in their bytes only, beginning with base, which
// is of both cases. Collations, trimming and normalizing each make some of them one.
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

// apart gives each key an event of its own, all with one id, and fails where
// one key's is seen at another.
func (p *probe) apart(keys []store.Key) {
	want := make([]store.Event, len(keys))
	for i, key := range keys {
		ev := p.event(key, store.OptedOut, minute(i))
		if i%2 == 1 {
			ev.Status = store.OptedIn
		}
		ev.ID, ev.Note = "one-id", "key "+strconv.Itoa(i)
		res, err := p.tryAppend(p.ctx, ev)
		if errors.Is(err, store.ErrIDReused) {
			p.failf("%s is taken for another key: %w", showKey(key), err)
		}
		if err != nil {
			p.failf("Append to %s: %w", showKey(key), err)
		}
		if res.Duplicate || res.Event.Prior != store.Unknown {
			p.failf("%s is taken for another key: of its first event Duplicate is %t and Prior %v", showKey(key), res.Duplicate, res.Event.Prior)
		}
		want[i] = res.Event
	}
	for i, key := range keys {
		events, state := p.settled(key)
		if d := diffEvents(want[i:i+1], events); d != "" {
			p.failf("History of %s: %s", showKey(key), d)
		}
		if !state.At.Equal(want[i].At) {
			p.failf("Get of %s: At is %s, want %s", showKey(key), showTime(state.At), showTime(want[i].At))
		}
	}
}

func keyByteForByte(p *probe) {
	number := p.key().Number
	var keys []store.Key
	for _, text := range alike("Ab") {
		keys = append(keys, store.Key{Account: p.account, Number: text})
	}
	for _, account := range alike(p.account + "Ab") {
		keys = append(keys, store.Key{Account: account, Number: number})
	}
	p.apart(keys)
}

func keySplit(p *probe) {
	a := p.account
	keys := []store.Key{{Account: a + "a", Number: "bc"}, {Account: a + "ab", Number: "c"}, {Account: a, Number: "abc"}}
	for _, sep := range []string{":", "/", "|", "-", "_", ",", ";", ".", "#", " ", "\n", "\t", "\x01", "\x1f", "\\", `"`, "'", "+", "%", "\u2028", "😀"} {
		keys = append(keys, store.Key{Account: a + "a" + sep + "b", Number: "c"}, store.Key{Account: a + "a", Number: "b" + sep + "c"})
	}
	p.apart(keys)
}

func keyLength(p *probe) {
	pad := func(text, with string) string {
		return text + strings.Repeat(with, (store.MaxKeyLen-len(text))/len(with))
	}
	account := pad(p.account, "a")
	number := strings.Repeat("7", store.MaxKeyLen)
	keys := []store.Key{
		{Account: account, Number: number},
		{Account: account, Number: number[1:] + "8"},
		{Account: account[1:] + "b", Number: number},
		{Account: pad(p.account, "é"), Number: strings.Repeat("é", store.MaxKeyLen/2)},
		{Account: pad(p.account, "😀"), Number: strings.Repeat("😀", store.MaxKeyLen/4)},
		{Account: pad(p.account, "😀"), Number: "7"},
	}
	p.apart(keys)
	id := strings.Repeat("i", store.MaxKeyLen)
	for i, id := range []string{id, id[1:] + "j", strings.Repeat("😀", store.MaxKeyLen/4)} {
		ev := p.event(keys[0], store.OptedOut, minute(100+i))
		ev.ID, ev.Source = id, store.Source(strings.Repeat("s", store.MaxKeyLen))
		p.applies(ev)
		p.isDuplicate(ev, "an event with a long id redelivered")
	}
}

func accounts(p *probe) {
	number := p.key().Number
	mine := store.Key{Account: p.account, Number: number}
	p.appendNew(p.event(mine, store.OptedOut, minute(1)))
	theirs := store.Key{Account: p.otherAccount(), Number: number}
	p.untouched(theirs, "only another account was appended to")
	p.appendNew(p.event(theirs, store.OptedIn, minute(2)))
	p.appendNew(p.event(store.Key{Account: theirs.Account, Number: p.key().Number}, store.OptedIn, minute(2)))
	for key, want := range map[store.Key]store.Status{mine: store.OptedOut, theirs: store.OptedIn} {
		events, state := p.settled(key)
		if state.Status != want || len(events) != 1 {
			p.failf("the state is %v with %d events, want %v with 1", state.Status, len(events), want)
		}
		p.onlyOwn(key, want)
	}
}

// onlyOwn asks the optional interfaces, where there are any.
func (p *probe) onlyOwn(key store.Key, want store.Status) {
	if b, ok := store.As[store.BatchGetter](p.store); ok {
		if state := p.getBatch(b, key.Account, []string{key.Number})[0]; state.Status != want {
			p.failf("GetBatch: the state is %v, want %v", state.Status, want)
		}
	}
	l, ok := p.canList()
	if !ok {
		return
	}
	for _, state := range p.list(l, store.ListQuery{Account: key.Account}) {
		if state.Key.Account != key.Account || state.Status != want {
			p.failf("List: a state of another account: %s is %v", showKey(state.Key), state.Status)
		}
	}
}
