// Campaign splits a list of recipients into those who may be sent to, those who may
// not, and rows of which nobody can tell who is meant, before a campaign is sent.
//
//	go -C examples run ./campaign      # a list and opt-outs that are made up
//	go -C examples run ./campaign -in /home/ada/list.csv -db sqlite:consent.db -account acme
//	go -C examples run ./campaign -in - -column mobile -region GB -db postgres://… < list.csv
//
// The list is CSV in UTF-8 with the names of its columns on top, separated by commas,
// semicolons, tabs or bars. Into the folder -out go
//
//   - sendable.csv: the rows that may be sent to as they came, and in one more
//     column, e164, the number as the gate reads it: send to that one;
//   - blocked.csv: the contacts that may not be sent to, with the reason and the line of
//     the list;
//   - unreadable.csv: the rows that are not as they should be, or whose number is not sure
//     to be one, with the reason and the line of the list. Mend them and run them again.
//
// All are there only when all of the list was decided, and readable by their owner
// alone. A run that fails, is interrupted or killed leaves the results of the run
// before as they are; only one that is killed while it replaces them leaves no
// sendable.csv. A sendable.csv and the other files are always of one run: a run refuses
// a folder that another run writes to. The program exits with 0, with 1 when something
// went wrong, and with 2 when it was used wrongly.
//
// With -require-optouts an account of which nobody has opted out is refused: an account whose
// name is typed wrongly would let everybody through.
//
// An opt-out may come any time: sendable.csv is as old as it is. Send through
// optout.Guard.Send, which asks at the last moment.
//
// # The column of numbers
//
// Without -column the column is the only one that is called phone, mobile, tel or the
// like, also with a word before it (work_phone), or else the only one that is called to,
// recipient or number. If more than one may be meant, as in a log of messages with From
// and To, the program writes nothing and asks for -column.
//
// # What is blocked, and what is unreadable
//
// Blocked is what the gate blocks: opted_out, held. A number that is in the list twice is
// counted, and with -dedupe all but the first are blocked as duplicate.
//
// A row that is unreadable is named on the standard error too, and the rest goes on:
// wrong_fields (more or fewer cells than columns), bad_quotes, not_utf8, line_too_long
// (over 1 MiB), or the word of the optout.NumberFault: empty, letters, "too long" and so
// on. The fault spreadsheet is a number that a spreadsheet took for a decimal one, such
// as 4155550101.0 or 4.15555E+09: format the column as text, and save the list again.
//
// # Spreadsheets, and programs
//
// A spreadsheet runs a cell that starts with = + - @ as a formula. As in
// examples/export, such a cell gets an apostrophe in front, and so do phone numbers,
// for their plus sign, and what a spreadsheet that is set to another separator would
// take for a cell: "x;=1+1" becomes "x;'=1+1". A mail merge or another program takes the apostrophe for a
// part of the cell: give it what -raw writes, which is all cells as they were.
//
// # Memory
//
// The list is read and decided a thousand rows at a time. What grows is the set of
// different numbers that may be sent to, some 20 bytes for each.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// open puts the rules of guard on a database that is there, and calls f.
func open(ctx context.Context, source database.Source, guard *optout.Guard, f func(*optout.Guard) error) error {
	return source.With(ctx, false, func(st *sqlstore.Store) error { return f(guard.With(st)) })
}
