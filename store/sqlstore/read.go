package sqlstore

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// batchSize is the numbers of one round trip. PostgreSQL turns to reading the
// whole table where a list is long, and MariaDB gains nothing from a longer one.
const batchSize = 1_000

// reader reads through a database, or a transaction.
type reader struct {
	q   querier
	d   Dialect
	sql statements
	end string // of each read: statements.current in a transaction
}

func (r reader) get(ctx context.Context, key store.Key) (store.State, error) {
	if err := ready(ctx, key); err != nil {
		return store.State{}, err
	}
	var state store.State // never seen
	scanner := newStateScanner(nil, nil)
	err := query(ctx, r.q, r.sql.get+r.end, []any{r.d.text(key.Account), r.d.text(key.Number)}, func(row row) error {
		return scanner.scan(row, &state)
	})
	if err != nil {
		return store.State{}, wrap(err)
	}
	state.Key = key
	return state, nil
}

func (r reader) getBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.ValidateAccount(account); err != nil {
		return nil, err
	}
	for _, number := range numbers {
		if err := (store.Key{Account: account, Number: number}).Validate(); err != nil {
			return nil, err
		}
	}
	// In order, as the index is, and each once.
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	found := make(map[string]store.State, len(sorted))
	for chunk := range slices.Chunk(sorted, batchSize) {
		if err := r.getChunk(ctx, account, chunk, found); err != nil {
			return nil, wrap(err)
		}
	}
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		state, ok := found[number]
		if !ok {
			state.Key = store.Key{Account: account, Number: number}
		}
		states[i] = state
	}
	return states, nil
}

func (r reader) getChunk(ctx context.Context, account string, numbers []string, found map[string]store.State) error {
	args := []any{r.d.text(account)}
	switch r.d {
	case PostgreSQL:
		args = append(args, textArray(numbers))
	case SQLite:
		list, err := json.Marshal(numbers)
		if err != nil {
			return err
		}
		args = append(args, string(list))
	case MySQL:
		for _, number := range numbers {
			args = append(args, r.d.text(number))
		}
		for len(args) < batchSize+1 { // one statement for every length
			args = append(args, args[len(args)-1])
		}
	}
	var number string
	scanner := newStateScanner([]any{&number}, nil)
	return query(ctx, r.q, r.sql.getBatch+r.end, args, func(row row) error {
		var state store.State
		err := scanner.scan(row, &state)
		state.Key = store.Key{Account: account, Number: number}
		found[number] = state
		return err
	})
}

func (r reader) history(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	if err := ready(ctx, q.Key); err != nil {
		return store.EventPage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.EventPage{}, err
	}
	after, err := historyPlace(q)
	if err != nil {
		return store.EventPage{}, err
	}
	var page store.EventPage
	var last, next int64
	args := []any{r.d.text(q.Key.Account), r.d.text(q.Key.Number), after, int64(limit) + 1}
	err = query(ctx, r.q, r.sql.history+r.end, args, func(row row) error {
		var seq int64
		ev, err := scanEvent(row, q.Key, &seq)
		if err != nil {
			return err
		}
		if len(page.Events) == limit {
			next = last
			return nil
		}
		last = seq
		page.Events = append(page.Events, ev)
		return nil
	})
	if err != nil {
		return store.EventPage{}, wrap(err)
	}
	if next > 0 {
		page.Next = historyCursor(q.Key, next)
	}
	return page, nil
}

func (r reader) list(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
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
	after, err := listPlace(q)
	if err != nil {
		return store.StatePage{}, err
	}
	text, args := r.sql.list, []any{r.d.text(q.Account), r.d.text(after), int64(limit) + 1}
	if q.Status != store.Unknown {
		text, args = r.sql.listOnly, []any{r.d.text(q.Account), int64(q.Status), r.d.text(after), int64(limit) + 1}
	}
	var page store.StatePage
	if q.After != "" { // of a long list: most likely full
		page.States = make([]store.State, 0, limit)
	}
	var number string
	scanner := newStateScanner([]any{&number}, nil)
	err = query(ctx, r.q, text+r.end, args, func(row row) error {
		if len(page.States) == limit {
			page.Next = listCursor(q, page.States[limit-1].Key.Number)
			return nil
		}
		page.States = append(page.States, store.State{})
		state := &page.States[len(page.States)-1]
		err := scanner.scan(row, state)
		state.Key = store.Key{Account: q.Account, Number: number}
		return err
	})
	if err != nil {
		return store.StatePage{}, wrap(err)
	}
	return page, nil
}

func ready(ctx context.Context, key store.Key) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return key.Validate()
}
