package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// What -what and -format take with -db.
const (
	whatList     = "list"
	whatDossier  = "dossier"
	formatTwilio = "twilio"
	formatAWS    = "aws"
)

// exportDatabase writes what a database remembers.
func exportDatabase(ctx context.Context, o options, stdout, stderr io.Writer, logger *log.Logger) error {
	source, err := database.Parse(o.db)
	if err != nil {
		return useError{err}
	}
	from, err := o.begin()
	if err != nil {
		return err
	}
	return source.With(ctx, false, func(st *sqlstore.Store) error {
		guard, err := optout.New(st, &optout.Options{DefaultRegion: o.region})
		if err != nil {
			return useError{fmt.Errorf("-region: %w", err)}
		}
		switch o.what {
		case whatHistory:
			return export(ctx, guard, o.account, o, stdout)
		case whatDossier:
			return writeDossier(ctx, guard, o.account, o.number, o.out)
		}
		written, err := o.writeList(ctx, guard, from, stdout, stderr, logger)
		if err == nil && written == 0 {
			logger.Printf("account %q has nobody to write: is that its name?", o.account)
		}
		return err
	})
}

// begin is what -since says.
func (o options) begin() (time.Time, error) {
	if o.since == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, o.since); err == nil {
			return at, nil
		}
	}
	return time.Time{}, useError{errors.New("-since: want 2025-03-04 or 2025-03-04T15:04:05Z")}
}

// writeList writes a list, and returns the number of rows.
func (o options) writeList(
	ctx context.Context, guard *optout.Guard, from time.Time, stdout, stderr io.Writer, logger *log.Logger,
) (written int, err error) {
	all := list.OptOuts(ctx, guard, o.account)
	if o.what == whatList {
		all = list.All(ctx, guard, o.account)
	}
	counter := newCounter(stderr)
	rows := counter.rows(all, from)
	out := bufio.NewWriter(stdout)
	switch o.format {
	case formatTwilio:
		err = writeBodies(out, list.TwilioRequests(rows, o.sender), logger)
	case formatAWS:
		err = writeBodies(out, list.AWSRequests(rows, o.sender), logger)
	case formatJSONL:
		_, err = list.WriteJSONLines(out, rows)
	default:
		_, err = list.WriteCSV(out, rows, o.spreadsheet)
	}
	counter.clear()
	return counter.n, errors.Join(err, out.Flush())
}

// writeBodies writes the bodies of requests, one on a line. A row of which none can be made
// is named, and the others follow.
func writeBodies(out *bufio.Writer, bodies iter.Seq2[[]byte, error], logger *log.Logger) error {
	left := 0
	for body, err := range bodies {
		if _, ok := errors.AsType[*list.RowError](err); ok {
			left++
			continue
		}
		if err != nil {
			return err
		}
		if _, err := out.Write(append(body, '\n')); err != nil {
			return fmt.Errorf("output: %w", err)
		}
	}
	if left > 0 {
		logger.Printf("%d rows are left out: the provider takes E.164 alone, and AWS no consents", left)
	}
	return nil
}

// counter counts the rows, and shows the count on a terminal.
type counter struct {
	n      int
	screen io.Writer // nil: no terminal
}

func newCounter(stderr io.Writer) *counter {
	if file, ok := stderr.(*os.File); ok && isatty.IsTerminal(file.Fd()) && !isatty.IsTerminal(os.Stdout.Fd()) {
		return &counter{screen: stderr}
	}
	return new(counter)
}

func (c *counter) rows(all iter.Seq2[list.Row, error], from time.Time) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		for row, err := range all {
			if err == nil && row.RecordedAt.Before(from) {
				continue
			}
			if c.n++; c.n%10_000 == 0 && c.screen != nil {
				_, _ = fmt.Fprintf(c.screen, "\r%d rows", c.n)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (c *counter) clear() {
	if c.screen != nil {
		_, _ = fmt.Fprint(c.screen, "\r\x1b[K")
	}
}
