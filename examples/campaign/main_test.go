package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// program runs the program and returns its exit status and what it wrote.
func program(t *testing.T, stdin io.Reader, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(t.Context(), args, stdin, &out, &errs)
	return status, out.String(), errs.String()
}

// files are the results of a run.
type files struct{ sendable, blocked, unreadable string }

// gated runs the program over a list, in a folder of its own, and returns the results.
func gated(t *testing.T, db, list string, args ...string) (f files, stdout, stderr string) {
	t.Helper()
	out := t.TempDir()
	args = append([]string{"-in", "-", "-account", "acme", "-db", db, "-out", out}, args...)
	status, stdout, stderr := program(t, strings.NewReader(list), args...)
	require.Zero(t, status, stderr)
	require.Equal(t, resultNames, names(t, out))
	require.NotRegexp(t, `415\D{0,3}555|Ada|Hi `, strings.ReplaceAll(stderr, out, "OUT"), "no number and no text of the list in the log")
	f = files{text(t, out, sendableName), text(t, out, blockedName), text(t, out, unreadableName)}
	return f, strings.ReplaceAll(stdout, out, "OUT"), stderr
}

// resultNames are the files of a run, as a folder has them.
var resultNames = []string{blockedName, sendableName, unreadableName}

func text(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

// names are the files of a folder, hidden ones too.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// optedOut makes a database in which these numbers opted out of acme.
func optedOut(t *testing.T, kind dbtest.Kind, numbers ...string) string {
	t.Helper()
	name := kind.New(t)
	source, err := database.Parse(name)
	require.NoError(t, err)
	db, err := source.Open(t.Context())
	require.NoError(t, err)
	defer db.Close()
	st, err := sqlstore.New(db, source.Dialect, nil)
	require.NoError(t, err)
	require.NoError(t, st.Migrate(t.Context()))
	optOut(t, st, numbers...)
	return name
}

func optOut(t *testing.T, st store.Store, numbers ...string) *optout.Guard {
	t.Helper()
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	require.NoError(t, err)
	for _, number := range numbers {
		optouttest.SeedOptedOut(t, guard, "acme", number)
	}
	return guard
}

// golden compares a text with its file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	require.Equal(t, strings.ReplaceAll(text(t, name), "\r\n", "\n"), strings.ReplaceAll(got, "\r\n", "\n"))
}

func settled(summary string) string {
	return regexp.MustCompile(`in [0-9.]+(ms|s|m|h)+`).ReplaceAllString(summary, "in TIME")
}

func TestGolden(t *testing.T) {
	list := text(t, "testdata", "list.csv")
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := optedOut(t, kind, "+1 (415) 555-0102", "78787", "+14155550999")
			for prefix, args := range map[string][]string{"safe.": nil, "raw.": {"-raw"}, "dedupe.": {"-dedupe", "-column", "mobile number"}} {
				t.Run(prefix, func(t *testing.T) {
					f, stdout, stderr := gated(t, db, list, args...)
					golden(t, prefix+sendableName, f.sendable)
					golden(t, prefix+blockedName, f.blocked)
					golden(t, prefix+unreadableName, f.unreadable)
					golden(t, prefix+"summary.txt", settled(filepath.ToSlash(stdout))+"\n"+stderr)
				})
			}
		})
	}
}

func TestTheDemo(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 { // results are replaced
		status, stdout, stderr := program(t, nil)
		require.Zero(t, status, stderr)
		require.Equal(t,
			"campaign: line 6: no phone number: empty\ncampaign: line 7: no phone number: letters\ncampaign: line 8: 2 cells, want 3\n", stderr)
		require.Contains(t, stdout, "\nsendable                   4  ")
		require.Contains(t, stdout, "\n  opted_out                2\n")
		require.Contains(t, stdout, "\nBen,(415) 555-0102,Hi Ben,opted_out,3\n")
		require.Contains(t, stdout, "\nFinn,n/a,Hi Finn,letters,7\n")
		require.Equal(t, resultNames, names(t, "campaign-results"))
	}
}

