package list

import "strings"

const (
	operators  = "=+-@＝＋－＠" // at the start of a cell they make it a formula
	trimmed    = "\t\r\n"   // a spreadsheet cuts them off the start of a cell
	separators = ",;|\"\t\r\n"
)

// InertCell puts an apostrophe before whatever a spreadsheet would run in a cell: an operator at
// the start, also a full-width one, and one after a separator inside the cell, as in "x;=1+1", for
// a spreadsheet that is set to another separator than the file has. An apostrophe in these places
// gets one too: taking one apostrophe off at the start and after each separator gives the cell back
// as it was. ExportOptions.Spreadsheet does it for all cells. Use InertCell for the cells of files
// that you write yourself.
func InertCell(cell string) string {
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
