package list

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Page is what the API of a provider answers with: a part of its list. Several answers, one
// after the other in one file, are read as one Page.
type Page struct {
	read func(p *Page, yield func(Row, error) bool)
	next string
}

// Rows yields the rows, once. The Line of a row is its place in the answer. An answer that
// ends early, or is not the list of this provider, is an error that is yielded last.
func (p *Page) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { p.read(p, yield) }
}

// Next returns what the provider wants to be asked with for the next page: a token, or the
// number of the page. It is "" after the last page, and before Rows is at its end.
func (p *Page) Next() string { return p.next }

// maxItem is the longest value in an answer, in bytes.
const maxItem = 1 << 20

var (
	errItem     = errors.New("not an object of this list")
	errRedacted = errors.New("the number is masked")
)

// answer is how the answer of a provider is read: an object with an array of rows.
type answer struct {
	arrays []string // the names of the array: one of them must be there

	// item makes a row of an element of an array; nil: it makes none.
	item func(array string, raw json.RawMessage) (*Row, error)

	// end gets the other fields at the end of the object, and returns what to ask for the next
	// page with, and rows that only the end makes.
	end func(fields map[string]json.RawMessage) (next string, rows []Row, err error)
}

// page returns the Page of an answer.
func (a answer) page(in io.Reader) *Page {
	return &Page{read: func(p *Page, yield func(Row, error) bool) {
		w := &walker{answer: a, yield: yield, limit: limitReader{in: in, left: maxItem}}
		w.decoder = json.NewDecoder(&w.limit)
		for {
			more, err := w.object(p)
			if err != nil {
				yield(Row{}, fmt.Errorf("list: after row %d: %w", w.place, err))
			}
			if !more {
				return
			}
		}
	}}
}

// walker reads an answer, element by element.
type walker struct {
	answer

	decoder *json.Decoder
	limit   limitReader
	yield   func(Row, error) bool
	place   int
	objects int
}

// object reads one object. more reports that there may be another one.
func (w *walker) object(p *Page) (more bool, err error) {
	w.limit.left = maxItem
	token, err := w.decoder.Token()
	switch {
	case errors.Is(err, io.EOF) && w.objects > 0:
		return false, nil
	case err != nil:
		return false, unexpected(err)
	case token != json.Delim('{'):
		return false, errItem
	}
	w.objects++
	fields, found := make(map[string]json.RawMessage), false
	for w.decoder.More() {
		name, err := w.decoder.Token()
		if err != nil {
			return false, unexpected(err)
		}
		text, ok := name.(string)
		if !ok {
			return false, errItem
		}
		if slices.Contains(w.arrays, text) {
			found = true
			if more, err := w.array(text); !more || err != nil {
				return false, err
			}
			continue
		}
		var raw json.RawMessage
		if err := w.decoder.Decode(&raw); err != nil {
			return false, unexpected(err)
		}
		w.limit.left = maxItem
		if len(fields) < maxFields {
			fields[text] = raw
		}
	}
	if _, err := w.decoder.Token(); err != nil {
		return false, unexpected(err)
	}
	if !found {
		return false, fmt.Errorf("the answer has no %q", w.arrays[0])
	}
	return w.finish(p, fields)
}

// maxFields is more than the fields of any answer.
const maxFields = 50

// array reads the rows of an array. more is false if the caller wants no more.
func (w *walker) array(name string) (more bool, err error) {
	token, err := w.decoder.Token()
	if err != nil {
		return false, unexpected(err)
	}
	if token == nil { // null
		return true, nil
	}
	if token != json.Delim('[') {
		return false, errItem
	}
	for w.decoder.More() {
		var raw json.RawMessage
		if err := w.decoder.Decode(&raw); err != nil {
			return false, unexpected(err)
		}
		w.limit.left = maxItem
		w.place++
		row, err := w.item(name, raw)
		if row == nil && err == nil {
			continue
		}
		if row == nil {
			row = new(Row)
		}
		row.Line = w.place
		if err != nil {
			err = &RowError{Line: w.place, Text: shown(raw), Err: err}
		}
		if !w.yield(*row, err) {
			return false, nil
		}
	}
	_, err = w.decoder.Token()
	return err == nil, unexpected(err)
}

func (w *walker) finish(p *Page, fields map[string]json.RawMessage) (more bool, err error) {
	if w.end == nil {
		return true, nil
	}
	next, rows, err := w.end(fields)
	if err != nil {
		return false, err
	}
	p.next = next
	for _, row := range rows {
		w.place++
		row.Line = w.place
		if !w.yield(row, nil) {
			return false, nil
		}
	}
	return true, nil
}

// unexpected names the errors of encoding/json, whose texts may quote a value.
func unexpected(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errTooLong):
		return errTooLong
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the answer ends early: %w", io.ErrUnexpectedEOF)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errors.New("the answer is no JSON")
	}
	return fmt.Errorf("the answer: %w", err)
}

var errTooLong = fmt.Errorf("a value is longer than %d bytes", maxItem)

// limitReader fails if a value is too long: a Decoder keeps all of it.
type limitReader struct {
	in   io.Reader
	left int
}

func (r *limitReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errTooLong
	}
	n, err := r.in.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err //nolint:wrapcheck // the walker wraps it
}

// fieldText returns a field that is a string, or "".
func fieldText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// checkNumber refuses a row without a number, or with one that the provider masked.
func checkNumber(row *Row) (*Row, error) {
	row.Number = cutText(row.Number, maxNumber+1)
	switch {
	case row.Number == "":
		return row, errNoNumber
	case strings.ContainsAny(row.Number, "*•"):
		return row, errRedacted
	default:
		return row, nil
	}
}

// withPlus puts the plus sign before the digits of an international number.
func withPlus(digits string) string {
	if len(digits) < 8 || len(digits) > 15 || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return digits
	}
	return "+" + digits
}
