package number

import (
	"strings"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// written is a text that is a number by the grammar of this package.
type written struct {
	digits plan.Spelling

	plus bool // the digits start with a calling code
	here bool // the digits are dialled in the region: they have separators
	kept bool // an opt-out is kept under the digits too

	text  string // where the separators are
	word  bool   // some digits are the letters of a telephone's keypad
	code  string // the digits in brackets with the plus sign before or in them: (+44) 20 7946 0018
	stop  bool   // the first group is one digit before a full stop: a calling code or a trunk prefix
	zeros int    // how many zeros are alone after the last full stop: a number can have them, and a decimal too
	slash int    // how many digits precede a slash
	more  string // digits after "x" or "#", which can be a mask in a longer number
}

// The grammar's counts of digits. doc.go has the reasons.
const (
	minLast      = 2 // in the last group
	minAfter     = 5 // after a closing bracket or a slash
	maxStop      = 6 // in the group before a full stop
	maxSlash     = 6 // before a slash, without the calling code
	maxExtension = 20
)

// read reads a text that is cut out of its wrapping.
func (w *written) read(text string) Fault {
	if w.digits.Read(text) {
		return w.readDigits(text)
	}
	text, fault := fold(text)
	if fault != NoFault {
		return fault
	}
	if !w.readAddress(&text) {
		return Channel
	}
	context, fault := w.readParameters(&text)
	if fault != NoFault {
		return fault
	}
	w.readExtension(&text)
	switch {
	case context != "":
		return w.inContext(context, text)
	case w.digits.Read(text):
		return w.readDigits(text)
	case strings.HasPrefix(text, "8~10") && w.digits.Read("810"+text[len("8~10"):]):
		w.here = true
		return w.readDigits("810" + text[len("8~10"):])
	case w.readWord(text):
		return NoFault
	default:
		return faultOf(text)
	}
}

// readDigits reads digits, a plus sign and separators, which w.digits has read before.
func (w *written) readDigits(text string) Fault {
	if w.plus { // an address that has no other digits
		if w.digits.Separated() || w.digits.Plus() {
			return Channel
		}
		return NoFault
	}
	w.plus = w.digits.Plus()
	w.here = !w.plus && (w.here || w.digits.Separated())
	w.kept = !w.plus && w.more == ""
	if !w.digits.Separated() {
		return NoFault
	}
	w.text = text
	if !w.digits.Grouped() && startsInDigits(text) && endsInGroup(text) {
		return NoFault
	}
	fault := w.readGroups(text)
	w.kept = w.kept && fault == NoFault
	return fault
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func startsInDigits(text string) bool { return isDigit(text[0]) || text[0] == '+' && isDigit(text[1]) }

func endsInGroup(text string) bool { return isDigit(text[len(text)-1]) && isDigit(text[len(text)-2]) }

// groups is how far the groups of digits of a text are read.
type groups struct {
	digits int  // in all groups
	group  int  // in this one
	stops  int  // full stops so far
	stop   bool // one precedes this group
	single bool // one follows the first digit
	open   bool // in brackets
	closed int  // digits before the last closing bracket, 0 for none
	slash  int  // digits before the slash, 0 for none
}

// readGroups reads where the separators stand.
func (w *written) readGroups(text string) Fault {
	text = strings.TrimSuffix(text, ".") // the end of a sentence
	var g groups
	from := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			continue
		}
		g.add(i - from)
		from = i + 1
		var fault Fault
		switch c := text[i]; {
		case c == '.':
			fault = g.fullStop(text, i)
		case c == ' ', c == '-' && i > 0:
			fault = g.end()
		default:
			fault = g.separate(text, i)
		}
		if fault != NoFault {
			return fault
		}
	}
	g.add(len(text) - from)
	switch {
	case g.group == 0 && g.closed == g.digits && g.digits > 0: // (24)
		return Tail
	case g.group == 0, g.open:
		return Sign
	case g.group < minLast && g.stop:
		return Spreadsheet
	case g.group < minLast && g.digits > g.group:
		return Tail
	case g.stops == 1 && g.stop && g.group <= minLast:
		return Spreadsheet
	case g.closed > 0 && g.digits-g.closed < minAfter, g.slash > 0 && g.digits-g.slash < minAfter:
		return Tail
	}
	if g.stop && text[len(text)-1] == '0' && strings.Trim(text[len(text)-g.group:], "0") == "" {
		w.zeros = g.group
	}
	if strings.HasPrefix(text, "(+") || strings.HasPrefix(text, "+(") {
		w.code, _, _ = strings.Cut(text[len("(+"):], ")")
	}
	w.slash = g.slash
	w.stop = g.single
	return NoFault
}

// add adds the digits of a group.
func (g *groups) add(digits int) {
	g.group = digits
	g.digits += digits
}

// separate reads a character that is not a digit, and neither a blank, a full stop nor a
// hyphen after the start.
func (g *groups) separate(text string, i int) Fault {
	switch text[i] {
	case '+':
		if !isPlus(text, i) {
			return Sign
		}
		return NoFault
	case '(', '[':
		if g.open {
			return Sign
		}
		g.open = true
		return g.end()
	case ')', ']':
		if !g.open || g.digits == 0 || isOpening(text[i-1]) {
			return Sign
		}
		fault := g.end()
		g.open, g.closed = false, g.digits
		return fault
	case '/':
		if g.slash > 0 || g.open || g.digits == 0 || g.digits > plan.MaxCode+maxSlash {
			return Sign
		}
		fault := g.end()
		g.slash = g.digits
		return fault
	default:
		return Sign
	}
}

func isOpening(c byte) bool { return c == '(' || c == '[' }

// isPlus reports whether a plus sign starts the text, and a digit follows, perhaps after
// blanks. It can also be in the first bracket, or before it.
func isPlus(text string, i int) bool {
	if strings.HasPrefix(text, "(+") || strings.HasPrefix(text, "+(") {
		return isDigit(text[len("(+")])
	}
	rest := strings.TrimLeft(text[i+1:], " ")
	return i == 0 && rest != "" && isDigit(rest[0])
}

// fullStop reads a full stop between two groups.
func (g *groups) fullStop(text string, i int) Fault {
	if i == 0 || i+1 == len(text) || !isDigit(text[i+1]) || !isDigit(text[i-1]) && text[i-1] != ')' && text[i-1] != ']' {
		return Sign
	}
	if g.group > maxStop || g.group == 1 && g.digits > 1 {
		return Spreadsheet
	}
	g.single = g.single || g.group == 1
	fault := g.end()
	g.stops++
	g.stop = true
	return fault
}

// end ends a group.
func (g *groups) end() Fault {
	if g.group == 1 && g.stop {
		return Spreadsheet
	}
	if g.group > 0 {
		g.stop = false
	}
	return NoFault
}
