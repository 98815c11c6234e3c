package sqlstore

import (
	"context"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

var (
	_ store.Searcher = (*Store)(nil)
	_ store.Searcher = (*txStore)(nil)
)

// searches are the statements of Search. A prefix is a range of an index, and so is a suffix
// in the index of the numbers written backwards.
func (s *statements) searches() {
	const of = " FROM {state} WHERE account = ? AND "
	status := s.unindexed + "status"
	s.prefix = s.inOrder("search", of+"number >= ? AND number <= ? AND status <> 0", "number")
	s.prefixOnly = s.inOrder("search of a status", of+"number >= ? AND number <= ? AND status = ?", "number")
	s.suffix = s.inOrder("search of an end", of+"backwards >= ? AND backwards <= ? AND "+status+" <> 0", "backwards")
	s.suffixOnly = s.inOrder("search of an end and a status", of+"backwards >= ? AND backwards <= ? AND "+status+" = ?", "backwards")
}

// inOrder is paged, for a range of which few rows or none may have the status: without the
// order, PostgreSQL would look for any of them in the whole table.
func (s *statements) inOrder(role, from, order string) paged {
	p := s.paged(role, "number, "+stateColumns, from, order)
	p.any = s.statement("any "+role, "SELECT {mark}, COUNT(*) FROM (SELECT 1 AS one"+from+" ORDER BY "+order+" LIMIT 1{share}) AS found")
	return p
}

// Search implements [store.Searcher]. A search for a Suffix and a Status reads every row
// whose number ends so, until the page is full.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	return read(ctx, s, "Search", func(r session) (store.StatePage, error) { return r.search(ctx, q) })
}

func (t *txStore) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	return readTx(ctx, t, "Search", func(r session) (store.StatePage, error) { return r.search(ctx, q) })
}

func (s session) search(ctx context.Context, q store.SearchQuery) (page store.StatePage, err error) {
	listing, err := cursor.Search(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	st, only := s.sql.prefix, s.sql.prefixOnly
	begins, after := q.Prefix, listing.After.Number
	if q.Suffix != "" {
		st, only = s.sql.suffix, s.sql.suffixOnly
		begins, after = cursor.Backwards(q.Suffix), cursor.Backwards(after)
	}
	first, last := cursor.Between(begins, after)
	args := []any{q.Account, first, last}
	if q.Status != store.Unknown {
		st, args = only, append(args, q.Status)
	}
	var state store.State
	var at cursor.Place
	fields := append([]any{&at.Number}, stateFields(&state)...)
	scan := func(row *row) (store.State, cursor.Place, error) {
		err := row.scan(fields...)
		return stateOf(store.Key{Account: q.Account, Number: at.Number}, state), at, err
	}
	page.States, page.Next, err = readPage(ctx, s, st, listing, args, scan)
	return page, err
}
