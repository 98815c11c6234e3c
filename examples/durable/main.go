// Durable is quickstart on a database: run it twice, and the second run still knows
// who opted out.
//
//	go -C examples run ./durable                # the contact texts STOP
//	go -C examples run ./durable                # still opted out, nothing is sent
//	go -C examples run ./durable -text START    # the contact takes it back
//	go -C examples run ./durable -history       # STOP again, and all that was recorded
//
// Without -db it keeps a file of SQLite, consent.db in the folder it runs in. With
// -db it takes a server:
//
//	-db postgres://app:secret@127.0.0.1:5432/app
//	-db mysql://app:secret@127.0.0.1:3306/app
//
// A password on the command line is seen by whoever lists the processes.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const (
	account = "demo" // whose contact it is: your customer, your brand
	ours    = "+1 415 555 0100"
	timeout = 10 * time.Second // of a call: a database that hangs must not hang the app
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// newGuard is what an app does when it starts.
func newGuard(ctx context.Context, db *sql.DB, dialect sqlstore.Dialect) (*optout.Guard, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	st, err := sqlstore.New(db, dialect, nil)
	if err != nil {
		return nil, err
	}
	// Migrate makes the tables. Where you deploy, it is a step of its own, by a user
	// of the database who may do that; the app only asks Check.
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := st.Check(ctx); err != nil {
		return nil, err
	}
	return optout.New(st, &optout.Options{DefaultRegion: "US"})
}

// story is one step of it: the contact texts, and the app wants to send something.
func (a app) story(ctx context.Context, text string) error {
	if err := a.list(ctx); err != nil {
		return err
	}
	decision, err := a.gate(ctx)
	if err != nil {
		return err
	}
	optedOut := decision.Reason == optout.ReasonOptedOut
	if optedOut {
		fmt.Fprintf(a.screen, "still opted out since %s\n\n", stamp(decision.State.At))
	}
	if text == "" && !optedOut {
		text = "STOP"
	}
	if text != "" {
		if err := a.receive(ctx, text); err != nil {
			return err
		}
	}
	return a.send(ctx, "Our spring sale starts today!")
}
