package list

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
)

// CSVOptions say what a file does not say of itself. The zero value reads what most
// programs write.
type CSVOptions struct {
	// Column, DateColumn and StatusColumn name the columns of the numbers, the dates and the
	// statuses, by what the header has or by their number from 1. Each is found by its name
	// if it is empty.
	Column, DateColumn, StatusColumn string

	// Comma is what is between cells. Zero: the character of , ; tab | that gives a header.
	Comma byte

	// DateOrder says how 03/04/2025 and 03.04.25 are read. By default such a date is not used.
	// The year is last. 03.04.2025 has the day first, whatever the order.
	DateOrder DateOrder

	// Zone is where the times without a zone were written. nil: not known. Then a time counts
	// as one at UTC-12, the latest that it can have been.
	Zone *time.Location

	// Consents says that the rows of a file without a column of statuses are consents.
	Consents bool

	// Provider is who gave the list, for the record.
	Provider string

	// Found is filled in by ReadCSV, before it yields the first row. Give it to [Import] as
	// Options.File. nil: not filled in.
	Found *CSVFile
}

// CSVFile is what ReadCSV finds out about a file.
type CSVFile struct {
	Comma   byte     `json:"comma"`            // what is between cells
	BOM     bool     `json:"bom,omitzero"`     // the file begins with a byte order mark, or is UTF-16
	Columns []Column `json:"columns,omitzero"` // all of the header, in its order; of a file without one the column of numbers alone
}

// Column is a column of a file.
type Column struct {
	Number int    `json:"number"`        // from 1
	Name   string `json:"name,omitzero"` // as the header has it, cut to 1,000 bytes
	// ReadAs is what ReadCSV takes the cells for: "number", "at", "opted-out-at", "opted-in-at",
	// "status", "opted-out", "opted-in", "source", "reason", "provider" or "event". "" means that
	// the column is ignored.
	ReadAs string `json:"read_as,omitzero"`
}

// ErrNoHeader says that no line at the start of a file names a column of phone numbers.
var ErrNoHeader = errors.New("list: no column of phone numbers")

// ReadCSV reads a list as spreadsheets, databases and the consoles of providers write it.
//
// The header is found by its names, in the languages of the usual programs, in any order, and
// also below a title. A file without a header is read if it has one column, or if
// CSVOptions.Column is the number of a column. The file can be UTF-8, with or without a byte
// order mark, UTF-16, or Windows-1252. Lines end in LF, CR or both. "sep=;" in the first line
// says what is between cells. A cell in quotes can have breaks, up to 500 lines and 1 MiB.
//
// Without a column of statuses each row is an opt-out. A status that is not known, a row
// without a number, a line over 1 MiB and a quote that is not closed are a [RowError] each,
// and the rows after it are read. A date that cannot be read is the row's DateErr. A date of an
// opt-out makes a row an opt-out, also beside a consent.
//
// Memory does not grow with the file. The rows can be ranged over once. An error that is no
// RowError is yielded last: the file is in another format, it has no column of numbers
// ([ErrNoHeader]), more than one column may have them ([ErrColumn]), or it cannot be read.
func ReadCSV(in io.Reader, opts *CSVOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &csvReader{verdicts: newVerdicts()}
		if opts != nil {
			r.opts = *opts
		}
		r.dates = dateReader{order: r.opts.DateOrder, zone: r.opts.Zone}
		var err error
		if r.lines, err = newLines(in); err == nil {
			err = r.findHeader()
		}
		if err != nil {
			yield(Row{}, err)
			return
		}
		if r.opts.Found != nil {
			*r.opts.Found = *r.found(r.header)
		}
		for {
			rec, err := r.lines.record(r.comma, r.width)
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Row{}, fmt.Errorf("list: line %d: %w", r.lines.read, err))
				return
			case rec.err == nil && isBlank(rec.cells):
				continue
			}
			row, err := r.row(rec)
			if !yield(row, err) {
				return
			}
		}
	}
}

// csvReader is a file under way.
type csvReader struct {
	opts     CSVOptions
	lines    *lines
	comma    byte
	width    int // of the header
	header   []string
	columns  columns
	verdicts verdicts
	dates    dateReader
}

