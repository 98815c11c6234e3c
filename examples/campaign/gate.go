package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// campaign is one run over a list.
type campaign struct {
	options

	list    *list
	logger  *log.Logger
	started time.Time
}

// counts is what came of a list.
type counts struct {
	rows, sendable      int
	blocked, unreadable map[string]int // by reason
	bad                 int            // rows that are unreadable
	repeated            int            // rows whose number was there before
}

const (
	duplicate   = "duplicate"
	maxWarnings = 1_000 // of rows that are unreadable; all are in unreadable.csv
)

// gate decides about every row, and leaves the results when all went well.
func (c campaign) gate(ctx context.Context, guard *optout.Guard) (_ counts, err error) {
	out, err := c.create()
	if err != nil {
		return counts{}, err
	}
	defer func() { err = errors.Join(err, out.discard()) }()

	n := counts{blocked: map[string]int{}, unreadable: map[string]int{}}
	seen := map[uint64]struct{}{}
	number := func(r row) string {
		if r.bad != "" {
			return "" // which the gate refuses, and asks no store about
		}
		return r.cells[c.list.number]
	}
	for f, err := range optout.GateSeq(ctx, guard, c.account, c.list.rows(), number) {
		if err != nil {
			return n, fmt.Errorf("nothing may be sent: %w", err)
		}
		n.rows++
		r, key := f.Recipient, f.Decision.State.Key.Number
		unreadable, blocked := c.unreadable(guard, r, f.Decision), ""
		switch {
		case unreadable != "":
		case !f.Decision.Allowed:
			blocked = string(f.Decision.Reason)
		case known(seen, key):
			n.repeated++
			if c.dedupe {
				blocked = duplicate
			}
		}
		switch {
		case unreadable != "":
			n.bad++
			n.unreadable[unreadable]++
			c.warn(n.bad, r, unreadable)
			err = out.unreadable.write(r.cells, unreadable, strconv.Itoa(r.line))
		case blocked != "":
			n.blocked[blocked]++
			err = out.blocked.write(r.cells, blocked, strconv.Itoa(r.line))
		default:
			n.sendable++
			err = out.sendable.write(r.cells, key)
		}
		if err != nil {
			return n, err
		}
	}
	if err := errors.Join(c.list.err, ctx.Err()); err != nil {
		return n, fmt.Errorf("nothing may be sent: %w", err)
	}
	return n, out.place()
}

// unreadable is why nobody can tell who is meant by a row: what is wrong with the line, or
// with its number. It is "" for all other rows.
func (c campaign) unreadable(guard *optout.Guard, r row, d optout.Decision) string {
	switch {
	case r.bad != "":
		return r.bad
	case d.Reason != optout.ReasonInvalidNumber:
		return ""
	}
	_, err := guard.Number(r.cells[c.list.number])
	if refused, ok := errors.AsType[*optout.NumberError](err); ok {
		return refused.Fault.String()
	}
	return string(d.Reason)
}

func (c campaign) warn(n int, r row, reason string) {
	what := map[string]string{
		wrongFields: fmt.Sprintf("%d cells, want %d", r.found, len(c.list.header)),
		badQuotes:   `a quote that is not closed, or in a cell without quotes`,
		notUTF8:     "not UTF-8",
		tooLong:     "longer than 1 MiB",
	}[r.bad]
	if r.bad == "" {
		what = "no phone number: " + reason
	}
	if n <= maxWarnings {
		c.logger.Printf("line %d: %s", r.line, what)
	}
	if n == maxWarnings {
		c.logger.Print("and so on: " + unreadableName + " has them all")
	}
}

// known reports whether a number was there before, and remembers it.
func known(seen map[uint64]struct{}, e164 string) bool {
	number, err := strconv.ParseUint(strings.TrimPrefix(e164, "+"), 10, 64)
	if err != nil {
		return false // it has at most 15 digits
	}
	_, again := seen[number]
	seen[number] = struct{}{}
	return again
}
