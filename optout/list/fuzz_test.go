package list_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/list"
)

// checkRows holds whatever was read to what every reader promises, and returns the rows. lines
// is how many lines the input has.
func checkRows(t *testing.T, rows iter.Seq2[list.Row, error], lines int) (all []list.Row) {
	t.Helper()
	last, ended := 0, false
	for row, err := range rows {
		require.False(t, ended, "an error that is no RowError is the last of all")
		if bad, ok := errors.AsType[*list.RowError](err); ok {
			require.Positive(t, bad.Line)
			require.LessOrEqual(t, len(bad.Text), 200)
			require.Error(t, bad.Err)
			row.Line = bad.Line
		} else if err != nil {
			ended = true
			continue
		} else {
			require.NotEmpty(t, row.Number)
			require.LessOrEqual(t, len(row.Reason)+len(row.Source), 2_000)
			require.False(t, row.DateErr != nil && (row.Day != "" || !row.At.IsZero()))
			require.False(t, row.Day != "" && !row.At.IsZero())
			if row.Day != "" {
				_, err := time.Parse(time.DateOnly, row.Day)
				require.NoError(t, err)
			}
			all = append(all, row)
		}
		require.GreaterOrEqual(t, row.Line, last, "in the order of the file")
		require.LessOrEqual(t, row.Line, lines, "no more rows than lines")
		last = row.Line
	}
	return all
}

// checkRoundTrip writes rows and reads them back.
func checkRoundTrip(t *testing.T, rows []list.Row) {
	t.Helper()
	for i := range rows {
		r := &rows[i]
		r.Line, r.DateErr = 0, nil
	}
	for _, format := range []list.Format{list.CSV, list.JSONLines} {
		var file bytes.Buffer
		write := func(w io.Writer, rows iter.Seq2[list.Row, error]) (int, error) { return list.WriteCSV(w, rows, false) }
		read := func(in io.Reader) iter.Seq2[list.Row, error] { return list.ReadCSV(in, nil) }
		if format == list.JSONLines {
			write, read = list.WriteJSONLines, list.ReadJSONLines
		}
		written, err := write(&file, rowsOf(rows))
		require.NoError(t, err)
		require.Equal(t, len(rows), written)
		i := 0
		for row, err := range read(&file) {
			require.NoError(t, err)
			row.Line = 0
			want := rows[i]
			if format == list.CSV { // whose cells are trimmed, and whose line ends are one
				want.Reason, want.Source = line(want.Reason), line(want.Source)
				want.Provider, want.EventID, want.Number = line(want.Provider), line(want.EventID), line(want.Number)
				row.Reason, row.Source = line(row.Reason), line(row.Source)
				row.Provider, row.EventID, row.Number = line(row.Provider), line(row.EventID), line(row.Number)
				want.RecordedAt, row.RecordedAt = time.Time{}, time.Time{}
			}
			require.Equal(t, want, row, "%v", format)
			i++
		}
		require.Equal(t, len(rows), i)
	}
}

// hasNUL reports a character that encodingOf takes for UTF-16, if there are many.
func hasNUL(r list.Row) bool {
	return strings.ContainsRune(r.Number+r.Reason+r.Source+r.EventID+r.Provider, 0)
}

func line(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
}

// lineCount is at least how many lines a reader can see.
func lineCount(text string) int { return 1 + strings.Count(text, "\n") + strings.Count(text, "\r") }

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"phone,date\n+14155552671,2025-03-04\n",
		"sep=;\nTelefon;Datum;Status\n+14155552671;4.3.2025;abgemeldet\n", "+14155552671\r(415) 555-2672\r",
		"reason,phone\n\"a\nb\",+14155552671\n\"x,+14155552672\n",
		"\xff\xfep\x00h\x00o\x00n\x00e\x00\n\x001\x002\x003\x00", "phone\topt out\topt in\n1\tyes\tno\n",
		"T\xe9l\xe9phone\n+14155552671\n", "\ufeffphone|at\n+14155552671|1737000000.317\n", "phone,at\n+14155552671,03/04/2025 3:04 PM\n",
	} {
		f.Add([]byte(seed), "", byte(0), uint8(0))
	}
	f.Add([]byte("Ada;+14155552671\n"), "2", byte(';'), uint8(1))
	f.Fuzz(func(t *testing.T, file []byte, column string, comma byte, order uint8) {
		opts := &list.CSVOptions{Column: column, Comma: comma, DateOrder: list.DateOrder(order)}
		lines := lineCount(string(file)) // of UTF-16 there are no more: a break has two bytes
		rows := checkRows(t, list.ReadCSV(bytes.NewReader(file), opts), lines)
		require.Equal(t, rows, checkRows(t, list.ReadCSV(oneByte{bytes.NewReader(file)}, opts), lines))
		for i := range rows {
			require.True(t, utf8.ValidString(rows[i].Number+rows[i].Reason+rows[i].Source))
			if hasNUL(rows[i]) {
				return
			}
		}
		checkRoundTrip(t, rows)
	})
}

func FuzzReadJSONLines(f *testing.F) {
	f.Add([]byte(`{"number":"+14155552671","status":"opted-out","at":"2025-03-04T12:00:00Z",` +
		`"source":"web","provider":"x","reason":"y","event_id":"z","recorded_at":"2025-03-04T12:00:00Z"}`))
	f.Add([]byte("{\"number\":14155552671,\"status\":\"opted-in\",\"day\":\"2025-03-04\"}\n\n" +
		"{\"number\":\"\"}\nx\n[]\n{\"Number\":\"a\",\"at\":null}"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows := checkRows(t, list.ReadJSONLines(bytes.NewReader(file)), lineCount(string(file)))
		for i := range rows {
			if hasNUL(rows[i]) || strings.TrimSpace(rows[i].Number) == "" {
				return
			}
		}
		checkRoundTrip(t, rows)
	})
}

func fuzzPage(f *testing.F, provider string) {
	f.Helper()
	for _, c := range providerCases(f) {
		if c.Provider == provider {
			f.Add([]byte(c.Input.Body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		page := pages()[provider](bytes.NewReader(body))
		require.Empty(t, page.Next())
		for _, row := range checkRows(t, page.Rows(), len(body)) {
			require.Equal(t, provider, row.Provider)
			require.NotContains(t, row.Number, "*")
		}
	})
}

func FuzzReadAWS(f *testing.F)    { fuzzPage(f, "aws") }
func FuzzReadTelnyx(f *testing.F) { fuzzPage(f, "telnyx") }
func FuzzReadSinch(f *testing.F)  { fuzzPage(f, "sinch") }
func FuzzReadAzure(f *testing.F)  { fuzzPage(f, "azure") }

func FuzzReadTwilio(f *testing.F) {
	for _, c := range providerCases(f) {
		if c.Provider == "twilio" {
			f.Add([]byte(c.Input.Body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rows := checkRows(t, list.ReadTwilio(bytes.NewReader(body)), lineCount(string(body)))
		var bodies [][]byte
		written := 0
		for body, err := range list.TwilioRequests(rowsOf(rows), "MG0") {
			if err == nil {
				bodies = append(bodies, body)
			} else {
				written--
			}
		}
		written += len(rows)
		back, _, err := read(list.ReadTwilio(bytes.NewReader(bytes.Join(bodies, []byte("\n")))))
		require.NoError(t, err)
		require.Len(t, back, written)
	})
}
