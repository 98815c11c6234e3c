package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
)

const maxLine = 1 << 20 // bytes

var errTooLong = errors.New("longer than 1 MiB")

// lines yields the lines of r without the blanks around them, each until the next
// one is asked for. In the place of a line over maxLine it yields errTooLong and
// goes on, which a bufio.Scanner does not. Any other error is the last.
func lines(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReaderSize(r, maxLine+len("\r\n"))
		mark := []byte("\ufeff") // that some editors put before the first line
		for {
			line, err := in.ReadSlice('\n')
			tooLong := len(bytes.TrimRight(line, "\r\n")) > maxLine
			for errors.Is(err, bufio.ErrBufferFull) { // skip the rest of it
				tooLong = true
				_, err = in.ReadSlice('\n')
			}
			line, mark = bytes.TrimSpace(bytes.TrimPrefix(line, mark)), nil
			switch {
			case err != nil && !errors.Is(err, io.EOF):
				yield(nil, err)
				return
			case tooLong:
				if !yield(nil, errTooLong) {
					return
				}
			case err == nil || len(line) > 0:
				if !yield(line, nil) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
}
