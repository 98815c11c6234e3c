package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
)

// readAll reads a list whose head is right.
func readAll(t *testing.T, text string) (*list, []row) {
	t.Helper()
	l, err := readHead(strings.NewReader(text), "phone", ',')
	require.NoError(t, err)
	rows := slices.Collect(l.rows())
	require.NoError(t, l.err)
	return l, rows
}

func TestABadLineSpoilsNoOther(t *testing.T) {
	long := strings.Repeat("x", maxRecord)
	for name, c := range map[string]struct {
		lines string
		want  []string // "line reason phone"
	}{
		"a bare quote":            {"a\"b,1\nc,2\n", []string{"2 bad_quotes ", "3  2"}},
		"two of them":             {"a\"b,1\nc,2\nd\"e,3\nf,4\n", []string{"2 bad_quotes ", "3  2", "4 bad_quotes ", "5  4"}},
		"a quote left open":       {"\"a,1\nb,2\nc,3\n", []string{"2 bad_quotes ", "3  2", "4  3"}},
		"and another one":         {"\"a,1\nb,2\n\"c,3\nd,4\n", []string{"2 bad_quotes ", "3  2", "4 bad_quotes ", "5  4"}},
		"text after a quote":      {"\"a\" b,1\nc,2\n", []string{"2 bad_quotes ", "3  2"}},
		"a line break in quotes":  {"\"a\nb\",1\nc,2\n", []string{"2  1", "4  2"}},
		"too few and too many":    {"a\nb,2,3\nc,4\n", []string{"2 wrong_fields ", "3 wrong_fields 2", "4  4"}},
		"blank lines":             {"\na,1\n\r\n\nb,2\n", []string{"3  1", "6  2"}},
		"no break at the end":     {"a,1\nb,2", []string{"2  1", "3  2"}},
		"a quote open at the end": {"a,1\nb,\"2", []string{"2  1", "3 bad_quotes "}},
		"not UTF-8":               {"a\xff,1\nb,2\n", []string{"2 not_utf8 1", "3  2"}},
		"too long":                {long + ",1\nb,2\n", []string{"2 too_long ", "3  2"}},
		"too long after a quote":  {"\"a,1\n" + long + ",2\nb,3\n", []string{"2 bad_quotes ", "3 too_long ", "4  3"}},
		"a record of its own in a record that is bad": {"\"a\nb,9\n\",1,1\nc,2\n", []string{"2 wrong_fields 1", "5  2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, rows := readAll(t, "name,phone\n"+c.lines)
			var got []string
			for _, r := range rows {
				require.Len(t, r.cells, 2)
				got = append(got, fmt.Sprintf("%d %s %s", r.line, r.bad, r.cells[1]))
			}
			require.Equal(t, c.want, got)
		})
	}
}

// What encoding/csv can read as a whole is read the same; and whatever it is, each
// row has its cells and its line.
func FuzzRows(f *testing.F) {
	for _, text := range []string{
		"", "a,1\n", "\"a\nb\",1\nc,2\n", "a\"b,1\nc,2\n", "\"a,1\nb,2\n\"c,3", "\r\n\r\n", "a\r,1\r\n",
		"\"\"\"\",1", "\xff,1", "\"", "\"\n\"\n\"", "a,\"b\"\"\n", ",",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, rows := readAll(t, "name,phone\n"+text)
		line := 1
		var good [][]string
		for _, r := range rows {
			require.Greater(t, r.line, line)
			line = r.line
			require.Len(t, r.cells, len(l.header))
			if r.bad == "" {
				good = append(good, r.cells)
			}
		}
		require.LessOrEqual(t, line, 1+strings.Count(text, "\n")+1)
		whole := csv.NewReader(strings.NewReader(text))
		whole.FieldsPerRecord = -1
		want, err := whole.ReadAll()
		if err != nil || strings.ToValidUTF8(text, "") != text || strings.Count(text, "\n") >= maxLines {
			return
		}
		want = slices.DeleteFunc(want, func(cells []string) bool { return len(cells) != len(l.header) })
		require.Len(t, good, len(want))
		for i := range want {
			require.Equal(t, want[i], good[i])
		}
	})
}

