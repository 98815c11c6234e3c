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
	rows, sendable, bad int
	blocked             map[string]int // by reason
	repeated            int            // rows whose number was there before
}

const (
	duplicate   = "duplicate"
	maxWarnings = 1_000 // of bad lines; all are in blocked.csv
)

// gate decides about every row, and leaves the results when all went well.
func (c campaign) gate(ctx context.Context, guard *optout.Guard) (_ counts, err error) {
	out, err := c.create()
	if err != nil {
		return counts{}, err
	}
	defer func() { err = errors.Join(err, out.discard()) }()

	n := counts{blocked: map[string]int{}}
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
		reason := c.reason(r, f.Decision)
		if c.isBad(r) {
			n.bad++
			c.warn(n.bad, r)
		}
		if reason == "" && known(seen, key) {
			n.repeated++
			if c.dedupe {
				reason = duplicate
			}
		}
		if reason == "" {
			n.sendable++
			err = out.sendable.write(r.cells, key)
		} else {
			n.blocked[reason]++
			err = out.blocked.write(r.cells, reason, strconv.Itoa(r.line))
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

// reason is why a row is blocked, "" where it is not.
func (c campaign) reason(r row, d optout.Decision) string {
	switch {
	case r.bad != "":
		return r.bad
	case !d.Allowed:
		return string(d.Reason)
	default:
		return ""
	}
}

// isBad reports a line that is to be named: a recipient without a number is one.
func (c campaign) isBad(r row) bool {
	return r.bad != "" || strings.TrimSpace(r.cells[c.list.number]) == ""
}

func (c campaign) warn(n int, r row) {
	what := map[string]string{
		"":          "no phone number",
		wrongFields: fmt.Sprintf("%d cells, want %d", r.found, len(c.list.header)),
		badQuotes:   `a quote that is not closed, or in a cell without quotes`,
		notUTF8:     "not UTF-8",
		tooLong:     "longer than 1 MiB",
	}
	if n <= maxWarnings {
		c.logger.Printf("line %d: %s", r.line, what[r.bad])
	}
	if n == maxWarnings {
		c.logger.Print("and so on: " + blockedName + " has them all")
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
