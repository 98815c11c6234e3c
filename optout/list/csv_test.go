package list_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// read returns the rows of a sequence, and what ended it. A RowError is in its place.
func read(rows iter.Seq2[list.Row, error]) (all []list.Row, refused []*list.RowError, failed error) {
	for row, err := range rows {
		if bad, ok := errors.AsType[*list.RowError](err); ok {
			refused = append(refused, bad)
			continue
		}
		if err != nil {
			return all, refused, err
		}
		all = append(all, row)
	}
	return all, refused, nil
}

// brief shows rows in a line each.
func brief(rows []list.Row) (texts []string) {
	for _, r := range rows {
		text := r.Number
		if r.Consent {
			text += " consent"
		}
		if !r.At.IsZero() {
			text += " " + r.At.Format(time.RFC3339Nano)
		}
		for _, more := range []string{r.Day, r.Source, r.Reason, r.Provider} {
			if more != "" {
				text += " " + more
			}
		}
		if r.DateErr != nil {
			text += " (" + r.DateErr.Error() + ")"
		}
		texts = append(texts, text)
	}
	return texts
}

func utf16Text(text string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

const tel = "+14155552671"

func TestReadCSVFindsItsColumns(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		opts *list.CSVOptions
		want []string
	}{
		"plain": {"phone,date\n+14155552671,2025-03-04\n", nil, []string{tel + " 2025-03-04"}},
		"another order": {
			"Name,Opted Out At,Mobile Number\nAda,2025-03-04T10:00:00Z,+14155552671\n", nil, []string{tel + " 2025-03-04T10:00:00Z"},
		},
		"below a title": {
			"Opt-outs of March\n\nexported 2025-04-01;;\nphone;date;\n+14155552671;2025-03-04;\n", nil, []string{tel + " 2025-03-04"},
		},
		"sep=":               {"sep=;\nphone;date\n+14155552671;2025-03-04\n", nil, []string{tel + " 2025-03-04"}},
		"sep= with a BOM":    {"\ufeffsep=|\r\nphone|date\r\n+14155552671|2025-03-04\r\n", nil, []string{tel + " 2025-03-04"}},
		"tabs":               {"phone\tdate\n+14155552671\t2025-03-04\n", nil, []string{tel + " 2025-03-04"}},
		"a separator of use": {"phone~date\n+14155552671~2025-03-04\n", &list.CSVOptions{Comma: '~'}, []string{tel + " 2025-03-04"}},
		"CR":                 {"phone,date\r+14155552671,2025-03-04\r+14155552672,\r", nil, []string{tel + " 2025-03-04", "+14155552672"}},
		"CRLF":               {"phone,date\r\n+14155552671,2025-03-04\r\n", nil, []string{tel + " 2025-03-04"}},
		"no break at the end": {
			"phone,date\n+14155552671,2025-03-04", nil, []string{tel + " 2025-03-04"},
		},
		"UTF-16 LE": {
			"\xff\xfe" + utf16Text("Teléfono;Fecha\n+14155552671;2025-03-04\n", binary.LittleEndian), nil, []string{tel + " 2025-03-04"},
		},
		"UTF-16 BE": {
			"\xfe\xff" + utf16Text("Teléfono;Fecha\n+14155552671;2025-03-04\n", binary.BigEndian), nil, []string{tel + " 2025-03-04"},
		},
		"UTF-16, an emoji": {
			"\xff\xfe" + utf16Text("phone;reason\n+14155552671;no 😀 more\n", binary.LittleEndian), nil, []string{tel + " no 😀 more"},
		},
		"UTF-16 LE, no mark": {utf16Text("phone,date\n+14155552671,2025-03-04\n", binary.LittleEndian), nil, []string{tel + " 2025-03-04"}},
		"UTF-16 BE, no mark": {utf16Text("phone,date\n+14155552671,2025-03-04\n", binary.BigEndian), nil, []string{tel + " 2025-03-04"}},
		"Windows-1252": {
			"T\xe9l\xe9phone;Motif\n415\xa0555\xa02671;d\xe9sinscrit \x80\n", nil, []string{"415\u00a0555\u00a02671 désinscrit €"},
		},
		"NFD": {
			norm.NFD.String("Numéro de téléphone,Date de désinscription\n+14155552671,2025-03-04\n"), nil, []string{tel + " 2025-03-04"},
		},
		"NFC": {
			norm.NFC.String("Numéro de téléphone,Date de désinscription\n+14155552671,2025-03-04\n"), nil, []string{tel + " 2025-03-04"},
		},
		"German":   {"Vorname;Telefonnummer;Abgemeldet am\nAda;+14155552671;04.03.2025\n", nil, []string{tel + " 2025-03-04"}},
		"Polish":   {"Numer telefonu;Data\n+14155552671;2025-03-04\n", nil, []string{tel + " 2025-03-04"}},
		"Russian":  {"Имя;Мобильный телефон;Дата\nАда;+14155552671;04.03.2025\n", nil, []string{tel + " 2025-03-04"}},
		"Japanese": {"氏名,電話番号,日付\nエイダ,+14155552671,2025/03/04\n", nil, []string{tel + " 2025-03-04"}},
		"Chinese":  {"姓名,手机号码,日期\n爱达,+14155552671,2025-3-4\n", nil, []string{tel + " 2025-03-04"}},
		"camel case": {
			"firstName,phoneNumber,optedOutAt\nAda,+14155552671,2025-03-04T10:00:00+02:00\n", nil, []string{tel + " 2025-03-04T08:00:00Z"},
		},
		"Klaviyo": {
			"Email,SMS Phone Number,SMS Unsubscribed At\na@example.com,+14155552671,2025-03-04 10:00:00+00:00\n", nil,
			[]string{tel + " 2025-03-04T10:00:00Z"},
		},
		"trailing commas": {
			"phone,date,,,\n+14155552671,2025-03-04,,,\n+14155552672,,,,\n,,,,\n", nil, []string{tel + " 2025-03-04", "+14155552672"},
		},
		"ragged": {
			"phone,date,reason\n+14155552671\n+14155552672,2025-03-04\n+14155552673,2025-03-04,STOP,more\n", nil,
			[]string{tel, "+14155552672 2025-03-04", "+14155552673 2025-03-04 STOP"},
		},
		"quoted breaks": {
			"reason,phone\n\"no\nmore, \"\"please\"\"\",+14155552671\nx,+14155552672\n", nil,
			[]string{tel + " no\nmore, \"please\"", "+14155552672 x"},
		},
		"quotes in a cell":    {"reason,phone\na 5\" pipe,+14155552671\n", nil, []string{tel + " a 5\" pipe"}},
		"blanks and quotes":   {"phone , reason\n \"+14155552671\" , \"x\" \n", nil, []string{tel + " x"}},
		"no header":           {"+14155552671\n(415) 555-2672\n", nil, []string{tel, "(415) 555-2672"}},
		"no header, commas":   {"+14155552671,,\n+14155552672,,\n", nil, []string{tel, "+14155552672"}},
		"no header, a column": {"Ada,+14155552671\nBob,+14155552672\n", &list.CSVOptions{Column: "2"}, []string{tel, "+14155552672"}},
		"a column by its name": {
			"home phone,work phone\n+14155552671,+14155552672\n", &list.CSVOptions{Column: "Work Phone"}, []string{"+14155552672"},
		},
		"a log of messages": {
			"from,to,date\n+14155552671,+18885550100,2025-03-04\n", &list.CSVOptions{Column: "From"}, []string{tel + " 2025-03-04"},
		},
		"source and reason": {"phone,source,keyword,provider\n+14155552671,web,ARRET,telco\n", nil, []string{tel + " web ARRET telco"}},
		"status": {
			"phone,status\n+14155552671,Unsubscribed\n+14155552672,subscribed\n+14155552673,opted_out\n", nil,
			[]string{tel, "+14155552672 consent", "+14155552673"},
		},
		"opted out":      {"phone,Opted Out\n+14155552671,TRUE\n", nil, []string{tel}},
		"opted out when": {"phone,Unsubscribed\n+14155552671,2025-03-04\n", nil, []string{tel + " 2025-03-04"}},
		"opt-in":         {"phone,SMS Opt-In\n+14155552671,no\n+14155552672,yes\n", nil, []string{tel, "+14155552672 consent"}},
		"both, with dates": {
			"phone,opt in,opt in date,opt out,opt out date\n+14155552671,yes,2025-01-01,yes,2025-03-04\n+14155552672,yes,2025-01-01,no,\n", nil,
			[]string{tel + " 2025-03-04", "+14155552672 consent 2025-01-01"},
		},
		"consents": {
			"phone,date\n+14155552671,2025-03-04\n", &list.CSVOptions{Consents: true, Provider: "shop"}, []string{tel + " consent 2025-03-04 shop"},
		},
		"no other's dates": {"phone,created at,updated at,email date\n+14155552671,2025-03-04,2025-03-05,2025-03-06\n", nil, []string{tel}},
		"a date column": {
			"phone,created at\n+14155552671,2025-03-04\n", &list.CSVOptions{DateColumn: "Created At"}, []string{tel + " 2025-03-04"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, refused, err := read(list.ReadCSV(iotestOneByte(c.file), c.opts))
			require.NoError(t, err)
			require.Empty(t, refused)
			require.Equal(t, c.want, brief(rows))
			again, _, err := read(list.ReadCSV(strings.NewReader(c.file), c.opts))
			require.NoError(t, err)
			require.Equal(t, rows, again, "however the file is cut into reads")
		})
	}
}

