package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func program(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

// optedOut returns who opted out of acme.
func optedOut(t *testing.T, name string) (numbers []string) {
	t.Helper()
	source, err := database.Parse(name)
	require.NoError(t, err)
	db, err := source.OpenExisting(t.Context())
	require.NoError(t, err)
	defer db.Close()
	st, err := sqlstore.New(db, source.Dialect, nil)
	require.NoError(t, err)
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	require.NoError(t, err)
	for state, err := range guard.OptedOut(t.Context(), "acme") {
		require.NoError(t, err)
		numbers = append(numbers, state.Key.Number+" "+state.At.Format(time.RFC3339))
	}
	return numbers
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	march := time.Date(2025, time.March, 31, 12, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, march, march))
	return path
}

const march = "phone;date;name\n(415) 555-0101;2025-03-04;Ada\n+14155550102;;Bob\n4.15555E+09;2025-03-05;Cy\n78787;2025-03-05;a shop\n"

func TestAFileIsImported(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db, in := kind.New(t), file(t, "march.csv", march)
			refused := filepath.Join(t.TempDir(), "refused.csv")
			args := []string{"-in", in, "-db", db, "-account", "acme"}
			status, stdout, stderr := program(t, "", append(args, "-dry-run")...)
			require.Equal(t, failed, status, "there are no tables")
			require.Empty(t, stdout)
			require.Contains(t, stderr, "-db: ")

			status, stdout, stderr = program(t, "", append(args, "-migrate", "-refused", refused)...)
			require.Equal(t, needsAPerson, status, stderr)
			require.Regexp(t, `^list march.csv@[0-9a-f]{16}\n`+
				`  column 1 "phone": read as number\n  column 2 "date": read as at\n  column 3 "name": ignored\n`+
				`       4 rows\n       3 new\n       1 refused\n`+
				`       3 contacts whose status changed\n       1 recorded, and no phone number\n$`, stdout)
			require.Equal(t, "line 4: list: no phone number: spreadsheet\n"+
				"line 5: recorded as it is written, and no phone number: short code\n", stderr)
			all := []string{"+14155550101 2025-03-05T12:00:00Z", "+14155550102 2025-03-31T12:00:00Z", "78787 2025-03-06T12:00:00Z"}
			require.Equal(t, all, optedOut(t, db))

			// Once more, as a dry run and in earnest, nothing changes.
			for _, dry := range []string{"-dry-run=true", "-dry-run=false"} {
				status, stdout, _ = program(t, "", append(args, dry)...)
				require.Equal(t, needsAPerson, status)
				require.Contains(t, stdout, "       3 known from an earlier run\n       1 refused\n")
			}
			require.Equal(t, all, optedOut(t, db))

			// A row that was refused is corrected.
			text, err := os.ReadFile(refused)
			require.NoError(t, err)
			corrected := strings.ReplaceAll(string(text), "4.15555E+09", "+14155550103")
			status, stdout, _ = program(t, corrected, "-in", "-", "-id", "corrected", "-db", db, "-account", "acme")
			require.Equal(t, needsAPerson, status, "the shop is in it")
			require.Contains(t, stdout, "       2 new\n")
			require.Contains(t, optedOut(t, db), "+14155550103 2025-03-06T12:00:00Z")
		})
	}
}

func TestDatesThatCannotBeUsed(t *testing.T) {
	db, in := dbtest.SQLite.New(t), file(t, "april.csv", "\ufeffphone;opted out on;seen\n+14155550101;04/03/2025;1.1.2025\n")
	refused := filepath.Join(t.TempDir(), "refused.csv")
	status, stdout, stderr := program(t, "", "-in", in, "-db", db, "-account", "acme", "-migrate", "-refused", refused)
	require.Equal(t, needsAPerson, status, stderr)
	require.Contains(t, stdout, `  column 2 "opted out on": read as opted-out-at`+"\n"+`  column 3 "seen": ignored`+"\n")
	require.Contains(t, stdout, "       1 opt-outs whose date cannot be used\n")
	require.Contains(t, stderr, "line 2: recorded undated: date: the day or the month may come first")
	text, err := os.ReadFile(refused)
	require.NoError(t, err)
	require.Contains(t, string(text), "\ufeffnumber;status;at;")
	require.Contains(t, string(text), "\n'+14155550101;;04/03/2025;")
	before := optedOut(t, db)
	status, stdout, _ = program(t, "", "-in", refused, "-id", "again", "-db", db, "-account", "acme")
	require.Equal(t, needsAPerson, status)
	require.Contains(t, stdout, "       1 refused\n")
	require.Equal(t, before, optedOut(t, db))
}

func TestAnImportIsTakenBack(t *testing.T) {
	db := dbtest.SQLite.New(t)
	status, _, stderr := program(t, "phone\n+14155550101\n", "-in", "-", "-id", "x", "-db", db, "-account", "acme", "-migrate")
	require.Equal(t, ok, status, stderr)
	undo := []string{"-revert", "x", "-db", db, "-account", "acme", "-actor", "ben", "-note", "another brand's"}
	for _, want := range []string{"1 rows taken back, 0 before", "0 rows taken back, 1 before"} {
		status, stdout, stderr := program(t, "", undo...)
		require.Equal(t, ok, status, stderr)
		require.Contains(t, stdout, "list x: "+want)
	}
	require.Empty(t, optedOut(t, db))
	status, stdout, stderr := program(t, "", append([]string{"-revert", "X"}, undo[2:]...)...)
	require.Equal(t, usedWrongly, status)
	require.Empty(t, stdout)
	require.Equal(t, "import: -revert: account \"acme\" has no record of a list with this name\n", stderr)
	for _, args := range [][]string{undo[:8], append(undo, "-dry-run")} {
		status, _, stderr := program(t, "", args...)
		require.Equal(t, usedWrongly, status)
		require.Contains(t, stderr, "-revert: ")
	}
}

