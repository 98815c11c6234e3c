package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// filled makes a database in which somebody opted out, somebody agreed, and a short code
// opted out.
func filled(t *testing.T, kind dbtest.Kind) string {
	t.Helper()
	name := kind.New(t)
	source, err := database.Parse(name)
	require.NoError(t, err)
	db, err := source.Open(t.Context())
	require.NoError(t, err)
	defer db.Close()
	st, err := sqlstore.New(db, source.Dialect, nil)
	require.NoError(t, err)
	require.NoError(t, st.Migrate(t.Context()))
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	require.NoError(t, err)
	march := time.Date(2025, time.March, 4, 10, 0, 0, 0, time.UTC)
	texts := []optout.Message{{From: "+14155550101", Text: "STOP"}, {From: "+14155550102", Text: "START"}, {From: "78787", Text: "STOP"}}
	for i, m := range texts {
		m.ID, m.Account, m.To, m.At = fmt.Sprint("SM", i), "acme", "+18885550100", march
		_, err := guard.Receive(t.Context(), m)
		require.NoError(t, err)
	}
	return name
}

func TestADatabaseIsExported(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := filled(t, kind)
			with := func(args ...string) string {
				status, stdout, stderr := program(append([]string{"-db", db, "-account", "acme"}, args...)...)
				require.Zero(t, status, stderr)
				require.Equal(t, slices.Contains(args, "-sender"), stderr != "", stderr) // which tells of the short code
				return settled(stdout)
			}
			optOuts := "number,status,at,source,provider,reason,event_id,recorded_at\n" +
				"+14155550101,opted-out,2025-03-04T10:00:00Z,keyword,,,SM0,NOW\n" +
				"78787,opted-out,2025-03-04T10:00:00Z,keyword,,,SM2,NOW\n"
			require.Equal(t, optOuts, with())
			require.Contains(t, with("-spreadsheet"), "\n'+14155550101,opted-out,")
			require.Contains(t, with("-what", "list"), "\n+14155550102,opted-in,2025-03-04T10:00:00Z,keyword,,,SM1,NOW\n")
			require.Contains(t, with("-what", "list", "-format", "jsonl"),
				`{"number":"+14155550101","status":"opted-out","at":"2025-03-04T10:00:00Z",`)
			require.Equal(t, 2, strings.Count(with("-what", "history", "-number", "+1 415 555 0101"), "\n"))
			require.JSONEq(t, `{"OptOutListName":"Default","OptedOutNumber":"+14155550101"}`, with("-format", "aws", "-sender", "Default"))
			require.Regexp(t, "^Items=[^\n&]+\n$", with("-format", "twilio", "-sender", "MG0"))
			require.Equal(t, optOuts, with("-since", "2025-01-01"))

			status, stdout, stderr := program("-db", db, "-account", "acme", "-since", time.Now().AddDate(0, 0, 2).Format(time.DateOnly))
			require.Zero(t, status)
			require.Equal(t, 1, strings.Count(stdout, "\n"))
			require.Contains(t, stderr, `account "acme" has nobody to write`)

			// What is written is read back.
			guard, err := optout.New(memstore.New(), nil)
			require.NoError(t, err)
			_, stdout, _ = program("-db", db, "-account", "acme", "-what", "list", "-format", "jsonl")
			rows := list.ReadJSONLines(strings.NewReader(stdout))
			report, err := list.Import(t.Context(), guard, "acme", rows, &list.Options{ID: "back"})
			require.NoError(t, err)
			require.Equal(t, 3, report.New)
		})
	}
}

func TestUsageWithADatabase(t *testing.T) {
	db := dbtest.SQLite.New(t)
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"no account":   {nil, 2, "-account: "},
		"what":         {[]string{"-account", "a", "-what", "all"}, 2, `-what is "all", want optouts, list, history or dossier`},
		"format":       {[]string{"-account", "a", "-format", "xls"}, 2, `-format is "xls"`},
		"of a history": {[]string{"-account", "a", "-what", "history", "-format", "aws"}, 2, "want csv, jsonl"},
		"no sender":    {[]string{"-account", "a", "-format", "aws"}, 2, "-sender: "},
		"no number":    {[]string{"-account", "a", "-what", "history"}, 2, "-number: "},
		"since":        {[]string{"-account", "a", "-since", "March"}, 2, "-since: "},
		"missing":      {[]string{"-account", "a"}, 1, "cannot open"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := program(append([]string{"-db", db}, c.args...)...)
			require.Equal(t, c.status, status, stderr)
			require.Contains(t, stderr, c.stderr)
			require.Empty(t, stdout)
		})
	}
	status, _, stderr := program("-db", "oracle:x", "-account", "a")
	require.Equal(t, 2, status)
	require.Contains(t, stderr, "unknown database")
}

func TestADossier(t *testing.T) {
	db, out := filled(t, dbtest.SQLite), filepath.Join(t.TempDir(), "case-7")
	args := []string{"-db", db, "-account", "acme", "-what", "dossier", "-number", "(415) 555-0101", "-out", out}
	status, stdout, stderr := program(args...)
	require.Zero(t, status, stderr)
	require.Empty(t, stdout+stderr)
	text, err := os.ReadFile(out + ".json")
	require.NoError(t, err)
	var d struct {
		Account, Number, Reason string
		Allowed                 bool
		Records                 []map[string]any
	}
	require.NoError(t, json.Unmarshal(text, &d))
	require.Equal(t, "acme (415) 555-0101 opted_out false", fmt.Sprint(d.Account, " ", d.Number, " ", d.Reason, " ", d.Allowed))
	require.Len(t, d.Records, 1)
	require.Equal(t, "SM0", d.Records[0]["event_id"])
	page, err := os.ReadFile(out + ".html")
	require.NoError(t, err)
	sum := sha256.Sum256(text)
	require.Contains(t, string(page), hex.EncodeToString(sum[:]))
	require.Contains(t, string(page), "No message may be sent: opted_out.")
	require.Contains(t, string(page), "<td class=\"text\">STOP</td>")
	require.NotRegexp(t, `(?i)<script|src=|href=|url\(`, string(page), "it loads nothing")

	status, _, stderr = program(args...)
	require.Equal(t, 1, status, "no file is overwritten")
	require.Contains(t, stderr, "-out: ")
}

// What contacts text is shown as text.
func TestADossierRunsNothing(t *testing.T) {
	guard := newGuard(t, memstore.New())
	_, err := guard.RecordOptOut(t.Context(), optout.Request{
		ID: "1", Account: "acme", Number: "+14155550101", Text: "<script>alert(1)</script>", Note: "\xff</td>", Actor: "\"><img src=x>",
	})
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "x")
	require.NoError(t, writeDossier(t.Context(), guard, "acme", "+14155550101", out))
	page, err := os.ReadFile(out + ".html")
	require.NoError(t, err)
	require.Contains(t, string(page), "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.NotRegexp(t, "<script|<img", string(page))
	require.Contains(t, string(page), "not UTF-8: the bytes are in the JSON file")
	text, err := os.ReadFile(out + ".json")
	require.NoError(t, err)
	require.Contains(t, string(text), `"note_b64": "/zwvdGQ+"`)
}
