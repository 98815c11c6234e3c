package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The program of README is run twice: the second run still knows who opted out.
func TestTheProgramOfREADME(t *testing.T) {
	program := filepath.Join(t.TempDir(), "embed")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	folder := t.TempDir()
	const confirmation = "to +14155552671: You have successfully been unsubscribed. You will not receive any more messages " +
		"from this number. Reply START to resubscribe.\n"
	for range 2 { // the same message again: a redelivery, which gets its answer again
		run := exec.CommandContext(t.Context(), program)
		run.Dir = folder
		out, err := run.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, confirmation+"optout: not sent: opted_out true\n", string(out))
	}
	_, err = os.Stat(filepath.Join(folder, "consent.db"))
	require.NoError(t, err)
}
