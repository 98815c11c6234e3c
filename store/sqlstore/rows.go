package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// querier is what a store needs of a database, a connection or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// errWrongTable is an answer to another statement, as a pooler gives it that mixes up
// prepared statements.
var errWrongTable = errors.New("the answer is from another table or statement: the pooler does not fit the driver's mode")

func exec(ctx context.Context, q querier, st statement, args ...any) (sql.Result, error) {
	result, err := q.ExecContext(ctx, st.text, args...)
	return result, failed(st.role, err)
}

// query runs a query and scans each row; an error that ends the rows early is not
// taken for their end.
func query(ctx context.Context, q querier, st statement, args []any, scan func(*row) error) (err error) {
	rows, err := q.QueryContext(ctx, st.text, args...)
	if err != nil {
		return failed(st.role, err)
	}
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = failed(st.role, closeErr)
		}
	}()
	r := row{rows: rows, st: st, mark: mark{want: st.mark}}
	for rows.Next() {
		if err := scan(&r); err != nil {
			return err
		}
	}
	return failed(st.role, rows.Err())
}

// row is a *sql.Rows at one row, whose first column must hold the statement's mark.
type row struct {
	rows *sql.Rows
	st   statement
	mark mark
	dest []any
}

func (r *row) scan(dest ...any) error {
	if r.st.mark != "" {
		r.mark.found = false
		r.dest = append(append(r.dest[:0], &r.mark), dest...)
		dest = r.dest
	}
	err := r.rows.Scan(dest...)
	switch {
	case r.st.mark != "" && !r.mark.found: // another answer may have columns of another kind, too
		return errWrongTable
	default:
		return failed(r.st.role, err)
	}
}

// mark is a column that must hold a text.
type mark struct {
	want  string
	found bool
}

// Scan implements [sql.Scanner].
func (m *mark) Scan(src any) error {
	switch src := src.(type) {
	case string:
		m.found = src == m.want
	case []byte:
		m.found = string(src) == m.want
	}
	return nil
}

// repeated is a text that most rows have in common: it is made anew only where it
// differs from that of the row before. NULL is "".
type repeated string

// Scan implements [sql.Scanner].
func (r *repeated) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*r = ""
	case string:
		*r = repeated(src)
	case []byte:
		if string(src) != string(*r) {
			*r = repeated(src)
		}
	default:
		return fmt.Errorf("a column of text holds a %T", src)
	}
	return nil
}

// stateScanner scans stateColumns, row after row into the same places. A row of NULLs is
// that of a key which is not there.
type stateScanner struct {
	status, action         sql.NullInt64
	at, received, recorded sql.NullInt64
	source, id             repeated
	dest                   []any
}

// newStateScanner takes where the columns before and after go.
func newStateScanner(before, after []any) *stateScanner {
	s := new(stateScanner)
	s.dest = slices.Concat(before, []any{&s.status, &s.action, &s.at, &s.received, &s.recorded, &s.source, &s.id}, after)
	return s
}

// scan scans a row into the state of a key.
func (s *stateScanner) scan(r *row, state *store.State) error {
	if err := r.scan(s.dest...); err != nil {
		return err
	}
	s.state(state)
	return nil
}

func (s *stateScanner) state(state *store.State) {
	if s.status.Int64 == int64(store.Unknown) {
		*state = store.State{} // a row that is locked for its first event has nothing else
		return
	}
	state.Status, state.Action = store.Status(s.status.Int64), store.Action(s.action.Int64) //nolint:gosec // as they were kept
	state.At, state.ReceivedAt, state.RecordedAt = fromMicros(s.at), fromMicros(s.received), fromMicros(s.recorded)
	state.Source, state.EventID = store.Source(s.source), string(s.id)
}

// keyRow is a key's row in the table of states: its standing, and what keeps an Append
// from reading the history.
type keyRow struct {
	standing  store.Standing
	events    int64 // the seq of the last event
	holdsFrom int64 // holds with a smaller seq have ended
	untidy    bool  // rows of holds may still say what has changed
	half      bool  // an event may be recorded without its effect
	last      int64 // the largest seq in the table of events
}

// shown returns the state that the row shows, and the other half of its standing: of a
// held key what is below the hold, of an opted-out one the hold that waits unseen.
func (k keyRow) shown() (shown, under store.State) {
	shown = k.standing.InForce()
	switch shown.Status {
	case store.Held:
		return shown, k.standing.State
	case store.OptedOut:
		return shown, k.standing.Hold
	default:
		return shown, store.State{}
	}
}

