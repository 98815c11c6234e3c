// Withservers runs a command beside a PostgreSQL and a MariaDB of its own, which the
// command finds in CONSENT_TEST_POSTGRES_DSN and CONSENT_TEST_MYSQL_DSN, and stops
// them when it ends. Its exit status is that of the command.
//
//	go -C internal/sqltest run ./withservers go -C ../../examples test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withservers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command []string) (err error) {
	if len(command) == 0 {
		return errors.New("which command?")
	}
	postgres, err := server.Postgres(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	maria, err := server.MariaDB(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, maria.Stop()) }()

	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // it is what the caller wants
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), server.PostgresEnv+"="+postgres.DSN("postgres"), server.MySQLEnv+"="+maria.DSN(""))
	return cmd.Run() //nolint:wrapcheck // its exit status is asked for
}
