package memstore

import (
	"errors"
	"slices"
	"sync/atomic"
	"unsafe" //nolint:depguard // in text alone, which says why
)

// arena keeps bytes that are written once and never again, in chunks without
// pointers. A ref is a place in it; 0 is none. Writers hold the shard's lock,
// readers nothing: what a ref that they have read points to was written before.
type arena struct {
	chunks atomic.Pointer[[][]byte]

	_ [cacheLine - 2*8]byte // what readers look at ends here, see shard

	last int // the chunk that is written to
	used int // bytes of it
}

const (
	refUnit    = 4       // records start at multiples of it
	chunkSize  = 1 << 16 // bytes
	cacheLine  = 64
	firstChunk = 1 << 9 // bytes; it grows to the full size, so that small stores are small

	unitsPerChunk = chunkSize / refUnit
	maxChunks     = 1 << refBits / unitsPerChunk
)

var errFull = errors.New("memstore: full")

// at returns the record at ref, and what is behind it.
func (a *arena) at(ref uint32) record {
	return (*a.chunks.Load())[ref/unitsPerChunk][ref%unitsPerChunk*refUnit:]
}

// add copies a record and returns its place.
func (a *arena) add(r record) (uint32, error) {
	var chunks [][]byte
	if p := a.chunks.Load(); p != nil {
		chunks = *p
	} else {
		chunks = [][]byte{make([]byte, firstChunk)}
		a.chunks.Store(&chunks)
		a.used = refUnit // so that no ref is 0
	}
	if line := a.used % cacheLine; line > cacheLine-recordHead {
		a.used += cacheLine - line // so that reading a state waits for one line
	}
	switch room := len(chunks[a.last]); {
	case a.used+len(r) <= room:
	case a.last == 0 && a.used+len(r) <= chunkSize:
		// Readers of the old copy find in it all that they know of.
		for a.used+len(r) > room {
			room *= 2
		}
		first := make([]byte, room)
		copy(first, chunks[0])
		chunks = append([][]byte{first}, chunks[1:]...)
		a.chunks.Store(&chunks)
	case len(chunks) == maxChunks:
		return 0, errFull
	case len(r) > chunkSize/4: // has a chunk to itself
		chunks = append(chunks, slices.Clone(r))
		a.chunks.Store(&chunks)
		return uint32(len(chunks)-1) * unitsPerChunk, nil //nolint:gosec // below maxChunks
	default:
		chunks = append(chunks, make([]byte, chunkSize))
		a.last, a.used = len(chunks)-1, 0
		a.chunks.Store(&chunks)
	}
	ref := uint32(a.last)*unitsPerChunk + uint32(a.used)/refUnit //nolint:gosec // below chunkSize
	copy(chunks[a.last][a.used:], r)
	a.used = (a.used + len(r) + refUnit - 1) / refUnit * refUnit
	return ref, nil
}

// text returns bytes of an arena as a string, without a copy, so that reading a
// state allocates nothing.
//
// It is sound: a string's bytes must not change, and those of a record never do.
// The garbage collector keeps a chunk while a string points into it.
func text(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // see above
}
