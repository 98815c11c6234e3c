package storetest

import (
	"context"
	"slices"
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

// batches skips the case if the store has no GetBatch of its own.
func (p *probe) batches() {
	if _, ok := store.As[store.BatchGetter](p.store); !ok {
		p.skip("the store has no BatchGetter")
	}
}

func batchEqualsGets(p *probe) {
	p.batches()
	known := p.contacts()
	p.rand.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	numbers := slices.Concat(known, []string{"unknown", "unknown"}, known[:10], []string{"+15559999"})
	other := p.otherAccount()
	p.add(store.Key{Account: other, Number: "unknown"}, out(1))
	for _, numbers := range [][]string{numbers, numbers[:1], {"unknown"}, {known[0], known[0]}, {}, nil} {
		for _, account := range []string{p.account, other} {
			p.samef(diffs(p.gets(account, numbers), p.getBatch(account, numbers)), "of %d numbers", len(numbers))
		}
	}

	size := 2_500 // more than one statement of a database may take
	if p.options.Long {
		size = 70_000
	}
	numbers = make([]string, size)
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
	p.samef(diffs(want, p.getBatch(p.account, numbers)), "of %d numbers", size)
}

func batchInvalid(p *probe) {
	p.batches()
	good := p.key().Number
	for _, text := range badTexts() {
		for _, numbers := range [][]string{{text}, {good, text}, {text, good}} {
			_, err := store.GetBatch(p.ctx, p.store, p.account, numbers)
			p.invalidf(err, "GetBatch of the number %s", quote(text))
		}
		_, err := store.GetBatch(p.ctx, p.store, text, []string{good})
		p.invalidf(err, "GetBatch of the account %s", quote(text))
	}
}

func batchCancelled(p *probe) {
	p.batches()
	key := p.key()
	p.add(key, out(1))
	p.needsContext("GetBatch", func(ctx context.Context) error {
		_, err := store.GetBatch(ctx, p.store, key.Account, []string{key.Number, "unknown"})
		return err
	})
}

func batchSlice(p *probe) {
	p.batches()
	all := p.contacts()[:10]
	want := p.gets(p.account, all)
	for range 3 {
		numbers := slices.Clone(all)
		got := p.getBatch(p.account, numbers)
		p.checkf(slices.Equal(numbers, all), "GetBatch wrote to its argument")
		slices.Reverse(numbers)
		p.samef(diffs(want, got), "an argument was written to after the call, or a result")
		scribble(got)
		reversed := p.getBatch(p.account, numbers) // the same slice
		slices.Reverse(reversed)
		p.samef(diffs(want, reversed), "the slice of an earlier call, with other numbers")
	}
	p.samef(diffs(want, p.gets(p.account, all)), "the states were written to, and Get has it")
}
