package memstore

import (
	"sync"
	"sync/atomic"
)

// shard is a part of the keys, by their hash. What readers look at is in a cache line
// of its own, which changes rarely.
type shard struct {
	index atomic.Pointer[index]
	arena arena

	mu      sync.Mutex // of writers
	used    int        // words of the index
	listed  bool       // new numbers go to the orders too
	long    map[longKey]*long
	aside   map[longKey]*aside
	scratch []byte // of a record

	_ [2*cacheLine - 10*8]byte
}

// shardBits choose the shard: the upper ones of the hash; the next are the tag.
const shardBits = 6

// publish makes the record of a word the latest of its key, in the place of old, or
// the first where old is 0.
func (sh *shard) publish(old, word uint64) {
	x := sh.index.Load()
	if old != 0 {
		x.replace(old, word)
		return
	}
	switch {
	case x == nil:
		x = newIndex(1)
		sh.index.Store(x)
	case !x.enough(sh.used):
		x = x.grown()
		sh.index.Store(x)
	}
	x.put(word)
	sh.used++
}
