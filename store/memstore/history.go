package memstore

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	if err := ctx.Err(); err != nil {
		return store.EventPage{}, err
	}
	var w wanted
	if err := s.want(&w, q.Key); err != nil {
		return store.EventPage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.EventPage{}, err
	}
	from, err := s.historyPlace(q)
	if err != nil {
		return store.EventPage{}, err
	}
	refs := s.records(&w)
	if from > len(refs) {
		return store.EventPage{}, store.ErrBadCursor
	}
	var page store.EventPage
	to := min(from+limit, len(refs))
	if from < to {
		page.Events = make([]store.Event, to-from)
	}
	for i, ref := range refs[from:to] {
		page.Events[i] = s.dictionaries.event(w.shard.arena.at(ref), q.Key)
	}
	if to < len(refs) {
		page.Next = s.historyCursor(q.Key, to)
	}
	return page, nil
}

// records returns where the events of a key are, in the order of recording. The
// slice must not be written.
func (s *Store) records(w *wanted) []uint32 {
	r, word := s.find(w)
	if r == nil {
		return nil
	}
	if r.rest().before+1 < longHistory {
		return w.shard.chain(refOf(word))
	}
	w.shard.mu.Lock()
	defer w.shard.mu.Unlock()
	return w.shard.long[longKey{s.dictionaries.accounts.known(w.key.Account), w.key.Number}].refs
}