func TestHeads(t *testing.T) {
	for name, c := range map[string]struct {
		head, column string
		want         string // "column comma" or the error
	}{
		"phone":               {"name,Phone", "", "1 ,"},
		"blanks and a hyphen": {"name, mobile-Number ", "", "1 ,"},
		"semicolons":          {"name;phone;note, or so", "", "1 ;"},
		"as many commas":      {"id;phone;note, if any, or so", "", "1 ;"},
		"tabs":                {"name\tphone", "", "1 \t"},
		"bars":                {"name|phone", "", "1 |"},
		"one column":          {"phone", "", "0 ,"},
		"quoted":              {"\"last, first\";\"phone\"", "", "1 ;"},
		"over lines":          {"\"last,\nfirst\",phone", "", "1 ,"},
		"the surer name":      {"number,phone,e164", "", "1 ,"},
		"our own results":     {"name,number,e164,reason,line", "number", "1 ,"},
		"by name":             {"phone,Handy", "handy", "1 ,"},
		"as it is written":    {"Phone,phone", "phone", "1 ,"},
		"a mark":              {"\ufeffphone,name", "", "0 ,"},
		"a mark and a quote":  {"\ufeff\"phone\",name", "", "0 ,"},
		"blank lines":         {"\n \nphone,name", "", "0 ,"},

		"none":           {"a;b", "", `line 1: no column is called phone, mobile or the like, name it with -column; there are "a", "b"`},
		"unknown":        {"a;b", "c", `no column is called "c"`},
		"two":            {"phone,mobile", "", `2 columns may be`},
		"twice":          {"tel.,tel.", "tel.", `2 columns are called "tel."`},
		"no head":        {"Ada,+14155550101", "", "the first line has a number in it"},
		"no head, named": {"Ada,(415) 555-0101", "phone", "the first line has a number in it"},
		"empty":          {"", "", "the list is empty"},
		"blank":          {"\n\r\n", "", "the list is empty"},
		"UTF-16":         {"\xff\xfep\x00h\x00", "", "UTF-16"},
		"UTF-16, no BOM": {"p\x00h\x00o\x00", "", "UTF-16"},
		"Latin-1":        {"phone,caf\xe9", "", "no names of columns in UTF-8"},
		"a quote":        {"phone,a\"b", "", "line 1: "},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := readHead(strings.NewReader(c.head), c.column, 0)
			if err != nil {
				require.ErrorContains(t, err, c.want)
				require.NotContains(t, err.Error(), "0101")
				return
			}
			require.Equal(t, c.want, fmt.Sprintf("%d %c", l.number, l.comma))
		})
	}
}

func TestResultsAreWrittenAsTheListIs(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	list := "\ufeffname;phone;e164\r\n\"a;\r\nb\";415 555 0101;x\r\nc;415 555 0102;\r\n"
	sendable, blocked, _, _ := gated(t, db, list)
	require.Equal(t, "\ufeffname;phone;e164;e164_2\r\n\"a;\r\nb\";415 555 0101;x;'+14155550101\r\n", sendable)
	require.Equal(t, "\ufeffname;phone;e164;reason;line\r\nc;415 555 0102;;opted_out;4\r\n", blocked)

	sendable, _, _, _ = gated(t, db, "name:phone\nb:+1 415 555 0101\n", "-delimiter", ":")
	require.Equal(t, "name:phone:e164\nb:'+1 415 555 0101:'+14155550101\n", sendable)
}

var formulas = []string{
	"=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "'quoted", "''", "", "plain", " =1",
	"x;=1+1", "x\t@y", "x|-1", "x,+1", "x\n=1", "x;\"=1;", "x;'", "a,b", `say "hi"`, "two\nlines", "é",
}