// iotestOneByte reads one byte at a time.
func iotestOneByte(text string) io.Reader { return oneByte{strings.NewReader(text)} }

type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 1)]) }

func TestReadCSVRefusesFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		opts *list.CSVOptions
		is   error
		says string
	}{
		"empty":          {"", nil, list.ErrNoHeader, "empty"},
		"blank":          {"\n\n  \n", nil, list.ErrNoHeader, "empty"},
		"a mark alone":   {"\ufeff", nil, list.ErrNoHeader, "empty"},
		"no such column": {"name,mail\nAda,a@example.com\n", nil, list.ErrNoHeader, "phone,date"},
		"no header":      {"Ada,+14155552671\n", nil, list.ErrNoHeader, "line 1 has a number"},
		"two columns": {
			"home phone,work phone\n+14155552671,\n", nil, list.ErrColumn, `"home phone", "work phone"? Name it with CSVOptions.Column`,
		},
		"a log":           {"From,To,Date\n+14155552671,+18885550100,\n", nil, list.ErrColumn, `"From", "To"? Name it with CSVOptions.Column`},
		"two dates":       {"phone,date,time\n+14155552671,,\n", nil, list.ErrColumn, `"date", "time"? Name it with CSVOptions.DateColumn`},
		"not that column": {"phone,date\n", &list.CSVOptions{Column: "mobile"}, list.ErrColumn, "no such column"},
		"not that date":   {"phone,date\n", &list.CSVOptions{DateColumn: "when"}, list.ErrColumn, "DateColumn: there is no such column"},
		"xlsx":            {"PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml", nil, nil, "an .xlsx, want text: save it as CSV"},
		"zip":             {"PK\x03\x04\x14\x00list.csv", nil, nil, ".zip"},
		"xls":             {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", nil, nil, "an .xls"},
		"gz":              {"\x1f\x8b\x08\x00", nil, nil, ".gz"},
		"pdf":             {"%PDF-1.7", nil, nil, "a PDF"},
		"a page":          {"<html><table>", nil, nil, "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := read(list.ReadCSV(strings.NewReader(c.file), c.opts))
			require.Empty(t, rows)
			require.ErrorContains(t, err, c.says)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.NotContains(t, err.Error(), "4155552671")
		})
	}
	rows, _, err := read(list.ReadCSV(io.MultiReader(strings.NewReader("phone\n+14155552671\n+1415"), failing{}), nil))
	require.ErrorIs(t, err, errDisk)
	require.Len(t, rows, 2, "what was read is yielded") // its number is cut, which nothing tells
}

