package keywords

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// index is how a Set looks a text up without reading more of it than it must.
// It answers what folding the whole text and asking the map would answer, which
// FuzzClassify holds it to. The zero index holds no keyword.
//
// Most texts are no keyword, and their first letters tell: ASCII ones by
// starts, others by letters (see wide.go). Most keywords are up to 16 bytes, and
// are found as two machine words in short.
type index struct {
	// starts has, for each of the first bytes of an ASCII text that starts with a
	// letter or digit, the keywords (a bit each, or a bit for some) that it allows.
	starts  [prefix][utf8.RuneSelf]uint64
	letters [prefix][utf8.RuneSelf]uint64 // the same for the letters of a sketch

	short      []shortWord // open addressing; a power of two, at most a quarter full
	shortShift uint8       // of the hash, to the length of short
	longest    int         // bytes of the longest keyword, folded

	sketches    map[uint64]bool // sums of the keywords' sketches
	mostLetters int             // of a sketch
	onlyASCII   bool            // all keywords are
	onlyWords   bool            // all keywords are letters, digits and blanks
}

const (
	prefix    = 4  // bytes or letters of a text that are looked at first
	maxShort  = 16 // bytes of a keyword that is found as two words
	highBits  = 0x8080808080808080
	eachByte  = 0x0101010101010101
	caseBits  = 0x20 * eachByte
	highBits4 = highBits & 0xffffffff
	eachByte4 = eachByte & 0xffffffff
)

// newIndex makes the index of keywords by their folded text.
func newIndex(byFold map[string]*Match) index {
	var x index
	folds := make([]string, 0, len(byFold))
	for folded := range byFold {
		folds = append(folds, folded)
	}
	slices.Sort(folds) // where a bit is for some keywords, for such as start alike

	size, bits := 8, uint8(3)
	for size < 4*len(folds) {
		size, bits = 2*size, bits+1
	}
	x.short, x.shortShift = slices.Repeat([]shortWord{{match: noMatch}}, size), 64-bits
	x.sketches = make(map[uint64]bool, len(folds))
	x.onlyASCII, x.onlyWords = true, true
	for i, folded := range folds {
		x.longest = max(x.longest, len(folded))
		x.onlyASCII = x.onlyASCII && isASCII(folded)
		x.onlyWords = x.onlyWords && strings.IndexFunc(folded, isSign) < 0
		bit := uint64(1) << (i * 64 / max(64, len(folds)))
		x.addStart(folded, bit)
		x.addSketch(folded, bit)
		if len(folded) <= maxShort {
			x.addShort(folded, byFold[folded])
		}
	}
	return x
}

// addStart allows the first bytes of all texts of visible ASCII characters that
// fold to the keyword, where the first is a letter or digit. The bytes of text
// and keyword are then one to one, up to a separator, which may be longer in the
// text. Only the last of the bytes may become one character with what follows.
func (x *index) addStart(folded string, bit uint64) {
	afterSeparator := false
	for i := range x.starts {
		for c := range uint8(utf8.RuneSelf) {
			var allowed bool
			switch {
			case afterSeparator:
				allowed = true
			case i >= len(folded):
				allowed = asciiClass[c] != kept
			case folded[i] >= utf8.RuneSelf:
				allowed = i == prefix-1
			case folded[i] == ' ':
				allowed = asciiClass[c] == separator
			default:
				allowed = lower(c) == folded[i]
			}
			if allowed {
				x.starts[i][c] |= bit
			}
		}
		switch {
		case i >= len(folded):
		case folded[i] == ' ':
			afterSeparator = true
		case folded[i] >= utf8.RuneSelf:
			return
		}
	}
}

func isSign(r rune) bool { return r != ' ' && !unicode.IsLetter(r) && !unicode.IsNumber(r) }
