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
func (s *Store) want(key store.Key) (wanted, error) {
	packed := pack(key.Number)
	if packed == 0 || !plain(key.Account) {
		if err := key.Validate(); err != nil {
			return wanted{}, err
		}
	}
	seed := s.seedOf()
	w := wanted{key: key, packed: packed}
	w.place(s, seed, maphash.String(seed, key.Account))
	return w, nil
}

func (w *wanted) place(s *Store, seed maphash.Seed, account uint64) {
	number := w.packed
	if number == 0 {
		number = maphash.String(seed, w.key.Number)
	}
	// The account's hash is random, so nobody can choose numbers that collide.
	hi, lo := bits.Mul64(number^account, 0x9e37_79b9_7f4a_7c15)
	hash := hi ^ lo
	w.shard = &s.shards[hash>>(64-shardBits)]
	w.tag = hash >> tagShift & (1<<tagBits - 1)
}

// plain reports a text that is valid without a closer look: 1 to 255 bytes of
// ASCII without NUL. It may say no to some of these.
func plain(s string) bool {
	n := len(s)
	if n == 0 || n > store.MaxKeyLen {
		return false
	}
	var odd byte
	for i := range n {
		c := s[i]
		odd |= c | (c - 1) // of a NUL, the upper bit is set
	}
	return odd < 0x80
}

// found is the latest record of a key, and the word of the index that led to it.
type found struct {
	at, word uint64 // word 0: the key has none
	first    uint64 // the record's first word
	reader   reader // behind the record's key
}

func (w *wanted) find(s *Store, f *found) bool {
	x := w.shard.index.Load()
	return x != nil && x.mayHave(w.tag) && w.findFrom(s, x, x.home(w.tag), f)
}

// findFrom looks from a slot on.
func (w *wanted) findFrom(s *Store, x *index, at uint64, f *found) bool {
	for {
		var word uint64
		at, word = x.next(w.tag, at)
		if word == 0 {
			return false
		}
		r := reader{b: w.shard.arena.at(slotRef(word))}
		if first := r.uint64(); w.is(s, first, &r) {
			*f = found{at: at, word: word, first: first, reader: r}
			return true
		}
		at++
	}
}

// is reports a record of the key, and reads it as far as that.
func (w *wanted) is(s *Store, first uint64, r *reader) bool {
	if first&^flagBits != w.packed || s.accounts.text(r.id()) != w.key.Account {
		return false
	}
	return w.packed != 0 || r.text() == w.key.Number
}
