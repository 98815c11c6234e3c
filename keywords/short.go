package keywords

import (
	"unicode/utf8"
)

// shortWord is a keyword of up to 16 bytes, the first in the low byte. A text is it
// when its bytes are the same once those where it has ASCII letters are in lower
// case: "\x53top" is STOP, "\x13top" is not.
type shortWord struct {
	word, lower [2]uint64
	match       *Match // noMatch: an empty place
}

func (x *index) addShort(folded string, match *Match) {
	entry := shortWord{match: match}
	entry.word[0], entry.word[1] = twoWords(folded)
	for i := range len(folded) {
		if 'a' <= folded[i] && folded[i] <= 'z' {
			entry.lower[i/8] |= 0x20 << (i % 8 * 8)
		}
	}
	at := x.shortHash(entry.word[0], entry.word[1])
	for x.short[at].match != noMatch {
		at = (at + 1) & (len(x.short) - 1)
	}
	x.short[at] = entry
}

func (x *index) shortHash(a, b uint64) int {
	return int(((a|caseBits)*0x9e3779b97f4a7c15 ^ (b|caseBits)*0xd6e8feb86659fd93) >> (x.shortShift & 63))
}

// findShort looks up to 16 bytes up, where a capital letter of ASCII may be for a
// small one.
func (x *index) findShort(a, b uint64) *Match {
	for at := x.shortHash(a, b); ; at++ {
		entry := &x.short[at&(len(x.short)-1)]
		if a|entry.lower[0] == entry.word[0] && b|entry.lower[1] == entry.word[1] || entry.match == noMatch {
			return entry.match
		}
	}
}

// twoWords returns the bytes of a text of 1 to 16, the first in the low byte.
func twoWords[bytes string | []byte](text bytes) (a, b uint64) {
	n := len(text)
	switch {
	case n > 8:
		return load64(text), load64(text[n-8:]) >> (8 * (16 - n) & 63)
	case n == 8:
		return load64(text), 0
	case n >= 4:
		return uint64(load32(text)) | uint64(load32(text[n-4:]))<<(8*(n-4)&63), 0
	default:
		return uint64(text[0]) | uint64(text[n/2])<<(8*(n/2)&63) | uint64(text[n-1])<<(8*(n-1)&63), 0
	}
}

// onlyLetters reports that all n ASCII bytes in two words are letters.
func onlyLetters(a, b uint64, n int) bool {
	wantA, wantB := uint64(highBits), uint64(0)
	if n < 8 {
		wantA >>= 8 * (8 - n) & 63
	} else if n > 8 {
		wantB = highBits >> (8 * (16 - n) & 63)
	}
	return letterBits(a) == wantA && letterBits(b) == wantB
}

// keptBits has the high bit of each byte that is a letter or digit, if all are
// ASCII.
func keptBits(w uint64) uint64 {
	from0, after9 := w+(0x80-'0')*eachByte, w+(0x80-'9'-1)*eachByte
	return letterBits(w) | from0&^after9&highBits
}

// letterBits has the high bit of each byte that is an ASCII letter.
func letterBits(w uint64) uint64 {
	w |= caseBits
	fromA, afterZ := w+(0x80-'a')*eachByte, w+(0x80-'z'-1)*eachByte
	return fromA &^ afterZ & highBits
}

func load32[bytes string | []byte](s bytes) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func load64[bytes string | []byte](s bytes) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func isASCII[bytes string | []byte](s bytes) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
