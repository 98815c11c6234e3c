package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/seed-f10031e4/consent/examples/durable/database"
)

// options are what the flags say.
type options struct {
	from, text string
	history    bool
}

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("durable", flag.ContinueOnError)
	flags.SetOutput(stderr)
	db := flags.String("db", "sqlite:consent.db", "the `database`: "+database.Forms)
	flags.StringVar(&o.from, "from", "+1 415 555 0123", "the `number` of the contact; this one belongs to nobody")
	flags.StringVar(&o.text, "text", "", "the `text` that the contact sends; without it STOP, and nothing once opted out")
	flags.BoolVar(&o.history, "history", false, "show also what is recorded of the contact")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "durable: ", 0)
	if flags.NArg() > 0 {
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	}
	source, err := database.Parse(*db)
	if err != nil {
		logger.Print(err)
		return 2
	}

	if err := play(ctx, source, o, stdout); err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

// play opens the database and plays one step of the story. How far it got is shown
// also when it failed.
func play(ctx context.Context, source database.Source, o options, stdout io.Writer) (err error) {
	opening, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	db, err := source.Open(opening)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	guard, err := newGuard(ctx, db, source.Dialect)
	if err != nil {
		return err
	}
	if _, err := guard.Number(o.from); err != nil {
		return fmt.Errorf("-from: %w", err)
	}
	a := app{guard: guard, contact: o.from, screen: new(strings.Builder)}
	err = a.story(ctx, o.text)
	if err == nil && o.history {
		err = a.history(ctx)
	}
	_, writeErr := io.WriteString(stdout, a.screen.String())
	return errors.Join(err, writeErr)
}
