// Sametx keeps an opt-out in the transaction that keeps the host's own row of the
// message: both are there, or neither. Copy receive.go.
//
//	go -C examples run ./sametx
//
// It shows a commit, a rollback that keeps nothing and answers nobody, and the
// redelivery that makes up for it, with what is in both tables after each.
//
// Without -db it keeps a file of SQLite, consent.db in the folder it runs in. With
// -db it takes a server:
//
//	-db postgres://app:secret@127.0.0.1:5432/app
//	-db mysql://app:secret@127.0.0.1:3306/app
//
// A password on the command line is seen by whoever lists the processes. The host's
// table is sametx_messages, and stays.
package main

import (
	"context"
	"database/sql"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const (
	ours    = "+14155550100"
	timeout = 10 * time.Second // of a call: a database that hangs must not hang the app
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// newApp is what an app does when it starts. Tables are made by Migrate and create;
// where you deploy, that is a step of its own.
func newApp(ctx context.Context, db *sql.DB, dialect sqlstore.Dialect) (*app, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	st, err := sqlstore.New(db, dialect, nil)
	if err != nil {
		return nil, err
	}
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := st.Check(ctx); err != nil {
		return nil, err
	}
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	if err != nil {
		return nil, err
	}
	a := &app{db: db, store: st, guard: guard, messages: newMessages(dialect)}
	return a, a.messages.create(ctx, db)
}