func TestFormats(t *testing.T) {
	for format, text := range map[string]string{
		"csv":    "number;when\n+14155550101;04/03/2025 10:00\n",
		"jsonl":  `{"number":"+14155550101","at":"2025-03-04T09:00:00Z"}`,
		"aws":    `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":1741078800}]}`,
		"telnyx": `{"data":[{"to":"+14155550101","created_at":"2025-03-04T09:00:00Z"}]}`,
		"sinch":  `{"identities":[{"identity":"14155550101"}]}`,
		"azure":  `{"value":[{"to":"+14155550101","httpStatusCode":200,"isOptedOut":true}]}`,
		"twilio": `Items=%7B%22contact_id%22%3A%22%2B14155550101%22%2C%22status%22%3A%22opt-out%22%7D`,
	} {
		t.Run(format, func(t *testing.T) {
			db := dbtest.SQLite.New(t)
			status, _, stderr := program(t, text, "-in", "-", "-id", "x", "-format", format, "-db", db, "-account", "acme", "-migrate",
				"-date-column", map[string]string{"csv": "when"}[format], "-date-order", "dmy", "-zone", "Europe/Berlin",
				"-as-of", "2025-03-03T21:00:00-12:00")
			require.Equal(t, ok, status, stderr)
			require.Equal(t, []string{"+14155550101 2025-03-04T09:00:00Z"}, optedOut(t, db))
		})
	}
}

func TestUsage(t *testing.T) {
	in, db := file(t, "list.csv", march), dbtest.SQLite.New(t)
	all := []string{"-in", in, "-db", db, "-account", "acme", "-migrate"}
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":           {[]string{"-help"}, ok, "-dry-run"},
		"no such flag":   {[]string{"-nope"}, usedWrongly, "-nope"},
		"an argument":    {[]string{"+14155550101"}, usedWrongly, "want flags alone"},
		"no file":        {nil, usedWrongly, "-in: "},
		"no database":    {[]string{"-in", in}, usedWrongly, "-db: "},
		"no account":     {[]string{"-in", in, "-db", db}, usedWrongly, "-account: "},
		"no such db":     {[]string{"-in", in, "-db", "oracle:x", "-account", "acme"}, usedWrongly, `unknown database "oracle"`},
		"a missing db":   {[]string{"-in", in, "-db", db + "x", "-account", "acme"}, failed, "cannot open"},
		"a missing file": {append(all[2:], "-in", in+"x"), usedWrongly, "-in: "},
		"a folder":       {append(all[2:], "-in", t.TempDir()), usedWrongly, "is a folder"},
		"no id":          {append(all[2:], "-in", "-"), usedWrongly, "-id: "},
		"a dry run":      {append(all, "-dry-run"), usedWrongly, "makes no tables"},
		"format":         {append(all, "-format", "xls"), usedWrongly, `-format is "xls"`},
		"region":         {append(all, "-region", "XY9"), usedWrongly, "-region: "},
		"zone":           {append(all, "-zone", "Mars"), usedWrongly, "-zone: "},
		"order":          {append(all, "-date-order", "ymd"), usedWrongly, "dmy or mdy"},
		"as of":          {append(all, "-as-of", "yesterday"), usedWrongly, "-as-of: "},
		"refused":        {append(all, "-refused", in), usedWrongly, "-refused: "},
		"a column":       {append(all, "-column", "mobile"), failed, "no such column"},
		"a wrong id":     {append(all, "-id", "a/b"), failed, "a slash"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := program(t, march, c.args...)
			require.Equal(t, c.status, status, stderr)
			require.Contains(t, stderr, c.stderr)
			require.NotContains(t, stdout+stderr, "415555")
		})
	}
}

func TestTheCountIsOnATerminalOnly(t *testing.T) {
	main, terminal, err := pty.Open()
	require.NoError(t, err)
	defer main.Close()
	db, in := dbtest.SQLite.New(t), file(t, "list.csv", march)
	require.Equal(t, needsAPerson, run(t.Context(), []string{"-in", in, "-db", db, "-account", "acme", "-migrate"}, nil, io.Discard, terminal))
	require.NoError(t, terminal.Close())
	shown, _ := io.ReadAll(main) // which ends in an error of its own
	require.Contains(t, string(shown), "4 rows\r\x1b[K")
}

func TestManyRowsThatNeedAPerson(t *testing.T) {
	text := "phone\n" + strings.Repeat("nobody\n", 25)
	status, _, stderr := program(t, text, "-in", "-", "-id", "x", "-db", dbtest.SQLite.New(t), "-account", "acme", "-migrate")
	require.Equal(t, needsAPerson, status)
	require.Equal(t, 20, strings.Count(stderr, "line "))
	require.Contains(t, stderr, "and 5 rows more\n-refused FILE writes")
}
