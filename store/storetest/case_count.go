package storetest

import (
	"context"
	"errors"

	"github.com/seed-f10031e4/consent/store"
)

// counts returns the counts of an account, and skips the case if the store has no Counter
// of its own.
func (p *probe) counts(account string) store.KeyCounts {
	p.counter()
	counts, err := store.Count(p.ctx, p.store, account)
	p.mustf(err, "Count")
	return counts
}

// counter skips the case if the store has no Counter. A wrapper may have the method and
// nothing to call with it.
func (p *probe) counter() {
	_, ok := store.As[store.Counter](p.store)
	if ok {
		_, err := store.Count(p.ctx, p.store, p.account)
		ok = !errors.Is(err, errors.ErrUnsupported)
	}
	if !ok {
		p.skip("the store has no Counter")
	}
}

// countsf fails if Count does not count these states of an account.
func (p *probe) countsf(account string, states []store.State, format string, args ...any) {
	var want store.KeyCounts
	for _, state := range states {
		want.Add(state.Status, 1)
	}
	if got := p.counts(account); got != want {
		p.failf(format+": %+v, want %+v", append(args, got, want)...)
	}
}

func countEqualsGets(p *probe) {
	p.counter()
	p.countsf(p.account, nil, "of an account without numbers")
	numbers := p.contacts()
	p.add(store.Key{Account: p.account, Number: "asked"}, ask(1)) // Unknown, with a history
	for _, other := range []string{p.otherAccount(), p.account + " ", p.account[:len(p.account)-1]} {
		p.add(store.Key{Account: other, Number: "1"}, out(1))
	}
	p.countsf(p.account, p.gets(p.account, numbers), "of %d numbers", len(numbers))
}

func countNow(p *probe) {
	p.counter()
	keys := []store.Key{p.key(), p.key(), p.key(), p.key()}
	for i, a := range []arrival{out(1), held(1), in(2), ask(3), out(4), held(5), in(6), held(7), in(8), out(9), held(10), in(11)} {
		p.add(keys[i%len(keys)], a)
		p.countsf(p.account, p.gets(p.account, keyNumbers(keys)), "after event %d", i+1)
	}
}

func keyNumbers(keys []store.Key) []string {
	var numbers []string
	for _, key := range keys {
		numbers = append(numbers, key.Number)
	}
	return numbers
}

func countThousand(p *probe) {
	p.counter()
	p.countsf(p.account, p.populateAtOnce(p.account, p.thousand()), "of many numbers")
}

func countInvalid(p *probe) {
	p.counter()
	for _, text := range badTexts() {
		_, err := store.Count(p.ctx, p.store, text)
		p.invalidf(err, "Count of the account %s", quote(text))
	}
}

func countCancelled(p *probe) {
	p.counter()
	p.add(p.key(), out(1))
	want := p.counts(p.account)
	p.needsContext("Count", func(ctx context.Context) error {
		_, err := store.Count(ctx, p.store, p.account)
		return err
	})
	p.withFuses(func(ctx context.Context, look int) {
		got, err := store.Count(ctx, p.store, p.account)
		p.checkf(err != nil || got == want, "Count, cancelled at look %d at its context: no error, and %+v", look, got)
	})
}
