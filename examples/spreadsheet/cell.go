// Package spreadsheet makes cells of a CSV file safe to open in a spreadsheet.
package spreadsheet

import (
	"strings"
	"unicode/utf8"
)

// Inert puts an apostrophe before a cell that a spreadsheet would run: one that
// starts with an operator, also a full-width one, or with a blank that it cuts off.
// An apostrophe gets one too, so that it can be told from those put here: taking one
// apostrophe off gives any cell back as it was.
func Inert(cell string) string {
	first, _ := utf8.DecodeRuneInString(cell)
	if strings.ContainsRune("=+-@＝＋－＠\t\r\n'", first) {
		return "'" + cell
	}
	return cell
}
