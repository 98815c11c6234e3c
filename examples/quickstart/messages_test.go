package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	optedOutReply = `"You have successfully been unsubscribed. You will not receive any more messages from this number. ` +
		`Reply START to resubscribe."`
	optedInReply = `"You have successfully been re-subscribed to messages from this number. ` +
		`Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."`
	helpReply = `"Reply STOP to unsubscribe. Msg&Data Rates May Apply."`
)

// play plays JSON lines and returns the rows, each as "line intent state gate
// reason reply" with one blank between them, and the summary as name: count.
func playLines(t *testing.T, input string, args ...string) (status int, rows []string, summary map[string]string, stderr string) {
	t.Helper()
	status, stdout, stderr := program(t, input, append([]string{"-messages", "-"}, args...)...)
	table, totals, found := strings.Cut(stdout, "\n\n")
	require.True(t, found, "a table and a summary: %q, %s", stdout, stderr)
	lines := strings.Split(table, "\n")
	require.Equal(t, "line intent state gate reply", oneBlank(lines[0]))
	for _, line := range lines[1:] {
		rows = append(rows, oneBlank(line))
	}
	summary = map[string]string{}
	for line := range strings.Lines(totals) {
		words := strings.Fields(line)
		summary[strings.Join(words[:len(words)-1], " ")] = words[len(words)-1]
	}
	return status, rows, summary, stderr
}

func oneBlank(line string) string { return strings.Join(strings.Fields(line), " ") }

func TestAConversation(t *testing.T) {
	const conversation = `
{"id":"1","account":"shop","from":"+14155550123","to":"+14155550100","text":"hi","at":"2025-03-03T09:00:00Z"}
{"id":"2","account":"shop","from":"+14155550123","to":"+14155550100","text":"STOP","at":"2025-03-03T09:01:00Z"}
{"id":"3","account":"shop","from":"+14155550123","to":"+14155550100","text":"STOP","at":"2025-03-03T09:02:00Z"}
{"id":"4","account":"shop","from":"+14155550123","to":"+14155550100","text":"Help!","at":"2025-03-03T09:03:00Z"}
{"id":"5","account":"shop","from":"+14155550123","to":"+14155550100","text":"stop please","at":"2025-03-03T09:04:00Z"}
{"id":"6","account":"shop","from":"(415) 555-0123","to":"+14155550100","text":"start","at":"2025-03-03T04:05:00.5-05:00"}
{"id":"6","account":"shop","from":"+14155550123","to":"+14155550100","text":"start","at":"2025-03-03T09:05:00.5Z"}
{"id":"2","account":"shop","from":"+14155550123","to":"+14155550100","text":"STOP","at":"2025-03-03T09:01:00Z"}
{"id":"7","account":"bank","from":"+14155550123","text":"Quit","carrier":"a field that is not known"}
`
	status, rows, summary, stderr := playLines(t, conversation)
	require.Equal(t, []string{
		"2 none unknown allowed not_opted_out -",
		"3 opt-out opted-out blocked opted_out " + optedOutReply,
		"4 opt-out opted-out blocked opted_out -",
		"5 help opted-out blocked opted_out " + helpReply,
		"6 none opted-out blocked opted_out -",
		"7 opt-in opted-in allowed opted_in " + optedInReply,
		"8 opt-in opted-in allowed opted_in " + optedInReply, // delivered again: the first answer may be lost
		"9 opt-out opted-in allowed opted_in -",              // delivered again, and superseded by the START
		"10 opt-out opted-out blocked opted_out " + optedOutReply,
	}, rows)
	require.Equal(t, map[string]string{
		"messages": "9", "opt-outs": "4", "opt-ins": "2", "help": "1", "none": "2",
		"replies": "5", "blocked contacts": "1", "bad lines": "0",
	}, summary)
	require.Empty(t, stderr)
	require.Zero(t, status)
}

