// Package spreadsheet makes cells of a CSV file safe to open in a spreadsheet.
package spreadsheet

import "strings"

const (
	operators = "=+-@＝＋－＠" // at the start of a cell they make it a formula
	trimmed   = "\t\r\n"   // a spreadsheet cuts them off the start of a cell

	// separators are the characters after which a spreadsheet may begin a cell, if it is
	// set to another separator than the file has: then quotes do not hold a cell together.
	separators = ",;|\"\t\r\n"
)

// Inert puts an apostrophe before whatever a spreadsheet would run: an operator at the
// start of a cell, also a full-width one, and an operator after a separator inside the
// cell, as in "x;=1+1". An apostrophe in these places gets one too: taking one apostrophe
// off at the start and after each separator gives the cell back as it was.
func Inert(cell string) string {
	var safe strings.Builder
	done, starts := 0, true
	for i, r := range cell {
		if starts && strings.ContainsRune(operators+"'", r) || i == 0 && strings.ContainsRune(trimmed, r) {
			safe.WriteString(cell[done:i] + "'")
			done = i
		}
		starts = strings.ContainsRune(separators, r)
	}
	return safe.String() + cell[done:]
}