var errDisk = errors.New("disk")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestReadCSVRefusesRowsAndGoesOn(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		file    string
		refused []string
		want    []string
	}{
		"a quote that is not closed": {
			"phone,name\n\"+14155552671,Ada\n+14155552672,Bob\n+14155552673,Cy\n",
			[]string{"list: line 2: a quote is not closed, or has text after it"},
			[]string{"+14155552672", "+14155552673"},
		},
		"text after a quote": {
			"phone,name\n\"+14155552671\"x,Ada\n+14155552672,Bob\n",
			[]string{"list: line 2: a quote is not closed, or has text after it"},
			[]string{"+14155552672"},
		},
		"two that do not belong together": { // the second closes what the first opened
			"phone,name\n\"+14155552671,Ada\n+14155552672,Bob\n+14155552673,\",\",Cy,Di\n+14155552674,E\n",
			[]string{"list: line 2: a quote is not closed, or has text after it"},
			[]string{"+14155552672", "+14155552673", "+14155552674"},
		},
		"too many cells over lines": {
			"phone,name\n\"+14155552671\n+14155552672\",b,c\n+14155552673,\n",
			[]string{"list: line 2: more cells than the header has columns"},
			[]string{`+14155552672"`, "+14155552673"},
		},
		"a long line": {
			"phone,name\n+14155552671," + long + "\n+14155552672,Bob\n",
			[]string{"list: line 2: the line is longer than 1048576 bytes"},
			[]string{"+14155552672"},
		},
		"a status": {
			"phone,status\n+14155552671,bounced\n+14155552672,\n+14155552673,stop\n",
			[]string{"list: line 2: status: not known, want a word such as opted-out or subscribed", "list: line 3: status: empty"},
			[]string{"+14155552673"},
		},
		"who did not opt out": {
			"phone,opted out\n+14155552671,no\n+14155552672,maybe\n+14155552673,x\n",
			[]string{
				"list: line 2: status: the contact did not opt out, which is not a consent",
				"list: line 3: status: not known, want a word such as opted-out or subscribed",
			},
			[]string{"+14155552673"},
		},
		"no number": {
			"phone,name\n,Ada\n+14155552672,Bob\n", []string{"list: line 2: list: no phone number: empty"}, []string{"+14155552672"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, refused, err := read(list.ReadCSV(strings.NewReader(c.file), nil))
			require.NoError(t, err)
			var texts []string
			for _, r := range refused {
				texts = append(texts, r.Error())
				require.NotEmpty(t, r.Text)
				require.LessOrEqual(t, len(r.Text), 200)
			}
			require.Equal(t, c.refused, texts)
			require.Equal(t, c.want, brief(rows))
		})
	}
}

