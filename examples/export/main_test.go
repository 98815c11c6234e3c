package main

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func program(args ...string) (status int, stdout, stderr string) {
	var out, errs strings.Builder
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// settled replaces what is another at each run: the host's times, and the version
// of the keywords.
func settled(text string) string {
	now := regexp.MustCompile(`\b\d{4}-\d\d-\d\dT[0-9:.]+Z`)
	text = now.ReplaceAllStringFunc(text, func(t string) string {
		if strings.HasPrefix(t, "2025-03-") { // the contact's
			return t
		}
		return "NOW"
	})
	return strings.ReplaceAll(text, keywords.Default().Version(), "VERSION")
}

func golden(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n") // as git writes it on Windows
}

func TestGolden(t *testing.T) {
	for file, args := range map[string][]string{
		"optouts.csv":     {"-what", "optouts", "-format", "csv"},
		"history.csv":     {"-what", "history", "-format", "csv"},
		"history.raw.csv": {"-what", "history", "-format", "csv", "-raw"},
		"optouts.jsonl":   {"-what", "optouts", "-format", "jsonl"},
		"history.jsonl":   {"-what", "history", "-format", "jsonl"},
	} {
		t.Run(file, func(t *testing.T) {
			want := golden(t, file)
			status, stdout, stderr := program(args...)
			require.Zero(t, status, stderr)
			require.Empty(t, stderr)
			require.Equal(t, want, settled(stdout))
		})
	}
}

func TestAllTablesAreWrittenUnlessOneIsChosen(t *testing.T) {
	var want []string
	for _, file := range []string{"optouts.csv", "history.csv", "optouts.jsonl", "history.jsonl"} {
		want = append(want, golden(t, file))
	}
	status, stdout, stderr := program()
	require.Zero(t, status, stderr)
	require.Equal(t, strings.Join(want, "\n"), settled(stdout))
}

func TestNumber(t *testing.T) {
	for number, c := range map[string]struct {
		rows   int
		stderr string
	}{
		"+442079460123":    {1, ""},
		"(415) 555-0199":   {1, ""},
		"+1 415 555 0177":  {0, ""},
		"78787":            {1, "no phone number"},
		"nobody of a name": {0, "no phone number"},
	} {
		t.Run(number, func(t *testing.T) {
			status, stdout, stderr := program("-what", "history", "-format", "jsonl", "-number", number)
			require.Zero(t, status, stderr)
			require.Equal(t, c.rows, strings.Count(stdout, "\n"), stdout)
			require.Contains(t, stderr, c.stderr)
			require.NotContains(t, stderr, number, "errors hold no numbers")
		})
	}
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":         {[]string{"-help"}, 0, "-format"},
		"no such flag": {[]string{"-nope"}, 2, "-nope"},
		"an argument":  {[]string{"+14155550123"}, 2, "want flags alone"},
		"format":       {[]string{"-format", "xls"}, 2, `-format is "xls"`},
		"what":         {[]string{"-what", "all"}, 2, `-what is "all"`},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := program(c.args...)
			require.Equal(t, c.status, status)
			require.Contains(t, stderr, c.stderr)
			require.NotContains(t, stderr, "5550123")
			require.Empty(t, stdout)
		})
	}
}

func TestNoCellIsRun(t *testing.T) {
	guard := newGuard(t, memstore.New())
	texts := []string{
		"=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'quoted", "''", "",
		"plain", " =1 is text with a blank before it", "x;=1+1", "x\t=1", "x;'y", "a,b", `say "hi"`, "two\nlines", "\x00", "\xff=1",
	}
	for i, text := range texts {
		_, err := guard.RecordOptOut(t.Context(), optout.Request{
			ID: fmt.Sprint("=", i), Account: "=a", Number: "+14155550123", Actor: text, Note: text, Text: text,
		})
		require.NoError(t, err)
	}
	o := options{format: formatCSV, what: whatHistory, number: "+14155550123"}
	var safe, raw strings.Builder
	require.NoError(t, export(t.Context(), guard, "=a", o, &safe))
	o.raw = true
	require.NoError(t, export(t.Context(), guard, "=a", o, &raw))

	safeRows, rawRows := rows(t, safe.String()), rows(t, raw.String())
	require.Len(t, safeRows, 1+len(texts))
	for i, row := range safeRows {
		for j, cell := range row {
			require.NotRegexp(t, `^[\t\r\n]|(^|[,;|"\t\r\n])[=+\-@＝＋－＠]`, cell)
			require.Equal(t, rawRows[i][j], cellStart.ReplaceAllString(cell, "$1"), "one apostrophe off gives the cell")
		}
	}
	for i, text := range texts {
		require.Equal(t, text, rawRows[i+1][len(rawRows[0])-1])
	}
}

