package memstore

import (
	"hash/maphash"

	"github.com/seed-f10031e4/consent/store"
)

// wanted is a key that is looked for.
type wanted struct {
	key    store.Key
	packed uint64 // the number; 0 where it cannot be packed
	tag    uint64
	shard  *shard
}

// want validates a key and tells where it belongs.
func (s *Store) want(w *wanted, key store.Key) error {
	account, ok := s.keys().account(key.Account)
	w.packed = pack(key.Number)
	if w.packed == 0 || !ok {
		if err := key.Validate(); err != nil {
			return err
		}
	}
	w.key = key
	s.locate(w, account)
	return nil
}

// locate tells where the key belongs, by the hash of its account.
func (s *Store) locate(w *wanted, account uint64) {
	number := w.packed
	if number == 0 {
		number = maphash.String(s.hashes.seed, w.key.Number)
	}
	hash := mix(number^account, 0x9e37_79b9_7f4a_7c15)
	w.shard = &s.shards[hash>>(64-shardBits)]
	w.tag = max(hash<<shardBits>>(64-tagBits), 1)
}

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

// inForce returns the record of the event in force, by the latest of its key, and nil
// where there is none. It is not for a key that stands aside.
func (sh *shard) inForce(r record) record {
	if r == nil || r.first()&isEffective != 0 {
		return r
	}
	if current := r.rest().current; current != 0 {
		return sh.arena.at(current)
	}
	return nil
}