func TestADateOfAnOptOutIsAnOptOut(t *testing.T) {
	file := "phone,SMS consent,Opted out at\n+14155552671,yes,2025-03-04\n+14155552672,yes,03/04/2025\n+14155552673,yes,\n" +
		"+14155552674,yes,none\n+14155552675,yes,1970-01-01\n+14155552676,yes,\"'\"\n"
	rows, refused, err := read(list.ReadCSV(strings.NewReader(file), nil))
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.False(t, rows[0].Consent)
	require.Equal(t, "2025-03-04", rows[0].Day)
	require.False(t, rows[1].Consent)
	require.ErrorContains(t, rows[1].DateErr, "the day or the month may come first")
	require.True(t, rows[2].Consent)
	require.Len(t, refused, 3)
	for _, r := range refused {
		require.ErrorContains(t, r, "a consent, and a date of an opt-out")
	}

	file = "phone,opted out\n+14155552671,03/04/2025\n+14155552672,2025-03-04T10:00:00Z\n+14155552673,'\n+14155552674,1/2\n"
	rows, refused, err = read(list.ReadCSV(strings.NewReader(file), nil))
	require.NoError(t, err)
	require.Equal(t, []string{
		"+14155552671 (date: the day or the month may come first: set CSVOptions.DateOrder)", "+14155552672 2025-03-04T10:00:00Z",
	}, brief(rows))
	require.False(t, rows[0].Consent || rows[1].Consent)
	require.Len(t, refused, 2)
}

