package list

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"
)

// jsonRow is a row on a line of JSON.
type jsonRow struct {
	Number     jsonText `json:"number"`
	Status     string   `json:"status,omitzero"`
	At         string   `json:"at,omitzero"` // RFC 3339, or in other lists a date that ReadCSV reads
	Day        string   `json:"day,omitzero"`
	Source     string   `json:"source,omitzero"`
	Provider   string   `json:"provider,omitzero"`
	Reason     string   `json:"reason,omitzero"`
	EventID    string   `json:"event_id,omitzero"`
	RecordedAt string   `json:"recorded_at,omitzero"`
}

// jsonText is a text, also if it was written as a number.
type jsonText string

// UnmarshalJSON reads a string or a number.
func (t *jsonText) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(t)) //nolint:wrapcheck // the caller says where
	}
	var number json.Number
	if err := json.Unmarshal(raw, &number); err != nil {
		return err //nolint:wrapcheck // the caller says where
	}
	*t = jsonText(number)
	return nil
}

var (
	errNoObject = errors.New("no JSON object with the fields of a row")
	errNotUTF8  = errors.New("not UTF-8")
)

// ReadJSONLines reads the lines that Export writes: one JSON object a line, with the fields
// number, status ("opted-out", "opted-in", "consent"), at, day, source, provider and reason.
// A row without a status is an opt-out.
//
// A line that is another text, or is longer than 1 MiB, is a [RowError]. Memory does not
// grow with the file. The rows can be ranged over once.
func ReadJSONLines(in io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		file, err := newLines(in)
		if err != nil {
			yield(Row{}, err)
			return
		}
		known, first := newVerdicts(), true
		for {
			l, err := file.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Row{}, fmt.Errorf("list: line %d: %w", file.read, err))
				return
			}
			text := bytes.TrimSpace(l.text)
			if len(text) == 0 {
				continue
			}
			if first && text[0] == '[' {
				yield(Row{}, errors.New("list: the file is a JSON array, want one object a line"))
				return
			}
			first = false
			row, err := known.jsonRow(l)
			if err != nil {
				err = &RowError{Line: l.number, Text: shown(l.text), Err: err}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// jsonRow reads a line.
func (v verdicts) jsonRow(l line) (Row, error) {
	row := Row{Line: l.number}
	if l.long {
		return row, errLongLine
	}
	if !utf8.Valid(l.text) {
		return row, errNotUTF8
	}
	var j jsonRow
	if err := json.Unmarshal(l.text, &j); err != nil {
		return row, errNoObject // its own error may quote the text
	}
	row.Number, row.Day, row.EventID = cutText(string(j.Number), maxNumber+1), j.Day, cutText(j.EventID, maxCell)
	if at, err := time.Parse(time.RFC3339Nano, j.RecordedAt); err == nil {
		row.RecordedAt = at.UTC()
	}
	row.Source, row.Provider, row.Reason = cutText(j.Source, maxCell), cutText(j.Provider, maxCell), cutText(j.Reason, maxCell)
	if j.Status != "" {
		var err error
		if row.Consent, err = v.consent(j.Status, statusRole); err != nil {
			return row, err
		}
	}
	dateReader{}.into(&row, j.At)
	if row.DateErr == nil {
		if row.DateErr = row.checkDate(); row.DateErr != nil {
			row.At, row.Day = time.Time{}, ""
		}
	}
	if row.Number == "" {
		return row, errNoNumber
	}
	return row, nil
}

// WriteJSONLines writes rows as ReadJSONLines reads them, and returns how many. Times are
// in UTC.
func WriteJSONLines(w io.Writer, rows iter.Seq2[Row, error]) (written int, err error) {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for row, err := range rows {
		if err != nil {
			return written, errors.Join(err, wrapWrite(buffered.Flush()))
		}
		j := jsonRow{
			Number: jsonText(row.Number), Status: exportWord(row), Day: row.Day, Source: row.Source, Provider: row.Provider,
			Reason: row.Reason, EventID: row.EventID, At: timeText(row.At), RecordedAt: timeText(row.RecordedAt),
		}
		if err := encoder.Encode(j); err != nil {
			return written, wrapWrite(err)
		}
		written++
	}
	return written, wrapWrite(buffered.Flush())
}

// timeText is a time in RFC 3339, or "" for one that is not known.
func timeText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func wrapWrite(err error) error {
	if err != nil {
		return fmt.Errorf("list: write: %w", err)
	}
	return nil
}

// exportWord is the status of a row in an export: what Import reads, and the word of
// store.Status.
func exportWord(row Row) string {
	if row.Consent {
		return "opted-in"
	}
	return wordOptOut
}
