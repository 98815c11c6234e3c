package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// console is a block of commands in a document.
var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// TestTheReadme plays the commands of README.md, and compares what they print.
func TestTheReadme(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	s := &shell{t: t}
	defer s.stop()
	played := 0
	for _, block := range console.FindAllStringSubmatch(string(raw), -1) {
		for command := range strings.SplitSeq(strings.TrimPrefix(block[1], "$ "), "\n$ ") {
			line, want, _ := strings.Cut(command, "\n")
			require.Equal(t, strings.TrimRight(want, "\n"), strings.TrimRight(s.run(line), "\n"), line)
			played++
		}
	}
	require.Greater(t, played, 12)
}

// shell plays a command as a shell does. The server has other ports than it is told.
type shell struct {
	t    *testing.T
	at   listening
	ends func()
}

func (s *shell) stop() {
	if s.ends != nil {
		s.ends()
	}
}

func (s *shell) run(line string) (stdout string) {
	s.t.Helper()
	line, piped := strings.CutSuffix(line, " | sh")
	program, isProgram := strings.CutPrefix(line, "go run ./webhook ")
	args := words(s.t, program)
	switch {
	case isProgram && strings.HasPrefix(program, "-"):
		s.start(args)
	case isProgram:
		var out, errs strings.Builder
		require.Zero(s.t, run(s.t.Context(), args, &out, &errs), errs.String())
		stdout = out.String()
	case strings.HasPrefix(line, "curl "):
		stdout = s.curl(words(s.t, line)[1:])
	case line == "cd examples":
	case line == "echo 12345 >secret.txt":
		require.NoError(s.t, os.WriteFile("secret.txt", []byte("12345\n"), 0o600))
	default:
		require.Fail(s.t, "a command that this test cannot play", line)
	}
	if piped {
		return s.run(strings.TrimSuffix(stdout, "\n"))
	}
	return stdout
}

// start runs the server instead of the one that runs.
func (s *shell) start(args []string) {
	s.t.Helper()
	s.stop()
	ctx, cancel := context.WithCancel(s.t.Context())
	at, status := launch(ctx, s.t, append(args, "-addr", "127.0.0.1:0", "-send-addr", "127.0.0.1:0")...)
	s.at = at
	s.ends = func() {
		cancel()
		requireEnded(s.t, status, 0)
	}
}

// curl does what curl does with the options that the document has.
func (s *shell) curl(args []string) string {
	s.t.Helper()
	method, to, body, format, header := http.MethodGet, "", "", "", []string{}
	for i := 0; i < len(args); i++ {
		value := func() string {
			i++
			return args[i]
		}
		switch args[i] {
		case "-sS":
		case "-w":
			format = value()
		case "-H":
			header = append(header, value())
		case "--data-raw":
			method, body = http.MethodPost, value()
		case "--json":
			method, body, header = http.MethodPost, value(), append(header, jsonType)
		default:
			require.Empty(s.t, to, "two URLs")
			to = args[i]
		}
	}
	if !strings.Contains(to, "://") {
		to = "http://" + to
	}
	request := httptest.NewRequestWithContext(s.t.Context(), method, to, strings.NewReader(body))
	request.RequestURI = ""
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	ports := map[string]string{"127.0.0.1:8080": s.at.Sms, "127.0.0.1:8081": s.at.Send}
	require.Contains(s.t, ports, request.URL.Host)
	request.URL.Host = ports[request.URL.Host] // and the header Host, which is signed, stays
	got, err := roundTrip(request)
	require.NoError(s.t, err)
	return got.body + strings.NewReplacer(`\n`, "\n", `%{http_code}`, strconv.Itoa(got.status)).Replace(format)
}

// words splits a line as a shell does.
func words(t *testing.T, line string) []string {
	t.Helper()
	var all []string
	for line = strings.TrimLeft(line, " "); line != ""; line = strings.TrimLeft(line, " ") {
		var word strings.Builder
		for line != "" && line[0] != ' ' {
			switch line[0] {
			case '\'':
				quoted, rest, closed := strings.Cut(line[1:], "'")
				require.True(t, closed, "a quote is open: %s", line)
				word.WriteString(quoted)
				line = rest
			case '\\':
				word.WriteByte(line[1])
				line = line[2:]
			default:
				word.WriteByte(line[0])
				line = line[1:]
			}
		}
		all = append(all, word.String())
	}
	return all
}

func TestAWordIsQuotedForTheShell(t *testing.T) {
	for _, word := range []string{"", "a b", `it's`, `\n%{http_code}\n`, "$HOME `id`", "'"} {
		require.Equal(t, []string{word}, words(t, quote(word)))
	}
}