func TestWithoutATimeTheOrderOfTheLinesDecides(t *testing.T) {
	for name, at := range map[string]string{"missing": ``, "null": `,"at":null`, "empty": `,"at":""`} {
		t.Run(name, func(t *testing.T) {
			status, rows, _, stderr := playLines(t, `{"id":"1","account":"a","from":"+14155550123","text":"STOP"`+at+`}
{"id":"2","account":"a","from":"+14155550123","text":"START"`+at+`}
{"id":"3","account":"a","from":"+14155550123","text":"STOP"`+at+`}`)
			require.Equal(t, []string{
				"1 opt-out opted-out blocked opted_out " + optedOutReply,
				"2 opt-in opted-in allowed opted_in " + optedInReply,
				"3 opt-out opted-out blocked opted_out " + optedOutReply,
			}, rows)
			require.Empty(t, stderr)
			require.Zero(t, status)
		})
	}
}

func TestSendersThatAreNoPhoneNumber(t *testing.T) {
	status, rows, summary, _ := playLines(t, `{"account":"a","from":"AMAZON","text":"your parcel"}
{"account":"a","from":"AMAZON","text":"info"}
{"account":"a","from":"78787","text":"stop"}
{"account":"a","from":"78787","text":"really"}`)
	require.Equal(t, []string{
		"1 none unknown blocked invalid_number -",
		"2 help unknown blocked invalid_number -",
		"3 opt-out opted-out blocked opted_out -",
		"4 none opted-out blocked opted_out -",
	}, rows)
	require.Equal(t, "1", summary["blocked contacts"])
	require.Zero(t, status)
}

func TestRegion(t *testing.T) {
	const national = `{"account":"a","from":"020 7946 0123","text":"hi"}`
	for region, want := range map[string]string{
		"US": "1 none unknown blocked invalid_number -",
		"GB": "1 none unknown allowed not_opted_out -",
	} {
		status, rows, _, stderr := playLines(t, national, "-region", region)
		require.Zero(t, status, stderr)
		require.Equal(t, []string{want}, rows, region)
	}
}

func TestALineThatIsBroken(t *testing.T) {
	for name, c := range map[string]struct{ line, stderr string }{
		"no JSON":            {`STOP`, "not a message"},
		"half":               {`{"account":"a","from":"+1415`, "not a message"},
		"two in one line":    {`{"account":"a","from":"+14155550124","text":"a"}{}`, "not a message"},
		"null":               {`null`, "invalid account"},
		"an array":           {`[]`, "not a message"},
		"a number for text":  {`{"account":"a","from":"+14155550124","text":5}`, "not a message"},
		"no account":         {`{"from":"+14155550124","text":"hi"}`, "invalid account"},
		"no from":            {`{"account":"a","text":"STOP"}`, "From is empty"},
		"from and to":        {`{"account":"a","from":"+14155550124","to":"+1 (415) 555-0124","text":"STOP"}`, "the same number"},
		"a day for a time":   {`{"account":"a","from":"+14155550124","text":"STOP","at":"2025-03-03"}`, `"at"`},
		"a number for a day": {`{"account":"a","from":"+14155550124","text":"STOP","at":1741000000}`, "at"},
		"too long":           {`{"account":"a","from":"+14155550124","text":"` + strings.Repeat("x", maxLine) + `"}`, "1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			const stop = `{"account":"a","from":"+14155550123","text":"stop"}`
			status, rows, summary, stderr := playLines(t, stop+"\n"+c.line+"\n"+stop+"\n")
			require.Equal(t, 1, status)
			require.Equal(t, []string{
				"1 opt-out opted-out blocked opted_out " + optedOutReply,
				"3 opt-out opted-out blocked opted_out -",
			}, rows)
			require.Equal(t, "2", summary["messages"])
			require.Equal(t, "1", summary["bad lines"])
			require.Regexp(t, `^quickstart: line 2: .*\nquickstart: bad lines: 1\n$`, stderr)
			require.Contains(t, stderr, c.stderr)
			require.NotRegexp(t, `555.?0124|STOP|xxx`, stderr, "no number and no text in errors")
		})
	}
}

