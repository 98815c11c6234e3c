package memstore

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	if err := ctx.Err(); err != nil {
		return store.StatePage{}, err
	}
	if err := store.ValidateAccount(q.Account); err != nil {
		return store.StatePage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.StatePage{}, err
	}
	after, err := s.listPlace(q)
	if err != nil {
		return store.StatePage{}, err
	}
	if err := s.makeOrders(ctx); err != nil {
		return store.StatePage{}, err
	}
	var page store.StatePage
	numbers := s.numbers(s.dictionaries.accounts.known(q.Account), after)
	for number, ok := numbers.next(); ok; number, ok = numbers.next() {
		state, err := s.Get(ctx, store.Key{Account: q.Account, Number: number})
		if err != nil {
			return store.StatePage{}, err
		}
		if state.Status == store.Unknown || q.Status != store.Unknown && state.Status != q.Status {
			continue
		}
		if len(page.States) == limit {
			page.Next = s.listCursor(q, page.States[limit-1].Key.Number)
			break
		}
		page.States = append(page.States, state)
	}
	return page, nil
}

// makeOrders puts the numbers of every shard into the orders, once. From then on
// Append does.
func (s *Store) makeOrders(ctx context.Context) error {
	if s.orders.made.Load() {
		return nil
	}
	for i := range s.shards {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.list(&s.shards[i])
	}
	s.orders.made.Store(true)
	return nil
}

func (s *Store) list(sh *shard) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.listed {
		return
	}
	sh.listed = true
	x := sh.index.Load()
	if x == nil {
		return
	}
	for word := range x.words {
		r := sh.arena.at(refOf(word))
		account, _ := r.accountAndIDLen()
		packed, number := r.first()&^flagBits, ""
		if packed == 0 {
			number = r.rest().number
		}
		s.orders.add(account, packed, number)
	}
}

// numbers are those of an account, from a place on.
type numbers struct {
	packed [][]uint64
	other  [][]string
}

func (s *Store) numbers(account uint32, after string) numbers {
	var n numbers
	n.packed, n.other = s.orders.behind(account, after)
	return n
}

func (n *numbers) next() (string, bool) {
	word, p := first(n.packed)
	other, o := first(n.other)
	if p >= 0 {
		number := string(appendNumber(nil, word))
		if o < 0 || number < other {
			n.packed[p] = n.packed[p][1:]
			return number, true
		}
	}
	if o < 0 {
		return "", false
	}
	n.other[o] = n.other[o][1:]
	return other, true
}
