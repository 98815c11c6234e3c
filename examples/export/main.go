// Export writes what is remembered, for an auditor, a spreadsheet or another
// system: the opt-out list, and the history of one number.
//
//	go -C examples run ./export
//	go -C examples run ./export -what optouts -format csv
//	go -C examples run ./export -what history -format jsonl -number '(415) 555-0123'
//	go -C examples run ./export -db sqlite:consent.db -account acme > optouts.csv
//	go -C examples run ./export -db postgres://… -account acme -what list -format jsonl > all.jsonl
//
// Without -db the data is made up (demo.go), and each table is written in each format:
// choose one -what and one -format for a file that a program reads.
//
// # With a database
//
// With -db, -what is optouts (who opted out; the default), list (also who agreed to get
// messages) or history (of one -number). The format is csv, the default, or jsonl:
// examples/import reads both. For a spreadsheet add -spreadsheet. -format twilio and
// -format aws write the bodies of requests that put the list into the provider's, one on a
// line; -sender is the Messaging Service of Twilio, or the name of the list of AWS. -since
// leaves out what was recorded before a day.
//
// -what dossier writes all that is recorded of one -number into two new files: -out with
// .json, and with .html a page that shows the same, loads nothing, and has the SHA-256 of the
// JSON file.
//
// The program exits with 0, with 1 when something went wrong, and with 2 when it was used
// wrongly.
//
// # CSV
//
// In a history and in the tables that are made up, a spreadsheet runs a cell that starts with = + - @ as a formula, and contacts
// choose what they text. Such a cell gets an apostrophe in front, which makes it
// text. So do phone numbers, for their plus sign. A spreadsheet that is set to another
// separator finds more cells: "x;=1+1" becomes "x;'=1+1". Package spreadsheet says how
// to take the apostrophes off again. For a reader that is no spreadsheet, -raw leaves
// all cells as they are.
//
// # JSON lines
//
// JSON is UTF-8, evidence is any bytes. Where a text is not UTF-8, a second field
// has its bytes in base64: "text_b64" for "text".
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// What -format and -what take.
const (
	both        = "both"
	formatCSV   = "csv"
	formatJSONL = "jsonl"
	whatOptOuts = "optouts"
	whatHistory = "history"
)

// options are what the flags say.
type options struct {
	format, what string
	number       string // whose history
	raw          bool

	db, account, region, since, sender, out string
	spreadsheet                             bool
}

// useError is a wrong use of the program.
type useError struct{ error }

func (e useError) Unwrap() error { return e.error }

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.format, "format", both, "csv, jsonl or both; with -db csv, jsonl, twilio or aws")
	flags.StringVar(&o.what, "what", both, "optouts, history or both; with -db optouts, list, history or dossier")
	flags.StringVar(&o.number, "number", demoContact, "the `number` whose history is written")
	flags.StringVar(&o.db, "db", "", "the `database`: "+database.Forms+"; without it data that is made up")
	flags.StringVar(&o.account, "account", "", "with -db: the `account` whose contacts they are")
	flags.StringVar(&o.region, "region", "US", "with -db: the `region` in which numbers without a plus sign are dialled")
	flags.StringVar(&o.since, "since", "", "with -db: leave out what was recorded before a `day`, 2025-03-04, or a time")
	flags.StringVar(&o.sender, "sender", "", "with -format twilio the `Messaging Service`, with aws the name of the list")
	flags.StringVar(&o.out, "out", "dossier", "with -what dossier: the `name` of the files, without .json and .html")
	flags.BoolVar(&o.spreadsheet, "spreadsheet", false, "with -db: put an apostrophe before what a spreadsheet would change or run")
	flags.BoolVar(&o.raw, "raw", false, "leave CSV cells as they are, also those that a spreadsheet would run")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "export: ", 0)
	if err := o.validate(flags.Args()); err != nil {
		logger.Print(err)
		return 2
	}
	var err error
	if o.db == "" {
		err = exportDemo(ctx, o, stdout, logger)
	} else {
		err = exportDatabase(ctx, o.withDatabase(), stdout, stderr, logger)
	}
	if err != nil {
		logger.Print(err)
		if _, wrong := errors.AsType[useError](err); wrong {
			return 2
		}
		return 1
	}
	return 0
}

