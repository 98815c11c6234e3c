package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// start runs the program on a free port. The status comes when it has ended.
func start(ctx context.Context, t *testing.T) (addr string, status <-chan int) {
	t.Helper()
	log, stderr := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"-addr", "127.0.0.1:0"}, stderr)
		stderr.Close()
	}()
	lines := bufio.NewReader(log)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, lines) }() // ends with the program
	var listening struct{ Msg, Addr string }
	require.NoError(t, json.Unmarshal([]byte(first), &listening), first)
	require.Equal(t, "listening", listening.Msg)
	return listening.Addr, ended
}

func requireEnded(t *testing.T, status <-chan int, want int) {
	t.Helper()
	select {
	case got := <-status:
		require.Equal(t, want, got)
	case <-time.After(shutdownTimeout):
		require.Fail(t, "the server did not stop")
	}
}

func TestTheServerStopsWhenToldTo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	addr, status := start(ctx, t)

	// A STOP is halfway in when the server is told to stop.
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	body := post("SM1", contact, "STOP")
	_, err = fmt.Fprintf(conn, "POST /sms HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", formType, len(body))
	require.NoError(t, err)
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue", "the handler reads the body")
	_, err = answers.ReadString('\n')
	require.NoError(t, err)

	stop()
	require.Eventually(t, func() bool {
		late, err := dialer.DialContext(t.Context(), "tcp", addr)
		if err == nil {
			late.Close()
		}
		return err != nil
	}, shutdownTimeout, time.Millisecond, "no new connections")
	select {
	case <-status:
		require.Fail(t, "it did not wait for the request in flight")
	default:
	}

	_, err = io.WriteString(conn, body)
	require.NoError(t, err)
	response, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, reply(t, string(answer)), "unsubscribed")
	requireEnded(t, status, 0)
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":         {[]string{"-help"}, 0, "-addr"},
		"no such flag": {[]string{"-nope"}, 2, "-nope"},
		"bad address":  {[]string{"-addr", "127.0.0.1:none"}, 1, "cannot start"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, &stderr))
			require.Contains(t, stderr.String(), c.stderr)
		})
	}
}

func TestABrokenListenerEndsTheServer(t *testing.T) {
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	err = serve(t.Context(), listener, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	require.ErrorIs(t, err, net.ErrClosed)
}
