package memstore

import (
	"sync/atomic"

	"github.com/seed-f10031e4/consent/store"
)

// index tells where the record of a number is. It is open addressing in words
// without pointers, which the garbage collector does not look into:
//
//	tag (30 bits) | ref (32 bits) | status (2 bits)
//
// A free slot is 0. The tag is a part of the number's hash; whether the number is
// the one is told by its record. So one atomic store publishes an event, the state
// that it makes, and the history behind it, and a reader sees all or nothing of it.
//
// A tag's home is proportional to the tag, so the slots are nearly sorted, and an
// index grows without a look at hashes or records.
//
// Nobody removes anything. A writer has the shard's lock; readers have none. One
// that is left with an index that grew meanwhile sees it as it was at that moment.
type index struct {
	slots []atomic.Uint64
	// filter has a word for eight slots, the tags at home there, each as three
	// bits. Where one of these is missing the number is not there, and only this
	// small part of the index was read.
	filter []atomic.Uint64
}

const (
	tagBits    = 30
	refBits    = 32
	statusBits = 2 // one value is free

	perWord = 8 // slots of a word of the filter
)

func newIndex(slots int) *index {
	return &index{slots: make([]atomic.Uint64, slots), filter: make([]atomic.Uint64, slots/perWord)}
}

func slotWord(tag uint64, ref uint32, status store.Status) uint64 {
	return tag<<(refBits+statusBits) | uint64(ref)<<statusBits | uint64(status)
}

func slotTag(word uint64) uint64          { return word >> (refBits + statusBits) }
func slotRef(word uint64) uint32          { return uint32(word >> statusBits) } //nolint:gosec // it has 32 bits
func slotStatus(word uint64) store.Status { return store.Status(word & statusMask) }

func (x *index) home(tag uint64) uint64 { return tag * uint64(len(x.slots)) >> tagBits }

func filterBits(tag uint64) uint64 { // the lower bits: the upper ones chose the word
	return 1<<(tag&63) | 1<<(tag>>6&63) | 1<<(tag>>12&63)
}

// mayHave tells for sure only that a tag is not there.
func (x *index) mayHave(tag uint64) bool {
	want := filterBits(tag)
	return x.filter[x.home(tag)/perWord].Load()&want == want
}

// next returns the first slot from at on that has the tag, and its word; else the
// first free one, and 0.
func (x *index) next(tag, at uint64) (slot, word uint64) {
	for {
		if at >= uint64(len(x.slots)) {
			at = 0
		}
		word := x.slots[at].Load()
		if word == 0 || slotTag(word) == tag {
			return at, word
		}
		at++
	}
}

// put fills the first free slot behind a tag's home.
func (x *index) put(word uint64) {
	tag := slotTag(word)
	at := x.home(tag)
	filter := &x.filter[at/perWord]
	filter.Store(filter.Load() | filterBits(tag))
	for x.slots[at].Load() != 0 {
		if at++; at == uint64(len(x.slots)) {
			at = 0
		}
	}
	x.slots[at].Store(word)
}

// full reports whether an index of so many numbers has to grow before the next.
func (x *index) full(used int) bool { return used >= len(x.slots)/4*3 }

// grown returns a copy with a quarter more room.
func (x *index) grown() *index {
	n := len(x.slots)
	larger := newIndex((n + max(n/4, perWord) + perWord - 1) / perWord * perWord)
	for i := range x.slots {
		if word := x.slots[i].Load(); word != 0 {
			larger.put(word)
		}
	}
	return larger
}
