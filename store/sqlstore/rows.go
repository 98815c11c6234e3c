package sqlstore

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/database"
	"github.com/seed-f10031e4/consent/store"
)

// errWrongTable is an answer to another statement, as a pooler gives it that mixes up
// prepared statements.
var errWrongTable = errors.New("the answer is from another table or statement: the pooler does not fit the driver's mode")

// row is database.Rows at one row, whose first column must hold the statement's mark.
type row struct {
	rows    database.Rows
	st      *statement
	mark    string
	columns []column // the same for every row
	dest    []any
}

// scan scans the columns after the mark into fields.
func (r *row) scan(fields ...any) error {
	first := 0
	if r.st.mark != "" {
		first = 1
	}
	if r.columns == nil {
		r.columns = make([]column, first+len(fields))
		for i := range r.columns {
			r.dest = append(r.dest, &r.columns[i])
		}
	}
	for i, field := range fields {
		r.columns[first+i].field = field
	}
	if r.mark = ""; first > 0 {
		r.columns[0].field = &r.mark
	}
	err := r.rows.Scan(r.dest...)
	if r.mark != r.st.mark { // another answer may have columns of another kind, too
		return errWrongTable
	}
	return failed(r.st.role, err)
}

// column scans a column into a field of the package. NULL is the field's zero value.
type column struct {
	field any
	last  string // a text that most rows have in common is made anew only where it differs
	n     sql.NullInt64
}

// Scan implements [sql.Scanner].
func (c *column) Scan(src any) (err error) {
	switch field := c.field.(type) {
	case *string:
		*field, err = c.text(src)
		return err
	case *store.Source:
		text, err := c.text(src)
		*field = store.Source(text)
		return err
	}
	if err := c.n.Scan(src); err != nil {
		return err
	}
	n := c.n
	switch c.field.(type) {
	case *store.Status, *store.Action:
		if n.Int64 < 0 || n.Int64 > math.MaxUint8 { // cut to eight bits it would be another one
			return fmt.Errorf("%d is no status and no action", n.Int64)
		}
	}
	switch field := c.field.(type) {
	case *int64:
		*field = n.Int64
	case *int:
		*field = int(n.Int64)
	case *bool:
		*field = n.Int64 != 0
	case *store.Status:
		*field = store.Status(n.Int64) //nolint:gosec // in range
	case *store.Action:
		*field = store.Action(n.Int64) //nolint:gosec // in range
	case *time.Time:
		*field = time.Time{}
		if n.Valid {
			*field = time.UnixMicro(n.Int64).UTC()
		}
	default:
		return fmt.Errorf("no column goes into a %T", field)
	}
	return nil
}

func (c *column) text(src any) (string, error) {
	switch src := src.(type) {
	case nil:
		return "", nil
	case string:
		return src, nil
	case []byte:
		if string(src) != c.last {
			c.last = string(src)
		}
		return c.last, nil
	default:
		return "", fmt.Errorf("a column of text holds a %T", src)
	}
}

// stateFields are the fields of stateColumns and, without the first, those of underColumns.
func stateFields(s *store.State) []any {
	return []any{&s.Status, &s.Action, &s.At, &s.ReceivedAt, &s.RecordedAt, &s.Source, &s.EventID}
}

// stateArgs are the arguments for stateColumns.
func stateArgs(s store.State) []any {
	if s.Status == store.Unknown {
		return []any{s.Status, s.Action, nil, nil, 0, "", ""}
	}
	return []any{s.Status, s.Action, micros(s.At), micros(s.ReceivedAt), micros(s.RecordedAt), string(s.Source), s.EventID}
}

// stateOf returns a state that was scanned as that of a key. A row that is locked for its first
// event has nothing else.
func stateOf(key store.Key, s store.State) store.State {
	if s.Status == store.Unknown {
		return store.State{Key: key}
	}
	s.Key = key
	return s
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

	// Of a batch: see session.firsts.
	shut  store.State // what a row without a status has besides
	first bool        // the row was made for the first event of the key
}

