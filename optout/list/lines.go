package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// maxLine is the longest line, and the longest record of several lines, in bytes.
	maxLine = 1 << 20
	// maxRecordLines is how many lines a cell in quotes can have.
	maxRecordLines = 500
	// shownLine is how much of a line a RowError has.
	shownLine = 200
)

var (
	errLongLine = fmt.Errorf("the line is longer than %d bytes", maxLine)
	errQuotes   = errors.New("a quote is not closed, or has text after it")
	errWide     = errors.New("more cells than the header has columns")
)

// line is a line of a file, without the break at its end.
type line struct {
	number int // from 1
	text   []byte
	long   bool // and text is its beginning
}

// lines reads a file line by line. A line ends in LF, CR or both.
type lines struct {
	in    *bufio.Reader
	read  int
	ahead []line // lines that were looked at, and come next
	err   error  // of in, after the lines in ahead
	bom   bool   // the file begins with a byte order mark, or is UTF-16
}

// next returns the next line, or the error of the file: io.EOF at its end.
func (l *lines) next() (line, error) {
	if len(l.ahead) > 0 {
		next := l.ahead[0]
		l.ahead = l.ahead[1:]
		return next, nil
	}
	if l.err != nil {
		return line{}, l.err
	}
	l.read++
	next := line{number: l.read}
	for {
		chunk, err := l.peek()
		end := bytes.IndexByte(chunk, '\n')
		if end < 0 {
			end = len(chunk)
		}
		if cr := bytes.IndexByte(chunk[:end], '\r'); cr >= 0 {
			end = cr
		}
		if room := maxLine - len(next.text); end > room {
			next.long = true
			next.text = append(next.text, chunk[:room]...)
		} else {
			next.text = append(next.text, chunk[:end]...)
		}
		if end < len(chunk) {
			l.discard(chunk, end)
			return next, nil
		}
		_, _ = l.in.Discard(end)
		if err != nil {
			l.err = err
			if len(next.text) == 0 {
				return line{}, err
			}
			return next, nil
		}
	}
}

// peek returns what is in the buffer, at least a byte.
func (l *lines) peek() ([]byte, error) {
	if _, err := l.in.Peek(1); err != nil {
		return nil, err //nolint:wrapcheck // ReadCSV wraps it
	}
	chunk, err := l.in.Peek(l.in.Buffered())
	return chunk, err //nolint:wrapcheck // there is none
}

// discard takes a line and its break out of the buffer.
func (l *lines) discard(chunk []byte, end int) {
	isCR := chunk[end] == '\r'
	_, _ = l.in.Discard(end + 1)
	if !isCR {
		return
	}
	if after, err := l.in.Peek(1); err == nil && after[0] == '\n' {
		_, _ = l.in.Discard(1)
	}
}

// back gives lines back, which come next.
func (l *lines) back(lines []line) {
	if len(lines) > 0 {
		l.ahead = append(slices.Clip(lines), l.ahead...)
	}
}

// record is the cells of a row, which may go over several lines.
type record struct {
	line  int
	cells []string
	err   error  // why there are no cells
	text  string // then: how the line begins
}

// record returns the next row: the cells of a line, or of several lines if a cell in quotes
// goes over its end. A record with a quote that nobody closes, or with more lines than one
// and too many cells, is its first line alone, and has an error. So a quote in the wrong place
// spoils its own line, and none of those that follow. columns is 0 if any number will do.
func (l *lines) record(comma byte, columns int) (record, error) {
	r, used, err := l.tryRecord(comma, columns)
	if err == nil && r.err != nil {
		l.back(used[1:])
	}
	return r, err
}

// tryRecord is record that also returns the lines that it took.
func (l *lines) tryRecord(comma byte, columns int) (record, []line, error) {
	first, err := l.next()
	if err != nil {
		return record{}, nil, err
	}
	r, used := record{line: first.number}, []line{first}
	if first.long {
		r.text, r.err = shown(first.text), errLongLine
		return r, used, nil
	}
	p := cellParser{comma: comma}
	p.add(first.text)
	isWide := func() bool { return len(used) > 1 && columns > 0 && tooWide(p.cells, columns) }
	for size := len(first.text); p.open && !p.bad && !isWide() && len(used) < maxRecordLines && size <= maxLine; {
		next, err := l.next()
		if err != nil {
			break // it comes again
		}
		used = append(used, next)
		if next.long {
			break
		}
		size += len(next.text) + 1
		p.add(next.text)
	}
	switch {
	case p.open || p.bad:
		r.err = errQuotes
	case isWide():
		r.err = errWide
	default:
		r.cells = p.cells
	}
	if r.err != nil {
		r.text = shown(first.text)
	}
	return r, used, nil
}

func shown(text []byte) string { return cutText(toUTF8(text[:min(len(text), shownLine)]), shownLine) }

