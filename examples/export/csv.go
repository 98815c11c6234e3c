package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/seed-f10031e4/consent/optout/list"
)

// writeCSV writes a table with the names of its columns on top. Rows that came
// before an error are written.
func writeCSV[T any](out io.Writer, columns []column[T], rows iter.Seq2[T, error], raw bool) error {
	w := csv.NewWriter(out)
	err := writeRecords(w, columns, rows, raw)
	w.Flush()
	return errors.Join(err, w.Error())
}

func writeRecords[T any](w *csv.Writer, columns []column[T], rows iter.Seq2[T, error], raw bool) error {
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := w.Write(record); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, c := range columns {
			record[i] = cellText(c.cell(row))
			if !raw {
				record[i] = list.InertCell(record[i])
			}
		}
		if err := w.Write(record); err != nil {
			return fmt.Errorf("csv: %w", err)
		}
	}
	return nil
}

// cellText leaves a time that is not known empty.
func cellText(cell any) string {
	if t, ok := cell.(time.Time); ok {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(cell)
}