func TestReadCSVNamesTheLine(t *testing.T) {
	file := "title\n\nphone,reason\r\n+14155552671,\"a\nb\r\nc\"\n\n+14155552672,\n"
	rows, _, err := read(list.ReadCSV(strings.NewReader(file), nil))
	require.NoError(t, err)
	require.Equal(t, 4, rows[0].Line)
	require.Equal(t, 8, rows[1].Line)
}

func TestDates(t *testing.T) {
	utc5 := time.FixedZone("", -5*60*60)
	for text, c := range map[string]struct {
		opts list.CSVOptions
		want string // " day", " time", or the error
	}{
		"":                                {want: ""},
		"2025-03-04":                      {want: " 2025-03-04"},
		"'2025-03-04":                     {want: " 2025-03-04"},
		"2025/3/4":                        {want: " 2025-03-04"},
		"2025.03.04":                      {want: " 2025-03-04"},
		"20250304":                        {want: " 2025-03-04"},
		"4.3.2025":                        {want: " 2025-03-04"},
		"04.03.2025 15:30":                {want: " 2025-03-05T03:30:00Z"},
		"25/12/2025":                      {want: " 2025-12-25"},
		"12/25/2025":                      {want: " 2025-12-25"},
		"03/03/2025":                      {want: " 2025-03-03"},
		"03/04/2025":                      {want: " (date: the day or the month may come first: set CSVOptions.DateOrder)"},
		"03-04-2025 10:00":                {want: " (date: the day or the month may come first: set CSVOptions.DateOrder)"},
		"3/4/2025":                        {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " 2025-04-03"},
		"3/04/2025 3:04 PM":               {opts: list.CSVOptions{DateOrder: list.MonthFirst, Zone: utc5}, want: " 2025-03-04T20:04:00Z"},
		"03/04/2025, 3:04:05 p.m.":        {opts: list.CSVOptions{DateOrder: list.MonthFirst, Zone: time.UTC}, want: " 2025-03-04T15:04:05Z"},
		"12/26/2025 ":                     {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " (date: cannot be read)"},
		"26/12/2025 ":                     {opts: list.CSVOptions{DateOrder: list.MonthFirst}, want: " (date: cannot be read)"},
		"03/04/25":                        {want: " (date: the day or the month may come first: set CSVOptions.DateOrder)"},
		"03.04.25":                        {want: " (date: the day or the month may come first: set CSVOptions.DateOrder)"},
		"31-12-25 10:00":                  {want: " (date: the day or the month may come first: set CSVOptions.DateOrder)"},
		"3.4.25":                          {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " 2025-04-03"},
		"03.04.25 ":                       {opts: list.CSVOptions{DateOrder: list.MonthFirst}, want: " 2025-04-03"},
		"03/04/25 ":                       {opts: list.CSVOptions{DateOrder: list.MonthFirst}, want: " 2025-03-04"},
		"03/04/25 10:05":                  {opts: list.CSVOptions{DateOrder: list.DayFirst, Zone: time.UTC}, want: " 2025-04-03T10:05:00Z"},
		"31/12/99":                        {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " (date: before 2000)"},
		"31/12/68":                        {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " 2068-12-31"},
		"03.04.5":                         {want: " (date: cannot be read)"},
		"03.04.125":                       {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " (date: cannot be read)"},
		"103.04.25":                       {opts: list.CSVOptions{DateOrder: list.DayFirst}, want: " (date: cannot be read)"},
		"2025-02-30":                      {want: " (date: cannot be read)"},
		"2025-13-01":                      {want: " (date: cannot be read)"},
		"45678":                           {want: " (date: cannot be read)"},
		"45678.5":                         {want: " (date: cannot be read)"},
		"yesterday":                       {want: " (date: cannot be read)"},
		"2025-03-04T10:05:27.031323Z":     {want: " 2025-03-04T10:05:27.031323Z"},
		"2025-03-04T10:05:27+02:00":       {want: " 2025-03-04T08:05:27Z"},
		"2025-03-04 10:05:27 +0200":       {want: " 2025-03-04T08:05:27Z"},
		"2025-03-04 10:05:27+00":          {want: " 2025-03-04T10:05:27Z"},
		"2025-03-04 10:05:27 UTC":         {want: " 2025-03-04T10:05:27Z"},
		"2025-03-04 10:05:27.5 +0000 UTC": {want: " 2025-03-04T10:05:27.5Z"},
		"2025-03-04 10:05:27":             {want: " 2025-03-04T22:05:27Z"},
		"2025-03-04T10:05:27":             {opts: list.CSVOptions{Zone: utc5}, want: " 2025-03-04T15:05:27Z"},
		"2025-03-04 00:00:00":             {want: " 2025-03-04"},
		"2025-03-04 10:05 CST":            {want: " (date: cannot be read)"},
		"Tue, 04 Mar 2025 10:05:27 GMT":   {want: " 2025-03-04T10:05:27Z"},
		"4 March 2025":                    {want: " 2025-03-04"},
		"Mar 4, 2025":                     {want: " 2025-03-04"},
		"04-Mar-2025":                     {want: " 2025-03-04"},
		"Mar 4, 2025, 10:05 AM":           {opts: list.CSVOptions{Zone: time.UTC}, want: " 2025-03-04T10:05:00Z"},
		"1737000000":                      {want: " 2025-01-16T04:00:00Z"},
		"1737000000.317":                  {want: " 2025-01-16T04:00:00.317Z"},
		"1737000000317":                   {want: " 2025-01-16T04:00:00.317Z"},
		"20250304100527":                  {opts: list.CSVOptions{Zone: time.UTC}, want: " 2025-03-04T10:05:27Z"},
		"1970-01-01":                      {want: " (date: before 2000)"},
		"1970-01-01T00:00:00Z":            {want: " (date: before 2000)"},
		"0000-00-00 00:00:00":             {want: " (date: cannot be read)"},
		"9999999999999999999":             {want: " (date: cannot be read)"},
	} {
		t.Run(text, func(t *testing.T) {
			c.opts.Comma = ';'
			rows, refused, err := read(list.ReadCSV(strings.NewReader("phone;date\n+14155552671;"+text+"\n"), &c.opts))
			require.NoError(t, err)
			require.Empty(t, refused, "an opt-out is not lost by its date")
			require.Equal(t, []string{tel + c.want}, brief(rows))
		})
	}
}

