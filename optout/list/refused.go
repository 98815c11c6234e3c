package list

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/seed-f10031e4/consent/optout"
)

// refusedWriter writes rows that a person should correct, in columns that ReadCSV finds.
type refusedWriter struct {
	csv   *csv.Writer
	begun bool
}

func newRefusedWriter(w io.Writer) *refusedWriter { return &refusedWriter{csv: csv.NewWriter(w)} }

// write writes a row, or what could be read of a row, with its text. What made Import refuse the
// row stays in it, so that it is refused again unless a person corrects it.
func (w *refusedWriter) write(r *Result, text string, isRead bool) error {
	if w == nil {
		return nil
	}
	if !w.begun {
		w.begun = true
		if err := w.csv.Write(append(rowColumns(), "line", "why", "text")); err != nil {
			return fmt.Errorf("list: Refused: %w", err)
		}
	}
	line := ""
	if r.Row.Line > 0 {
		line = strconv.Itoa(r.Row.Line)
	}
	status, date := statusWord(r.Row), r.Row.Date()
	if !isRead {
		status = "" // it may say that the contact did not opt out
	}
	if r.Row.DateErr != nil {
		date = r.Row.badDate()
	}
	record := []string{
		cutText(r.Row.Number, maxCell), status, date, r.Row.Source, r.Row.Provider, r.Row.Reason, line, r.why(), text,
	}
	for i := range record { // a person opens the file, and the list may be anybody's
		record[i] = inert(record[i])
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