// found tells of the file and its header.
func (r *csvReader) found(header []string) *CSVFile {
	file := &CSVFile{Comma: r.comma, BOM: r.lines.bom}
	for i, name := range header {
		file.Columns = append(file.Columns, Column{Number: i + 1, Name: cutText(name, maxCell)})
	}
	kinds := roleKinds()
	for is, place := range r.columns {
		if place < 0 || is < int(numberRole) {
			continue
		}
		if place >= len(file.Columns) { // of a file without a header
			file.Columns = append(file.Columns, Column{Number: place + 1})
			place = len(file.Columns) - 1
		}
		file.Columns[place].ReadAs = kinds[is-int(numberRole)]
	}
	return file
}

// commas are what may be between cells.
const commas = ",;\t|"

// maxTitle is how many lines may come before the header.
const maxTitle = 20

// findHeader reads up to the header, or to the first row of a file without one.
func (r *csvReader) findHeader() error {
	f := newFinder()
	commas := []byte(commas)
	if r.opts.Comma != 0 {
		commas = []byte{r.opts.Comma}
	}
	var skipped []line
	missing := ErrNoHeader
	for len(skipped) < maxTitle {
		l, err := r.lines.next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("list: line %d: %w", r.lines.read, err)
		}
		text := bytes.TrimSpace(l.text)
		if len(text) == 0 {
			continue
		}
		if sep, ok := separator(text); ok && len(skipped) == 0 {
			if r.opts.Comma == 0 {
				commas = []byte{sep}
			}
			continue
		}
		r.lines.back([]line{l})
		found, err := r.headerHere(f, commas)
		switch {
		case errors.Is(err, errNoColumn):
			missing = err
		case found || err != nil:
			return err
		}
		if headless, err := r.rowHere(commas); headless {
			r.lines.back(skipped) // they may be rows
			return nil
		} else if err != nil {
			if errors.Is(missing, errNoColumn) {
				err = missing
			}
			return err
		}
		if l, err = r.lines.next(); err == nil {
			skipped = append(skipped, l)
		}
	}
	if len(skipped) == 0 {
		return fmt.Errorf("%w: the file is empty", ErrNoHeader)
	}
	return fmt.Errorf("%w: want a header such as phone,date in the first %d lines, or CSVOptions.Column", missing, maxTitle)
}

// separator reads "sep=;".
func separator(text []byte) (byte, bool) {
	text = bytes.Trim(text, "\"")
	if len(text) < 4 || !bytes.EqualFold(text[:4], []byte("sep=")) {
		return 0, false
	}
	if len(text) == 4 {
		return '\t', true // which was cut as a blank
	}
	return text[4], len(text) == 5
}

// headerHere reads the next record as a header, by the separator that gives the most columns.
// If it is no header, it comes again.
func (r *csvReader) headerHere(f *finder, commas []byte) (bool, error) {
	width, missing := 0, error(nil)
	var failed error
	for _, comma := range commas {
		rec, used, err := r.lines.tryRecord(comma, 0)
		if err != nil {
			return false, fmt.Errorf("list: line %d: %w", r.lines.read, err)
		}
		r.lines.back(used)
		if rec.err != nil || slices.ContainsFunc(rec.cells, looksLikeNumber) {
			continue
		}
		found, ok, err := f.find(rec.cells, &r.opts)
		switch {
		case !ok && err != nil:
			missing = err
		case ok && len(rec.cells) > width:
			width, failed = len(rec.cells), err
			r.comma, r.columns, r.width, r.header = comma, found, width, rec.cells
		}
	}
	switch {
	case width == 0:
		return false, missing
	case failed != nil:
		return false, failed
	}
	_, _, err := r.lines.tryRecord(r.comma, 0)
	return true, err
}

// rowHere reports whether the next line is a row of a file without a header: a number alone,
// or one in the column that CSVOptions.Column numbers.
func (r *csvReader) rowHere(commas []byte) (bool, error) {
	place, several := max(position(r.opts.Column), 1)-1, false
	for _, comma := range commas {
		rec, used, err := r.lines.tryRecord(comma, 0)
		if err != nil {
			return false, fmt.Errorf("list: line %d: %w", r.lines.read, err)
		}
		r.lines.back(used)
		last := len(rec.cells)
		for last > 0 && strings.TrimSpace(rec.cells[last-1]) == "" {
			last--
		}
		switch {
		case place < last && looksLikeNumber(rec.cells[place]) && (last == 1 || position(r.opts.Column) > 0):
			for i := range r.columns {
				r.columns[i] = -1
			}
			r.columns[numberRole], r.comma = place, comma
			return true, nil
		case last > 1 && slices.ContainsFunc(rec.cells, looksLikeNumber):
			several = true
		}
	}
	if several {
		return false, fmt.Errorf("%w: line %d has a number, and no line before it is a header: add one such as phone,date, "+
			"or set CSVOptions.Column to the number of the column", ErrNoHeader, r.lines.ahead[0].number)
	}
	return false, nil
}

