package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
)

const (
	maxRecord = 1 << 20 // bytes, of all its lines
	maxLines  = 1_000   // of a record whose cells have line breaks
)

// line is a line of the list with the break at its end.
type line struct {
	number  int // from 1
	text    string
	tooLong bool
}

// records cuts a list into the lines that are one record each: a cell in quotes may
// go over several. Of a quote that is never closed encoding/csv makes a record of all
// that follows; here it spoils its own line alone.
type records struct {
	in    *bufio.Reader
	read  int    // lines
	ahead []line // that were looked at, and are still to come
	err   error  // of in, after the lines in ahead
}

func newRecords(in io.Reader) *records {
	return &records{in: bufio.NewReaderSize(in, maxRecord)}
}

// next returns the lines of the next record.
func (r *records) next() ([]line, error) {
	first, err := r.line()
	if err != nil {
		return nil, err
	}
	lines := []line{first}
	size, quotes := len(first.text), strings.Count(first.text, `"`)
	for quotes%2 != 0 && !first.tooLong && len(lines) < maxLines && size < maxRecord {
		l, err := r.line()
		if err != nil {
			break // it comes again
		}
		lines = append(lines, l)
		size += len(l.text)
		quotes += strings.Count(l.text, `"`)
		if l.tooLong {
			break
		}
	}
	if last := lines[len(lines)-1]; quotes%2 != 0 || last.tooLong {
		r.back(lines[1:])
		return lines[:1], nil
	}
	return lines, nil
}

// back gives lines back, which come next.
func (r *records) back(lines []line) { r.ahead = slices.Concat(lines, r.ahead) }

func (r *records) line() (line, error) {
	if len(r.ahead) > 0 {
		l := r.ahead[0]
		r.ahead = r.ahead[1:]
		return l, nil
	}
	if r.err != nil {
		return line{}, r.err
	}
	text, err := r.in.ReadSlice('\n')
	r.read++
	l := line{number: r.read}
	if errors.Is(err, bufio.ErrBufferFull) {
		l.tooLong = true
		l.text = string(bytes.ToValidUTF8(text[:80], nil))
		for errors.Is(err, bufio.ErrBufferFull) { // skip the rest of it
			_, err = r.in.ReadSlice('\n')
		}
	} else {
		l.text = string(text)
	}
	r.err = err // nil until the last line
	if l.text == "" && err != nil {
		return line{}, err //nolint:wrapcheck // the list wraps it, except io.EOF
	}
	return l, nil
}
