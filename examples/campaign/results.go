package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	lists "github.com/seed-f10031e4/consent/optout/list"
)

const (
	sendableName   = "sendable.csv"
	blockedName    = "blocked.csv"
	unreadableName = "unreadable.csv"
)

// results are the three files, which have no place until all of the list is decided.
type results struct {
	folder                        string
	sendable, blocked, unreadable *table
}

// table is a CSV file that is being written.
type table struct {
	file *pending
	csv  *csv.Writer
	raw  bool
	row  []string
}

// create begins the files with the names of their columns: those of the list and
// their own.
func (c campaign) create() (_ *results, err error) {
	r := &results{folder: c.out}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.discard())
		}
	}()
	header := c.list.header
	why := []string{unused(header, "reason"), unused(header, "line")}
	if r.sendable, err = c.table(sendableName, unused(header, "e164")); err != nil {
		return nil, err
	}
	if r.blocked, err = c.table(blockedName, why...); err != nil {
		return nil, err
	}
	if r.unreadable, err = c.table(unreadableName, why...); err != nil {
		return nil, err
	}
	return r, nil
}

func (c campaign) table(name string, own ...string) (*table, error) {
	file, err := newPending(filepath.Join(c.out, name))
	if err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	t := &table{file: file, csv: csv.NewWriter(file), raw: c.raw}
	t.csv.Comma, t.csv.UseCRLF = c.list.comma, c.list.crlf
	if c.list.bom {
		_, err = file.WriteString(bom)
	}
	if err == nil {
		err = t.write(c.list.header, own...)
	}
	if err != nil {
		return nil, errors.Join(err, file.discard())
	}
	return t, nil
}

func (t *table) write(cells []string, own ...string) error {
	t.row = append(append(t.row[:0], cells...), own...)
	if !t.raw {
		for i, cell := range t.row {
			t.row[i] = lists.InertCell(cell)
		}
	}
	if err := t.csv.Write(t.row); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(t.file.path), err)
	}
	return nil
}

// place puts the files in their places, when all are on the disk. The old sendable.csv
// goes first: a crash leaves no sendable.csv, and never one beside the other files of
// another run.
func (r *results) place() error {
	for _, t := range []*table{r.sendable, r.blocked, r.unreadable} {
		t.csv.Flush()
		if err := errors.Join(t.csv.Error(), t.file.Sync()); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(t.file.path), err)
		}
	}
	if err := os.Remove(r.sendable.file.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err //nolint:wrapcheck // it names the file
	}
	if err := syncFolder(r.folder); err != nil {
		return err
	}
	for _, t := range []*table{r.unreadable, r.blocked, r.sendable} {
		if err := t.file.place(); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(t.file.path), err)
		}
	}
	return syncFolder(r.folder)
}

// discard gives up what has no place yet.
func (r *results) discard() error {
	var errs []error
	for _, t := range []*table{r.sendable, r.blocked, r.unreadable} {
		if t != nil {
			errs = append(errs, t.file.discard())
		}
	}
	return errors.Join(errs...)
}