func TestFormsOfAFile(t *testing.T) {
	const one, two = `{"account":"a","from":"+14155550123","text":"hi"}`, `{"account":"a","from":"+14155550123","text":"ho"}`
	for name, file := range map[string]string{
		"as it should be":   one + "\n" + two + "\n",
		"unterminated":      one + "\n" + two,
		"CRLF":              one + "\r\n" + two + "\r\n",
		"byte order mark":   "\ufeff" + one + "\n" + two + "\n",
		"indented":          "  " + one + "\n\t" + two + " \n",
		"empty lines after": one + "\n" + two + "\n\n \r\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "messages.jsonl")
			require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
			status, stdout, stderr := program(t, "", "-messages", path)
			require.Empty(t, stderr)
			require.Zero(t, status)
			require.Equal(t, 2, strings.Count(stdout, "not_opted_out"))
			require.Regexp(t, `(?m)^     1  none .*\n     2  none `, stdout)
		})
	}
	t.Run("nothing", func(t *testing.T) {
		status, rows, summary, stderr := playLines(t, "")
		require.Zero(t, status)
		require.Empty(t, rows)
		require.Equal(t, "0", summary["messages"])
		require.Empty(t, stderr)
	})
}

func TestALineOfTheGreatestLength(t *testing.T) {
	const head, tail = `{"account":"a","from":"+14155550123","text":"`, `"}`
	fill := func(n int) string { return head + strings.Repeat("x", n-len(head)-len(tail)) + tail }
	for _, end := range []string{"", "\n", "\r\n"} {
		status, _, summary, stderr := playLines(t, fill(maxLine)+end)
		require.Zero(t, status, "%q: %s", end, stderr)
		require.Equal(t, "1", summary["messages"])

		status, _, summary, stderr = playLines(t, fill(maxLine+1)+end)
		require.Equal(t, 1, status, "%q", end)
		require.Equal(t, "1", summary["bad lines"])
		require.Contains(t, stderr, "line 1: longer than 1 MiB")
	}
}

func TestAReadErrorEndsThePlay(t *testing.T) {
	const hi = `{"account":"a","from":"+14155550123","text":"hi"}` + "\n"
	broken := io.MultiReader(strings.NewReader(hi+`{"account`), iotest.ErrReader(errors.New("disk gone")))
	var stdout, stderr strings.Builder
	require.Equal(t, 1, run([]string{"-messages", "-"}, broken, &stdout, &stderr))
	require.Contains(t, stdout.String(), "not_opted_out", "what was played is shown")
	require.Equal(t, "quickstart: disk gone\n", stderr.String())
}

// Ordinary messages, of the UCI SMS Spam Collection, opt nobody out.
func TestNobodyIsOptedOutByMistake(t *testing.T) {
	corpus, err := os.ReadFile("../../keywords/testdata/sms_uci.jsonl")
	require.NoError(t, err)
	var input bytes.Buffer
	encoder := json.NewEncoder(&input)
	at := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)
	sent := 0
	for row := range bytes.Lines(corpus) {
		var sms struct{ ID, Label, Text string }
		require.NoError(t, json.Unmarshal(row, &sms))
		if sms.Label != "ham" {
			continue
		}
		require.NoError(t, encoder.Encode(message{
			ID: sms.ID, Account: "a", From: fmt.Sprintf("+1415555%04d", sent%10_000), To: "+14155550100",
			Text: sms.Text, At: at.Add(time.Duration(sent) * time.Second).Format(time.RFC3339),
		}))
		sent++
		if sent%10_000 == 100 { // From and To must not be the same
			sent++
		}
	}
	status, rows, summary, stderr := playLines(t, input.String())
	require.Zero(t, status, stderr)
	require.Empty(t, stderr)
	require.Len(t, rows, 4_827)
	require.Equal(t, "4827", summary["messages"])
	require.Equal(t, "0", summary["opt-outs"])
	require.Equal(t, "0", summary["blocked contacts"])
	require.Equal(t, "0", summary["bad lines"])
}
