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
		ev := p.event(key, turn(i))
		ev.ID, ev.Note = "one-id", "key "+strconv.Itoa(i)
		res, err := p.tryAppend(p.ctx, ev)
		if res.Duplicate || res.Record.Prior != store.Unknown || errors.Is(err, store.ErrIDReused) {
			p.failf("%s is taken for another key: of its first event Duplicate is %t, Prior is %v, the error is %v",
				showKey(key), res.Duplicate, res.Record.Prior, err)
		}
		p.mustf(err, "Append to %s", showKey(key))
		want[i] = res.Record
	}
	for i, key := range keys {
		records, _ := p.settled(key)
		p.samef(diffs(want[i:i+1], records), "History of %s", showKey(key))
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
		keys = append(keys,
			store.Key{Account: a + "a" + sep + "b", Number: "c"}, store.Key{Account: a + "a", Number: "b" + sep + "c"})
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
	p.add(store.Key{Account: account, Number: number}, out(1))
	p.add(store.Key{Account: account, Number: "held" + number}, held(1))
	for _, pattern := range patterns(number) {
		p.everywhere(store.State{Key: store.Key{Account: account, Number: pattern}}) // Unknown
	}
	for _, pattern := range patterns(account) {
		p.untouched(store.Key{Account: pattern, Number: number}, "an account that is like a pattern")
		if list := p.listOf(pattern, store.Unknown); list.offered() {
			p.samef(diffs(nil, list.all(0)), "List of the account %s", quote(pattern))
		}
		if reviews := p.reviewsOf(pattern); reviews.offered() {
			p.samef(diffs(nil, reviews.all(0)), "Reviews of the account %s", quote(pattern))
		}
		if ids := p.idsOf(pattern, ""); ids.offered() {
			p.samef(diffs(nil, ids.all(0)), "EventIDs of the account %s", quote(pattern))
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
		ev := p.event(keys[0], out(100+i))
		ev.ID, ev.Source = id, store.Source(strings.Repeat("s", store.MaxKeyLen))
		p.keeps(ev)
		p.isDuplicate(ev, "an event with a long id redelivered")
	}
}

func accounts(p *probe) {
	mine := p.key()
	theirs := store.Key{Account: p.otherAccount(), Number: mine.Number}
	stopped := p.add(mine, out(1)).State
	p.untouched(theirs, "only another account was appended to")
	started := p.add(theirs, in(2)).State
	p.add(p.keyIn(theirs.Account), in(2))
	p.everywhere(stopped)
	p.everywhere(started)
}
