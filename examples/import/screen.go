package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
)

// shownRows is how many rows that need a person are named. More do not help.
const shownRows = 20

// screen tells what goes on: the first rows that need a person, and on a terminal how many
// rows are done.
type screen struct {
	out      io.Writer
	terminal bool
	drawn    bool // the count is on the last line
	people   int  // rows that need a person
}

func newScreen(out io.Writer) *screen {
	file, ok := out.(*os.File)
	return &screen{out: out, terminal: ok && isatty.IsTerminal(file.Fd())}
}

// row names a row that needs a person. It shows no number.
func (s *screen) row(r list.Result) {
	var why any = r.Err
	switch {
	case r.Outcome == list.RowRefused:
	case r.Fault != optout.FaultNone:
		why = fmt.Sprintf("recorded as it is written, and no phone number: %v", r.Fault)
	case r.Err != nil && r.Outcome != list.RowVoided:
		why = fmt.Sprintf("recorded undated: %v", r.Err)
	default:
		return
	}
	if s.people++; s.people > shownRows {
		return
	}
	s.clear()
	_, _ = fmt.Fprintf(s.out, "line %d: %v\n", r.Row.Line, why)
}

func (s *screen) progress(r list.Report) {
	if s.terminal {
		s.clear()
		_, _ = fmt.Fprintf(s.out, "%d rows", r.Rows)
		s.drawn = true
	}
}

// clear takes the count away.
func (s *screen) clear() {
	if s.drawn {
		_, _ = fmt.Fprint(s.out, "\r\x1b[K")
		s.drawn = false
	}
}

// finish says where the other rows are that need a person.
func (s *screen) finish(refused string) {
	s.clear()
	if more := s.people - shownRows; more > 0 {
		_, _ = fmt.Fprintf(s.out, "and %d rows more\n", more)
	}
	if s.people > 0 && refused == "" {
		_, _ = fmt.Fprintln(s.out, "-refused FILE writes these rows to a file, to be corrected and imported")
	}
}

// tell prints the report.
func tell(out io.Writer, r list.Report) {
	if r.DryRun {
		_, _ = fmt.Fprintln(out, "a dry run: nothing was recorded")
	}
	_, _ = fmt.Fprintf(out, "list %s\n", r.ID)
	for _, c := range r.Columns {
		as := "read as " + c.ReadAs
		if c.ReadAs == "" {
			as = "ignored"
		}
		_, _ = fmt.Fprintf(out, "  column %d %.40q: %s\n", c.Number, c.Name, as)
	}
	for _, line := range []struct {
		n    int
		what string
	}{
		{r.Rows, "rows"},
		{r.New, "new"},
		{r.Known, "known from an earlier run"},
		{r.Older, "older than a START of the contact, which stays in force"},
		{r.Voided, "taken back after an earlier run, and not recorded again"},
		{r.Refused, "refused"},
		{r.Changed, "contacts whose status changed"},
		{r.Undated, "opt-outs whose date cannot be used"},
		{r.NoNumber, "recorded, and no phone number"},
	} {
		if line.n > 0 || line.what == "rows" {
			_, _ = fmt.Fprintf(out, "%8d %s\n", line.n, line.what)
		}
	}
}
