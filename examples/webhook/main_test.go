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
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider"
)

// listening is the first line of the log of a program that runs.
type listening struct {
	Msg, Sms, Send, Provider string
	Numbers                  int
}

// launch runs the program. The status comes when it has ended.
func launch(ctx context.Context, t *testing.T, args ...string) (at listening, status <-chan int) {
	t.Helper()
	log, stderr := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, args, io.Discard, stderr)
		stderr.Close()
	}()
	lines := bufio.NewReader(log)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, lines) }() // ends with the program
	require.NoError(t, json.Unmarshal([]byte(first), &at), first)
	require.Equal(t, "listening", at.Msg, first)
	return at, ended
}

// trial are the flags of a program on free ports, with a secret and a database of its own.
func trial(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "secret.txt")
	require.NoError(t, os.WriteFile(file, []byte("\n"+secret+"\nolder\n"), 0o600))
	return []string{
		"-addr", "127.0.0.1:0", "-send-addr", "127.0.0.1:0", "-secret-file", file, "-db", "sqlite:" + filepath.Join(folder, "consent.db"),
		"-public-url", public, "-provider-replies", "when-flagged",
	}
}

func requireEnded(t *testing.T, status <-chan int, want int) {
	t.Helper()
	select {
	case got := <-status:
		require.Equal(t, want, got)
	case <-time.After(time.Minute + shutdownTimeout):
		require.Fail(t, "the server did not stop")
	}
}

// wire returns the request of a STOP as it is on the wire: its head, and its body.
func wire(t *testing.T, token string) (head, body string) {
	t.Helper()
	signed, err := postTwilio(token, public+"/sms", message{"SM1", contact, ours, "STOP"})
	require.NoError(t, err)
	head = fmt.Sprintf("POST /sms HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		strings.Join(signed.header, "\r\n"), len(signed.body))
	return head, signed.body
}

// begin sends the head of a request, and returns when the Handler reads the body.
func begin(t *testing.T, addr, head string) (net.Conn, *bufio.Reader) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, head)
	require.NoError(t, err)
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue")
	_, err = answers.ReadString('\n')
	require.NoError(t, err)
	return conn, answers
}

func TestTheServerStopsWhenToldTo(t *testing.T) {
	args := trial(t)
	ctx, stop := context.WithCancel(t.Context())
	at, status := launch(ctx, t, args...)
	require.Equal(t, "twilio", at.Provider)
	require.Equal(t, 2, at.Numbers)

	head, body := wire(t, "older") // the secret before the last change
	conn, answers := begin(t, at.Sms, head)
	stop() // a STOP is halfway in
	var dialer net.Dialer
	require.Eventually(t, func() bool {
		late, err := dialer.DialContext(t.Context(), "tcp", at.Sms)
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

	_, err := io.WriteString(conn, body)
	require.NoError(t, err)
	response, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, reply(t, string(answer)), "unsubscribed")
	requireEnded(t, status, 0)

	// It is on disk: the next program knows of it.
	ctx, stop = context.WithCancel(t.Context())
	at, status = launch(ctx, t, args...)
	p := &program{t: t}
	sent := p.do(http.MethodPost, "http://"+at.Send+"/send", []string{jsonType}, `{"from":"415 555 0100","to":"415 555 0123","text":"Hello"}`)
	require.Equal(t, http.StatusConflict, sent.status, sent.body)
	stop()
	requireEnded(t, status, 0)
}

// A body that does not come to its end holds no connection for ever, and is delivered again.
func TestABodyThatComesTooSlowly(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesDefault)
	server := newServer(p.app.webhook(p.app.options(public, provider.RepliesDefault)), p.app.logger)
	require.Positive(t, min(server.ReadHeaderTimeout, server.ReadTimeout, server.WriteTimeout, server.IdleTimeout))
	server.ReadTimeout = 50 * time.Millisecond
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { require.NoError(t, server.Close()) })

	head, body := wire(t, secret)
	_, answers := begin(t, listener.Addr().String(), head+body[:len(body)/2]) // what came later, a closed connection would refuse
	response, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	_, err = answers.ReadByte()
	require.Error(t, err, "the connection is closed")
	require.Contains(t, p.log.String(), "the body did not come to its end")
	p.requireBlocked(false)
}

