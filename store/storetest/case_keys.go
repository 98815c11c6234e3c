package storetest

import (
	"errors"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// apart gives each key an event of its own, all with one id, and fails if one key's is
// seen at another.
func (p *probe) apart(keys []store.Key) {
	want := make([]store.Record, len(keys))
	for i, key := range keys {
		ev := p.event(key, store.OptOut, minute(i))
		if i%2 == 1 {
			ev.Action = store.OptIn
		}
		ev.ID, ev.Note = "one-id", "key "+strconv.Itoa(i)
		res, err := p.tryAppend(p.ctx, ev)
		if errors.Is(err, store.ErrIDReused) {
			p.failf("%s is taken for another key: %w", showKey(key), err)
		}
		if err != nil {
			p.failf("Append to %s: %w", showKey(key), err)
		}
		if res.Duplicate || res.Record.Prior != store.Unknown {
			p.failf("%s is taken for another key: of its first event Duplicate is %t and Prior %v", showKey(key), res.Duplicate, res.Record.Prior)
		}
		want[i] = res.Record
	}
	for i, key := range keys {
		records, state := p.settled(key)
		if d := diffRecords(want[i:i+1], records); d != "" {
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
	for _, sep := range []string{
		":", "/", "|", "-", "_", ",", ";", ".", "#", " ", "\n", "\t", "\x01", "\x1f", "\\", `"`, "'", "+", "%", "\u2028", "😀",
	} {
		keys = append(keys, store.Key{Account: a + "a" + sep + "b", Number: "c"}, store.Key{Account: a + "a", Number: "b" + sep + "c"})
	}
	p.apart(keys)
}

// patterns match the text in some language of patterns, or are matched by it.
func patterns(text string) []string {
	half := text[:len(text)/2]
	return []string{
		"%", "%%", half + "%", "%" + text[len(text)/2:], strings.Repeat("_", len(text)), text[:len(text)-1] + "_", text + "%",
		"*", half + "*", strings.Repeat("?", len(text)), text[:len(text)-1] + "?",
		".*", half + ".*", strings.Repeat(".", len(text)), "^" + text + "$", text + "?", "(" + text + ")", text + "|x", "\\" + text,
		half, text + "0", text[1:],
	}
}

func keyNoPattern(p *probe) {
	number := "15550001"
	account := p.otherAccount()
	p.appendNew(p.event(store.Key{Account: account, Number: number}, store.OptOut, minute(1)))
	p.appendNew(p.event(store.Key{Account: account, Number: "held" + number}, store.Hold, minute(1)))
	b, canBatch := p.canBatch()
	for _, pattern := range patterns(number) {
		key := store.Key{Account: account, Number: pattern}
		p.untouched(key, "of a number that is like a pattern")
		if canBatch {
			if d := diffStates([]store.State{{Key: key}}, p.getBatch(b, account, []string{pattern})); d != "" {
				p.failf("GetBatch of a number that is like a pattern: %s", d)
			}
		}
	}
	l, canList := p.canList()
	r, canReview := p.canReview()
	for _, pattern := range patterns(account) {
		p.untouched(store.Key{Account: pattern, Number: number}, "of an account that is like a pattern")
		if canList {
			if states := p.list(l, store.ListQuery{Account: pattern}); len(states) > 0 {
				p.failf("List of the account %s: %d states of another account", quote(pattern), len(states))
			}
		}
		if canReview {
			if waiting := p.reviews(r, pattern, 0); len(waiting) > 0 {
				p.failf("Reviews of the account %s: %d records of another account", quote(pattern), len(waiting))
			}
		}
	}
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
		ev := p.event(keys[0], store.OptOut, minute(100+i))
		ev.ID, ev.Source = id, store.Source(strings.Repeat("s", store.MaxKeyLen))
		p.applies(ev, store.OptedOut)
		p.isDuplicate(ev, "an event with a long id redelivered")
	}
}

func accounts(p *probe) {
	number := p.key().Number
	mine := store.Key{Account: p.account, Number: number}
	p.appendNew(p.event(mine, store.OptOut, minute(1)))
	theirs := store.Key{Account: p.otherAccount(), Number: number}
	p.untouched(theirs, "only another account was appended to")
	p.appendNew(p.event(theirs, store.OptIn, minute(2)))
	p.appendNew(p.event(store.Key{Account: theirs.Account, Number: p.key().Number}, store.OptIn, minute(2)))
	for key, want := range map[store.Key]store.Status{mine: store.OptedOut, theirs: store.OptedIn} {
		records, state := p.settled(key)
		if state.Status != want || len(records) != 1 {
			p.failf("the state is %v with %d records, want %v with 1", state.Status, len(records), want)
		}
		p.onlyOwn(key, want)
	}
}

// onlyOwn asks the optional interfaces that the store has.
func (p *probe) onlyOwn(key store.Key, want store.Status) {
	if b, ok := p.canBatch(); ok {
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
