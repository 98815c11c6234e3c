package memstore

import (
	"context"
	"hash/maphash"

	"github.com/seed-f10031e4/consent/store"
)

// group is how many numbers are looked up together: first the filter of all, then
// the slots, then the records, so that the processor waits for them at once.
const group = 16

// GetBatch implements [store.BatchGetter].
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(numbers) > 0 && !plain(account) {
		if err := store.ValidateAccount(account); err != nil {
			return nil, err
		}
	}
	states := make([]store.State, len(numbers))
	hash := maphash.String(s.seedOf(), account)
	for from := 0; from < len(numbers); from += group {
		to := min(from+group, len(numbers))
		if err := s.getGroup(account, hash, numbers[from:to], states[from:to]); err != nil {
			return nil, err
		}
	}
	return states, nil
}

func (s *Store) getGroup(account string, hash uint64, numbers []string, states []store.State) error {
	var wants [group]wanted
	var filter, want [group]uint64
	for i, number := range numbers {
		w := &wants[i]
		w.key = store.Key{Account: account, Number: number}
		states[i].Key = w.key
		if w.packed = pack(number); w.packed == 0 {
			if err := w.key.Validate(); err != nil {
				return err
			}
		}
		w.place(s, s.seed, hash)
		want[i] = 1 // never there
		if x := w.shard.index.Load(); x != nil {
			want[i] = filterBits(w.tag)
			filter[i] = x.filter[x.home(w.tag)/perWord].Load()
		}
	}
	var hits [group]struct {
		wanted

		of    int
		index *index
		at    uint64
		found found
	}
	n := 0
	for i := range numbers {
		if filter[i]&want[i] != want[i] {
			continue
		}
		h := &hits[n]
		h.wanted, h.of = wants[i], i
		h.index = h.shard.index.Load()
		var word uint64
		if h.at, word = h.index.next(h.tag, h.index.home(h.tag)); word != 0 {
			n++
		}
	}
	found := 0
	for i := range hits[:n] {
		h := &hits[i]
		if h.findFrom(s, h.index, h.at, &h.found) {
			hits[found] = *h
			found++
		}
	}
	for i := range hits[:found] {
		h := &hits[i]
		s.state(h.shard, &h.found, &states[h.of])
	}
	return nil
}
