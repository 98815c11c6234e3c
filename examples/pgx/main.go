// Pgx is an app on pgx alone: each STOP, the host's own row, which sqlc writes, and a job of
// River that tells the CRM are committed together. Copy receive.go and tell.go.
//
//	go -C examples run ./pgx -db postgres://app:secret@127.0.0.1:5432/app -migrate
//	echo 'SM1 +14155552671 STOP' | go -C examples run ./pgx -db postgres://…
//
// It reads messages, one a line: id, sender, text. It answers each on its standard output as a
// webhook would, with 200 or 500, and prints there what a CRM would be told. It ends when all is
// told. A password on the command line is seen by whoever lists the processes. Package inbox is
// what sqlc makes of schema.sql and queries.sql.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/pgxstore"
)

const timeout = 10 * time.Second // of a call: a database that hangs must not hang the app

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// app is the host: its pool, the Guard, and the queue, all on the same database.
type app struct {
	pool    *pgxpool.Pool
	store   *pgxstore.Store
	guard   *optout.Guard
	queue   *river.Client[pgx.Tx]
	account string

	step func(name string) error // lets a test fail after a step
}

func nothing(string) error { return nil }

// newApp is what an app does when it starts. It makes no tables.
func newApp(
	ctx context.Context, pool *pgxpool.Pool, account string, log *slog.Logger, tell func(context.Context, contact) error,
) (*app, error) {
	st, err := pgxstore.New(pool, nil)
	if err != nil {
		return nil, err
	}
	if err := st.Check(ctx); err != nil {
		return nil, err
	}
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &teller{guard: guard, tell: tell}); err != nil {
		return nil, fmt.Errorf("pgx: %w", err)
	}
	queue, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:     log,
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 10}},
		Workers:    workers,
		JobTimeout: 2 * timeout,
		// A job whose program was killed is run again after this time. River's default is an hour.
		RescueStuckJobsAfter: time.Minute,
	})
	if err != nil {
		return nil, fmt.Errorf("pgx: %w", err)
	}
	return &app{pool: pool, store: st, guard: guard, queue: queue, account: account, step: nothing}, nil
}

//go:embed schema.sql
var schema string

// migrate makes all tables: those of consent, those of River, and the host's own. Where you
// deploy, it is a step of its own.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	st, err := pgxstore.New(pool, nil)
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	if _, err := pool.Exec(ctx, schema); err != nil {
		return fmt.Errorf("the host's tables: %w", err)
	}
	return nil
}
