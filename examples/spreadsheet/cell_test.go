package spreadsheet_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/spreadsheet"
)

func FuzzInert(f *testing.F) {
	for _, cell := range []string{
		"", "plain", "=1+2", "+14155550123", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'quoted", "''",
		" =1 is text with a blank before it", "\x00", "\xff=1", "\ufffd",
	} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		safe := spreadsheet.Inert(cell)
		require.NotRegexp(t, `^[=+\-@＝＋－＠\t\r\n]`, safe)
		require.Equal(t, cell, strings.TrimPrefix(safe, "'"), "one apostrophe off gives the cell")
	})
}
