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
		"too long":                {long + ",1\nb,2\n", []string{"2 line_too_long ", "3  2"}},
		"too long after a quote":  {"\"a,1\n" + long + ",2\nb,3\n", []string{"2 bad_quotes ", "3 line_too_long ", "4  3"}},
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

		"a word before it":  {"name,work phone,phone type,phone verified", "", "1 ,"},
		"as a program says": {"id\tcustomerPhoneNumber\tphone_country_code", "", "1 \t"},
		"Google's contacts": {"Name,Phone 1 - Type,Phone 1 - Value", "", "2 ,"},
		"a surer one":       {"recipient,phone,order number", "", "1 ,"},
		"To alone":          {"Date,To,Body", "", "1 ,"},
		"to_number alone":   {"date|to_number|body", "", "1 |"},
		"a log, named":      {"From,To,Body", "to", "1 ,"},

		"From and To":         {"From,To,Body", "", `which column has the phone numbers: "From", "To"? Name it with -column`},
		"from_number":         {"from_number;to_number;body", "", `"from_number", "to_number"?`},
		"FromNumber, quoted":  {"\ufeff\"Body\";\"FromNumber\";\"ToNumber\"", "", `"FromNumber", "ToNumber"?`},
		"TO and FROM":         {"TO\tBODY\tFROM", "", `"TO", "FROM"?`},
		"sender, recipient":   {"Sender,Recipient", "", `"Sender", "Recipient"?`},
		"caller and callee":   {"caller number,callee number", "", `"caller number", "callee number"?`},
		"origin, destination": {"destinationNumber,originationNumber", "", `"destinationNumber", "originationNumber"?`},
		"from and a phone":    {"phone,from", "", `"phone", "from"?`},
		"two receivers":       {"to,recipient", "", `"to", "recipient"?`},
		"home and work":       {"home_phone,work_phone", "", `"home_phone", "work_phone"?`},
		"Phone 1 and 2":       {"Phone 1,Phone 2", "", `"Phone 1", "Phone 2"?`},
		"Google's two":        {"Phone 1 - Value,Phone 2 - Value", "", `"Phone 1 - Value", "Phone 2 - Value"?`},
		"phones of two":       {"Sender Phone,Recipient Phone", "", `"Sender Phone", "Recipient Phone"?`},
		"not at a semicolon":  {"From,To,Notes; phone", "", `"From", "To"?`},
		"not all together":    {"from,to|phone,mobile", "", `"from", "mobile"?`},
		"From alone":          {"Date,From,Body", "", "no column is called phone"},
		"no number at all":    {"order number,account no,hotel,assigned to,sender id", "", "no column is called phone"},

		"none":           {"a;b", "", `line 1: no column is called phone, mobile or the like, name it with -column; there are "a", "b"`},
		"unknown":        {"a;b", "c", `no column is called "c"`},
		"two":            {"phone,mobile", "", `line 1: which column has the phone numbers: "phone", "mobile"? Name it with -column`},
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
	f, _, _ := gated(t, db, list)
	require.Equal(t, "\ufeffname;phone;e164;e164_2\r\n\"a;\r\nb\";415 555 0101;x;'+14155550101\r\n", f.sendable)
	require.Equal(t, "\ufeffname;phone;e164;reason;line\r\nc;415 555 0102;;opted_out;4\r\n", f.blocked)
	require.Equal(t, "\ufeffname;phone;e164;reason;line\r\n", f.unreadable)

	f, _, _ = gated(t, db, "name:phone\nb:+1 415 555 0101\n", "-delimiter", ":")
	require.Equal(t, "name:phone:e164\nb:'+1 415 555 0101:'+14155550101\n", f.sendable)
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

	want = append(want, []string{"=1", "x;=1"}, []string{"@4155550101", "-1"}) // no numbers
	require.NoError(t, w.WriteAll(want[len(want)-2:]))
	safeFiles, _, _ := gated(t, db, list.String(), "-column", "=phone")
	rawFiles, _, _ := gated(t, db, list.String(), "-column", "=phone", "-raw")
	start := regexp.MustCompile(`(^|[,;|"\t\r\n])'`) // of what a spreadsheet may take for a cell
	safe := slices.Concat(cells(t, safeFiles.sendable), cells(t, safeFiles.blocked), cells(t, safeFiles.unreadable))
	raw := slices.Concat(cells(t, rawFiles.sendable), cells(t, rawFiles.blocked), cells(t, rawFiles.unreadable))
	require.Len(t, raw, len(formulas)+2+3)
	require.Len(t, cells(t, rawFiles.unreadable), 1+2)
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
	for _, sendable := range []string{safeFiles.sendable, rawFiles.sendable} {
		column := cells(t, sendable)[0][0]
		again, _, _ := gated(t, db, sendable, "-column", column, "-raw")
		for i, record := range cells(t, again.sendable) {
			if i > 0 {
				require.Equal(t, cells(t, rawFiles.sendable)[i][2], record[3])
			}
		}
	}
	again, _, _ := gated(t, db, rawFiles.sendable, "-column", "=phone", "-raw")
	for i, record := range cells(t, again.sendable) {
		require.Equal(t, cells(t, rawFiles.sendable)[i], record[:3], "-raw keeps every cell")
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
	f, stdout, _ := gated(t, db, list)
	require.Equal(t, 1+4, strings.Count(f.sendable, "\n"))
	require.Equal(t, 1+2, strings.Count(f.blocked, "\n"))
	require.Contains(t, stdout, "repeated numbers           2  ")

	f, stdout, _ = gated(t, db, list, "-dedupe")
	require.Equal(t, "phone,e164\n'+14155550101,'+14155550101\n'+442079460103,'+442079460103\n", f.sendable)
	require.Contains(t, f.blocked, "\n(415) 555-0101,duplicate,3\n")
	require.Contains(t, stdout, "\n  duplicate                2\n")
	require.NotContains(t, stdout, "repeated")
}

