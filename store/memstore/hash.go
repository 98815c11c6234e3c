package memstore

import (
	"hash/maphash"
	"math/bits"
	"sync"

	"github.com/seed-f10031e4/consent/store"
)

// hashes are of each store's own, so that nobody can choose keys that collide.
type hashes struct {
	once sync.Once
	seed maphash.Seed // it signs the cursors, too
	a, b uint64
}

func (s *Store) keys() *hashes {
	h := &s.hashes
	h.once.Do(func() {
		h.seed = maphash.MakeSeed()
		h.a, h.b = maphash.String(h.seed, "a"), maphash.String(h.seed, "b")
	})
	return h
}

// account returns the hash of an account, and whether it is valid without a closer
// look: ASCII without NUL. It may say no to one of these.
func (h *hashes) account(account string) (hash uint64, ok bool) {
	n := len(account)
	if n < 8 || n > store.MaxKeyLen {
		return maphash.String(h.seed, account), false
	}
	first, last := eight(account), eight(account[n-8:])
	odd := notPlain(first) | notPlain(last)
	if n <= 16 {
		return mix(first^h.a, last^h.b) + uint64(n), odd == 0
	}
	for i := 8; i < n-8; i += 8 {
		odd |= notPlain(eight(account[i:]))
	}
	return maphash.String(h.seed, account), odd == 0
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// notPlain is 0 where no byte is over 127 or 0.
func notPlain(x uint64) uint64 { return (x | (x - ones)) & (0x80 * ones) }
