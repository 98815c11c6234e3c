package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// options are what the flags say.
type options struct {
	in, column, delimiter string
	account, region, db   string
	out                   string
	raw, dedupe           bool
	requireOptOuts        bool
}

// useError is a wrong use of the program, which the list may be needed to see.
type useError struct{ error }

func (e useError) Unwrap() error { return e.error }

func wrongUse(format string, args ...any) error {
	return useError{fmt.Errorf(format, args...)}
}

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("campaign", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.in, "in", "", "the list, a CSV `file`; - is the standard input; without it a list that is made up")
	flags.StringVar(&o.column, "column", "", "the `name` of the column of phone numbers; without it the only one that is called so")
	flags.StringVar(&o.delimiter, "delimiter", "", "the `character` between cells, or tab; without it the one that the first line has")
	flags.StringVar(&o.account, "account", "demo", "the `account` that sends")
	flags.StringVar(&o.region, "region", "US", "the `region` in which numbers without a plus sign are dialled")
	flags.StringVar(&o.db, "db", "", "the `database` of opt-outs: "+database.Forms+"; without it, and without -in, opt-outs that are made up")
	flags.StringVar(&o.out, "out", "campaign-results", "the `folder` of sendable.csv, blocked.csv and unreadable.csv")
	flags.BoolVar(&o.raw, "raw", false, "leave cells as they are, also those that a spreadsheet would run")
	flags.BoolVar(&o.dedupe, "dedupe", false, "block all but the first of the rows that have one number")
	flags.BoolVar(&o.requireOptOuts, "require-optouts", false, "refuse an account of which nobody has opted out: its name may be wrong")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "campaign: ", 0)
	if flags.NArg() > 0 {
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	}
	err := start(ctx, o, stdin, stdout, stderr)
	if err == nil {
		return 0
	}
	logger.Print(err)
	if _, ok := errors.AsType[useError](err); ok {
		return 2
	}
	return 1
}

// start looks at the flags and the head of the list before a database is opened.
func start(ctx context.Context, o options, stdin io.Reader, stdout, stderr io.Writer) (err error) {
	comma, err := o.comma()
	if err != nil {
		return err
	}
	if o.in != "" && o.db == "" {
		return wrongUse("-in wants -db: without it nobody knows who opted out")
	}
	memory := memstore.New()
	guard, err := optout.New(memory, &optout.Options{DefaultRegion: o.region})
	if err != nil {
		return wrongUse("-region: %w", err)
	}
	var source database.Source
	if o.db != "" {
		if source, err = database.Parse(o.db); err != nil {
			return useError{err}
		}
	}

	in, size, err := o.input(stdin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the reading
	bar := newProgress(stderr, size)
	defer bar.finish()
	people, err := readHead(bar.reading(untilDone(ctx, in)), o.column, comma)
	if err != nil {
		return err
	}

	c := campaign{options: o, list: people, logger: log.New(bar, "campaign: ", 0), started: time.Now()}
	gate := func(guard *optout.Guard) (err error) {
		unlock, err := lock(o.out)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
		if o.requireOptOuts {
			if err := c.somebodyOptedOut(ctx, guard); err != nil {
				return err
			}
		}
		done, err := c.gate(ctx, guard)
		bar.finish()
		if err != nil {
			return err
		}
		return c.tell(ctx, guard, done, stdout)
	}
	if o.db != "" {
		return open(ctx, source, guard, gate)
	}
	if err := seed(ctx, guard, o.account); err != nil {
		return err
	}
	return gate(guard)
}

// comma is what -delimiter says, 0 where the list is to tell.
func (o options) comma() (rune, error) {
	if o.delimiter == "" {
		return 0, nil
	}
	if o.delimiter == "tab" || o.delimiter == `\t` {
		return '\t', nil
	}
	comma, size := utf8.DecodeRuneInString(o.delimiter)
	if size != len(o.delimiter) || comma == utf8.RuneError || strings.ContainsRune("\"\r\n", comma) {
		return 0, wrongUse("-delimiter is %q, want one character, or tab", o.delimiter)
	}
	return comma, nil
}

// input opens the list. Its size is -1 where that is not known.
func (o options) input(stdin io.Reader) (in io.ReadCloser, size int64, err error) {
	switch o.in {
	case "":
		return io.NopCloser(strings.NewReader(demoList)), int64(len(demoList)), nil
	case "-":
		return io.NopCloser(stdin), -1, nil
	}
	file, err := os.Open(o.in)
	if err != nil {
		return nil, 0, fmt.Errorf("-in: %w", err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder", o.in)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("-in: %w", err), file.Close())
	}
	if !info.Mode().IsRegular() {
		return file, -1, nil
	}
	return file, info.Size(), nil
}
