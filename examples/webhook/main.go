// Webhook is an HTTP server that keeps opt-outs: an SMS provider posts to /sms what contacts
// text, and the app sends through /send. README.md tries it, without a provider.
//
//	go -C examples run ./webhook -provider twilio -secret-file FILE -public-url https://example.com \
//		-account +14155550100=acme -account +14155550101=globex
//
// It keeps consent.db, a file of SQLite, in the folder it runs in. With -db it takes a server:
//
//	-db postgres://app@127.0.0.1:5432/app
//	-db mysql://app@127.0.0.1:3306/app
//
// No secret is on the command line, which whoever lists the processes sees. The secret of the
// provider is in a file, or in WEBHOOK_SECRET: one a line, the second and later ones while it
// is changed. A -db with a password is in WEBHOOK_DB.
//
// What a server for real contacts needs besides, and this one leaves out:
//
//   - a client of the provider in the place of pretend, which sends nothing;
//   - authentication on /send. Until then /send is on an address of its own, which only
//     this computer reaches;
//   - the app, which gets the texts that are no keywords: see app.next.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for anybody
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errUsage is a wrong use of the command line, which is told already.
var errUsage = errors.New("usage")

// run is the program without the process around it. It returns the exit status: 0, 1 for
// what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	logger := slog.New(slog.NewJSONHandler(stderr, nil))
	command := start
	if len(args) > 0 {
		switch args[0] {
		case "sign":
			command, args = sign, args[1:]
		case "secret":
			command, args = makeSecret, args[1:]
		}
	}
	switch err := command(ctx, args, stdout, stderr, logger); {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		return 2
	default:
		logger.ErrorContext(ctx, "stopped", "error", err)
		return 1
	}
}

// start serves until ctx ends.
func start(ctx context.Context, args []string, _, stderr io.Writer, logger *slog.Logger) (err error) {
	c, err := parse(args, stderr)
	if err != nil || c == nil {
		return err
	}
	p, err := c.open()
	if err != nil {
		return err
	}
	db, guard, err := newGuard(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }() // after the last request

	a := &app{guard: guard, provider: p, sender: pretend{logger}, logger: logger}
	if a.accounts, err = c.accounts.read(guard); err != nil {
		return err
	}
	options := a.options(c.publicURL, c.replies)
	if err := options.Validate(); err != nil {
		return err
	}
	sms, err := listen(ctx, c.addr, a.webhook(options))
	if err != nil {
		return err
	}
	send, err := listen(ctx, c.sendAddr, a.send())
	if err != nil {
		return errors.Join(err, sms.listener.Close())
	}
	logger.InfoContext(ctx, "listening", "sms", sms.listener.Addr().String(), "send", send.listener.Addr().String(),
		"provider", p.Name(), "numbers", len(a.accounts))
	if err := serve(ctx, logger, sms, send); err != nil {
		return err
	}
	logger.InfoContext(ctx, "stopped")
	return nil
}

// newGuard opens the database. Migrate makes the tables; where you deploy, that is a step of
// its own, by a user of the database who may do it.
func newGuard(ctx context.Context, c *config) (*sql.DB, *optout.Guard, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	db, err := c.db.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	guard, err := guardOn(ctx, db, c)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, guard, nil
}

func guardOn(ctx context.Context, db *sql.DB, c *config) (*optout.Guard, error) {
	st, err := sqlstore.New(db, c.db.Dialect, nil)
	if err != nil {
		return nil, err
	}
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := st.Check(ctx); err != nil {
		return nil, err
	}
	guard, err := optout.New(st, &optout.Options{DefaultRegion: c.region, Keywords: keywords.UnitedStates()})
	if err != nil {
		return nil, fmt.Errorf("cannot start: %w", err)
	}
	return guard, nil
}