func TestManyBadLinesAreCountedAndNotAllNamed(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	f, stdout, stderr := gated(t, db, "name,phone\n"+strings.Repeat("x\n", maxWarnings)+strings.Repeat("x,y\n", maxWarnings))
	require.Equal(t, 1+2*maxWarnings, strings.Count(f.unreadable, "\n"))
	require.Equal(t, maxWarnings+1, strings.Count(stderr, "\n"))
	require.Contains(t, stdout, "unreadable              2000")
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

// A list as a spreadsheet saves it: with a mark, semicolons, quotes, and numbers that it took for decimal ones.
func TestAListThatASpreadsheetSpoiled(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	list := "\ufeff\"Last; First\";\"Phone Number\"\r\n" +
		"Ada;4155550101.0\r\nBen;4155550102,0\r\nCleo;4.15555E+09\r\nDan;\"4155550104\"\r\nEve;+14155550105.00\r\n" +
		"Finn;-4155550106\r\nGus;=4155550107\r\nHana;415 555 0102\r\n"
	f, stdout, stderr := gated(t, db, list)
	require.Equal(t, "\ufeff\"Last; First\";Phone Number;e164\r\nDan;4155550104;'+14155550104\r\n", f.sendable)
	require.Equal(t, "\ufeff\"Last; First\";Phone Number;reason;line\r\nHana;415 555 0102;opted_out;9\r\n", f.blocked)
	require.Equal(t, "\ufeff\"Last; First\";Phone Number;reason;line\r\n"+
		"Ada;4155550101.0;spreadsheet;2\r\nBen;4155550102,0;spreadsheet;3\r\nCleo;4.15555E+09;spreadsheet;4\r\n"+
		"Eve;'+14155550105.00;spreadsheet;6\r\nFinn;'-4155550106;sign;7\r\nGus;'=4155550107;sign;8\r\n", f.unreadable)
	require.Contains(t, stdout, "\nunreadable                 6  ")
	require.Contains(t, stdout, "\n  spreadsheet              4\n")
	require.Contains(t, stderr, "campaign: line 2: no phone number: spreadsheet\n")
}

// Whatever a cell has: each row is in one of the three files, and only numbers are sendable.
func TestEachRowIsInOneFile(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	numbers := []string{"+14155550101", "(415) 555-0102", "tel:+14155550103", "4155550104"}
	edits := []string{"", ".0", "E8", " 2", " (Ada)", "x", "*", "telegram:", "user-", "id=", "=", "\x00", "\xff", "\u00a0", "\"", ",", "\n"}
	var list strings.Builder
	list.WriteString("phone\n")
	for _, number := range numbers {
		for _, edit := range edits {
			for i := range len(number) + 1 {
				list.WriteString(number[:i] + edit + number[i:] + "\n")
			}
		}
	}
	f, stdout, _ := gated(t, db, list.String(), "-raw")
	lines := map[string]bool{}
	for _, file := range []string{f.blocked, f.unreadable} {
		for _, record := range cells(t, file)[1:] {
			require.NotEmpty(t, record[1])
			require.False(t, lines[record[2]], "line %s is there twice", record[2])
			lines[record[2]] = true
		}
	}
	sendable := cells(t, f.sendable)[1:]
	require.Contains(t, stdout, fmt.Sprintf("recipients %17d ", len(lines)+len(sendable)))
	for _, record := range sendable {
		require.Regexp(t, `^\+1415555010[134]$`, record[1], "%q", record[0])
	}
}
