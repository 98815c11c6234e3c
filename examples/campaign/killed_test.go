//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
)

// childEnv makes the test binary the program.
const childEnv = "CONSENT_TEST_CAMPAIGN"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
	}
	os.Exit(m.Run())
}

// child runs the program in a process of its own on a list that comes slowly, and
// signals it when it has read some of it.
func child(t *testing.T, out string, signal os.Signal) (*exec.ExitError, string) {
	t.Helper()
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-in", "-", "-account", "acme", "-db", db, "-out", out)
	cmd.Env = append(os.Environ(), childEnv+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	list, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	// A pipe holds a tenth of it, so most has been read when this returns.
	_, err = io.Copy(list, &endless{rows: 10_000})
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(signal))
	exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
	require.True(t, ok, stderr.String())
	return exit, stderr.String()
}

func TestARunThatIsKilledLeavesNoResults(t *testing.T) {
	for _, out := range []string{t.TempDir(), old(t)} {
		before := names(t, out)
		exit, stderr := child(t, out, syscall.SIGKILL)
		require.Equal(t, -1, exit.ExitCode(), stderr)
		if runtime.GOOS == "linux" {
			require.Equal(t, before, names(t, out), "not even a hidden file")
		}
		for _, name := range resultNames {
			if len(before) == 0 {
				require.NoFileExists(t, out+"/"+name)
			} else {
				require.Equal(t, "old "+name, text(t, out, name))
			}
		}
	}
}

func TestCtrlCLeavesNoResults(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, out := range []string{t.TempDir(), old(t)} {
			before := names(t, out)
			exit, stderr := child(t, out, signal)
			require.Equal(t, 1, exit.ExitCode(), stderr)
			require.Contains(t, stderr, "nothing may be sent: ")
			require.Equal(t, before, names(t, out))
			if len(before) > 0 {
				requireOld(t, out)
			}
		}
	}
}
