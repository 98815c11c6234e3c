package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// program runs the program and returns its exit status and what it wrote.
func program(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

func TestTheStory(t *testing.T) {
	want, err := os.ReadFile("testdata/story.txt")
	require.NoError(t, err)
	status, stdout, stderr := program(t, "")
	require.Zero(t, status, stderr)
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), stdout) // as git writes it on Windows
	require.Empty(t, stderr)
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":          {[]string{"-help"}, 0, "-messages FILE"},
		"no such flag":  {[]string{"-nope"}, 2, "-nope"},
		"an argument":   {[]string{"+14155550123"}, 2, "want flags alone"},
		"no such file":  {[]string{"-messages", "testdata/none"}, 1, "testdata/none"},
		"not a file":    {[]string{"-messages", "testdata"}, 1, "testdata"},
		"a broken flag": {[]string{"-messages"}, 2, "-messages"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := program(t, "", c.args...)
			require.Equal(t, c.status, status)
			require.Contains(t, strings.ToLower(stderr), strings.ToLower(c.stderr))
			require.NotContains(t, stdout, "messages")
			require.NotContains(t, stderr, "5550123")
		})
	}
}

func TestAnOutputThatFails(t *testing.T) {
	for name, args := range map[string][]string{"story": nil, "messages": {"-messages", "-"}} {
		t.Run(name, func(t *testing.T) {
			var stderr strings.Builder
			require.Equal(t, 1, run(args, strings.NewReader(""), brokenPipe{}, &stderr))
			require.Contains(t, stderr.String(), errBroken.Error())
		})
	}
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