// cellStart is where a spreadsheet may see the start of a cell, and an apostrophe there.
var cellStart = regexp.MustCompile(`(^|[,;|"\t\r\n])'`)

func rows(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

func TestNoByteOfEvidenceIsLostInJSON(t *testing.T) {
	guard := newGuard(t, memstore.New())
	texts := []string{"plain", "", "Stop\xa0", "\xff\xfe", "a\x00b", "line\nline\u2028", "<&>\"\\", "\ufffd", "\xed\xa0\x80"}
	for i, text := range texts {
		_, err := guard.RecordOptOut(t.Context(), optout.Request{
			ID: fmt.Sprint(i), Account: "a", Number: "+14155550123", Text: text, Note: text,
		})
		require.NoError(t, err)
	}
	var out strings.Builder
	o := options{format: formatJSONL, what: whatHistory, number: "+14155550123"}
	require.NoError(t, export(t.Context(), guard, "a", o, &out))
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, len(texts))
	for i, line := range lines {
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &got), line)
		for _, field := range []string{"text", "note"} {
			text := got[field]
			if encoded, ok := got[field+"_b64"].(string); ok {
				raw, err := base64.StdEncoding.DecodeString(encoded)
				require.NoError(t, err)
				text = string(raw)
			}
			require.Equal(t, texts[i], text, line)
		}
		require.Nil(t, got["at"], "a time that is not known")
	}
}

func newGuard(t *testing.T, s store.Store) *optout.Guard {
	t.Helper()
	guard, err := optout.New(s, nil)
	require.NoError(t, err)
	return guard
}

func TestManyPages(t *testing.T) {
	guard := newGuard(t, memstore.New())
	for i := range 2_500 {
		optouttest.SeedOptedOut(t, guard, "a", fmt.Sprintf("+1415555%04d", i))
	}
	var out strings.Builder
	require.NoError(t, export(t.Context(), guard, "a", options{format: formatCSV, what: whatOptOuts}, &out))
	require.Len(t, rows(t, out.String()), 1+2_500)
}

func TestAnErrorOfTheStore(t *testing.T) {
	memory := memstore.New()
	guard := newGuard(t, memory)
	for i := range store.MaxLimit + 1 { // two pages of each
		for _, number := range []string{fmt.Sprintf("+1415555%04d", i), demoContact} {
			_, err := guard.RecordOptOut(t.Context(), optout.Request{Account: "a", Number: number})
			require.NoError(t, err)
		}
	}
	for format, header := range map[string]int{formatCSV: 1, formatJSONL: 0} {
		for _, what := range []string{whatOptOuts, whatHistory} {
			t.Run(what+"."+format, func(t *testing.T) {
				broken := newGuard(t, faultstore.Wrap(memory, faultstore.OnIndex(2, nil)))
				var out strings.Builder
				err := export(t.Context(), broken, "a", options{format: format, what: what, number: demoContact}, &out)
				require.ErrorIs(t, err, faultstore.ErrInjected)
				require.Equal(t, store.MaxLimit, strings.Count(out.String(), "\n")-header, "what came before the error is written")
			})
		}
	}
}

func TestAnErrorIsPrinted(t *testing.T) {
	status, stdout, stderr := program("-what", "history", "-format", "jsonl", "-number", strings.Repeat("x", 300))
	require.Equal(t, 1, status)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "export: optout: no phone number: too long (300 bytes)\n")
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAnOutputThatFails(t *testing.T) {
	for _, format := range []string{both, formatCSV, formatJSONL} {
		var stderr strings.Builder
		require.Equal(t, 1, run(context.Background(), []string{"-format", format}, brokenPipe{}, &stderr))
		require.Contains(t, stderr.String(), "broken pipe")
	}
}

func TestTimesAreOfTheProviderInUTC(t *testing.T) {
	require.Equal(t, "2025-03-03T09:00:00.5Z", cellText(time.Date(2025, time.March, 3, 9, 0, 0, 5e8, time.UTC)))
	require.Empty(t, cellText(time.Time{}))
}
