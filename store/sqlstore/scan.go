package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// DBTX is what statements are run on: a *sql.Tx, or anything with its three
// methods that is a transaction.
type DBTX interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// query runs a query and scans each row; an error that ends the rows early is not
// taken for their end.
func query(ctx context.Context, q querier, text string, args []any, scan func(row) error) (err error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = closeErr
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// row is a *sql.Rows at one row.
type row interface{ Scan(dest ...any) error }

// stateScanner scans stateColumns, row after row into the same places.
type stateScanner struct {
	status       store.Status
	at, received sql.NullInt64
	recorded     int64
	source       repeated
	id           string
	dest         []any
}

// repeated is a text that most rows have in common: it is made anew only where it
// differs from that of the row before.
type repeated string

// Scan implements [sql.Scanner].
func (r *repeated) Scan(src any) error {
	switch src := src.(type) {
	case string:
		*r = repeated(src)
	case []byte:
		if string(src) != string(*r) {
			*r = repeated(src)
		}
	default:
		return fmt.Errorf("sqlstore: a column of text holds a %T", src)
	}
	return nil
}

// newStateScanner takes where the columns before and behind go.
func newStateScanner(before, behind []any) *stateScanner {
	s := new(stateScanner)
	s.dest = slices.Concat(before, []any{&s.status, &s.at, &s.received, &s.recorded, &s.source, &s.id}, behind)
	return s
}

// scan scans a row into a state. Its Key is the caller's to set.
func (s *stateScanner) scan(r row, state *store.State) error {
	if err := r.Scan(s.dest...); err != nil {
		return err
	}
	if s.status == store.Unknown { // a row that is locked for its first event
		*state = store.State{}
		return nil
	}
	state.Status = s.status
	state.At, state.ReceivedAt = fromMicros(s.at), fromMicros(s.received)
	state.RecordedAt = time.UnixMicro(s.recorded).UTC()
	state.Source, state.EventID = store.Source(s.source), s.id
	return nil
}

// scanEvent scans eventColumns, and what comes before them.
func scanEvent(r row, key store.Key, before ...any) (store.Event, error) {
	ev := store.Event{Key: key}
	var at, received sql.NullInt64
	var recorded, effective int64
	var source string
	var evidence [7][]byte
	dest := slices.Concat(before, []any{&ev.ID, &ev.Status, &at, &received, &recorded, &source, &ev.Prior, &effective})
	for i := range evidence {
		dest = append(dest, &evidence[i])
	}
	if err := r.Scan(dest...); err != nil {
		return store.Event{}, err
	}
	ev.At, ev.ReceivedAt, ev.RecordedAt = fromMicros(at), fromMicros(received), time.UnixMicro(recorded).UTC()
	ev.Source, ev.Effective = store.Source(source), effective != 0
	for i, field := range evidenceOf(&ev) {
		*field = string(evidence[i])
	}
	return ev, nil
}

// evidenceOf are the fields of the columns from sender to note.
func evidenceOf(ev *store.Event) [7]*string {
	return [7]*string{&ev.From, &ev.To, &ev.Text, &ev.Keyword, &ev.KeywordSet, &ev.Actor, &ev.Note}
}

// eventArgs are the arguments for eventColumns.
func eventArgs(d Dialect, ev store.Event) []any {
	args := []any{
		d.text(ev.ID), int64(ev.Status), micros(ev.At), micros(ev.ReceivedAt), ev.RecordedAt.UnixMicro(),
		d.text(string(ev.Source)), int64(ev.Prior), bit(ev.Effective),
	}
	for _, field := range evidenceOf(&ev) {
		args = append(args, []byte(*field))
	}
	return args
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// micros is a time as it is kept: microseconds since 1970, nil where not known.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func fromMicros(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}

// textArray is a list of texts as PostgreSQL writes an array, which every driver
// can hand over.
func textArray(texts []string) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	b.WriteByte('{')
	for i, text := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(escape.Replace(text))
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String()
}
