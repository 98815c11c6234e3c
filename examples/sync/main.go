// Sync tells a CRM who opted out: each STOP, the host's own row and a job of River that tells
// the CRM are committed together. Copy receive.go, tell.go and catchup.go.
//
//	go -C examples run ./sync -db postgres://app:secret@127.0.0.1:5432/app -migrate
//	echo 'SM1 +14155552671 STOP' |
//		go -C examples run ./sync -db postgres://… -crm http://127.0.0.1:8081/contacts
//	go -C examples run ./sync -db postgres://… -crm http://… -catch-up    # each night
//
// It reads messages, one a line: id, sender, text. It answers each on its standard output as a
// webhook would, with 200 or 500. It ends when the CRM knows all. A password on the command
// line is seen by whoever lists the processes.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const timeout = 10 * time.Second // of a call: a database or a CRM that hangs must not hang the app

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, nothing)
	stop()
	os.Exit(status)
}

// app is the host: its database, the Guard, and the queue, all on the same database.
type app struct {
	db      *sql.DB
	store   *sqlstore.Store
	guard   *optout.Guard
	queue   *river.Client[*sql.Tx]
	account string

	step func(name string) // tells a test how far it came
}

func nothing(string) {}

// newApp is what an app does when it starts. It makes no tables.
func newApp(ctx context.Context, db *sql.DB, o options, log *slog.Logger, step func(string)) (*app, error) {
	st, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
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
	if err := river.AddWorkerSafely(workers, &teller{guard: guard, crm: o.crm, step: step}); err != nil {
		return nil, fmt.Errorf("sync: %w", err)
	}
	// region client
	queue, err := river.NewClient(riverdatabasesql.New(db), &river.Config{
		Logger:            log,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 10}},
		Workers:           workers,
		FetchPollInterval: 200 * time.Millisecond, // through database/sql, River polls
		FetchCooldown:     20 * time.Millisecond,
		JobTimeout:        2 * timeout,
		// A job whose program was killed is run again after this time. River's default is an hour.
		RescueStuckJobsAfter: time.Minute,
	})
	// endregion client
	if err != nil {
		return nil, fmt.Errorf("sync: %w", err)
	}
	return &app{db: db, store: st, guard: guard, queue: queue, account: o.account, step: step}, nil
}

// migrate makes all tables: those of consent, those of River, and the host's own. Where you
// deploy, it is a step of its own.
func migrate(ctx context.Context, db *sql.DB) error {
	// region migrate
	st, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverdatabasesql.New(db), nil)
	if err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	// endregion migrate
	for _, table := range []string{
		`CREATE TABLE IF NOT EXISTS sync_messages (
			account TEXT NOT NULL, id TEXT NOT NULL, sender TEXT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (account, id))`,
		`CREATE TABLE IF NOT EXISTS sync_cursors (account TEXT NOT NULL PRIMARY KEY, cursor TEXT NOT NULL)`,
	} {
		if _, err := db.ExecContext(ctx, table); err != nil {
			return fmt.Errorf("the host's tables: %w", err)
		}
	}
	return nil
}
