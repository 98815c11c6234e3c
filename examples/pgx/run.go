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
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f10031e4/consent/optout"
)

// run is the program without the process around it, so that tests can call it.
// It returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pgx", flag.ContinueOnError)
	flags.SetOutput(stderr)
	db := flags.String("db", "", "the `database`: postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	account := flags.String("account", "acme", "the `account` of the contacts")
	makeTables := flags.Bool("migrate", false, "make the tables, and end")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "pgx: ", 0)
	config, err := pgxpool.ParseConfig(*db)
	switch {
	case flags.NArg() > 0:
		logger.Print("want flags alone, as -help shows") // an argument may be a number, and is not shown
		return 2
	case err != nil || !strings.HasPrefix(*db, "postgres"):
		logger.Print("-db: want postgres://USER:PASSWORD@HOST:PORT/DATABASE")
		return 2
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		logger.Print(err)
		return 1
	}
	defer pool.Close()
	if *makeTables {
		err = migrate(ctx, pool)
	} else {
		err = work(ctx, pool, *account, stdin, stdout, stderr)
	}
	if err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

func work(ctx context.Context, pool *pgxpool.Pool, account string, stdin io.Reader, stdout, stderr io.Writer) (err error) {
	lines := &printer{to: stdout}
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := newApp(ctx, pool, account, logger, func(_ context.Context, c contact) error {
		return lines.print("told the CRM: " + c.number + " " + c.status)
	})
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
	if err := a.serve(ctx, stdin, lines); err != nil {
		return err
	}
	return a.allTold(ctx)
}

// printer prints whole lines, from several goroutines.
type printer struct {
	mu sync.Mutex
	to io.Writer
}

func (p *printer) print(line string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := fmt.Fprintln(p.to, line); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// serve receives messages, one a line, and answers each.
func (a *app) serve(ctx context.Context, stdin io.Reader, answers *printer) error {
	lines := bufio.NewScanner(stdin)
	for lines.Scan() && ctx.Err() == nil {
		id, rest, _ := strings.Cut(lines.Text(), " ")
		from, text, _ := strings.Cut(rest, " ")
		reply, err := a.receive(ctx, optout.Message{ID: id, Account: a.account, From: from, Text: text})
		answer := "200 " + id + " " + reply
		if err != nil && !optout.Permanent(err) {
			answer = "500 " + id // and the provider delivers it again
		}
		if err := answers.print(answer); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), ctx.Err())
}

// allTold waits until no job is left.
func (a *app) allTold(ctx context.Context) error {
	const pause = 20 * time.Millisecond
	for {
		left := 0
		err := a.pool.QueryRow(ctx, "SELECT COUNT(*) FROM river_job WHERE kind = $1 AND finalized_at IS NULL", tellCRM{}.Kind()).Scan(&left)
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
