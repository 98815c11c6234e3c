package list_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/list"
)

func TestInertCell(t *testing.T) {
	for cell, want := range map[string]string{
		"":                 "",
		"plain":            "plain",
		"=1+2":             "'=1+2",
		"+14155550123":     "'+14155550123",
		"＠x":               "'＠x",
		"'quoted":          "''quoted",
		"Ada's; Ben's":     "Ada's; Ben's",
		"a, b - c":         "a, b - c",
		"x;=1+1":           "x;'=1+1",
		"x,=1;=2":          "x,'=1;'=2",
		"x\t=1":            "x\t'=1",
		"x|@SUM(A1)":       "x|'@SUM(A1)",
		"two\n-lines":      "two\n'-lines",
		"x;\"=1+1;":        "x;\"'=1+1;",
		"x;'=1":            "x;''=1",
		"\t=1":             "'\t'=1",
		"\xff;=1":          "\xff;'=1",
		"x; =1 with blank": "x; =1 with blank",
	} {
		require.Equal(t, want, list.InertCell(cell), "%q", cell)
	}
}

var (
	start = regexp.MustCompile(`(^|[,;|"\t\r\n])'`)
	runs  = regexp.MustCompile(`^[\t\r\n"]*[=+\-@＝＋－＠]`)
)

// Whatever separates the cells of a file, and whatever the spreadsheet takes for a
// separator, no cell is run, and none is lost.
func FuzzInertCell(f *testing.F) {
	for _, cell := range []string{
		"", "plain", "=1+2", "+14155550123", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'quoted", "''",
		" =1 is text with a blank before it", "\x00", "\xff=1", "\ufffd",
		"x;=1+1", "x\t=1", "x|=1", "x,=1", "x\n=1", "x;\"=1;", "\"=1", ";';'=", "x;;=",
	} {
		f.Add(cell)
	}
	const commas = ",;\t|"
	f.Fuzz(func(t *testing.T, cell string) {
		safe := list.InertCell(cell)
		require.Equal(t, cell, start.ReplaceAllString(safe, "$1"), "one apostrophe off gives the cell")
		for _, written := range commas {
			var file strings.Builder
			w := csv.NewWriter(&file)
			w.Comma = written
			require.NoError(t, w.WriteAll([][]string{{safe, "middle", safe}}))
			for _, read := range commas {
				for _, got := range strings.FieldsFunc(file.String(), func(r rune) bool { return r == read || r == '\n' || r == '\r' }) {
					require.False(t, runs.MatchString(got), "%q, written with %q and read with %q", got, written, read)
				}
			}
		}
	})
}
