package keywords

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unicode/utf8"
)

// hints are the words at which a search begins, by their keys. A message without
// any of them is an ordinary text, as one pass over its bytes tells.
type hints struct {
	prefixes [1 << hintBits / 64]uint64 // of the first four bytes; most words end here
	keys     []uint64                   // open addressing; 0 is no key
}

const (
	hintBits = 15

	// shortMessage is the length in bytes up to which the common words count, and
	// tinyMessage that up to which every message is read, for its typing errors.
	shortMessage = 70
	tinyMessage  = 24
)

func newHints(words map[string]bool) *hints {
	h := &hints{keys: make([]uint64, 64)}
	for len(h.keys) < 4*len(words) {
		h.keys = make([]uint64, 2*len(h.keys))
	}
	for word := range words {
		h.addPrefix(word)
		at := h.first(wordKey([]byte(word)))
		for h.keys[at] != 0 {
			at = (at + 1) % len(h.keys)
		}
		h.keys[at] = wordKey([]byte(word))
	}
	for _, prefix := range drawnOut() {
		h.addPrefix(prefix)
	}
	return h
}

// addPrefix notes the first four bytes of a word; behind a shorter one stands
// whatever is no letter.
func (h *hints) addPrefix(word string) {
	if len(word) >= 4 {
		h.set(load4(word))
		return
	}
	for c := range byte(utf8.RuneSelf) {
		if letterOf[c] == 0 {
			h.set(load4(word+string(rune(c))+"   ") | 0x20202020)
		}
	}
}

func (h *hints) set(prefix uint32) {
	at := prefixHash(prefix)
	h.prefixes[at>>6] |= 1 << (at & 63)
}

func prefixHash(prefix uint32) uint32 { return prefix * 0x9e3779b1 >> (32 - hintBits) }

// load4 returns the first four bytes, the first of them lowest.
func load4(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// first is the place where the search for a key begins.
func (h *hints) first(key uint64) int { return int(key>>20) & (len(h.keys) - 1) }

func (h *hints) has(key uint64) bool {
	for at := h.first(key); h.keys[at] != 0; at = (at + 1) & (len(h.keys) - 1) {
		if h.keys[at] == key {
			return true
		}
	}
	return false
}

// wordKey packs the first eight bytes of a word and its length.
func wordKey(word []byte) uint64 {
	var first [8]byte
	copy(first[:], word)
	return keyOf(binary.LittleEndian.Uint64(first[:]), len(word))
}

func keyOf(letters uint64, length int) uint64 {
	return (letters + uint64(length&0xff)*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
}

// drawnOut are the beginnings that two keywords have when a finger stays on a key,
// or another word follows without a blank.
func drawnOut() [5]string { return [...]string{"stop", "stoo", "stto", "ssto", "unsu"} }

func isDrawnOut(letters uint64) bool {
	for _, prefix := range drawnOut() {
		if letters&math.MaxUint32 == uint64(load4(prefix)) {
			return true
		}
	}
	return false
}

// letterOf is the small letter or digit that an ASCII byte is; 0 for what is in no
// word, and otherLetter for the bytes of other characters. It is read only.
var letterOf = func() (of [256]uint8) {
	for c := range of {
		switch {
		case c >= utf8.RuneSelf:
			of[c] = otherLetter
		case asciiClass[c] == kept:
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
	if len(message) <= shortMessage {
		return g.all.anyIn(message)
	}
	if len(message) <= maxFast {
		if may, ok := g.rare.anyInASCII(message); ok {
			return may
		}
	}
	return g.rare.anyIn(message)
}

// anyIn looks at one byte after the other.
func (h *hints) anyIn(message string) bool {
	for i := 0; i < len(message); {
		c := letterOf[message[i]]
		if c <= otherLetter {
			n := 1
			if asciiClass[message[i]] == dropped {
				return true // the letters around it are of one word
			}
			if c == otherLetter {
				if n = symbolLength(message[i:]); n == 0 {
					return true
				}
			}
			i += n
			continue
		}
		is, length := h.startsWith(message[i:])
		if is {
			return true
		}
		i += length
	}
	return false
}

// startsWith reports a text whose first word is a hint, and how long that word is.
func (h *hints) startsWith(text string) (is bool, length int) {
	letters := uint64(0)
	for ; length < len(text) && letterOf[text[length]] > otherLetter; length++ {
		letters |= uint64(letterOf[text[length]]) << (8 * length) // nothing, from the ninth letter on
	}
	return h.has(keyOf(letters, length)) || isDrawnOut(letters), length
}

const (
	maxFast = 1024 // bytes: six parts of an SMS
	each    = 0x0101010101010101
)

// anyInASCII is anyIn, eight bytes at a time and without a word end to guess, for
// hints of three letters and more. It
// reports false where the text is not all printable ASCII.
func (h *hints) anyInASCII(message string) (may, ok bool) {
	seen, before := uint64(0), uint64(0)
	for block := 0; block < len(message); block += 64 {
		mask := uint64(0) // a bit for each letter
		for i := block; i < min(block+64, len(message)); i += 8 {
			behind := max(0, i+8-len(message))                                                     // bytes that are not there
			x := load8(message[i-behind:])>>(8*behind&63) | 0x20*each&^(^uint64(0)>>(8*behind&63)) // blanks for them
			seen |= x | (x-0x20*each)&^x | (x + each)                                              // not ASCII, or a control character
			mask |= lettersOf(x) << (i & 63)
		}
		if seen&(0x80*each) != 0 {
			return false, false
		}
		starts := mask &^ (mask<<1 | before)
		before = mask >> 63
		for ; starts != 0; starts &= starts - 1 {
			from := block + bits.TrailingZeros64(starts)
			if from+4 <= len(message) {
				at := prefixHash(load4(message[from:]) | 0x20202020)
				if h.prefixes[at>>6]>>(at&63)&1 == 0 {
					continue
				}
			}
			if is, _ := h.startsWith(message[from:]); is {
				return true, true
			}
		}
	}
	return false, true
}

// lettersOf returns a bit for each of eight bytes that is an ASCII letter.
func lettersOf(x uint64) uint64 {
	x |= 0x20 * each
	letters := (x + (0x80-'a')*each) &^ (x + (0x80-'z'-1)*each)
	return (letters >> 7 & each) * 0x0102040810204080 >> 56
}

// load8 returns the first eight bytes, the first of them lowest.
func load8(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
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