// held reports whether the key is held.
func (k keyRow) held() bool { return k.standing.InForce().Status == store.Held }

// damaged reports whether the standing is not that of the events: the row was lost,
// restored from another backup, or half written.
func (k keyRow) damaged() bool { return k.last > k.events || k.half }

// scanRow scans rowColumns.
func scanRow(r *row, key store.Key) (k keyRow, err error) {
	var events, holdsFrom, untidy, half, last sql.NullInt64
	under := stateScanner{}
	shown := newStateScanner(nil, []any{
		&under.action, &under.at, &under.received, &under.recorded, &under.source, &under.id, &events, &holdsFrom, &untidy, &half, &last,
	})
	var state, other store.State
	if err := shown.scan(r, &state); err != nil {
		return keyRow{}, err
	}
	switch store.Action(under.action.Int64) { //nolint:gosec // as it was kept
	case store.NoAction:
	case store.Hold:
		under.status.Int64 = int64(store.Held)
	default:
		under.status.Int64 = int64(store.OptedIn)
	}
	under.state(&other)
	state.Key, other.Key = key, key
	k = keyRow{events: events.Int64, holdsFrom: holdsFrom.Int64, untidy: untidy.Int64 != 0, half: half.Int64 != 0, last: last.Int64}
	switch {
	case state.Status == store.Held && other.Status != store.Held:
		k.standing = store.Standing{State: other, Hold: state}
	case state.Status == store.Held:
		k.standing = store.Standing{State: store.State{Key: key}, Hold: state}
	case state.Status == store.OptedOut && other.Status == store.Held:
		k.standing = store.Standing{State: state, Hold: other}
	default: // what is in the other columns has no meaning
		k.standing.State = state
	}
	return k, nil
}

// rowArgs are the arguments of statements.update.
func rowArgs(d dialect, k keyRow) []any {
	shown, under := k.shown()
	key := shown.Key
	args := []any{
		int64(shown.Status), int64(shown.Action), micros(shown.At), micros(shown.ReceivedAt), int64(0),
		d.text(string(shown.Source)), d.text(shown.EventID),
	}
	if shown.Status != store.Unknown {
		args[4] = shown.RecordedAt.UnixMicro()
	}
	if under.Status == store.Unknown {
		args = append(args, nil, nil, nil, nil, nil, nil)
	} else {
		args = append(args, int64(under.Action), micros(under.At), micros(under.ReceivedAt), under.RecordedAt.UnixMicro(),
			d.text(string(under.Source)), d.text(under.EventID))
	}
	return append(args, k.events, k.holdsFrom, bit(k.untidy), bit(k.half), d.text(key.Account), d.text(key.Number))
}

// scanRecord scans eventColumns, and what comes before them. A row of NULLs gives a
// record without an ID.
func scanRecord(r *row, key store.Key, before ...any) (store.Record, error) {
	rec := store.Record{Event: store.Event{Key: key}}
	var action, at, received, recorded, prior, effective sql.NullInt64
	var id, source repeated
	var evidence [7][]byte
	dest := slices.Concat(before, []any{&id, &action, &at, &received, &recorded, &source, &prior, &effective})
	for i := range evidence {
		dest = append(dest, &evidence[i])
	}
	if err := r.scan(dest...); err != nil {
		return store.Record{}, err
	}
	rec.ID, rec.Action, rec.Source = string(id), store.Action(action.Int64), store.Source(source) //nolint:gosec // as it was kept
	rec.At, rec.ReceivedAt, rec.RecordedAt = fromMicros(at), fromMicros(received), fromMicros(recorded)
	rec.Prior, rec.Effective = store.Status(prior.Int64), effective.Int64 != 0 //nolint:gosec // as it was kept
	for i, field := range evidenceOf(&rec.Event) {
		*field = string(evidence[i])
	}
	return rec, nil
}

// evidenceOf are the fields of the columns from sender to note.
func evidenceOf(ev *store.Event) [7]*string {
	return [7]*string{&ev.From, &ev.To, &ev.Text, &ev.Keyword, &ev.KeywordSet, &ev.Actor, &ev.Note}
}

// recordArgs are the arguments for eventColumns.
func recordArgs(d dialect, r store.Record) []any {
	args := []any{
		d.text(r.ID), int64(r.Action), micros(r.At), micros(r.ReceivedAt), r.RecordedAt.UnixMicro(),
		d.text(string(r.Source)), int64(r.Prior), bit(r.Effective),
	}
	for _, field := range evidenceOf(&r.Event) {
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
