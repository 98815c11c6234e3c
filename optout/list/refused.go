package list

import (
	"encoding/csv"
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

// write writes a row, or the text of a row that could not be read.
func (w *refusedWriter) write(r *Result, text string) error {
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
	record := []string{
		cutText(r.Row.Number, maxCell), statusWord(r.Row), r.Row.Date(), r.Row.Source, r.Row.Provider, r.Row.Reason, line, r.why(), text,
	}
	for i := range record { // a person opens the file, and the list may be anybody's
		record[i] = inert(record[i])
	}
	if err := w.csv.Write(record); err != nil {
		return fmt.Errorf("list: Refused: %w", err)
	}
	return nil
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
