package revocation

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
)

// typoTarget is a word that is recognised with typing errors.
type typoTarget struct {
	word    string
	letters uint32   // as lettersOf gives them
	most    int      // errors
	not     []string // other words
}

// lettersOf returns a bit for each letter of a word, in no order.
func lettersOf[T string | []byte](word T) (letters uint32) {
	for i := range len(word) {
		letters |= 1 << (word[i] & 31)
	}
	return letters
}

// mayBe reports whether a word of these letters can be the target with typing errors. Each
// error adds a letter at most, and takes one away.
func (t *typoTarget) mayBe(letters uint32) bool {
	return bits.OnesCount32(letters&^t.letters) <= t.most && bits.OnesCount32(t.letters&^letters) <= t.most
}

const (
	minTypo  = 4 // letters of a word that is recognised with errors
	maxTypos = 3 // errors
)

// typoTargets has the targets by the length of a word that may be one with typing errors.
type typoTargets [maxTypo + 1][]typoTarget

func newTypoTargets(all []typoTarget) *typoTargets {
	var targets typoTargets
	for _, t := range all {
		for length := len(t.word) - t.most; length <= min(len(t.word)+t.most, maxTypo); length++ {
			targets[length] = append(targets[length], t)
		}
	}
	return &targets
}

// find returns the first of the targets of which a word is a typing error, or nil.
func (targets *typoTargets) find(word []byte) *typoTarget {
	if len(word) >= len(targets) {
		return nil
	}
	letters := lettersOf(word)
	for i := range targets[len(word)] {
		t := &targets[len(word)][i]
		if t.mayBe(letters) && !slices.Contains(t.not, string(word)) && distance(word, t.word) <= t.most {
			return t
		}
	}
	return nil
}

// isSlip reports an error that fingers make, and that leaves no doubt of the word:
// two letters swapped, one too many, or the key beside the right one. A letter that
// is missing makes other words too easily, unless the keyword is a long one.
func (t *typoTarget) isSlip(word []byte) bool {
	if len(t.word) > 5 && t.word != "cancel" && t.word != "revoke" {
		return true
	}
	if len(word) != len(t.word) {
		return len(word) > len(t.word)
	}
	for i, c := range word {
		isSwapped := i+1 < len(word) && c == t.word[i+1] || i > 0 && c == t.word[i-1]
		if c != t.word[i] && !isSwapped && !besideOnKeyboard(c, t.word[i]) {
			return false
		}
	}
	return true
}

func besideOnKeyboard(a, b byte) bool {
	rows := [...]string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"}
	for y, row := range rows {
		x := strings.IndexByte(row, a)
		for dy := max(0, y-1); x >= 0 && dy <= min(len(rows)-1, y+1); dy++ {
			if at := strings.IndexByte(rows[dy], b); at >= 0 && at-x <= 1 && x-at <= 1 {
				return true
			}
		}
	}
	return false
}

// maxTypo is the length of the longest word that distance compares.
const maxTypo = 16

// distance counts the letters to insert, leave out, replace or swap with the next
// to make one word of the other.
func distance(a []byte, b string) int {
	if len(a) > maxTypo || len(b) > maxTypo {
		return maxTypo
	}
	var rows [3][maxTypo + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := range a {
		before, last, row := &rows[(i+2)%3], &rows[i%3], &rows[(i+1)%3]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

// The words of a message with typing errors: a short one, and few errors.
const (
	maxTypoMessage = 10
	maxTypoWords   = 2
)

// correct replaces the words that the rules lack, if each is one letter away from a word of the
// rules. It reports whether it did. A letter is too many, too few, wrong or swapped.
func (r *reader) correct(g *grammar) bool {
	if len(r.raw) > maxTypoMessage {
		return false
	}
	var at [maxTypoWords]int
	n := 0
	for i, t := range r.raw {
		if t.word != 0 {
			continue
		}
		if n == len(at) {
			return false
		}
		at[n] = i
		n++
	}
	var words [maxTypoWords]wordID
	for k, i := range at[:n] {
		target := g.fitting.find(r.text[r.raw[i].start:r.raw[i].end])
		if target == nil {
			return false
		}
		words[k] = g.words[target.word]
	}
	for k, i := range at[:n] {
		r.raw[i].word = words[k]
	}
	return n > 0
}

// leastFitting is the words of a message that is Certain in spite of a typing error.
const leastFitting = 3

// judgeCorrected reads the message after correct. A short message is at most Possible.
func (r *reader) judgeCorrected(g *grammar) Reading {
	isShort := len(r.raw) < leastFitting
	r.core = r.core[:0]
	r.mergeWords(g)
	r.takeCore(g)
	if len(r.core) == 0 {
		return Reading{}
	}
	reading := r.judge(g)
	if isShort {
		reading.Certainty = min(reading.Certainty, Possible)
	}
	return reading
}

// maxWord is the length in bytes over which a word is no word of the rules.
const maxWord = 64

// lookUp returns the number of a word: as it is, with its drawn-out letters made
// short, or with its typing error corrected. The rest is 0.
func (g *grammar) lookUp(word []byte) wordID {
	if id := g.words[string(word)]; id != 0 {
		return id
	}
	if len(word) > maxWord {
		return 0
	}
	if id := g.drawnOut(word); id != 0 {
		return id
	}
	if id := g.longer(word); id != 0 {
		return id
	}
	// UNSUBSCRIBEPLEASE, but not "unsubstantiated".
	if bytes.HasPrefix(word, []byte("unsubs")) && len(word) > 7 && (word[6] == 'c' || word[6] == 'r') {
		return g.words["unsubscribe"]
	}
	if target := g.typos.find(word); target != nil {
		return g.words[target.word]
	}
	return 0
}

const (
	minEnding = 5 // letters of a word that is recognised as the end of a longer one
	minBefore = 3 // letters before it
)

// longer looks up the end of a word: "nachrichten" of "werbenachrichten".
func (g *grammar) longer(word []byte) wordID {
	if len(word) < minEnding+minBefore {
		return 0
	}
	for i := range g.endings {
		e := &g.endings[i]
		if n := len(word) - len(e.word); n >= minBefore && string(word[n:]) == e.word && !slices.Contains(e.not, string(word)) {
			return g.words[e.word]
		}
	}
	return 0
}

// drawnOut looks up "stopppp" and "pleeease", with two of a letter left and with
// one, and "stopp".
func (g *grammar) drawnOut(word []byte) wordID {
	if !hasRun(word) {
		return 0
	}
	var short [maxWord]byte
	for _, most := range []int{2, 1} {
		out := short[:0]
		run := 0
		for i, c := range word {
			if i > 0 && c == word[i-1] {
				run++
			} else {
				run = 1
			}
			if run <= most {
				out = append(out, c)
			}
		}
		if id := g.words[string(out)]; id != 0 && len(out) >= 3 {
			return id
		}
	}
	return 0
}

// hasRun reports three of a letter, or two at the end.
func hasRun(word []byte) bool {
	for i := 2; i < len(word); i++ {
		if word[i] == word[i-1] && (word[i] == word[i-2] || i == len(word)-1 && i > 2) {
			return true
		}
	}
	return false
}
