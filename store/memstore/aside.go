package memstore

import (
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// aside is what is kept of a key that was ever held, beside its history: what is in
// force does not follow from one event there. There are few, and reading one takes
// the shard's lock.
type aside struct {
	store.Standing
	places []int // of Holds, in the history
}

// next is the Standing's Next, of an event with that place in the history.
func (a *aside) next(ev store.Event, place int) (after aside, effective bool) {
	after.Standing, effective = a.Next(ev)
	at := 0
	for i := range after.Holds { // of those before, in their order, and perhaps the event
		for at < len(a.Holds) && a.Holds[at] != after.Holds[i] {
			at++
		}
		if at < len(a.Holds) {
			after.places = append(after.places, a.places[at])
			at++
		} else {
			after.places = append(after.places, place)
		}
	}
	return after, effective
}

// isAside reports the word of a key that stands aside.
func isAside(word uint64) bool { return word&statusMask == asideCode }

// asideOf is called with the shard's lock held.
func (s *Store) asideOf(w *wanted) *aside {
	return w.shard.aside[s.longKey(w)]
}

// asideState returns the state of a key that stands aside.
func (s *Store) asideState(w *wanted) store.State {
	w.shard.mu.Lock()
	defer w.shard.mu.Unlock()
	return s.asideOf(w).State()
}

func (s *Store) longKey(w *wanted) longKey {
	return longKey{s.dictionaries.accounts.known(w.key.Account), w.key.Number}
}

// putAside is called with the shard's lock held, of a key that has an event.
func (s *Store) putAside(w *wanted, a aside) {
	if w.shard.aside == nil {
		w.shard.aside = make(map[longKey]*aside)
	}
	key := s.longKey(w)
	key.number = strings.Clone(key.number)
	w.shard.aside[key] = &a
}
