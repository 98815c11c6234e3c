package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"
)

// writeJSONL writes each row as one object on one line, its fields in the order of
// the columns. Rows that came before an error are written.
func writeJSONL[T any](out io.Writer, columns []column[T], rows iter.Seq2[T, error]) error {
	var line bytes.Buffer
	for row, err := range rows {
		if err != nil {
			return err
		}
		line.Reset()
		for _, c := range columns {
			cell := c.cell(row)
			if err := member(&line, c.name, jsonValue(cell)); err != nil {
				return err
			}
			// encoding/json puts U+FFFD in the place of what is not UTF-8: good to
			// read, and no evidence. It writes bytes as base64.
			if text, ok := cell.(string); ok && !utf8.ValidString(text) {
				if err := member(&line, c.name+"_b64", []byte(text)); err != nil {
					return err
				}
			}
		}
		line.WriteString("}\n")
		if _, err := line.WriteTo(out); err != nil {
			return fmt.Errorf("jsonl: %w", err)
		}
	}
	return nil
}

// jsonValue makes null of a time that is not known.
func jsonValue(cell any) any {
	if t, ok := cell.(time.Time); ok && t.IsZero() {
		return nil
	}
	return cell
}

// member adds a field to an object that is not yet closed.
func member(line *bytes.Buffer, name string, value any) error {
	if line.Len() == 0 {
		line.WriteByte('{')
	} else {
		line.WriteByte(',')
	}
	for i, part := range []any{name, value} {
		text, err := json.Marshal(part)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if i > 0 {
			line.WriteByte(':')
		}
		line.Write(text)
	}
	return nil
}