// broken is a list of so many rows, without the memory for it.
type broken struct {
	rows int
	row  string
	buf  bytes.Buffer
}

func (b *broken) Read(p []byte) (int, error) {
	for b.buf.Len() < len(p) && b.rows > 0 {
		b.buf.WriteString(b.row)
		b.rows--
	}
	return b.buf.Read(p)
}

func TestBrokenRowsAreAllNamed(t *testing.T) {
	const rows = 20_000
	for name, row := range map[string]string{
		"open quotes":  "\"+14155552671,Ada\n",
		"after quotes": "\"+14155552671\"x,Ada\n",
		"no number":    ",Ada\n",
	} {
		t.Run(name, func(t *testing.T) {
			good, bad := 0, 0
			last := 0
			for r, err := range list.ReadCSV(io.MultiReader(strings.NewReader("phone,name\n"), &broken{rows: rows, row: row}), nil) {
				if err != nil {
					_, ok := errors.AsType[*list.RowError](err)
					require.True(t, ok, err)
					bad++
				} else {
					good++
				}
				require.Equal(t, last+1, max(r.Line-1, 1), "no row is skipped")
				last++
			}
			require.Equal(t, rows, bad)
			require.Zero(t, good)
		})
	}
}

func TestARowErrorHoldsNoNumber(t *testing.T) {
	_, refused, err := read(list.ReadCSV(strings.NewReader("phone,name\n\"+14155552671,x\n"), nil))
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprint(refused[0]), "415")
	require.Equal(t, "\"+14155552671,x", refused[0].Text)
}