func TestUsage(t *testing.T) {
	list := filepath.Join(t.TempDir(), "list.csv")
	require.NoError(t, os.WriteFile(list, []byte("name,phone,cell\nAda,+14155550101,\n"), 0o600))
	messages := filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, os.WriteFile(messages, []byte("Sid,From,To,Body\nSM1,+14155550101,+14155550100,Hi\n"), 0o600))
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	empty := "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	require.NoError(t, os.WriteFile(strings.TrimPrefix(empty, "sqlite:"), nil, 0o600))
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":              {[]string{"-help"}, 0, "-column name"},
		"no such flag":      {[]string{"-nope"}, 2, "-nope"},
		"an argument":       {[]string{"+14155550101"}, 2, "want flags alone"},
		"a list alone":      {[]string{"-in", list}, 2, "-in wants -db"},
		"an unknown region": {[]string{"-region", "UK"}, 2, "no region \"UK\""},
		"two characters":    {[]string{"-delimiter", "::"}, 2, `-delimiter is "::"`},
		"a quote":           {[]string{"-delimiter", `"`}, 2, "-delimiter"},
		"an unknown db":     {[]string{"-db", "oracle://h/db"}, 2, `unknown database "oracle"`},
		"an unknown column": {
			[]string{"-in", list, "-db", db, "-column", "fone"},
			2,
			`no column is called "fone"; there are "name", "phone", "cell"`,
		},
		"which of two":   {[]string{"-in", list, "-db", db}, 2, `which column has the phone numbers: "phone", "cell"? Name it with -column`},
		"a log":          {[]string{"-in", messages, "-db", db}, 2, `which column has the phone numbers: "From", "To"? Name it with -column`},
		"a missing list": {[]string{"-in", "none.csv", "-db", db}, 1, "none.csv"},
		"a folder":       {[]string{"-in", ".", "-db", db}, 1, ". is a folder"},
		"a missing db":   {[]string{"-in", list, "-column", "phone", "-db", "sqlite:none.db"}, 1, "none.db"},
		"a db of others": {[]string{"-in", list, "-column", "phone", "-db", empty}, 1, "sqlstore"},
		"a server away":  {[]string{"-db", "mysql://u:s3cret@127.0.0.1:1/db"}, 1, "cannot open"},
		"no account":     {[]string{"-account", ""}, 1, "account"},
		"no folder":      {[]string{"-out", list}, 1, "-out: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			status, stdout, stderr := program(t, strings.NewReader(""), c.args...)
			require.Equal(t, c.status, status, stderr)
			require.Contains(t, stderr, c.stderr)
			require.NotContains(t, stderr, "s3cret")
			require.NotContains(t, stderr, "5550101")
			require.Empty(t, stdout)
			if folder := "campaign-results"; status != 0 {
				if _, err := os.Stat(folder); err == nil {
					require.Empty(t, names(t, folder))
				}
			}
		})
	}
}

func TestAnAccountWithoutOptOutsIsDoubted(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	_, _, stderr := gated(t, db, "phone\n+14155550102\n", "-account", "acme2")
	require.Contains(t, stderr, `nobody has opted out of account "acme2"`)
	_, _, stderr = gated(t, db, "phone\n+14155550103\n")
	require.Empty(t, stderr)
}

func TestAnAccountWithoutOptOutsIsRefused(t *testing.T) {
	db, out := optedOut(t, dbtest.SQLite, "+14155550102"), t.TempDir()
	status, _, stderr := program(t, strings.NewReader("phone\n+14155550103\n"),
		"-in", "-", "-db", db, "-out", out, "-require-optouts", "-account", "Acme")
	require.Equal(t, 1, status)
	require.Contains(t, stderr, `-require-optouts: nobody has opted out of account "Acme"`)
	require.NotContains(t, names(t, out), sendableName)
	gated(t, db, "phone\n+14155550103\n", "-require-optouts")
}

func TestAFolderInThePlaceOfAResult(t *testing.T) {
	for _, name := range resultNames {
		out := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(out, name), 0o700))
		status, stdout, stderr := program(t, nil, "-out", out)
		require.Equal(t, 1, status)
		require.Contains(t, stderr, name)
		require.Empty(t, stdout)
		require.Equal(t, []string{name}, names(t, out), "and no other")
	}
}

func TestOnlyTheOwnerReadsTheResults(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it has other modes")
	}
	out := t.TempDir()
	status, _, stderr := program(t, nil, "-out", out)
	require.Zero(t, status, stderr)
	for _, name := range resultNames {
		info, err := os.Stat(filepath.Join(out, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
}

func TestAnOutputThatFails(t *testing.T) {
	var stderr strings.Builder
	require.Equal(t, 1, run(t.Context(), []string{"-out", t.TempDir()}, nil, brokenPipe{}, &stderr))
	require.Contains(t, stderr.String(), errBroken.Error())
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
func (brokenPipe) Read([]byte) (int, error)  { return 0, errBroken }

// The bar is for those who look at it.
func TestABarOnATerminal(t *testing.T) {
	ours, terminal, err := pty.Open()
	if err != nil {
		t.Skip(err)
	}
	shown := make(chan string)
	go func() {
		text, _ := io.ReadAll(ours) // EIO at the end
		shown <- string(text)
	}()
	var stdout strings.Builder
	require.NoError(t, pty.Setsize(ours, &pty.Winsize{Rows: 24, Cols: 80}))
	status := run(context.WithoutCancel(t.Context()), []string{"-out", t.TempDir()}, nil, &stdout, terminal)
	require.NoError(t, terminal.Close())
	screen := <-shown
	require.NoError(t, ours.Close())
	require.Zero(t, status)
	require.Contains(t, screen, "gating")
	require.Contains(t, screen, "campaign: line 6: no phone number: empty\r\n")
	require.NotContains(t, stdout.String(), "gating")
}
