package list

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// Format is how Export writes a list.
type Format uint8

const (
	// CSV is a table with a header.
	CSV Format = iota
	// JSONLines is one JSON object a line.
	JSONLines
)

var formats = enum.Words[Format]{Err: errEnum, Kind: "Format", Words: []string{"csv", "jsonl"}}

// String returns "csv" or "jsonl".
func (f Format) String() string { return formats.String(f) }

// MarshalText returns the word of String.
func (f Format) MarshalText() ([]byte, error) { return formats.Marshal(f) }

// UnmarshalText reads a word of String.
func (f *Format) UnmarshalText(text []byte) error { return formats.Unmarshal(text, f) }

// ExportOptions say what Export writes.
type ExportOptions struct {
	Format Format // zero: CSV

	// Since leaves out what was recorded before that time. Zero: nothing.
	Since time.Time

	// OptOutsOnly leaves out who agreed to get messages.
	OptOutsOnly bool

	// Spreadsheet puts an apostrophe before each cell of a CSV file that a spreadsheet would
	// change or run: a number with its plus sign, a text such as "=1+1". ReadCSV reads the
	// numbers all the same. Other programs may not.
	Spreadsheet bool
}

// Export writes the list of an account, and returns the number of rows. Import of what it
// wrote, into a store that knows none of the contacts, gives each contact the same status and
// time, with these differences: a START becomes a consent; a contact with a text that is held
// for review is opted out; and digits without a plus sign that can be two numbers block both.
//
// A store that is no store.Lister cannot list: errors.ErrUnsupported.
func Export(ctx context.Context, guard *optout.Guard, account string, w io.Writer, opts *ExportOptions) (rows int, err error) {
	var o ExportOptions
	if opts != nil {
		o = *opts
	}
	all := All(ctx, guard, account)
	if o.OptOutsOnly {
		all = OptOuts(ctx, guard, account)
	}
	all = since(all, o.Since)
	switch o.Format {
	case CSV:
		return WriteCSV(w, all, o.Spreadsheet)
	case JSONLines:
		return WriteJSONLines(w, all)
	default:
		return 0, fmt.Errorf("list: Format: %w: %d", errEnum, o.Format)
	}
}

func since(rows iter.Seq2[Row, error], at time.Time) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if (err != nil || !row.RecordedAt.Before(at)) && !yield(row, err) {
				return
			}
		}
	}
}

// OptOuts yields who opted out, as [optout.Guard.OptedOut] does.
func OptOuts(ctx context.Context, guard *optout.Guard, account string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for state, err := range guard.OptedOut(ctx, account) {
			if !yield(rowOf(state), err) {
				return
			}
		}
	}
}

// All yields who agreed to get messages, then whose text is held for review, as opt-outs,
// and then who opted out. So a contact who opts out meanwhile is among the opt-outs. A
// contact who texts START meanwhile can be missing.
func All(ctx context.Context, guard *optout.Guard, account string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, status := range []store.Status{store.OptedIn, store.Held} {
			for row, err := range inForce(ctx, guard, account, status) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
		OptOuts(ctx, guard, account)(yield)
	}
}

// inForce yields the contacts that a Guard gates by a status. A store also keeps digits
// without a plus sign, beside the number that they are read as.
func inForce(ctx context.Context, guard *optout.Guard, account string, status store.Status) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		q := store.ListQuery{Account: account, Status: status, Limit: store.MaxLimit}
		for {
			page, err := statesPage(ctx, guard, q)
			var decisions []optout.Decision
			if err == nil {
				decisions, err = guard.GateBatch(ctx, account, numbersOf(page.States))
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			for i := range decisions {
				state := decisions[i].State
				if state.Status != status || state.Key != page.States[i].Key {
					continue
				}
				if !yield(rowOf(state), nil) {
					return
				}
			}
			if page.Next == "" || page.Next == q.After {
				return
			}
			q.After = page.Next
		}
	}
}

func statesPage(ctx context.Context, guard *optout.Guard, q store.ListQuery) (store.StatePage, error) {
	s := guard.Store()
	if s == nil {
		return store.StatePage{}, errNoStore
	}
	if err := store.ValidateAccount(q.Account); err != nil {
		return store.StatePage{}, fmt.Errorf("%w: %w", optout.ErrInvalidAccount, err)
	}
	return store.List(ctx, s, q)
}

func numbersOf(states []store.State) []string {
	numbers := make([]string, len(states))
	for i := range states {
		numbers[i] = states[i].Key.Number
	}
	return numbers
}

func rowOf(state store.State) Row {
	row := Row{
		Number: state.Key.Number, Consent: state.Status == store.OptedIn, At: state.At,
		Source: string(state.Source), EventID: state.EventID, RecordedAt: state.RecordedAt,
	}
	if state.Status == store.Held {
		row.Reason = "held for review"
	}
	return row
}

// WriteCSV writes rows as ReadCSV reads them, with a header, and returns how many. Times are
// in UTC. spreadsheet is [ExportOptions].Spreadsheet.
func WriteCSV(w io.Writer, rows iter.Seq2[Row, error], spreadsheet bool) (written int, err error) {
	table := csv.NewWriter(w)
	record := append(rowColumns(), "event_id", "recorded_at")
	if err := table.Write(record); err != nil {
		return 0, wrapWrite(err)
	}
	for row, err := range rows {
		if err != nil {
			table.Flush()
			return written, errors.Join(err, wrapWrite(table.Error()))
		}
		record = append(record[:0], row.Number, exportWord(row), row.Date(), row.Source, row.Provider, row.Reason)
		record = append(record, row.EventID, timeText(row.RecordedAt))
		if spreadsheet {
			for i := range record {
				record[i] = InertCell(record[i])
			}
		}
		if err := table.Write(record); err != nil {
			return written, wrapWrite(err)
		}
		written++
	}
	table.Flush()
	return written, wrapWrite(table.Error())
}
