package keywords

import "unicode/utf8"

// hints are the first letters of the words at which a search begins, hashed. A
// message without any of them is an ordinary text, as one pass over its bytes
// tells.
type hints struct {
	strong, weak [1 << hintBits / 64]uint64
}

const (
	hintBits = 13

	// shortMessage is the length in bytes up to which the common words count, and
	// tinyMessage that up to which every message is read, for its typing errors.
	shortMessage = 100
	tinyMessage  = 24
)

// add notes a word, by up to four letters, and where one of them is typed long
// ("stooop") that as well.
func (h *hints) add(word string, strong bool) {
	h.set(word, strong)
	for i := range min(3, len(word)) {
		h.set(word[:i+1]+word[i:], strong)
	}
}

func (h *hints) set(word string, strong bool) {
	letters := uint32(0)
	for i := range 4 {
		c := byte(0)
		if i < len(word) {
			c = word[i]
		}
		if c >= utf8.RuneSelf {
			return // such a text is read anyway
		}
		letters = letters<<8 | uint32(c)
	}
	at := hintHash(letters)
	h.weak[at>>6] |= 1 << (at & 63)
	if strong {
		h.strong[at>>6] |= 1 << (at & 63)
	}
}

func hintHash(letters uint32) uint32 { return letters * 0x9e3779b1 >> (32 - hintBits) }

// letterOf is the small letter or digit that an ASCII byte is; 0 for what is in no
// word, and notInWord for the bytes of other characters. It is read only.
var letterOf = func() (of [256]uint8) {
	for c := range of {
		switch {
		case c >= utf8.RuneSelf:
			of[c] = otherLetter
		case asciiClass[c] == kept || c == '*':
			of[c] = lower(uint8(c))
		}
	}
	return of
}()

const otherLetter = 1

// mayRevoke reports false for a text that needs no reading. Where it has letters
// other than a to z, it does not decide.
func (g *grammar) mayRevoke(message string) bool {
	if len(message) <= tinyMessage {
		return true
	}
	bits := &g.hints.strong
	if len(message) <= shortMessage {
		bits = &g.hints.weak
	}
	for i := 0; i < len(message); {
		c := letterOf[message[i]]
		if c <= otherLetter {
			n := 1
			if c == otherLetter {
				if n = symbolLength(message[i:]); n == 0 {
					return true
				}
			}
			i += n
			continue
		}
		letters, shift := uint32(0), 24
		for c > otherLetter {
			if shift >= 0 {
				letters |= uint32(c) << shift
				shift -= 8
			}
			if i++; i == len(message) {
				break
			}
			c = letterOf[message[i]]
		}
		if at := hintHash(letters); bits[at>>6]>>(at&63)&1 != 0 {
			return true
		}
	}
	return false
}

// symbolLength returns the length of the emoji, quotation mark or the like that
// the text begins with, and 0 where it may be something else.
func symbolLength(s string) int {
	switch {
	case len(s) >= 4 && s[0] == 0xf0 && s[1] == 0x9f && s[2] >= 0x8c: // U+1F300 and up
		return 4
	case len(s) >= 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] >= 0x90 && s[2] <= 0xa6): // – “ ” …
		return 3
	case len(s) >= 3 && s[0] == 0xe2 && s[1] >= 0x98 && s[1] <= 0x9e: // ☺ ❤
		return 3
	case len(s) >= 3 && s[0] == 0xef && s[1] == 0xb8 && s[2] == 0x8f: // the variation selector behind it
		return 3
	case len(s) >= 2 && s[0] == 0xc2 && s[1] >= 0xa0 && s[1] != 0xad && s[1] != 0xaa && s[1] != 0xba: // £
		return 2
	}
	return 0
}
