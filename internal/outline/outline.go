// Package outline reads text files in which a line at the margin says what the indented
// lines under it are.
package outline

import (
	"fmt"
	"strings"
)

// Place is a line of a file.
type Place struct {
	File string
	Line int // from 1
}

// Errorf returns an error that names the place.
func (p Place) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", p.File, p.Line, fmt.Errorf(format, args...))
}

// Reader takes the lines of a file, without the blanks around them.
type Reader interface {
	Margin(at Place, text string) error
	Under(at Place, text string) error // an indented line
	GoesOn(text string) bool           // the next indented line belongs to this one
}

// Read gives the lines of a text to a Reader, up to the first error, which it returns with
// the place of the line. It leaves out blank lines, and lines that begin with #.
func Read(file, text string, to Reader) error {
	at := Place{File: file}
	begun, isUnder := "", false
	for line := range strings.Lines(text) {
		at.Line++
		isMargin := line[0] != ' ' && line[0] != '\t'
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#' && isMargin:
		case isMargin && begun != "":
			err = fmt.Errorf("%q goes on in no line", begun)
		case isMargin:
			isUnder = true
			err = to.Margin(at, line)
		case !isUnder:
			err = fmt.Errorf("%q is under no line at the margin", line)
		case to.GoesOn(line):
			begun += line
		default:
			err = to.Under(at, begun+line)
			begun = ""
		}
		if err != nil {
			return at.Errorf("%w", err)
		}
	}
	if begun != "" {
		return at.Errorf("%q goes on in no line", begun)
	}
	return nil
}
