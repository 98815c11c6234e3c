package sqlstore

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

// batchSize is the numbers of one round trip. PostgreSQL turns to reading the
// whole table where a list is long, and MariaDB gains nothing from a longer one.
const batchSize = 1_000

// reader reads through a database, or a transaction.
type reader struct {
	q   querier
	d   dialect
	sql *statements
}

func (r reader) get(ctx context.Context, key store.Key) (store.State, error) {
	if err := ready(ctx, key); err != nil {
		return store.State{}, err
	}
	var state store.State
	found := false
	scanner := newStateScanner(nil, nil)
	err := query(ctx, r.q, r.sql.get, []any{r.d.text(key.Account), r.d.text(key.Number)}, func(row *row) error {
		found = true
		return scanner.scan(row, &state)
	})
	if err == nil && !found { // the statement always has a row
		err = errWrongTable
	}
	if err != nil {
		return store.State{}, err
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
			return nil, err
		}
	}
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i] = found[number]
		states[i].Key = store.Key{Account: account, Number: number}
	}
	return states, nil
}

func (r reader) getChunk(ctx context.Context, account string, numbers []string, found map[string]store.State) error {
	list, err := r.d.numberArgs(numbers)
	if err != nil {
		return err
	}
	var number repeated
	whole := false
	scanner := newStateScanner([]any{&number}, nil)
	err = query(ctx, r.q, r.sql.getBatch, append([]any{r.d.text(account)}, list...), func(row *row) error {
		var state store.State
		if err := scanner.scan(row, &state); err != nil {
			return err
		}
		if number == "" { // the row of the mark
			whole = true
			return nil
		}
		found[string(number)] = state
		return nil
	})
	if err == nil && !whole {
		err = errWrongTable
	}
	return err
}

// page reads one page; args end with its limit. Where the page has no row, that is asked
// once more, of a statement that always has one; a row may have come in between.
func (r reader) page(ctx context.Context, p paged, args []any, scan func(*row) error) error {
	const tries = 5
	for range tries {
		rows := 0
		err := query(ctx, r.q, p.page, args, func(row *row) error {
			rows++
			return scan(row)
		})
		if err != nil || rows > 0 {
			return err
		}
		there := -1
		err = query(ctx, r.q, p.any, args[:len(args)-1], func(row *row) error { return row.scan(&there) })
		if err != nil || there == 0 {
			return err
		}
	}
	return errWrongTable
}

func (r reader) history(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	if err := ready(ctx, q.Key); err != nil {
		return store.RecordPage{}, err
	}
	limit, err := store.PageLimit(q.Limit)
	if err != nil {
		return store.RecordPage{}, err
	}
	cursorOf := []string{"sqlstore history", q.Key.Account, q.Key.Number}
	after := int64(math.MinInt64)
	if q.After != "" {
		place, err := cursor.Place(q.After, cursorOf...)
		if err != nil {
			return store.RecordPage{}, err
		}
		if after, err = strconv.ParseInt(place, 10, 64); err != nil {
			return store.RecordPage{}, store.ErrBadCursor
		}
	}
	var page store.RecordPage
	var last int64
	args := []any{r.d.text(q.Key.Account), r.d.text(q.Key.Number), after, int64(limit) + 1}
	err = r.page(ctx, r.sql.history, args, func(row *row) error {
		var seq int64
		record, err := scanRecord(row, q.Key, &seq)
		if err != nil {
			return err
		}
		if len(page.Records) == limit {
			page.Next = cursor.New(strconv.FormatInt(last, 10), cursorOf...)
			return nil
		}
		last = seq
		page.Records = append(page.Records, record)
		return nil
	})
	if err != nil {
		return store.RecordPage{}, err
	}
	return page, nil
}

func (r reader) list(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	limit, err := readyToList(ctx, q.Account, q.Limit)
	if err != nil {
		return store.StatePage{}, err
	}
	cursorOf := []string{"sqlstore list", q.Account, q.Status.String()}
	after := ""
	if q.After != "" {
		if after, err = cursor.Place(q.After, cursorOf...); err != nil {
			return store.StatePage{}, err
		}
	}
	statement, args := r.sql.list, []any{r.d.text(q.Account), r.d.text(after), int64(limit) + 1}
	if q.Status != store.Unknown {
		statement, args = r.sql.listOnly, []any{r.d.text(q.Account), int64(q.Status), r.d.text(after), int64(limit) + 1}
	}
	var page store.StatePage
	if q.After != "" { // of a long list: most likely full
		page.States = make([]store.State, 0, limit)
	}
	var number string
	scanner := newStateScanner([]any{&number}, nil)
	err = r.page(ctx, statement, args, func(row *row) error {
		if len(page.States) == limit {
			page.Next = cursor.New(page.States[limit-1].Key.Number, cursorOf...)
			return nil
		}
		page.States = append(page.States, store.State{})
		state := &page.States[len(page.States)-1]
		err := scanner.scan(row, state)
		state.Key = store.Key{Account: q.Account, Number: number}
		return err
	})
	if err != nil {
		return store.StatePage{}, err
	}
	return page, nil
}

func ready(ctx context.Context, key store.Key) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return key.Validate()
}

func readyToList(ctx context.Context, account string, limit int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := store.ValidateAccount(account); err != nil {
		return 0, err
	}
	return store.PageLimit(limit)
}
