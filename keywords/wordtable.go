package keywords

// wordTable finds the number of a word: open addressing by its key.
type wordTable struct {
	slots []wordID
	shift uint
	mask  uint64
}

func newWordTable(spelling []string) wordTable {
	bits := uint(1)
	for 1<<bits < 4*len(spelling) {
		bits++
	}
	t := wordTable{slots: make([]wordID, 1<<bits), shift: 64 - bits, mask: 1<<bits - 1}
	for id, word := range spelling {
		if id == 0 {
			continue
		}
		at := wordKey([]byte(word)) >> t.shift
		for t.slots[at] != 0 {
			at = (at + 1) & t.mask
		}
		t.slots[at] = wordID(id)
	}
	return t
}

// find returns the number of a word, 0 if it has none.
func (t *wordTable) find(word []byte, spelling []string) wordID {
	if len(t.slots) == 0 {
		return 0
	}
	for at := wordKey(word) >> t.shift; t.slots[at] != 0; at = (at + 1) & t.mask {
		if spelling[t.slots[at]] == string(word) {
			return t.slots[at]
		}
	}
	return 0
}
