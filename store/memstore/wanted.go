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

// found is the latest record of a key.
type found struct {
	word   uint64 // of the index
	first  uint64 // of the record
	reader reader // behind the record's key
}

func (s *Store) find(w *wanted, f *found) bool {
	x := w.shard.index.Load()
	if x == nil {
		return false
	}
	want, home := filterBits(w.tag), x.home(w.tag)
	if x.filter[home].Load()&want != want {
		return false
	}
	b := &x.buckets[home]
	return s.findIn(w, x, b, b.match(w.tag), f)
}

// findIn looks at what matches in the home bucket first.
func (s *Store) findIn(w *wanted, x *index, home *bucket, match uint64, f *found) bool {
	if match != 0 && s.is(w, match, f) {
		return true
	}
	if match == 0 && !home.full() {
		return false
	}
	return x.find(w.tag, func(word uint64) bool { return s.is(w, word, f) })
}

// is reports whether the record of a word is of the key.
func (s *Store) is(w *wanted, word uint64, f *found) bool {
	f.word = word
	f.reader = reader{b: w.shard.arena.at(refOf(word))}
	r := &f.reader
	f.first = r.uint64()
	if f.first&^flagBits != w.packed || s.accounts.text(r.id()) != w.key.Account {
		return false
	}
	return w.packed != 0 || r.text() == w.key.Number
}
