package storetest

import (
	"errors"
	"slices"
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

// gets reads numbers one by one.
func (p *probe) gets(account string, numbers []string) []store.State {
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i] = p.get(store.Key{Account: account, Number: number})
	}
	return states
}

// contacts appends to numbers of the case's account, some of which are alike, and
// returns them in byte order.
func (p *probe) contacts() []string {
	numbers := append(alike("Ab"), "1", "10", "2", "+1", "+10", "+2", "~", "\uffee", "😀", "a", "A", "z", "Z", "_")
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	for i, number := range numbers {
		key := store.Key{Account: p.account, Number: number}
		ev := p.alternate(key, i)
		ev.ReceivedAt = moments()[i%len(moments())]
		p.appendNew(ev)
	}
	return numbers
}

func batchEqualsGets(p *probe) {
	b := p.batchGetter()
	known := p.contacts()
	p.rand.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	numbers := slices.Concat(known, []string{"unknown", "unknown"}, known[:10], []string{"+15559999"})
	other := p.otherAccount()
	p.appendNew(p.event(store.Key{Account: other, Number: "unknown"}, store.OptedOut, minute(1)))
	for _, numbers := range [][]string{numbers, numbers[:1], {"unknown"}, {known[0], known[0]}, {}, nil} {
		for _, account := range []string{p.account, other} {
			if d := diffStates(p.gets(account, numbers), p.getBatch(b, account, numbers)); d != "" {
				p.failf("of %d numbers: %s", len(numbers), d)
			}
		}
	}
	p.bigBatch(b, known)
}

func readBatchEqualsGets(p *probe) {
	r, ok := p.batchGetter().(store.BatchReader)
	if !ok || errors.Is(r.ReadBatch(p.ctx, r, p.account, nil, nil), errors.ErrUnsupported) {
		p.skip("the store has no BatchReader of its own")
	}
	known := p.contacts()
	p.rand.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	numbers := slices.Concat(known, []string{"unknown", "unknown"}, known[:10])
	states := p.gets(p.account, numbers)
	slices.Reverse(states) // what is in them is of other numbers
	for range 2 {
		for _, size := range []int{len(numbers), 1, 0} {
			if err := r.ReadBatch(p.ctx, r, p.account, numbers[:size], states[:size]); err != nil {
				p.failf("ReadBatch of %d: %w", size, err)
			}
			if d := diffStates(p.gets(p.account, numbers[:size]), states[:size]); d != "" {
				p.failf("of %d numbers: %s", size, d)
			}
		}
		slices.Reverse(numbers)
	}
	if err := r.ReadBatch(p.ctx, r, p.account, numbers, states[1:]); err == nil {
		p.failf("%d states for %d numbers: no error", len(states)-1, len(numbers))
	}
	if err := r.ReadBatch(p.ctx, embedding{r}, p.account, numbers, states); !errors.Is(err, errors.ErrUnsupported) {
		p.failf("of a store that embeds this one: error is %v", err)
	}
	for what, ctx := range p.ended() {
		if err := r.ReadBatch(ctx, r, p.account, numbers, states); err == nil {
			p.failf("%s: no error", what)
		}
	}
	for _, text := range badTexts() {
		if err := r.ReadBatch(p.ctx, r, p.account, []string{text}, states[:1]); !isInvalid(err) {
			p.failf("of the number %s: error is %v", quote(text), err)
		}
	}
}

// embedding is a store that embeds the one that is tested.
type embedding struct{ store.BatchReader }

// bigBatch asks for more than one statement of a database may take.
func (p *probe) bigBatch(b store.BatchGetter, known []string) {
	const size = 2_500
	numbers := make([]string, size)
	want := make([]store.State, size)
	states := p.gets(p.account, known)
	for i := range numbers {
		number := "never seen " + strconv.Itoa(i)
		numbers[i], want[i] = number, store.State{Key: store.Key{Account: p.account, Number: number}}
		if i%20 == 0 {
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
	p.appendNew(p.event(key, store.OptedOut, minute(1)))
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
