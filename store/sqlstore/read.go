package sqlstore

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// batchSize is the numbers of one round trip. PostgreSQL turns to reading the
// whole table where a list is long, and MariaDB gains nothing from a longer one.
const batchSize = 1_000

func (s session) get(ctx context.Context, key store.Key) (store.State, error) {
	if err := cursor.CheckKey(ctx, key); err != nil {
		return store.State{}, err
	}
	var state store.State
	found := false
	err := s.query(ctx, s.sql.get, []any{key}, func(row *row) error {
		found = true
		return row.scan(stateFields(&state)...)
	})
	if err == nil && !found { // the statement always has a row
		err = errWrongTable
	}
	if err != nil {
		return store.State{}, err
	}
	return stateOf(key, state), nil
}

func (s session) getBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := cursor.CheckBatch(ctx, account, numbers); err != nil {
		return nil, err
	}
	// In order, as the index is, and each once.
	sorted := slices.Clone(numbers)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	found := make(map[string]store.State, len(sorted))
	for chunk := range slices.Chunk(sorted, batchSize) {
		if err := s.getChunk(ctx, account, chunk, found); err != nil {
			return nil, err
		}
	}
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i] = stateOf(store.Key{Account: account, Number: number}, found[number])
	}
	return states, nil
}

func (s session) getChunk(ctx context.Context, account string, numbers []string, found map[string]store.State) error {
	var number string
	var state store.State
	fields := append([]any{&number}, stateFields(&state)...)
	whole := false
	args := append([]any{account}, s.sql.numberArgs(numbers)...)
	err := s.query(ctx, s.sql.getBatch, args, func(row *row) error {
		if err := row.scan(fields...); err != nil {
			return err
		}
		if number == "" { // the row of the mark
			whole = true
			return nil
		}
		found[number] = state
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	return err
}

func (s session) history(ctx context.Context, q store.HistoryQuery) (page store.RecordPage, err error) {
	listing, err := cursor.History(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	args := []any{q.Key, listing.After.Seq}
	scan := func(row *row) (store.Record, cursor.Place, error) {
		var at cursor.Place
		r, err := scanRecord(row, q.Key, &at.Seq)
		return r, at, err
	}
	page.Records, page.Next, err = readPage(ctx, s, s.sql.history, listing, args, scan)
	return page, err
}

func (s session) list(ctx context.Context, q store.ListQuery) (page store.StatePage, err error) {
	listing, err := cursor.List(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	st, args := s.sql.list, []any{q.Account, listing.After.Number}
	if q.Status != store.Unknown {
		st, args = s.sql.listOnly, []any{q.Account, q.Status, listing.After.Number}
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

// reviews lists the holds that wait, by when their texts were received. The statement
// asks the key's row whether a hold is open and the key held: rows of the table of holds
// may be late to say it.
func (s session) reviews(ctx context.Context, q store.ReviewQuery) (page store.RecordPage, err error) {
	listing, err := cursor.Reviews(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	after := listing.After
	args := []any{q.Account, after.Since, after.Since, after.Number, after.Number, after.Seq}
	scan := func(row *row) (store.Record, cursor.Place, error) {
		var at cursor.Place
		r, err := scanRecord(row, store.Key{}, &at.Number, &at.Seq, &at.Since)
		r.Key = store.Key{Account: q.Account, Number: at.Number}
		return r, at, err
	}
	page.Records, page.Next, err = readPage(ctx, s, s.sql.reviews, listing, args, scan)
	return page, err
}

// lastID returns a text that no ID with a prefix is greater than: an ID is UTF-8 of up to 255
// bytes.
func lastID(prefix string) string {
	return prefix + strings.Repeat(string(utf8.MaxRune), store.MaxKeyLen/utf8.UTFMax+1)
}

func (s session) eventIDs(ctx context.Context, q store.IDsQuery) (page store.RecordPage, err error) {
	listing, err := cursor.EventIDs(ctx, "sqlstore", q)
	if err != nil {
		return page, err
	}
	after := listing.After
	args := []any{q.Account, lastID(q.Prefix), after.ID, after.Number, after.Seq}
	if s.sql.afterID == afterIDMySQL {
		args = []any{q.Account, lastID(q.Prefix), after.ID, after.ID, after.Number, after.ID, after.Number, after.Seq}
	}
	scan := func(row *row) (store.Record, cursor.Place, error) {
		var at cursor.Place
		r, err := scanRecord(row, store.Key{}, &at.Number, &at.Seq)
		r.Key = store.Key{Account: q.Account, Number: at.Number}
		at.ID = r.ID
		return r, at, err
	}
	page.Records, page.Next, err = readPage(ctx, s, s.sql.eventIDs, listing, args, scan)
	return page, err
}

// readPage reads one page, and a row more, which tells that there is another one. Where the
// page has no row, that is asked once more, of a statement that always has one; a row may
// have come in between.
func readPage[T any](
	ctx context.Context, s session, p paged, listing cursor.Listing, args []any, scan func(*row) (T, cursor.Place, error),
) (page []T, next store.Cursor, err error) {
	const tries = 5
	for range tries {
		var last cursor.Place
		err := s.query(ctx, p.page, append(slices.Clip(args), listing.Limit+1), func(row *row) error {
			item, at, err := scan(row)
			switch {
			case err != nil:
				return err
			case len(page) == listing.Limit:
				next = listing.Cursor(last)
				return nil
			case len(page) == store.DefaultLimit: // it is most likely full
				page = slices.Grow(page, listing.Limit-len(page))
			}
			page, last = append(page, item), at
			return nil
		})
		if err != nil {
			return nil, "", err
		}
		if len(page) > 0 {
			return page, next, nil
		}
		there := -1
		err = s.query(ctx, p.any, args, func(row *row) error { return row.scan(&there) })
		if err != nil || there == 0 {
			return nil, "", err
		}
	}
	return nil, "", errWrongTable
}