// TestAStrayQuoteIsSoonGivenUp measures by what is allocated: each line that is read ahead for
// a quote is copied.
func TestAStrayQuoteIsSoonGivenUp(t *testing.T) {
	const rows = 20_000
	for _, row := range []string{`x","z`, `"x`, `1,"x" y`} {
		file := "phone,name\n" + strings.Repeat(row+"\n", rows)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read := 0
		for range list.ReadCSV(strings.NewReader(file), nil) {
			read++
		}
		runtime.ReadMemStats(&after)
		require.Equal(t, rows, read)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(rows*10_000), row)
	}
}

func TestTheReportHasTheColumnsOfTheFile(t *testing.T) {
	for text, want := range map[string]list.CSVFile{
		"Handynummer;Name;Gesehen am;Quelle\n0171 1234567;x;4.3.2025;Web\n": {Comma: ';', Columns: []list.Column{
			{1, "Handynummer", "number"}, {2, "Name", ""}, {3, "Gesehen am", ""}, {4, "Quelle", "source"},
		}},
		"\ufeffphone\tOpted out at\tstatus\n": {Comma: '\t', BOM: true, Columns: []list.Column{
			{1, "phone", "number"}, {2, "Opted out at", "opted-out-at"}, {3, "status", "status"},
		}},
		"date,opt_out_date,number,opted in,opted out,comment,provider,event id\n": {Comma: ',', Columns: []list.Column{
			{1, "date", ""},
			{2, "opt_out_date", "opted-out-at"},
			{3, "number", "number"},
			{4, "opted in", "opted-in"},
			{5, "opted out", "opted-out"},
			{6, "comment", "reason"},
			{7, "provider", "provider"},
			{8, "event id", "event"},
		}},
		"+14155552671\n+14155552672\n":    {Comma: ',', Columns: []list.Column{{1, "", "number"}}},
		"p\x00h\x00o\x00n\x00e\x00\n\x00": {Comma: ',', BOM: true, Columns: []list.Column{{1, "phone", "number"}}},
		"nobody knows\n":                  {},
	} {
		guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "DE"})
		var file list.CSVFile
		rows := list.ReadCSV(strings.NewReader(text), &list.CSVOptions{Found: &file})
		report, err := list.Import(t.Context(), guard, account, rows, &list.Options{ID: "march", DryRun: true, File: &file})
		require.Equal(t, want.Columns == nil, err != nil, err)
		require.Equal(t, want, file, text)
		require.Equal(t, want.Columns, report.Columns)
	}
}

// TestTheRefusedRowsAreWrittenAsTheFileIs, and are read back as before.
func TestTheRefusedRowsAreWrittenAsTheFileIs(t *testing.T) {
	for _, c := range []struct{ text, begins string }{
		{"phone;date\nJörg; x;4.3.2025\nnobody;4.3.2025\n", "number;status;at;"},
		{"\ufeffphone;date\nnobody;4.3.2025\n", "\ufeffnumber;status;at;"},
		{"\ufeffphone,date\nnobody,4.3.2025\n", "\ufeffnumber,status,at,"},
		{"phone\tdate\nnobody\t4.3.2025\n", "number\tstatus\tat\t"},
		{"phone|date\nnobody|4.3.2025\n", "number|status|at|"},
		{"sep=x\nphonexdate\nnobodyx4.3.2025\n", "number,status,at,"},
	} {
		guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "DE"})
		var refused strings.Builder
		var file list.CSVFile
		rows := list.ReadCSV(strings.NewReader(c.text), &list.CSVOptions{Found: &file})
		opts := &list.Options{ID: "march", File: &file, Refused: &refused}
		report, err := list.Import(t.Context(), guard, account, rows, opts)
		require.NoError(t, err)
		require.NotZero(t, report.Refused)
		require.True(t, strings.HasPrefix(refused.String(), c.begins), refused.String())
		var again list.CSVFile
		rows = list.ReadCSV(strings.NewReader(refused.String()), &list.CSVOptions{Found: &again})
		read, _, err := read(rows)
		require.NoError(t, err)
		require.Equal(t, "nobody", read[len(read)-1].Number)
		require.Equal(t, "2025-03-04", read[len(read)-1].Day)
		require.Equal(t, file.BOM, again.BOM)
	}
}
