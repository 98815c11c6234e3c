package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
)

// program runs the program and returns its exit status and what it wrote.
func program(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// played runs the program, which must do well.
func played(t *testing.T, args ...string) string {
	t.Helper()
	status, stdout, stderr := program(t, args...)
	require.Zero(t, status, stderr)
	require.Empty(t, stderr)
	return stdout
}

func TestTheSecondRunStillKnows(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			first := played(t, "-db", db)
			require.Contains(t, first, "nobody is opted out\n")
			require.Contains(t, first, `contact texts  "STOP"`)
			require.Contains(t, first, `app replies    "You have successfully been unsubscribed.`)
			require.Contains(t, first, "blocked      optout: not sent: opted_out")
			require.NotContains(t, first, "delivered")

			second := played(t, "-db", db, "-from", "(415) 555-0123")
			require.Contains(t, second, "opted out already\n  +14155550123     since ")
			require.Contains(t, second, "still opted out since 20")
			require.NotContains(t, second, "contact texts")
			require.NotContains(t, second, "app replies")
			require.Contains(t, second, "blocked      optout: not sent: opted_out")
			require.NotContains(t, second, "delivered")

			other := played(t, "-db", db, "-from", "+1 415 555 0199", "-text", "hello")
			require.Contains(t, other, "+14155550123 ", "the list is all of it")
			require.NotContains(t, other, "still opted out")
			require.NotContains(t, other, "app replies")
			require.Contains(t, other, "delivered    to +14155550199")

			start := played(t, "-db", db, "-text", "Start!", "-history")
			require.Contains(t, start, "still opted out since ")
			require.Contains(t, start, `app replies    "You have successfully been re-subscribed`)
			require.Contains(t, start, "delivered    to +14155550123")
			require.Regexp(t, `(?s)  opt-out  keyword  "STOP"      true\n.*  opt-in   keyword  "Start!"    true\n$`, start)

			again := played(t, "-db", db, "-text", "thanks")
			require.Contains(t, again, "nobody is opted out\n")
			require.Contains(t, again, "delivered    to +14155550123")
		})
	}
}

// The first program that runs makes the tables, and it may not be alone.
func TestManyFirstRuns(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			const n = 8
			var all sync.WaitGroup
			var status [n]int
			var stderr [n]strings.Builder
			for i := range n {
				all.Go(func() {
					var stdout strings.Builder
					status[i] = run(t.Context(), []string{"-db", db, "-text", "STOP"}, &stdout, &stderr[i])
				})
			}
			all.Wait()
			for i := range n {
				require.Zero(t, status[i], stderr[i].String())
			}
			require.Equal(t, n, strings.Count(played(t, "-db", db, "-history"), `"STOP"`))
		})
	}
}

func TestTheDefaultIsAFileInTheFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	played(t)
	require.FileExists(t, "consent.db")
	require.Contains(t, played(t), "still opted out since ")
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":               {[]string{"-help"}, 0, "-db database"},
		"no such flag":       {[]string{"-nope"}, 2, "-nope"},
		"an argument":        {[]string{"STOP"}, 2, "want flags alone"},
		"no database":        {[]string{"-db", ""}, 2, "want sqlite:FILE"},
		"an unknown one":     {[]string{"-db", "oracle://h/db"}, 2, `unknown database "oracle"`},
		"a server away":      {[]string{"-db", "mysql://u:s3cret@127.0.0.1:1/db"}, 1, "cannot open"},
		"a missing folder":   {[]string{"-db", "sqlite:none/consent.db"}, 1, "none/consent.db"},
		"a folder":           {[]string{"-db", "sqlite:."}, 1, "cannot open"},
		"not a database":     {[]string{"-db", "sqlite:text"}, 1, "not a database"},
		"not a phone number": {[]string{"-from", "Ada"}, 1, "-from: "},
		"nearly a number":    {[]string{"-from", "+1 415 555 012x"}, 1, "-from: "},
		"ours":               {[]string{"-from", ours}, 1, "the same number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("text", []byte(strings.Repeat("no database ", 100)), 0o600))
			status, stdout, stderr := program(t, c.args...)
			require.Equal(t, c.status, status, stderr)
			require.Contains(t, strings.ToLower(stderr), strings.ToLower(c.stderr))
			require.NotContains(t, stderr, "s3cret")
			if c.status == 1 { // the help names a number that belongs to nobody
				require.NotRegexp(t, `415\D{0,3}555|Ada|STOP`, stderr, "no number and no text in the log")
			}
			require.NotContains(t, stdout, "delivered")
		})
	}
}

func TestAFolderThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	played(t, "-db", "sqlite:"+filepath.Join(folder, "old.db"))
	for _, name := range []string{folder, filepath.Join(folder, "old.db")} {
		require.NoError(t, os.Chmod(name, 0o500))
		t.Cleanup(func() { require.NoError(t, os.Chmod(name, 0o700)) })
	}
	if os.WriteFile(filepath.Join(folder, "probe"), nil, 0o600) == nil {
		t.Skip("this user may write where the mode says that nobody may")
	}
	for _, name := range []string{"old.db", "new.db"} {
		status, stdout, stderr := program(t, "-db", "sqlite:"+filepath.Join(folder, name))
		require.Equal(t, 1, status, name)
		require.Contains(t, stderr, "durable: ")
		require.NotContains(t, stdout, "delivered")
	}
}

func TestARunThatIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	require.Equal(t, 1, run(ctx, []string{"-db", "sqlite:" + filepath.Join(t.TempDir(), "consent.db")}, &stdout, &stderr))
	require.Contains(t, stderr.String(), context.Canceled.Error())
	require.Empty(t, stdout.String())
}

func TestAnOutputThatFails(t *testing.T) {
	var stderr strings.Builder
	require.Equal(t, 1, run(t.Context(), []string{"-db", "sqlite:" + filepath.Join(t.TempDir(), "consent.db")}, brokenPipe{}, &stderr))
	require.Contains(t, stderr.String(), errBroken.Error())
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
