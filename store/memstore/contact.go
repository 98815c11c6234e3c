package memstore

import (
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// account is the contacts of one account, and the order of their numbers.
type account struct {
	contacts map[string]*contact
	order    order
}

// contact is what is remembered of one key.
type contact struct {
	state  store.State
	events []store.Event    // in the order of recording
	byID   map[idStatus]int // the latest event of each; built once the history is long
}

type idStatus struct {
	id     string
	status store.Status
}

// longHistory is the number of events from which on an index beats a scan.
const longHistory = 16

// state, contact and add are called with the store's lock held.

func (s *Store) state(key store.Key) store.State {
	if c := s.contact(key); c != nil {
		return c.state
	}
	return store.State{Key: key}
}

func (s *Store) contact(key store.Key) *contact {
	if a := s.accounts[key.Account]; a != nil {
		return a.contacts[key.Number]
	}
	return nil
}

func (s *Store) add(key store.Key) *contact {
	if s.accounts == nil {
		s.accounts = make(map[string]*account)
	}
	a := s.accounts[key.Account]
	if a == nil {
		a = &account{contacts: make(map[string]*contact)}
		s.accounts[key.Account] = a
	}
	c := new(contact)
	a.contacts[key.Number] = c
	a.order.add(key.Number)
	return c
}

func (c *contact) record(ev store.Event, now store.State) {
	c.state = now
	c.events = append(c.events, ev)
	switch {
	case c.byID != nil:
		c.byID[idStatus{ev.ID, ev.Status}] = len(c.events) - 1
	case len(c.events) >= longHistory:
		c.byID = make(map[idStatus]int, 2*longHistory)
		for i, ev := range c.events {
			c.byID[idStatus{ev.ID, ev.Status}] = i
		}
	}
}

// find returns the latest event with this id and status. A nil contact has none.
func (c *contact) find(id string, status store.Status) (store.Event, bool) {
	if c == nil {
		return store.Event{}, false
	}
	if c.byID != nil {
		i, ok := c.byID[idStatus{id, status}]
		if !ok {
			return store.Event{}, false
		}
		return c.events[i], true
	}
	for _, ev := range slices.Backward(c.events) {
		if ev.ID == id && ev.Status == status {
			return ev, true
		}
	}
	return store.Event{}, false
}
