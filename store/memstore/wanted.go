package memstore

import (
	"hash/maphash"
	"math/bits"

	"github.com/seed-f10031e4/consent/store"
)

// wanted is a key that is looked for.
type wanted struct {
	key    store.Key
	packed uint64 // the number; 0 where it cannot be packed
	tag    uint64
	shard  *shard
}

func (s *Store) seedOf() maphash.Seed {
	s.seedOnce.Do(func() { s.seed = maphash.MakeSeed() })
	return s.seed
}

// want validates a key and tells where it belongs.
func (s *Store) want(w *wanted, key store.Key) error {
	w.key = key
	w.packed = pack(key.Number)
	if w.packed == 0 || !plain(key.Account) {
		if err := key.Validate(); err != nil {
			return err
		}
	}
	s.hashed(w, maphash.String(s.seedOf(), key.Account))
	return nil
}

func (s *Store) hashed(w *wanted, account uint64) {
	number := w.packed
	if number == 0 {
		number = maphash.String(s.seed, w.key.Number)
	}
	// The account's hash is random, so nobody can choose numbers that collide.
	hi, lo := bits.Mul64(number^account, 0x9e37_79b9_7f4a_7c15)
	hash := hi ^ lo
	w.shard = &s.shards[hash>>(64-shardBits)]
	w.tag = max(hash<<shardBits>>(64-tagBits), 1)
}

// plain reports a text that is valid without a closer look: 1 to 255 bytes of
// ASCII without NUL. It may say no to one of these.
func plain(s string) bool {
	n := len(s)
	if n == 0 || n > store.MaxKeyLen {
		return false
	}
	var odd uint64
	for n > 8 {
		n -= 8
		odd |= notPlain(eight(s[n:]))
	}
	if len(s) >= 8 {
		return odd|notPlain(eight(s)) == 0
	}
	for i := range n {
		odd |= uint64(s[i]|(s[i]-1)) & 0x80
	}
	return odd == 0
}

// notPlain is 0 where no byte is over 127 or 0.
func notPlain(x uint64) uint64 { return (x | (x - ones)) & (0x80 * ones) }

// find returns the latest record of a key, and the word of the index that led to
// it; nil where the key has none.
func (s *Store) find(w *wanted) (record, uint64) {
	x := w.shard.index.Load()
	if x == nil {
		return nil, 0
	}
	home := x.home(w.tag)
	if want := filterBits(w.tag); x.filter[home].Load()&want != want {
		return nil, 0
	}
	b := &x.buckets[home]
	return s.findIn(w, x, b, b.match(w.tag))
}

// findIn looks at what matches in the home bucket first.
func (s *Store) findIn(w *wanted, x *index, home *bucket, match uint64) (record, uint64) {
	if match != 0 {
		if r := w.shard.arena.at(refOf(match)); s.is(w, r) {
			return r, match
		}
	} else if !home.full() {
		return nil, 0
	}
	return s.findBehind(w, x)
}

func (s *Store) findBehind(w *wanted, x *index) (r record, word uint64) {
	for word := range x.tagged(w.tag) {
		if r := w.shard.arena.at(refOf(word)); s.is(w, r) {
			return r, word
		}
	}
	return nil, 0
}

// is reports whether a record is of the key.
func (s *Store) is(w *wanted, r record) bool {
	account, _ := r.accountAndIDLen()
	if r.first()&^flagBits != w.packed || s.dictionaries.accounts.text(account) != w.key.Account {
		return false
	}
	return w.packed != 0 || r.rest().number == w.key.Number
}

// inForce returns the record of the event in force, by the latest of its key.
func (sh *shard) inForce(r record) record {
	if r.first()&isEffective != 0 {
		return r
	}
	return sh.arena.at(r.rest().current)
}