func TestUsage(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	good, empty := file("good", "s3cret\n"), file("empty", "\n \n")
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"help":                   {[]string{"-help"}, 0, "-secret-file"},
		"help for sign":          {[]string{"sign", "-help"}, 0, "-text"},
		"help for secret":        {[]string{"secret", "-help"}, 0, "-secret-file"},
		"no such flag":           {[]string{"-nope"}, 2, "-nope"},
		"an argument":            {[]string{"s3cret"}, 2, "want flags alone"},
		"no secret":              {nil, 1, "no secret: want -secret-file"},
		"an empty secret":        {[]string{"-secret-file", empty}, 1, "no secret"},
		"no such file":           {[]string{"-secret-file", good + ".none"}, 1, "-secret-file: "},
		"no such provider":       {[]string{"-provider", "pigeon"}, 1, "want one of awssns, azure"},
		"no key":                 {[]string{"-provider", "telnyx", "-secret-file", good}, 1, "telnyx: Config.PublicKey is not base64"},
		"bad address":            {[]string{"-secret-file", good, "-addr", "127.0.0.1:none"}, 1, "cannot listen"},
		"bad address for /send":  {[]string{"-secret-file", good, "-addr", "127.0.0.1:0", "-send-addr", "127.0.0.1:none"}, 1, "cannot listen"},
		"bad public URL":         {[]string{"-secret-file", good, "-public-url", "example.com"}, 1, "PublicURL must be scheme and host"},
		"bad replies":            {[]string{"-provider-replies", "loud"}, 2, "provider-replies"},
		"no account":             {[]string{"-account", "+14155550100"}, 2, "want NUMBER=ACCOUNT"},
		"one number twice":       {[]string{"-secret-file", good, "-account", "+14155550100=a", "-account", "415-555-0100=b"}, 1, "one number"},
		"an unknown region":      {[]string{"-secret-file", good, "-region", "Mars"}, 1, "DefaultRegion"},
		"an unknown database":    {[]string{"-secret-file", good, "-db", "oracle://h/db"}, 1, "unknown database"},
		"a password for all":     {[]string{"-secret-file", good, "-db", "postgres://u:s3cret@h/db"}, 1, "WEBHOOK_DB"},
		"a password in the rest": {[]string{"-secret-file", good, "-db", "postgres://u@h/db?password=s3cret"}, 1, "WEBHOOK_DB"},
		"sign without a secret":  {[]string{"sign"}, 1, "no secret"},
		"sign with another's":    {[]string{"sign", "-provider", "telnyx", "-secret-file", good}, 1, "Telnyx alone has the private key"},
		"sign for AWS":           {[]string{"sign", "-provider", "awssns", "-secret-file", good}, 1, "nobody but awssns can sign"},
		"sign with bad URL":      {[]string{"sign", "-secret-file", good, "-url", ":", "-public-url", public}, 1, "-url: "},
		"secret for nobody":      {[]string{"secret", "-provider", "pigeon"}, 1, "want one of"},
		"secret without a file":  {[]string{"secret"}, 1, "want -secret-file"},
		"secret that is there":   {[]string{"secret", "-secret-file", good}, 1, "file exists"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var stdout, stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, &stdout, &stderr), stderr.String())
			require.Contains(t, stderr.String(), c.says)
			require.NotContains(t, stderr.String(), "s3cret")
			require.Empty(t, stdout.String())
		})
	}
}

// What "webhook secret" makes is taken by the server and by "webhook sign".
func TestASecretForATrial(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, k := range kinds() {
		var line, stderr strings.Builder
		require.Zero(t, run(t.Context(), []string{"secret", "-provider", k.name, "-secret-file", k.name}, io.Discard, &stderr), stderr.String())
		s := secretFlags{provider: k.name, secretFile: k.name}
		p, err := s.open()
		require.NoError(t, err)
		require.Equal(t, k.name, p.Name())
		if k.post != nil {
			args := []string{"sign", "-provider", k.name, "-secret-file", k.name, "-public-url", public + "/hooks/", "-text", "It's"}
			require.Zero(t, run(t.Context(), args, &line, &stderr), stderr.String())
			require.True(t, strings.HasPrefix(line.String(), `curl -sS -w '\n%{http_code}\n' 'http://127.0.0.1:8080/sms' -H 'Content-Type: `))
		}
	}
}

// What may not be on the command line is in the environment.
func TestTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env.db")
	t.Setenv(secretEnv, secret)
	t.Setenv(dbEnv, "sqlite:"+file)
	ctx, stop := context.WithCancel(t.Context())
	_, status := launch(ctx, t, "-addr", "127.0.0.1:0", "-send-addr", "127.0.0.1:0")
	stop()
	requireEnded(t, status, 0)
	require.FileExists(t, file)

	t.Setenv(dbEnv, "mysql://u:s3cret@127.0.0.1:1/db")
	var stderr strings.Builder
	require.Equal(t, 1, run(t.Context(), nil, io.Discard, &stderr))
	require.Contains(t, stderr.String(), "cannot open")
	require.NotContains(t, stderr.String(), "s3cret")
}

func TestABrokenListenerEndsTheServer(t *testing.T) {
	sites := make([]site, 2)
	for i := range sites {
		var err error
		sites[i], err = listen(t.Context(), "127.0.0.1:0", http.NotFoundHandler())
		require.NoError(t, err)
	}
	require.NoError(t, sites[1].listener.Close())
	err := serve(t.Context(), slog.New(slog.DiscardHandler), sites...)
	require.ErrorIs(t, err, net.ErrClosed)
}
