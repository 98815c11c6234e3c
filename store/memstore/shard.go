package memstore

import (
	"sync"
	"sync/atomic"
)

// shard is a part of the keys, by their hash. What readers look at changes rarely,
// and is in a cache line of its own.
type shard struct {
	index atomic.Pointer[index]
	arena arena

	_ [64 - 32]byte

	mu      sync.Mutex // of writers
	used    int        // slots of the index
	listed  bool       // new numbers go to the orders too
	long    map[longKey]*long
	scratch []byte // of a record
}

// shardBits choose the shard: the upper ones of the hash, the tag is the next.
const (
	shardBits = 6
	tagShift  = 64 - shardBits - tagBits
)

// publish makes a record the latest of its key, and so all before it visible.
// at is the slot of the key, where it has one.
func (sh *shard) publish(word, at uint64, isNew bool) {
	x := sh.index.Load()
	if !isNew {
		x.slots[at].Store(word)
		return
	}
	switch {
	case x == nil:
		x = newIndex(perWord)
		sh.index.Store(x)
	case x.full(sh.used):
		x = x.grown()
		sh.index.Store(x)
	}
	x.put(word)
	sh.used++
}