func (k keyRow) key() store.Key { return k.standing.State.Key }

// held reports whether the key is held.
func (k keyRow) held() bool { return k.standing.InForce().Status == store.Held }

// damaged reports whether the standing is not that of the events: the row was lost,
// restored from another backup, or half written.
func (k keyRow) damaged() bool { return k.last > k.events || k.half }

// scanRow scans rowColumns, and what comes before them, which may be the key. Beside the
// state that the row shows it has the other half of the standing: of a held key what is
// below the hold, of an opted-out one the hold that waits unseen.
func scanRow(r *row, of *store.Key, before ...any) (k keyRow, err error) {
	var shown, under store.State
	counts := []any{&k.events, &k.holdsFrom, &k.untidy, &k.half, &k.last}
	if err := r.scan(slices.Concat(before, stateFields(&shown), stateFields(&under)[1:], counts)...); err != nil {
		return keyRow{}, err
	}
	key := *of
	if shown.Status == store.Unknown && shown.Action != store.NoAction {
		k.shut = shown
		k.shut.Key = key
	}
	switch under.Action {
	case store.NoAction:
	case store.Hold:
		under.Status = store.Held
	default:
		under.Status = store.OptedIn
	}
	shown, under = stateOf(key, shown), stateOf(key, under)
	switch {
	case shown.Status == store.Held && under.Status == store.Held: // there is no hold below a hold
		k.standing = store.Standing{State: store.State{Key: key}, Hold: shown}
	case shown.Status == store.Held:
		k.standing = store.Standing{State: under, Hold: shown}
	case shown.Status == store.OptedOut && under.Status == store.Held:
		k.standing = store.Standing{State: shown, Hold: under}
	default: // what is in the other columns has no meaning
		k.standing.State = shown
	}
	return k, nil
}

// rowArgs are the arguments of statements.update.
func rowArgs(k keyRow) []any {
	shown, under := k.standing.InForce(), make([]any, 6)
	switch {
	case shown.Status == store.Held && k.standing.State.Status != store.Unknown:
		under = stateArgs(k.standing.State)[1:]
	case shown.Status == store.OptedOut && k.standing.Hold.Status != store.Unknown:
		under = stateArgs(k.standing.Hold)[1:]
	}
	return slices.Concat(stateArgs(shown), under, []any{k.events, k.holdsFrom, k.untidy, k.half, k.key()})
}

// scanRecord scans eventColumns, and what comes before them. A row of NULLs gives a
// record without an ID.
func scanRecord(r *row, key store.Key, before ...any) (store.Record, error) {
	rec := store.Record{Event: store.Event{Key: key}}
	err := r.scan(append(before,
		&rec.ID, &rec.Action, &rec.At, &rec.ReceivedAt, &rec.RecordedAt, &rec.Source, &rec.Prior, &rec.Effective,
		&rec.From, &rec.To, &rec.Text, &rec.Keyword, &rec.KeywordSet, &rec.Actor, &rec.Note, &rec.Erased)...)
	return rec, err
}

// recordArgs are the arguments for eventColumns. Evidence is bytes.
func recordArgs(r store.Record) []any {
	args := make([]any, 0, 16)
	args = append(args, r.ID, r.Action, micros(r.At), micros(r.ReceivedAt), micros(r.RecordedAt), string(r.Source), r.Prior, r.Effective)
	return append(append(args, evidenceArgs(&r)...), r.Erased)
}

// evidenceArgs are the arguments for the evidence of a record, or of no record.
func evidenceArgs(r *store.Record) []any {
	args := make([]any, 0, 7)
	r = cmp.Or(r, new(store.Record))
	for _, evidence := range []string{r.From, r.To, r.Text, r.Keyword, r.KeywordSet, r.Actor, r.Note} {
		args = append(args, []byte(evidence))
	}
	return args
}
