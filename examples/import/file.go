package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/list"
)

// opened is a list that can be read.
type opened struct {
	io.Closer

	rows iter.Seq2[list.Row, error]
	file *list.CSVFile // of a CSV file
	id   string
	asOf time.Time // zero: not known
}

// open opens the list, and finds its id and its time.
func (o options) open(stdin io.Reader) (l opened, err error) {
	asOf, err := o.made()
	if err != nil {
		return l, err
	}
	l = opened{Closer: io.NopCloser(nil), id: o.id, asOf: asOf, file: new(list.CSVFile)}
	in := stdin
	if o.in != "-" {
		file, err := os.Open(o.in)
		if err != nil {
			return l, wrongUse("-in: %w", err)
		}
		if err := l.know(file); err != nil {
			return l, errors.Join(err, file.Close())
		}
		in, l.Closer = file, file
	}
	if l.id == "" {
		return l, errors.Join(wrongUse("-id: the list has no name, and is no file that could give it one"), l.Close())
	}
	if l.rows, err = o.reader(in, l.file); err != nil {
		return l, errors.Join(err, l.Close())
	}
	return l, nil
}

// know takes the id and the time of a list from its file, if they are not given.
func (l *opened) know(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("-in: %w", err)
	}
	if info.IsDir() {
		return wrongUse("-in: %s is a folder", file.Name())
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	if l.asOf.IsZero() {
		l.asOf = info.ModTime()
	}
	if l.id != "" {
		return nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("-in: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("-in: %w", err)
	}
	const most = 60 // bytes of the name
	name := strings.ToValidUTF8(filepath.Base(file.Name()), "")
	l.id = strings.ToValidUTF8(name[:min(len(name), most)], "") + "@" + hex.EncodeToString(sum.Sum(nil))[:16]
	return nil
}

// made is what -as-of says.
func (o options) made() (time.Time, error) {
	if o.asOf == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		at, err := time.Parse(layout, o.asOf)
		if err != nil {
			continue
		}
		if layout == time.DateOnly {
			at = at.Add(36 * time.Hour) // the day ends at 24:00 at UTC-12
		}
		return at, nil
	}
	return time.Time{}, wrongUse("-as-of: want 2025-03-04 or 2025-03-04T15:04:05Z")
}

// reader reads the list in its format.
func (o options) reader(in io.Reader, file *list.CSVFile) (iter.Seq2[list.Row, error], error) {
	switch o.format {
	case "csv":
		return o.csv(in, file)
	case "jsonl":
		return list.ReadJSONLines(in), nil
	case "twilio":
		return list.ReadTwilio(in), nil
	}
	page, known := map[string]func(io.Reader) *list.Page{
		"aws": list.ReadAWS, "azure": list.ReadAzure, "sinch": list.ReadSinch, "telnyx": list.ReadTelnyx,
	}[o.format]
	if !known {
		return nil, wrongUse("-format is %.20q, want csv, jsonl, aws, azure, sinch, telnyx or twilio", o.format)
	}
	return page(in).Rows(), nil
}

func (o options) csv(in io.Reader, file *list.CSVFile) (iter.Seq2[list.Row, error], error) {
	opts := &list.CSVOptions{
		Column: o.column, DateColumn: o.dateColumn, StatusColumn: o.statusColumn, Consents: o.consents, Provider: o.provider,
		Found: file,
	}
	switch o.dateOrder {
	case "":
	case "dmy":
		opts.DateOrder = list.DayFirst
	case "mdy":
		opts.DateOrder = list.MonthFirst
	default:
		return nil, wrongUse("-date-order is %.20q, want dmy or mdy", o.dateOrder)
	}
	if o.zone != "" {
		zone, err := time.LoadLocation(o.zone)
		if err != nil {
			return nil, wrongUse("-zone: %w", err)
		}
		opts.Zone = zone
	}
	return list.ReadCSV(in, opts), nil
}
