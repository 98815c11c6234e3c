package table

import "encoding/binary"

const (
	longest     = 34 // the length of a word, with the blanks around it, after which no more of its pieces are read
	mostCounted = 12 // the words from which on all texts are long
)

// Words goes through the words of a folded text. The pieces of a word are the word itself,
// the word with the one before, and the runs of three, four and five bytes in it, with the
// blanks around it. The last word has one piece more, the number of words.
type Words struct {
	text     []byte
	from, to int    // the blanks around the word
	before   uint64 // the hash of the word before
	count    uint64
	slots    [3*longest + 3]uint16
	n        int
}

// WordsOf returns the words of a folded text, before the first.
func WordsOf(folded []byte) Words { return Words{text: folded} }

// Slots returns the slots of the pieces of the word.
func (w *Words) Slots() []uint16 { return w.slots[:w.n] }

// Next goes to the next word, and reports whether there is one.
func (w *Words) Next() bool {
	w.from, w.n = w.to, 0
	text := w.text
	if w.from+1 >= len(text) {
		return false
	}
	hash, to := uint64(offset), w.from+1
	for ; text[to] != ' '; to++ {
		hash = (hash ^ uint64(text[to])) * prime
	}
	w.to = to
	w.slots[0] = slotOf(w.before<<32 ^ hash)
	w.before, w.n = hash, 1
	w.count++
	if to+1 == len(text) {
		w.slots[1] = slotOf(min(w.count, mostCounted))
		w.n++
	}
	if isMark(text[w.from+1]) {
		return true
	}
	w.slots[w.n] = slotOf(hash)
	w.n++
	w.addRuns(min(to+1, w.from+longest))
	return true
}

// addRuns adds the runs of bytes from the blank before the word to an end.
func (w *Words) addRuns(end int) {
	n := w.n
	for at := w.from; at+3 <= end; at++ {
		var v uint64 // zeros after the end of the text
		if at+8 <= len(w.text) {
			v = binary.LittleEndian.Uint64(w.text[at:])
		} else {
			for i, c := range w.text[at:] {
				v |= uint64(c) << (8 * i)
			}
		}
		w.slots[n] = slotOf(v << 40)
		n++
		if at+4 <= end {
			w.slots[n] = slotOf(v << 32)
			n++
		}
		if at+5 <= end {
			w.slots[n] = slotOf(v << 24)
			n++
		}
	}
	w.n = n
}

// The numbers of the hash FNV-1a for 64 bits, and an odd number that mixes the bits of a piece.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
	odd    = 0x9e3779b97f4a7c15
)

// slotOf returns the slot of a piece.
func slotOf(piece uint64) uint16 { return uint16(piece * odd >> 32 * Slots >> 32) }
