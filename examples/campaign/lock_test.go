package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
)

func TestTwoRunsIntoOneFolderDoNotMix(t *testing.T) {
	db, out := optedOut(t, dbtest.SQLite, "+14155550102"), old(t)
	in, list := io.Pipe()
	ended := make(chan int)
	var stdout, stderr strings.Builder
	go func() {
		ended <- run(t.Context(), []string{"-in", "-", "-account", "acme", "-db", db, "-out", out}, in, &stdout, &stderr)
	}()
	// A pipe is read before more is written to it: now the first run is at work.
	_, err := io.Copy(list, &endless{rows: 100_000})
	require.NoError(t, err)

	status, second, complaint := program(t, strings.NewReader("phone\n+14155550102\n"), "-in", "-", "-account", "acme", "-db", db, "-out", out)
	require.Equal(t, 1, status)
	require.Contains(t, complaint, "campaign: -out: another run writes ")
	require.Empty(t, second)
	for _, name := range resultNames {
		require.Equal(t, "old "+name, text(t, out, name))
	}

	require.NoError(t, list.Close())
	require.Zero(t, <-ended, stderr.String())
	require.Equal(t, resultNames, names(t, out))
	require.Equal(t, 100_000, strings.Count(text(t, out, sendableName), "\n"), "its own rows but one, and the names of the columns")
	require.Equal(t, 2, strings.Count(text(t, out, blockedName), "\n"))

	// The folder is free again, and another one always was.
	for _, out := range []string{out, t.TempDir()} {
		status, _, complaint = program(t, nil, "-out", out)
		require.Zero(t, status, complaint)
	}
}

func TestWhereNoFolderCanBeLockedAFileDoesIt(t *testing.T) {
	name := filepath.Join(t.TempDir(), lockName)
	unlock, err := lockFile(name)
	require.NoError(t, err)
	_, err = lockFile(name)
	require.ErrorContains(t, err, "if none does, remove "+name)
	require.NoError(t, unlock())
	require.NoFileExists(t, name)
	unlock, err = lockFile(name)
	require.NoError(t, err)
	require.NoError(t, unlock())
	_, err = lockFile(filepath.Join(name, "none", lockName))
	require.ErrorContains(t, err, "-out: ")
}

// When one file cannot be replaced, no other is.
func TestResultsThatCannotBePlaced(t *testing.T) {
	out := old(t)
	people, err := readHead(strings.NewReader("phone\n"), "", 0)
	require.NoError(t, err)
	r, err := campaign{options: options{out: out}, list: people}.create()
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(out, sendableName)))
	require.NoError(t, os.MkdirAll(filepath.Join(out, sendableName, "full"), 0o700))
	require.ErrorContains(t, r.place(), sendableName)
	require.NoError(t, r.discard())
	for _, name := range []string{blockedName, unreadableName} {
		require.Equal(t, "old "+name, text(t, out, name))
	}
}