// looksLikeNumber reports whether a cell at the start of a file is a phone number, and not the
// name of a column, a date or a count.
func looksLikeNumber(cell string) bool {
	if strings.ContainsFunc(cell, unicode.IsLetter) || digitsIn(cell) < 7 {
		return false
	}
	if strings.ContainsAny(cell, "/-.:") {
		var row Row
		dateReader{order: DayFirst}.into(&row, cell)
		if row.DateErr == nil {
			return false
		}
	}
	return true
}

func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

var errNoNumber = fmt.Errorf("%w: empty", ErrNoNumber)

// row makes a row of a record.
func (r *csvReader) row(rec record) (Row, error) {
	row := Row{Line: rec.line, Provider: r.opts.Provider, Consent: r.opts.Consents}
	if rec.err != nil {
		return row, &RowError{Line: rec.line, Text: rec.text, Err: rec.err}
	}
	cell := func(role role) string {
		if i := r.columns[role]; i >= 0 && i < len(rec.cells) {
			return strings.TrimSpace(rec.cells[i])
		}
		return ""
	}
	row.Number = cutText(cell(numberRole), maxNumber+1) // one byte too many: it is refused
	row.Source, row.Reason = cutText(cell(sourceRole), maxCell), cutText(cell(reasonRole), maxCell)
	row.EventID = cutText(cell(eventRole), maxCell)
	if provider := cell(providerRole); provider != "" {
		row.Provider = cutText(provider, maxCell)
	}
	err := r.status(&row, cell)
	if text := cell(outDateRole); err == nil && row.Consent && text != "" {
		if row.Consent = false; !r.dates.isDate(text) { // such as "none"
			err = errBoth
		}
	}
	if err != nil {
		return row, &RowError{Line: rec.line, Text: cutText(strings.Join(rec.cells, string(rune(r.comma))), shownLine), Err: err}
	}
	r.date(&row, cell)
	if row.Number == "" {
		return row, &RowError{Line: rec.line, Text: cutText(strings.Join(rec.cells, string(rune(r.comma))), shownLine), Err: errNoNumber}
	}
	return row, nil
}

// status sets whether a row is a consent, by the column that says so. If one column has the
// opt-outs and one the consents, an opt-out counts, and what cannot be read as "no" is no
// consent. The date of an opt-out counts, too, whatever the consents say: see row.
func (r *csvReader) status(row *Row, cell func(role) string) (err error) {
	if r.columns[outRole] >= 0 && r.columns[inRole] >= 0 {
		err := r.optedOut(row, cell(outRole))
		if !errors.Is(err, errNotOut) && !errors.Is(err, errNoStatus) {
			return err
		}
		row.Consent, err = r.verdicts.consent(cell(inRole), inRole)
		return err
	}
	for _, role := range []role{statusRole, inRole} {
		if r.columns[role] >= 0 {
			row.Consent, err = r.verdicts.consent(cell(role), role)
			return err
		}
	}
	if r.columns[outRole] >= 0 {
		return r.optedOut(row, cell(outRole))
	}
	return nil
}

// optedOut reads the column of opt-outs, which has yes or no, or a date.
func (r *csvReader) optedOut(row *Row, text string) error {
	consent, err := r.verdicts.consent(text, outRole)
	row.Consent = consent
	if errors.Is(err, errStatus) && r.dates.isDate(text) {
		r.dates.into(row, text)
		return nil
	}
	if err == nil && consent {
		return errStatus
	}
	return err
}

// date sets when the contact acted. A list with a column for opt-outs and one for consents
// has the date of the row in the one that it is about.
func (r *csvReader) date(row *Row, cell func(role) string) {
	is := outDateRole
	if row.Consent {
		is = inDateRole
	}
	if r.columns[is] < 0 {
		is = dateRole
	}
	if row.At.IsZero() && row.Day == "" { // the column of opt-outs may have the date
		r.dates.into(row, cell(is))
	}
}
