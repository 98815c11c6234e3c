package memstore

import (
	"iter"
	"sync/atomic"
)

// index tells where the record of a number is. It is a hash table in words without
// pointers, which the garbage collector does not look into:
//
//	tag (30 bits) | ref (32 bits) | status (2 bits)
//
// A free word is 0. The tag is a part of the number's hash; whether the number is
// the one is told by its record. So one atomic store publishes an event, the state
// that it makes, and the history behind it, and a reader sees all or nothing of it.
//
// A word stands in its home bucket, or where that is full in the next one that is
// not. The home is proportional to the tag, so buckets are nearly sorted, and an
// index grows without a look at hashes or records.
//
// Nobody removes anything. A writer has the shard's lock; readers have none. One
// that is left with an index that grew meanwhile sees it as it was at that moment.
type index struct {
	buckets []bucket
	// filter has a word for each bucket, the tags at home there, each as three
	// bits. Where one of these is missing the number is not there, and only this
	// small part of the index was read.
	filter []atomic.Uint64
}

// bucket is a line of the processor's cache, filled from the first word on.
type bucket [8]atomic.Uint64

const (
	tagBits    = 30 // no tag is 0
	refBits    = 32
	statusBits = 2
	statusMask = 1<<statusBits - 1
	asideCode  = statusMask // in the place of the status: see aside

	tagShift = refBits + statusBits
)

func newIndex(buckets int) *index {
	return &index{buckets: make([]bucket, buckets), filter: make([]atomic.Uint64, buckets)}
}

func wordOf(tag uint64, ref uint32, code uint64) uint64 {
	return tag<<tagShift | uint64(ref)<<statusBits | code
}

func refOf(word uint64) uint32 { return uint32(word >> statusBits) } //nolint:gosec // it has 32 bits

// home returns the bucket where a tag belongs.
func (x *index) home(tag uint64) int {
	return int(tag * uint64(len(x.buckets)) >> tagBits)
}

func filterBits(tag uint64) uint64 { // the lower bits: the upper ones chose the bucket
	return 1<<(tag&63) | 1<<(tag>>6&63) | 1<<(tag>>12&63)
}

// match returns a word of the bucket with that tag, or 0. It has no branch that a
// processor could guess wrong while it waits for the bucket.
func (b *bucket) match(tag uint64) (word uint64) {
	const rest = 1 << tagShift
	tag <<= tagShift
	if w := b[0].Load(); w^tag < rest {
		word = w
	}
	if w := b[1].Load(); w^tag < rest {
		word = w
	}
	if w := b[2].Load(); w^tag < rest {
		word = w
	}
	if w := b[3].Load(); w^tag < rest {
		word = w
	}
	if w := b[4].Load(); w^tag < rest {
		word = w
	}
	if w := b[5].Load(); w^tag < rest {
		word = w
	}
	if w := b[6].Load(); w^tag < rest {
		word = w
	}
	if w := b[7].Load(); w^tag < rest {
		word = w
	}
	return word
}

func (b *bucket) full() bool { return b[len(b)-1].Load() != 0 }

// tagged yields all words with a tag.
func (x *index) tagged(tag uint64) iter.Seq[uint64] {
	return func(yield func(word uint64) bool) {
		for at := x.home(tag); ; at++ {
			if at == len(x.buckets) {
				at = 0
			}
			b := &x.buckets[at]
			for i := range b {
				word := b[i].Load()
				if word == 0 || word>>tagShift == tag && !yield(word) {
					return
				}
			}
		}
	}
}

// put adds the word of a number that has none.
func (x *index) put(word uint64) {
	tag := word >> tagShift
	at := x.home(tag)
	filter := &x.filter[at]
	filter.Store(filter.Load() | filterBits(tag))
	for x.buckets[at].full() {
		if at++; at == len(x.buckets) {
			at = 0
		}
	}
	b := &x.buckets[at]
	for i := range b {
		if b[i].Load() == 0 {
			b[i].Store(word)
			return
		}
	}
}

// replace puts a word in the place of an old one with the same tag.
func (x *index) replace(old, word uint64) {
	for at := x.home(word >> tagShift); ; at++ {
		if at == len(x.buckets) {
			at = 0
		}
		b := &x.buckets[at]
		for i := range b {
			if b[i].Load() == old {
				b[i].Store(word)
				return
			}
		}
	}
}

// enough reports whether there is room for another number: three quarters of the
// words are used at most.
func (x *index) enough(used int) bool { return used < len(x.buckets)*len(bucket{})/4*3 }

// grown returns a copy with a quarter more room.
func (x *index) grown() *index {
	larger := newIndex(len(x.buckets) + max(len(x.buckets)/4, 1))
	for word := range x.words {
		larger.put(word)
	}
	return larger
}

// words yields all words.
func (x *index) words(yield func(word uint64) bool) {
	for at := range x.buckets {
		b := &x.buckets[at]
		for i := range b {
			if word := b[i].Load(); word != 0 && !yield(word) {
				return
			}
		}
	}
}
