package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Why a line cannot be read, beside the faults of its number.
const (
	wrongFields = "wrong_fields"
	badQuotes   = "bad_quotes"
	notUTF8     = "not_utf8"
	tooLong     = "line_too_long"
)

// row is a recipient, or a line that is not a row.
type row struct {
	line  int      // the first line of the row
	cells []string // as many as there are columns
	bad   string   // why it cannot be used, "" where it can
	found int      // cells on it
}

// list is a list of recipients whose head is read.
type list struct {
	header    []string
	comma     rune
	number    int  // the column of phone numbers
	bom, crlf bool // how the file is written
	records   *records
	parser    *parser
	err       error // that ended the rows early
}

const bom = "\ufeff"

// readHead reads the names of the columns. Without comma it takes the one among the
// usual that gives a column of numbers.
func readHead(in io.Reader, column string, comma rune) (*list, error) {
	l := &list{records: newRecords(in)}
	var head []line
	for len(head) == 0 || strings.TrimSpace(head[0].text) == "" {
		var err error
		if head, err = l.records.next(); errors.Is(err, io.EOF) {
			return nil, errors.New("the list is empty: it wants the names of its columns on top")
		} else if err != nil {
			return nil, fmt.Errorf("the list: %w", err)
		}
		if head[0].number == 1 {
			head[0].text, l.bom = strings.CutPrefix(head[0].text, bom)
		}
	}
	text := joined(head)
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"), strings.ContainsRune(text, 0):
		return nil, errors.New("the list is UTF-16, want UTF-8: in a spreadsheet save it as CSV UTF-8")
	case head[0].tooLong, !utf8.ValidString(text):
		return nil, fmt.Errorf("line %d: no names of columns in UTF-8", head[0].number)
	}
	l.crlf = strings.HasSuffix(text, "\r\n")
	if err := l.readColumns(text, column, comma); err != nil {
		return nil, fmt.Errorf("line %d: %w", head[0].number, err)
	}
	l.parser = newParser(l.comma)
	return l, nil
}

// readColumns finds the columns, and the one of numbers.
func (l *list) readColumns(text, column string, comma rune) error {
	commas := []rune{comma}
	if comma == 0 {
		commas = likelyCommas(text)
	}
	var first error
	for _, comma := range commas {
		header, err := newParser(comma).parse(text)
		if err == nil {
			l.header, l.comma = header, comma
			if l.number, err = findColumn(header, column); err == nil || errors.Is(err, errWhich) {
				return err
			}
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// likelyCommas are the characters that may be between cells, the most frequent first.
func likelyCommas(text string) []rune {
	commas := []rune{',', ';', '\t', '|'}
	slices.SortStableFunc(commas, func(a, b rune) int {
		return strings.Count(text, string(b)) - strings.Count(text, string(a))
	})
	return commas
}

// rows yields the recipients. What ended them early is in err.
func (l *list) rows() iter.Seq[row] {
	return func(yield func(row) bool) {
		for {
			lines, err := l.records.next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					l.err = fmt.Errorf("the list: %w", err)
				}
				return
			}
			r, err := l.read(lines)
			if errors.Is(err, io.EOF) { // a blank line
				continue
			}
			if !yield(r) {
				return
			}
		}
	}
}

// read makes a row of the lines of a record; io.EOF where there is nothing in them.
func (l *list) read(lines []line) (row, error) {
	r := row{line: lines[0].number, cells: make([]string, len(l.header))}
	if lines[0].tooLong {
		r.bad = tooLong
		return r, nil
	}
	text := joined(lines)
	cells, err := l.parser.parse(text)
	switch {
	case errors.Is(err, io.EOF):
		return row{}, io.EOF
	case err != nil:
		l.records.back(lines[1:]) // they may be records of their own
		r.bad = badQuotes
		return r, nil //nolint:nilerr // bad says it
	}
	r.found = len(cells)
	copy(r.cells, cells)
	switch {
	case !utf8.ValidString(text):
		r.bad = notUTF8
		for i, cell := range r.cells {
			r.cells[i] = strings.ToValidUTF8(cell, "\ufffd")
		}
	case r.found != len(r.cells):
		r.bad = wrongFields
	}
	return r, nil
}

func joined(lines []line) string {
	if len(lines) == 1 {
		return lines[0].text
	}
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(l.text)
	}
	return text.String()
}

// parser reads one record after the other with encoding/csv.
type parser struct {
	comma rune
	text  *strings.Reader
	csv   *csv.Reader
}

func newParser(comma rune) *parser {
	p := &parser{comma: comma, text: new(strings.Reader)}
	p.csv = csv.NewReader(p.text)
	p.csv.Comma, p.csv.FieldsPerRecord = comma, -1
	return p
}

// parse returns the cells of a record; io.EOF where the text is blank.
func (p *parser) parse(text string) ([]string, error) {
	p.text.Reset(text)
	cells, err := p.csv.Read()
	if err != nil {
		*p = *newParser(p.comma) // what it has not read is gone
	}
	return cells, err //nolint:wrapcheck // its line is not that of the list
}