func exportDemo(ctx context.Context, o options, stdout io.Writer, logger *log.Logger) error {
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		return err
	}
	if err := seed(ctx, guard); err != nil {
		return err
	}
	if _, err := guard.Number(o.number); err != nil {
		// A short code may have opted out as well. A slip of the pen finds nothing.
		logger.Printf("-number: %v; what is kept of that very text is written", err)
	}
	return export(ctx, guard, demoAccount, o, stdout)
}

func (o options) validate(args []string) error {
	switch {
	case len(args) > 0:
		return errors.New("want flags alone, as -help shows") // an argument may be a number, and is not shown
	case o.db != "":
		return o.withDatabase().validateDatabase()
	case !slices.Contains([]string{both, formatCSV, formatJSONL}, o.format):
		return fmt.Errorf("-format is %q, want csv, jsonl or both", o.format)
	case !slices.Contains([]string{both, whatOptOuts, whatHistory}, o.what):
		return fmt.Errorf("-what is %q, want optouts, history or both", o.what)
	}
	return nil
}

// withDatabase has the defaults of -what and -format for a database: one table.
func (o options) withDatabase() options {
	if o.what == both {
		o.what = whatOptOuts
	}
	if o.format == both {
		o.format = formatCSV
	}
	return o
}

func (o options) validateDatabase() error {
	formats := []string{formatCSV, formatJSONL, formatTwilio, formatAWS}
	if o.what == whatHistory {
		formats = formats[:2]
	}
	switch {
	case o.account == "":
		return errors.New("-account: no account is named")
	case !slices.Contains([]string{whatOptOuts, whatList, whatHistory, whatDossier}, o.what):
		return fmt.Errorf("-what is %q, want optouts, list, history or dossier", o.what)
	case !slices.Contains(formats, o.format):
		return fmt.Errorf("-format is %q, want %s", o.format, strings.Join(formats, ", "))
	case (o.format == formatTwilio || o.format == formatAWS) && o.sender == "":
		return errors.New("-sender: want the Messaging Service of Twilio, or the name of the list of AWS")
	case (o.what == whatHistory || o.what == whatDossier) && o.number == demoContact:
		return errors.New("-number: no number is named")
	}
	return nil
}

// export writes the tables that are asked for. On an error, what came before it is
// written.
func export(ctx context.Context, guard *optout.Guard, account string, o options, stdout io.Writer) error {
	out := bufio.NewWriter(stdout)
	err := writeTables(ctx, guard, account, o, out)
	return errors.Join(err, out.Flush())
}

func writeTables(ctx context.Context, guard *optout.Guard, account string, o options, out *bufio.Writer) error {
	var tables []func() error
	for _, format := range []string{formatCSV, formatJSONL} {
		if o.format != both && o.format != format {
			continue
		}
		if o.what != whatHistory {
			tables = append(tables, func() error {
				return write(out, format, optOutColumns(), guard.OptedOut(ctx, account), o.raw)
			})
		}
		if o.what != whatOptOuts {
			tables = append(tables, func() error {
				return write(out, format, historyColumns(), guard.History(ctx, account, o.number), o.raw)
			})
		}
	}
	for i, table := range tables {
		if i > 0 {
			if err := out.WriteByte('\n'); err != nil {
				return fmt.Errorf("output: %w", err)
			}
		}
		if err := table(); err != nil {
			return err
		}
	}
	return nil
}

func write[T any](out io.Writer, format string, columns []column[T], rows iter.Seq2[T, error], raw bool) error {
	if format == formatJSONL {
		return writeJSONL(out, columns, rows)
	}
	return writeCSV(out, columns, rows, raw)
}
