package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// tell prints what came of the list.
func (c campaign) tell(ctx context.Context, guard *optout.Guard, n counts, stdout io.Writer) error {
	var screen strings.Builder
	const row = "%-18s %9d  %s\n"
	fmt.Fprintf(&screen, row, "recipients", n.rows, "in "+time.Since(c.started).Round(time.Millisecond).String())
	fmt.Fprintf(&screen, row, "sendable", n.sendable, filepath.Join(c.out, sendableName))
	for _, file := range []struct {
		what, name string
		rows       int
		reasons    map[string]int
	}{
		{"blocked", blockedName, n.rows - n.sendable - n.bad, n.blocked},
		{"unreadable", unreadableName, n.bad, n.unreadable},
	} {
		fmt.Fprintf(&screen, row, file.what, file.rows, filepath.Join(c.out, file.name))
		for _, reason := range slices.Sorted(maps.Keys(file.reasons)) {
			fmt.Fprintf(&screen, row, "  "+reason, file.reasons[reason], "")
		}
	}
	if n.repeated > 0 && !c.dedupe {
		fmt.Fprintf(&screen, row, "repeated numbers", n.repeated, "among the sendable; -dedupe blocks them")
	}
	if n.blocked[string(optout.ReasonOptedOut)] == 0 {
		c.warnOfNobody(ctx, guard)
	}
	if c.in == "" {
		for _, name := range []string{sendableName, blockedName, unreadableName} {
			text, err := os.ReadFile(filepath.Join(c.out, name))
			if err != nil {
				return err //nolint:wrapcheck // it names the file
			}
			fmt.Fprintf(&screen, "\n%s\n%s", name, text)
		}
	}
	if _, err := io.WriteString(stdout, trimmed(screen.String())); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	return nil
}

// warnOfNobody tells of an account that has no opt-outs at all: its name may be
// wrong.
func (c campaign) warnOfNobody(ctx context.Context, guard *optout.Guard) {
	for _, err := range guard.OptedOut(ctx, c.account) {
		if err == nil || errors.Is(err, errors.ErrUnsupported) {
			return
		}
		c.logger.Print(err)
		return
	}
	c.logger.Printf("nobody has opted out of account %q: is that its name?", c.account)
}

// somebodyOptedOut refuses an account that has no opt-outs at all.
func (c campaign) somebodyOptedOut(ctx context.Context, guard *optout.Guard) error {
	for _, err := range guard.OptedOut(ctx, c.account) {
		return err
	}
	return fmt.Errorf("-require-optouts: nobody has opted out of account %q: is that its name?", c.account)
}

// trimmed is a text without blanks at the ends of its lines.
func trimmed(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}
