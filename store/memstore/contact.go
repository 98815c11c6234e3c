package memstore

import (
	"hash/maphash"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// contact is a key as Append sees it, with the shard's lock held.
type contact struct {
	wanted

	word   uint64 // of the index; 0: it has none
	latest uint32 // ref of the last event; 0: there is none
	head   head   // of that
	state  store.State
	long   *long // nil while the history is short
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
	c := contact{wanted: *w, state: store.State{Key: w.key}}
	var f found
	if !s.find(w, &f) {
		return c
	}
	c.word, c.latest = f.word, refOf(f.word)
	r := f.reader
	c.head = r.head(f.first)
	s.state(w.shard, &f, &c.state)
	if c.events() >= longHistory {
		c.long = w.shard.long[longKey{s.accounts.known(w.key.Account), w.key.Number}]
	}
	return c
}

func (c *contact) events() int {
	if c.latest == 0 {
		return 0
	}
	return c.head.before + 1
}

// find returns the latest event with this id and status, 0 for none.
func (c *contact) find(s *Store, id string, status store.Status) uint32 {
	name := idStatus{id, status}
	if c.long != nil {
		ref, ok := c.long.names[name.hash(s)]
		if !ok {
			return 0
		}
		if found, _ := s.named(c.shard, ref); found == name {
			return ref
		}
	}
	for ref := c.latest; ref != 0; {
		found, prev := s.named(c.shard, ref)
		if found == name {
			return ref
		}
		ref = prev
	}
	return 0
}

// record makes the event the contact's last; now is the state after it.
func (c *contact) record(s *Store, ev *store.Event, now store.State) error {
	sh := c.shard
	l := links{account: s.accounts.id(ev.Key.Account, maxAccounts), packed: c.packed, prev: c.latest, before: c.events()}
	if l.account == 0 {
		return errFull
	}
	if !ev.Effective {
		if l.current = c.head.current; l.current == 0 {
			l.current = c.latest
		}
	}
	sh.scratch = s.phrases.appendRecord(sh.scratch[:0], l, ev)
	ref, err := sh.arena.add(sh.scratch)
	if err != nil {
		return err
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
	sh.publish(c.word, wordOf(c.tag, ref, now.Status))
	if c.latest == 0 && sh.listed {
		s.orders.add(l.account, c.packed, ev.Key.Number)
	}
	return nil
}

const (
	maxAccounts = 1<<31 - 1
	maxScratch  = 1 << 12
)

// lengthen builds the index of a history whose last record is at ref.
func (c *contact) lengthen(s *Store, account, ref uint32) {
	refs := c.shard.chain(ref)
	l := &long{names: make(map[uint64]uint32, 2*longHistory)}
	for _, ref := range refs {
		name, _ := s.named(c.shard, ref)
		l.add(s, ref, name)
	}
	if c.shard.long == nil {
		c.shard.long = make(map[longKey]*long)
	}
	c.shard.long[longKey{account, string([]byte(c.key.Number))}] = l
}

func (l *long) add(s *Store, ref uint32, name idStatus) {
	l.refs = append(l.refs, ref)
	l.names[name.hash(s)] = ref
}

func (n idStatus) hash(s *Store) uint64 {
	return maphash.String(s.seedOf(), n.id)*4 + uint64(n.status)
}

// chain returns the records up to the one at ref, in the order of recording.
func (sh *shard) chain(ref uint32) []uint32 {
	var refs []uint32
	for ref != 0 {
		refs = append(refs, ref)
		_, h := sh.open(ref)
		ref = h.prev
	}
	slices.Reverse(refs)
	return refs
}
