package revocation

import "github.com/seed-f10031e4/consent/internal/textfold"

const (
	// shortMessage is the length in bytes up to which common words count, too.
	shortMessage = 70
	// tinyMessage is the length in bytes up to which every message is read, for
	// its typing errors.
	tinyMessage = 24
)

// hint is a word at which the search for a pattern begins: its first eight bytes,
// and its length.
type hint struct {
	first  [8]byte
	length uint8
}

// hintOf returns the hint of the word with which a text begins.
func hintOf(text string) (h hint) {
	for i := 0; i < len(text) && textfold.IsWord(text[i]); i++ {
		if i < len(h.first) {
			h.first[i] = textfold.Lower(text[i])
		}
		h.length++
	}
	return h
}

// isDrawnOut reports whether a word begins like STOP or UNSUBSCRIBE when a finger
// stays on a key, or when another word follows without a blank.
func (h *hint) isDrawnOut() bool {
	switch string(h.first[:4]) {
	case "stop", "stoo", "stto", "ssto", "unsu":
		return true
	}
	return false
}

// mayAsk reports whether a text has a word at which a pattern begins, or a
// character that needs a closer look. Most ordinary texts have neither.
func (g *grammar) mayAsk(text string) bool {
	if len(text) <= tinyMessage {
		return true
	}
	isShort := len(text) <= shortMessage
	hints := g.rareHints
	if isShort {
		hints = g.allHints
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case textfold.IsWord(c):
			if startsWord(text, i, !isShort) {
				if word := hintOf(text[i:]); hints[word] || word.isDrawnOut() {
					return true
				}
			}
			i++
		case textfold.IsControl(c):
			return true // the letters around it are one word
		case c < 0x80:
			i++
		default:
			size := symbolSize(text[i:])
			if size == 0 {
				return true
			}
			i += size
		}
	}
	return false
}

// startsWord reports whether a word begins at text[i], a letter or digit. If
// afterDigit is set, a letter after a digit begins a word, too: "2stop".
func startsWord(text string, i int, afterDigit bool) bool {
	if i == 0 || !textfold.IsWord(text[i-1]) {
		return true
	}
	return afterDigit && text[i-1] <= '9' && text[i] > '9'
}

// symbolSize returns the number of bytes of the emoji, quotation mark or the like
// with which a text begins. It returns 0 for any other character.
func symbolSize(s string) int {
	switch {
	case len(s) >= 4 && s[0] == 0xf0 && s[1] == 0x9f && s[2] >= 0x8c: // U+1F300 and up
		return 4
	case len(s) >= 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] >= 0x90 && s[2] <= 0xa6): // – “ ” …
		return 3
	case len(s) >= 3 && s[0] == 0xe2 && s[1] >= 0x98 && s[1] <= 0x9e: // ☺ ❤
		return 3
	case len(s) >= 3 && s[0] == 0xef && s[1] == 0xb8 && s[2] == 0x8f: // the variation selector after it
		return 3
	case len(s) >= 2 && s[0] == 0xc2 && s[1] >= 0xa0 && s[1] != 0xad && s[1] != 0xaa && s[1] != 0xba: // £
		return 2
	}
	return 0
}

// match returns the words that the pattern takes around the anchor at core[at].
func (p *pattern) match(core []token, at int) (from, to int, ok bool) {
	from, ok = matchSide(core, at, -1, maxReach, p.left)
	if !ok {
		return 0, 0, false
	}
	to, ok = matchSide(core, at, 1, maxReach, p.right)
	return from, to + 1, ok
}

// maxReach is the most words on one side of the anchor. It bounds the work.
const maxReach = 12

// matchSide matches elements from the token beside core[at] in one direction, and
// returns the last token that is in the match. No pattern reaches over a comma.
func matchSide(core []token, at, step, reach int, elements []element) (int, bool) {
	if len(elements) == 0 {
		return at, true
	}
	e := &elements[0]
	next := at + step
	// The token after a boundary has the mark.
	blocked := next < 0 || next >= len(core) || core[max(at, next)].marks&phrase != 0
	if !blocked && reach == 0 {
		return at, false
	}
	if e.edge {
		if !blocked {
			return at, false
		}
		return matchSide(core, at, step, reach, elements[1:])
	}
	if !blocked && (e.any || core[next].word != 0 && e.words.has(core[next].word)) {
		if e.many {
			if last, ok := matchSide(core, next, step, reach-1, elements); ok {
				return last, true
			}
		}
		if last, ok := matchSide(core, next, step, reach-1, elements[1:]); ok {
			return last, true
		}
	}
	if e.optional {
		return matchSide(core, at, step, reach, elements[1:])
	}
	return at, false
}
