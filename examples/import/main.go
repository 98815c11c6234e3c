// Import records a list of opt-outs, or of consents, in a database: a CSV file of a
// spreadsheet or of another system, JSON lines of examples/export, or the answers of a
// provider's API.
//
//	go -C examples run ./import -in /home/ada/optouts.csv -db sqlite:consent.db -account acme -dry-run
//	go -C examples run ./import -in /home/ada/optouts.csv -db sqlite:consent.db -account acme -refused refused.csv
//	go -C examples run ./import -in - -id twilio-2025-03 -format jsonl -db postgres://… -account acme < list.jsonl
//
// Look at a dry run first: it reads the database, writes nothing, and prints the same
// report. An import never lifts an opt-out. Run it again after an error, or whenever you
// like: rows that are recorded are known then. Package optout/list says what a file may look
// like.
//
// -revert takes back all that an import recorded, by the id that it printed:
//
//	go -C examples run ./import -revert march.csv@8c5e… -db … -account acme -actor ben -note "the list of another brand"
//
// # The id and the date of a list
//
// The rows of a list are recorded under its id. Without -id it is the name of the file and
// the beginning of the SHA-256 of what is in it, so that the same file is the same list, and
// a file of the same name next month is another one.
//
// A row without a date counts from -as-of, when the list was made. Without -as-of that is the
// time at which the file was last changed.
//
// # Rows that need a person
//
// The first rows that are refused are named on the standard error by their lines, and all go
// to the file -refused, with the reasons. Correct that file, and import it. The standard
// error has no numbers; the file has.
//
// The program exits with 0, with 1 when something went wrong, with 2 when it was used
// wrongly, and with 3 when all rows were read and some of them need a person.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
