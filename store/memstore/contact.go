package memstore

import (
	"hash/maphash"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// contact is a key as Append sees it, with the shard's lock held.
type contact struct {
	*wanted

	word   uint64 // of the index; 0: it has none
	latest uint32 // ref of the last event; 0: there is none
	events int
	now    uint32 // ref of the event in force; 0: there is none
	state  store.State
	long   *long // nil while the history is short

	standing aside // a copy of the shard's, where isAside(word)
}

type idStatus struct {
	id     string
	status store.Status
}

// longHistory is the number of events from which on an index beats a scan.
const longHistory = 16

// long is the index of a long history.
type long struct {
	refs []uint32
	// names has the latest event with an id and status, by their hash. Should two
	// hashes be one, the event shows it.
	names map[uint64]uint32
}

type longKey struct {
	account uint32
	number  string
}

func (s *Store) contact(w *wanted) contact {
	c := contact{wanted: w, state: store.State{Key: w.key}}
	r, word := s.find(w)
	if r == nil {
		c.standing.Consent = c.state
		return c
	}
	rest := r.rest()
	c.word, c.latest, c.now, c.events = word, refOf(word), refOf(word), rest.before+1
	if r.first()&isEffective == 0 {
		c.now = rest.current
	}
	if c.events >= longHistory {
		c.long = w.shard.long[s.longKey(w)]
	}
	if isAside(word) {
		c.standing = *s.asideOf(w)
		c.state = c.standing.State()
		return c
	}
	if c.now != 0 {
		s.dictionaries.state(w.shard.arena.at(c.now), &c.state)
	}
	c.standing.Consent = c.state
	return c
}

// find returns the latest event with this id and status, 0 for none.
func (c *contact) find(s *Store, id string, status store.Status) uint32 {
	name := idStatus{id, status}
	if c.long != nil {
		ref, ok := c.long.names[name.hash(s)]
		if !ok {
			return 0
		}
		if c.shard.arena.at(ref).name() == name {
			return ref
		}
	}
	for ref := c.latest; ref != 0; {
		r := c.shard.arena.at(ref)
		if r.name() == name {
			return ref
		}
		ref = r.rest().prev
	}
	return 0
}

// findOther reports whether there is an event with this id and another status.
func (c *contact) findOther(s *Store, id string, status store.Status) bool {
	if c.long != nil {
		for _, other := range [...]store.Status{store.OptedIn, store.OptedOut, store.Held, store.Released, store.Asked} {
			if other != status && c.find(s, id, other) != 0 {
				return true
			}
		}
		return false
	}
	for ref := c.latest; ref != 0; {
		r := c.shard.arena.at(ref)
		if r.id() == id && r.status() != status {
			return true
		}
		ref = r.rest().prev
	}
	return false
}

func (r record) name() idStatus { return idStatus{r.id(), r.status()} }

// record makes the event the contact's last, and returns the state after it.
func (c *contact) record(s *Store, ev *store.Event) (store.State, error) {
	sh := c.shard
	after, effective := c.standing.next(*ev, c.events)
	if ev.Effective = effective; effective && ev.Status == store.Held {
		after.Holds[len(after.Holds)-1].Effective = true
	}
	now := after.State()
	l := links{account: s.dictionaries.accounts.id(ev.Key.Account, maxAccounts), packed: c.packed, prev: c.latest, before: c.events}
	if l.account == 0 {
		return store.State{}, errFull
	}
	if !ev.Effective {
		l.current = c.now
	}
	sh.scratch = s.dictionaries.appendRecord(sh.scratch[:0], l, ev)
	ref, err := sh.arena.add(sh.scratch)
	if err != nil {
		return store.State{}, err
	}
	if cap(sh.scratch) > maxScratch {
		sh.scratch = nil
	}
	switch {
	case c.long != nil:
		c.long.add(s, ref, idStatus{ev.ID, ev.Status})
	case l.before+1 >= longHistory:
		c.lengthen(s, l.account, ref)
	}
	code := codeOf(now.Status)
	if isAside(c.word) || ev.Status == store.Held {
		s.putAside(c.wanted, after)
		code = asideCode
	}
	sh.publish(c.word, wordOf(c.tag, ref, code))
	if c.latest == 0 && sh.listed {
		s.orders.add(l.account, c.packed, ev.Key.Number)
	}
	return now, nil
}

const maxScratch = 1 << 12

// lengthen builds the index of a history whose last record is at ref.
func (c *contact) lengthen(s *Store, account, ref uint32) {
	refs := c.shard.chain(ref)
	l := &long{names: make(map[uint64]uint32, 2*longHistory)}
	for _, ref := range refs {
		l.add(s, ref, c.shard.arena.at(ref).name())
	}
	if c.shard.long == nil {
		c.shard.long = make(map[longKey]*long)
	}
	c.shard.long[longKey{account, strings.Clone(c.key.Number)}] = l
}

func (l *long) add(s *Store, ref uint32, name idStatus) {
	l.refs = append(l.refs, ref)
	l.names[name.hash(s)] = ref
}

func (n idStatus) hash(s *Store) uint64 {
	return maphash.String(s.keys().seed, n.id)<<recordStatusBits | codeOf(n.status)
}

// chain returns the records up to the one at ref, in the order of recording.
func (sh *shard) chain(ref uint32) []uint32 {
	var refs []uint32
	for ref != 0 {
		refs = append(refs, ref)
		ref = sh.arena.at(ref).rest().prev
	}
	slices.Reverse(refs)
	return refs
}
