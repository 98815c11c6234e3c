package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// options are what the flags say.
type options struct {
	account, crm     string
	migrate, catchUp bool
}

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, step func(string)) int {
	var o options
	flags := flag.NewFlagSet("sync", flag.ContinueOnError)
	flags.SetOutput(stderr)
	db := flags.String("db", "", "the `database`: postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	flags.StringVar(&o.account, "account", "acme", "the `account` of the contacts")
	flags.StringVar(&o.crm, "crm", "", "the `URL` of the CRM")
	flags.BoolVar(&o.migrate, "migrate", false, "make the tables, and end")
	flags.BoolVar(&o.catchUp, "catch-up", false, "tell the CRM all that was recorded since the last time")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "sync: ", 0)
	source, err := database.Parse(*db)
	switch {
	case flags.NArg() > 0:
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	case err != nil:
		logger.Print(err)
		return 2
	case source.Dialect != sqlstore.PostgreSQL:
		logger.Print("-db: want postgres://, which River needs")
		return 2
	case o.crm == "" && !o.migrate:
		logger.Print("-crm: want a URL")
		return 2
	}
	if err := work(ctx, source, o, stdin, stdout, stderr, step); err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

func work(
	ctx context.Context, source database.Source, o options, stdin io.Reader, stdout, stderr io.Writer, step func(string),
) (err error) {
	db, err := source.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if o.migrate {
		return migrate(ctx, db)
	}
	a, err := newApp(ctx, db, o, slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), step)
	if err != nil {
		return err
	}
	if err := a.queue.Start(ctx); err != nil {
		return fmt.Errorf("start River: %w", err)
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		err = errors.Join(err, a.queue.Stop(ending))
	}()
	if o.catchUp {
		err = a.catchUp(ctx)
	} else {
		err = a.serve(ctx, stdin, stdout)
	}
	if err == nil {
		err = a.allTold(ctx)
	}
	return err
}

// serve receives messages, one a line, and answers each.
func (a *app) serve(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	lines := bufio.NewScanner(stdin)
	for lines.Scan() && ctx.Err() == nil {
		id, rest, _ := strings.Cut(lines.Text(), " ")
		from, text, _ := strings.Cut(rest, " ")
		reply, err := a.receive(ctx, optout.Message{ID: id, Account: a.account, From: from, Text: text})
		answer := "200 " + id + " " + reply
		if err != nil && !optout.Permanent(err) {
			answer = "500 " + id // and the provider delivers it again
		}
		if _, err := fmt.Fprintln(stdout, answer); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	return errors.Join(lines.Err(), ctx.Err())
}

// allTold waits until no job is left.
func (a *app) allTold(ctx context.Context) error {
	const pause = 20 * time.Millisecond
	for {
		left := 0
		err := a.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM river_job WHERE kind = $1 AND finalized_at IS NULL", tell{}.Kind()).Scan(&left)
		if err != nil {
			return fmt.Errorf("the jobs: %w", err)
		}
		if left == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
