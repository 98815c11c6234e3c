package storetest

import (
	"slices"
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

func batchEqualsGets(p *probe) {
	b := p.batchGetter()
	known := p.contacts()
	p.rand.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	numbers := slices.Concat(known, []string{"unknown", "unknown"}, known[:10], []string{"+15559999"})
	other := p.otherAccount()
	p.appendNew(p.event(store.Key{Account: other, Number: "unknown"}, store.OptOut, minute(1)))
	for _, numbers := range [][]string{numbers, numbers[:1], {"unknown"}, {known[0], known[0]}, {}, nil} {
		for _, account := range []string{p.account, other} {
			if d := diffStates(p.gets(account, numbers), p.getBatch(b, account, numbers)); d != "" {
				p.failf("of %d numbers: %s", len(numbers), d)
			}
		}
	}
	p.bigBatch(b, known)
}

// bigBatch asks for more than one statement of a database may take.
func (p *probe) bigBatch(b store.BatchGetter, known []string) {
	size := 2_500
	if p.options.Long {
		size = 70_000
	}
	numbers := make([]string, size)
	want := make([]store.State, size)
	states := p.gets(p.account, known)
	for i := range numbers {
		number := "never seen " + strconv.Itoa(i)
		numbers[i], want[i] = number, store.State{Key: store.Key{Account: p.account, Number: number}}
		if i%20 == 0 || i > size-5 {
			n := i / 20 % len(known)
			numbers[i], want[i] = known[n], states[n]
		}
	}
	if d := diffStates(want, p.getBatch(b, p.account, numbers)); d != "" {
		p.failf("of %d numbers: %s", size, d)
	}
}

func batchInvalid(p *probe) {
	b := p.batchGetter()
	good := p.key().Number
	for _, text := range badTexts() {
		for _, numbers := range [][]string{{text}, {good, text}, {text, good}} {
			if _, err := b.GetBatch(p.ctx, p.account, numbers); !isInvalid(err) {
				p.failf("GetBatch of the number %s: error is %v", quote(text), err)
			}
		}
		if _, err := b.GetBatch(p.ctx, text, []string{good}); !isInvalid(err) {
			p.failf("GetBatch of the account %s: error is %v", quote(text), err)
		}
	}
}

func batchCancelled(p *probe) {
	b := p.batchGetter()
	key := p.key()
	p.appendNew(p.event(key, store.OptOut, minute(1)))
	for what, ctx := range p.ended() {
		if _, err := b.GetBatch(ctx, key.Account, []string{key.Number, "unknown"}); err == nil {
			p.failf("%s: no error", what)
		}
	}
}

func batchSlice(p *probe) {
	b := p.batchGetter()
	all := p.contacts()[:10]
	want := p.gets(p.account, all)
	for range 3 {
		numbers := slices.Clone(all)
		got := p.getBatch(b, p.account, numbers)
		if !slices.Equal(numbers, all) {
			p.failf("GetBatch wrote to its argument")
		}
		slices.Reverse(numbers)
		if d := diffStates(want, got); d != "" {
			p.failf("an argument was written to after the call, or a result: %s", d)
		}
		scribble(got)
		reversed := p.getBatch(b, p.account, numbers) // the same slice
		slices.Reverse(reversed)
		if d := diffStates(want, reversed); d != "" {
			p.failf("the slice of an earlier call, with other numbers: %s", d)
		}
	}
	if d := diffStates(want, p.gets(p.account, all)); d != "" {
		p.failf("the states were written to, and Get has it: %s", d)
	}
}
