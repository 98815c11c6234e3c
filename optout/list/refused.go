package list

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
)

// refusedWriter writes rows that a person should correct, in columns that ReadCSV finds.
type refusedWriter struct {
	out   io.Writer
	csv   *csv.Writer
	file  *CSVFile // in whose way the rows are written; nil: not known
	begun bool
}

func newRefusedWriter(w io.Writer, file *CSVFile) *refusedWriter {
	return &refusedWriter{out: w, csv: csv.NewWriter(w), file: file}
}

// begin writes the header, as the file is written that the rows come from. A character that
// ReadCSV does not look for is no Comma here.
func (w *refusedWriter) begin() error {
	w.begun = true
	if w.file != nil {
		if strings.IndexByte(commas, w.file.Comma) >= 0 {
			w.csv.Comma = rune(w.file.Comma)
		}
		if w.file.BOM {
			if _, err := io.WriteString(w.out, "\ufeff"); err != nil {
				return err //nolint:wrapcheck // write wraps it
			}
		}
	}
	return w.csv.Write(append(rowColumns(), "line", "why", "text")) //nolint:wrapcheck // write wraps it
}

// write writes a row, or what could be read of a row, with its text. What made Import refuse the
// row stays in it, so that it is refused again unless a person corrects it. A row that was
// recorded without its date has no status, for the same reason: recorded again, days later, it
// would block a contact who came back.
func (w *refusedWriter) write(r *Result, text string, isRead bool) error {
	if w == nil {
		return nil
	}
	if !w.begun {
		if err := w.begin(); err != nil {
			return fmt.Errorf("list: Refused: %w", err)
		}
	}
	line := ""
	if r.Row.Line > 0 {
		line = strconv.Itoa(r.Row.Line)
	}
	status, date := statusWord(r.Row), r.Row.Date()
	if !isRead || r.isUndated() && r.Fault == optout.FaultNone {
		status = "" // what was not read may say that the contact did not opt out
	}
	if r.Row.DateErr != nil {
		date = r.Row.badDate()
	}
	record := []string{
		cutText(r.Row.Number, maxCell), status, date, r.Row.Source, r.Row.Provider, r.Row.Reason, line, r.why(), text,
	}
	for i := range record { // a person opens the file, and the list may be anybody's
		record[i] = InertCell(record[i])
	}
	if err := w.csv.Write(record); err != nil {
		return fmt.Errorf("list: Refused: %w", err)
	}
	return nil
}

// badDate returns a date that cannot be used: as the list writes it, or a question mark if it
// could be used without what else the row had.
func (r Row) badDate() string {
	bad, ok := errors.AsType[*dateError](r.DateErr)
	if !ok {
		return "?"
	}
	var again Row
	if (dateReader{}).into(&again, bad.text); again.DateErr == nil {
		return "?"
	}
	return bad.text
}

// why says what is wrong with a row.
func (r *Result) why() string {
	switch {
	case r.Err != nil && r.Outcome == RowRefused:
		return r.Err.Error()
	case r.Fault != optout.FaultNone:
		return fmt.Sprintf("recorded as it is written, and no phone number: %v", r.Fault)
	case r.isUndated():
		return fmt.Sprintf("recorded undated: %v", r.Row.DateErr)
	default:
		return ""
	}
}

func (w *refusedWriter) flush() error {
	if w == nil {
		return nil
	}
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("list: Refused: %w", err)
	}
	return nil
}

// rowColumns are the names of the columns of a row, as ReadCSV finds them.
func rowColumns() []string {
	return []string{"number", "status", "at", "source", "provider", "reason"}
}

// The words for what a row is.
const (
	wordOptOut  = "opted-out"
	wordConsent = "consent"
)

func statusWord(r Row) string {
	if r.Consent {
		return wordConsent
	}
	return wordOptOut
}
