package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// The exit status.
const (
	ok = iota
	failed
	usedWrongly
	needsAPerson
)

// options are what the flags say.
type options struct {
	in, format, id, revert    string
	db, account, region       string
	column, dateColumn        string
	statusColumn, dateOrder   string
	zone, asOf, refused       string
	actor, note, provider     string
	consents, dryRun, migrate bool
}

// define makes the flags.
func define(flags *flag.FlagSet, o *options) {
	flags.StringVar(&o.in, "in", "", "the list, a `file`; - is the standard input")
	flags.StringVar(&o.format, "format", "csv", "csv, jsonl, an answer of aws, azure, sinch or telnyx, or requests to twilio")
	flags.StringVar(&o.id, "id", "", "the `name` of the list, another one for each list; without it that of the file and of what is in it")
	flags.StringVar(&o.revert, "revert", "", "take back the import of the list of this `name`, by -actor, with the reason in -note")
	flags.StringVar(&o.db, "db", "", "the `database`: "+database.Forms)
	flags.StringVar(&o.account, "account", "", "the `account` whose contacts they are")
	flags.StringVar(&o.region, "region", "US", "the `region` in which numbers without a plus sign are dialled")
	flags.StringVar(&o.column, "column", "", "CSV: the `name` of the column of phone numbers, or its number from 1")
	flags.StringVar(&o.dateColumn, "date-column", "", "CSV: the `name` of the column of dates, or its number from 1")
	flags.StringVar(&o.statusColumn, "status-column", "", "CSV: the `name` of the column that says who opted out, or its number from 1")
	flags.StringVar(&o.dateOrder, "date-order", "", "CSV: `dmy` or mdy, for dates such as 03/04/2025, which are not used otherwise")
	flags.StringVar(&o.zone, "zone", "", "CSV: the `zone` of times without one, such as Europe/Berlin")
	flags.BoolVar(&o.consents, "consents", false, "CSV: the rows are consents, if no column says what they are")
	flags.StringVar(&o.asOf, "as-of", "", "the `day` or the time at which the list was made: 2025-03-04")
	flags.StringVar(&o.refused, "refused", "", "the `file` for rows that need a person; it must not be there yet")
	flags.StringVar(&o.actor, "actor", "", "`who` imports, for the record")
	flags.StringVar(&o.note, "note", "", "a `text` for the record of each row")
	flags.StringVar(&o.provider, "provider", "", "CSV: `who` gave the list, for the record")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the report, and write nothing to the database")
	flags.BoolVar(&o.migrate, "migrate", false, "make the tables first")
}

// useError is a wrong use of the program.
type useError struct{ error }

func (e useError) Unwrap() error { return e.error }

func wrongUse(format string, args ...any) error { return useError{fmt.Errorf(format, args...)} }

// run is the program without the process around it, so that tests can call it. It returns
// the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	define(flags, &o)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return ok
	} else if err != nil {
		return usedWrongly
	}
	logger := log.New(stderr, "import: ", 0)
	if flags.NArg() > 0 {
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return usedWrongly
	}
	var report list.Report
	var err error
	if o.revert != "" {
		err = takeBack(ctx, o, stdout)
	} else if report, err = start(ctx, o, stdin, stderr); report.ID != "" {
		tell(stdout, report)
	}
	if err != nil {
		logger.Print(err)
		if _, wrong := errors.AsType[useError](err); wrong {
			return usedWrongly
		}
		return failed
	}
	if report.Refused+report.NoNumber+report.Undated > 0 {
		return needsAPerson
	}
	return ok
}

// start looks at the flags before a database is opened.
func start(ctx context.Context, o options, stdin io.Reader, stderr io.Writer) (report list.Report, err error) {
	switch {
	case o.in == "":
		return report, wrongUse("-in: no file is named; - is the standard input")
	case o.db == "":
		return report, wrongUse("-db: no database is named, want %s", database.Forms)
	case o.account == "":
		return report, wrongUse("-account: no account is named")
	case o.dryRun && o.migrate:
		return report, wrongUse("-migrate: a dry run makes no tables")
	}
	source, err := database.Parse(o.db)
	if err != nil {
		return report, useError{err}
	}
	l, err := o.open(stdin)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	opts := &list.Options{ID: l.id, AsOf: l.asOf, Actor: o.actor, Note: o.note, DryRun: o.dryRun, File: l.file}
	if o.refused != "" {
		file, err := os.OpenFile(o.refused, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return report, wrongUse("-refused: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		opts.Refused = file
	}
	screen := newScreen(stderr)
	opts.Each, opts.Progress = screen.row, screen.progress
	err = o.with(ctx, source, func(guard *optout.Guard) (err error) {
		report, err = list.Import(ctx, guard, o.account, l.rows, opts)
		return err
	})
	screen.finish(o.refused)
	return report, err
}

// takeBack takes back an import.
func takeBack(ctx context.Context, o options, stdout io.Writer) error {
	switch {
	case o.in != "" || o.dryRun || o.migrate:
		return wrongUse("-revert: goes without -in, -dry-run and -migrate")
	case o.db == "" || o.account == "" || o.actor == "" || o.note == "":
		return wrongUse("-revert: wants -db, -account, -actor and -note")
	}
	source, err := database.Parse(o.db)
	if err != nil {
		return useError{err}
	}
	return o.with(ctx, source, func(guard *optout.Guard) error {
		done, err := list.Revert(ctx, guard, o.account, list.Reversal{ID: o.revert, Actor: o.actor, Note: o.note})
		if errors.Is(err, list.ErrNoImport) {
			return wrongUse("-revert: account %q has no record of a list with this name", o.account)
		}
		_, _ = fmt.Fprintf(stdout, "list %s: %d rows taken back, %d before, %d cannot be; %d of these contacts opted out all the same\n",
			done.ID, done.Voided, done.Known, done.Refused, done.Closed)
		return err
	})
}

// with calls do with a Guard over the database.
func (o options) with(ctx context.Context, source database.Source, do func(*optout.Guard) error) error {
	return source.With(ctx, o.migrate, func(st *sqlstore.Store) error {
		guard, err := optout.New(st, &optout.Options{DefaultRegion: o.region})
		if err != nil {
			return wrongUse("-region: %w", err)
		}
		return do(guard)
	})
}
