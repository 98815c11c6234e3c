package memstore

import (
	"context"
	"errors"
	"fmt"

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
	states := make([]store.State, len(numbers))
	if err := s.ReadBatch(ctx, s, account, numbers, states); err != nil {
		return nil, err
	}
	return states, nil
}

// ReadBatch implements [store.BatchReader].
func (s *Store) ReadBatch(ctx context.Context, asked store.BatchGetter, account string, numbers []string, states []store.State) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if asked != store.BatchGetter(s) {
		return errors.ErrUnsupported
	}
	if len(states) != len(numbers) {
		return fmt.Errorf("%w: %d states for %d numbers", store.ErrInvalid, len(states), len(numbers))
	}
	hash, ok := s.keys().account(account)
	if len(numbers) > 0 && !ok {
		if err := store.ValidateAccount(account); err != nil {
			return err
		}
	}
	for from := 0; from < len(numbers); from += group {
		to := min(from+group, len(numbers))
		if err := s.getGroup(account, hash, numbers[from:to], states[from:to]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) getGroup(account string, hash uint64, numbers []string, states []store.State) error {
	var wants [group]wanted
	var seen [group]uint64 // in the filter, of the bits that are wanted
	for i, number := range numbers {
		w := &wants[i]
		w.key = store.Key{Account: account, Number: number}
		states[i] = store.State{Key: w.key}
		if w.packed = pack(number); w.packed == 0 {
			if err := w.key.Validate(); err != nil {
				return err
			}
		}
		s.locate(w, hash)
		if x := w.shard.index.Load(); x != nil {
			seen[i] = x.filter[x.home(w.tag)].Load() & filterBits(w.tag)
		}
	}
	var hits [group]hit
	n := 0
	for i := range numbers {
		w := &wants[i]
		if seen[i] != filterBits(w.tag) {
			continue
		}
		h := &hits[n]
		h.of, h.index = i, w.shard.index.Load()
		h.home = &h.index.buckets[h.index.home(w.tag)]
		h.match = h.home.match(w.tag)
		n++
	}
	for i := range hits[:n] {
		h := &hits[i]
		h.record, h.match = s.findIn(&wants[h.of], h.index, h.home, h.match)
	}
	for i := range hits[:n] {
		h := &hits[i]
		w := &wants[h.of]
		if isAside(h.match) {
			states[h.of] = s.asideState(w)
		} else if r := w.shard.inForce(h.record); r != nil {
			s.dictionaries.state(r, &states[h.of])
		}
	}
	return nil
}

// hit is a number that may be there.
type hit struct {
	of     int
	index  *index
	home   *bucket
	match  uint64
	record record
}
