package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/seed-f10031e4/consent/examples/durable/database"
)

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sametx", flag.ContinueOnError)
	flags.SetOutput(stderr)
	db := flags.String("db", "sqlite:consent.db", "the `database`: "+database.Forms)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "sametx: ", 0)
	if flags.NArg() > 0 {
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	}
	source, err := database.Parse(*db)
	if err != nil {
		logger.Print(err)
		return 2
	}

	if err := play(ctx, source, stdout); err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

// play opens the database and tells the story. How far it got is shown also when it
// failed.
func play(ctx context.Context, source database.Source, stdout io.Writer) (err error) {
	opening, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	db, err := source.Open(opening)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	a, err := newApp(ctx, db, source.Dialect)
	if err != nil {
		return err
	}
	account := "demo-" + rand.Text()[:8] // another one in each run, so that the story starts with nothing
	var screen strings.Builder
	fmt.Fprintf(&screen, "account %s\n\n", account)
	err = a.story(ctx, account, &screen)
	_, writeErr := io.WriteString(stdout, screen.String())
	return errors.Join(err, writeErr)
}