// tooWide reports cells after the last column that are not empty.
func tooWide(cells []string, columns int) bool {
	for _, cell := range cells[min(len(cells), columns):] {
		if cell != "" {
			return true
		}
	}
	return false
}

// cellParser cuts lines into cells. A quote at the start of a cell opens it, two quotes in it
// are one, and a quote in the middle of a cell without quotes is a character.
type cellParser struct {
	comma byte
	cells []string
	cell  []byte // so far, of a cell in quotes that goes over the end of a line
	open  bool   // such a cell is open
	bad   bool   // there is text after a closing quote
}

// add reads one more line.
func (p *cellParser) add(text []byte) {
	if p.open {
		p.cell = append(p.cell, '\n')
		text = p.quoted(text)
		if p.open || p.bad || text == nil {
			return
		}
	}
	for {
		if rest := bytes.TrimLeft(text, " "); len(rest) > 0 && rest[0] == '"' {
			p.cell = p.cell[:0]
			text = p.quoted(rest[1:])
			if p.open || p.bad || text == nil {
				return
			}
			continue
		}
		end := bytes.IndexByte(text, p.comma)
		if end < 0 {
			p.cells = append(p.cells, toUTF8(text))
			return
		}
		p.cells = append(p.cells, toUTF8(text[:end]))
		text = text[end+1:]
	}
}

// quoted reads a cell to its closing quote, and returns what comes after the comma: nil at
// the end of the line.
func (p *cellParser) quoted(text []byte) []byte {
	for {
		end := bytes.IndexByte(text, '"')
		if end < 0 {
			p.cell = append(p.cell, text...)
			p.open = true
			return nil
		}
		p.cell = append(p.cell, text[:end]...)
		text = text[end+1:]
		if len(text) > 0 && text[0] == '"' {
			p.cell = append(p.cell, '"')
			text = text[1:]
			continue
		}
		p.open = false
		p.cells = append(p.cells, toUTF8(p.cell))
		p.cell = p.cell[:0]
		rest := bytes.TrimLeft(text, " ")
		switch {
		case len(rest) == 0:
			return nil
		case rest[0] != p.comma:
			p.bad = true
			return nil
		default:
			return rest[1:]
		}
	}
}

// newLines reads a file in whatever encoding it has.
func newLines(in io.Reader) (*lines, error) {
	raw := bufio.NewReaderSize(in, 16<<10)
	head, err := raw.Peek(512)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("list: %w", err)
	}
	if name := foreignFormat(head); name != "" {
		return nil, fmt.Errorf("list: the file is %s", name)
	}
	big, is16, mark := encodingOf(head)
	_, _ = raw.Discard(mark)
	if is16 {
		return &lines{in: bufio.NewReaderSize(&utf16Reader{in: raw, big: big}, 16<<10), bom: true}, nil
	}
	return &lines{in: raw, bom: mark > 0}, nil
}

// encodingOf reports UTF-16 by its byte order mark, or by the NUL beside each character of
// ASCII, and the length of a mark.
func encodingOf(head []byte) (big, is16 bool, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return false, false, 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return false, true, 2
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return true, true, 2
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	if half > 0 && zeros[1]+zeros[0] > half/2 {
		return zeros[0] > zeros[1], true, 0
	}
	return false, false, 0
}

// foreignFormat names a file that is no text.
func foreignFormat(head []byte) string {
	for _, f := range []struct{ start, name string }{
		{"PK\x03\x04", "an .xlsx or another .zip, want text: save it as CSV (UTF-8)"},
		{"PK\x05\x06", "an empty .zip, want text"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an .xls, want text: save it as CSV (UTF-8)"},
		{"\x1f\x8b", "compressed with gzip (.gz), want what is in it"},
		{"BZh", "compressed with bzip2 (.bz2), want what is in it"},
		{"\xfd7zXZ\x00", "compressed with xz (.xz), want what is in it"},
		{"7z\xbc\xaf\x27\x1c", "a .7z archive, want what is in it"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd (.zst), want what is in it"},
		{"%PDF-", "a PDF, want text"},
		{"SQLite format 3\x00", "an SQLite database, want text"},
		{"PAR1", "a Parquet file, want text"},
		{"<?xml", "XML, want CSV or JSON lines"},
		{"<!DOCTYPE", "a web page, want CSV or JSON lines"},
		{"<html", "a web page (some programs call it .xls), want CSV or JSON lines"},
		{"{\\rtf", "a .rtf document, want text"},
	} {
		if len(head) >= len(f.start) && string(head[:len(f.start)]) == f.start {
			if f.start == "PK\x03\x04" && bytes.Contains(head, []byte("[Content_Types].xml")) {
				return "an .xlsx, want text: save it as CSV (UTF-8)"
			}
			return f.name
		}
	}
	return ""
}