func TestNoCellIsRunAndNoneIsLost(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550999")
	want := [][]string{{"=phone", "@x"}}
	for i, cell := range formulas {
		number := fmt.Sprintf("+14155550%03d", 100+i)
		if i%2 == 0 {
			number = "+14155550999"
		}
		want = append(want, []string{number, cell})
	}
	var list bytes.Buffer
	w := csv.NewWriter(&list)
	require.NoError(t, w.WriteAll(want))

	safeSendable, safeBlocked, _, _ := gated(t, db, list.String(), "-column", "=phone")
	rawSendable, rawBlocked, _, _ := gated(t, db, list.String(), "-column", "=phone", "-raw")
	start := regexp.MustCompile(`(^|[,;|"\t\r\n])'`) // of what a spreadsheet may take for a cell
	safe := slices.Concat(cells(t, safeSendable), cells(t, safeBlocked))
	raw := slices.Concat(cells(t, rawSendable), cells(t, rawBlocked))
	require.Len(t, raw, len(formulas)+2)
	for i, record := range safe {
		for j, cell := range record {
			require.NotRegexp(t, `^[\t\r\n]|(^|[,;|"\t\r\n])[=+\-@＝＋－＠]`, cell)
			require.Equal(t, raw[i][j], start.ReplaceAllString(cell, "$1"), "one apostrophe off gives the cell")
		}
	}
	for _, record := range raw {
		require.True(t, slices.ContainsFunc(want, func(w []string) bool { return slices.Equal(w, record[:2]) }), "%q", record)
	}
	// Another run reads either.
	for _, sendable := range []string{safeSendable, rawSendable} {
		column := cells(t, sendable)[0][0]
		again, _, _, _ := gated(t, db, sendable, "-column", column, "-raw")
		for i, record := range cells(t, again) {
			if i > 0 {
				require.Equal(t, cells(t, rawSendable)[i][2], record[3])
			}
		}
	}
	again, _, _, _ := gated(t, db, rawSendable, "-column", "=phone", "-raw")
	for i, record := range cells(t, again) {
		require.Equal(t, cells(t, rawSendable)[i], record[:3], "-raw keeps every cell")
	}
}

func cells(t *testing.T, text string) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return records
}

func TestRepeatedNumbers(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	list := "phone\n+14155550101\n(415) 555-0101\n+14155550102\n+14155550102\n415.555.0101\n+442079460103\n"
	sendable, blocked, stdout, _ := gated(t, db, list)
	require.Equal(t, 1+4, strings.Count(sendable, "\n"))
	require.Equal(t, 1+2, strings.Count(blocked, "\n"))
	require.Contains(t, stdout, "repeated numbers           2  ")

	sendable, blocked, stdout, _ = gated(t, db, list, "-dedupe")
	require.Equal(t, "phone,e164\n'+14155550101,'+14155550101\n'+442079460103,'+442079460103\n", sendable)
	require.Contains(t, blocked, "\n(415) 555-0101,duplicate,3\n")
	require.Contains(t, stdout, "\n  duplicate                2\n")
	require.NotContains(t, stdout, "repeated")
}

func TestManyBadLinesAreCountedAndNotAllNamed(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	_, blocked, stdout, stderr := gated(t, db, "name,phone\n"+strings.Repeat("x\n", 2*maxWarnings))
	require.Equal(t, 1+2*maxWarnings, strings.Count(blocked, "\n"))
	require.Equal(t, maxWarnings+1, strings.Count(stderr, "\n"))
	require.Contains(t, stdout, "bad lines               2000")
}

func TestAListThatCannotBeReadToItsEnd(t *testing.T) {
	out := t.TempDir()
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	in := io.MultiReader(strings.NewReader("phone\n"+strings.Repeat("+14155550101\n", 2_500)), brokenPipe{})
	status, stdout, stderr := program(t, in, "-in", "-", "-db", db, "-account", "acme", "-out", out)
	require.Equal(t, 1, status)
	require.Equal(t, "campaign: nothing may be sent: the list: broken pipe\n", stderr)
	require.Empty(t, stdout)
	require.Empty(t, names(t, out))
}
