package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// Languages returns the languages in which a table was learned from ordinary texts, too. It
// would take many texts of another language for requests. English is first.
func Languages() []string {
	return []string{"en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr", "vi"}
}

// Slots is the number of weights. A file has 64 KiB in all, with a bound for each language
// before the weights.
const (
	Slots  = 1<<16 - header
	header = 4 * 10
)

// Table is a table of weights. The zero value says of no text that it asks to stop.
type Table struct {
	bounds, weights string
}

// Parse reads the file of a table, and shares its bytes.
func Parse(file string) (Table, error) {
	if len(file) != header+Slots || header != 4*len(Languages()) {
		return Table{}, errors.New("table: the file has not the length of a table")
	}
	return Table{file[:header], file[header:]}, nil
}

// File returns the file of a table that has a bound for each of Languages and a weight for
// each slot. A bound is a sum of weights, of a text whose norm is 1.
func File(bounds []float64, weights []int8) []byte {
	file := make([]byte, 0, header+Slots)
	for _, bound := range bounds {
		file = binary.LittleEndian.AppendUint32(file, uint32(int32(math.Round(perWeight*bound)))) //nolint:gosec // a signed number
	}
	for _, w := range weights {
		file = append(file, byte(w)) //nolint:gosec // as Sum reads it
	}
	return file
}

// perWeight is the steps of a bound in one weight.
const perWeight = 256

// short is the length of a folded text up to which all texts need the same sum.
const short = 45

// Norm is what the bound is multiplied with, before the sum of a folded text is compared.
func Norm(folded []byte) float64 { return math.Sqrt(float64(max(len(folded), short))) }

// Sum adds the weights of all pieces of a folded text.
func (t Table) Sum(folded []byte) (sum int) {
	for w := WordsOf(folded); w.Next(); {
		sum += t.of(&w)
	}
	return sum
}

func (t Table) of(w *Words) (sum int) {
	for _, slot := range w.Slots() {
		sum += int(int8(t.weights[slot])) //nolint:gosec // a signed byte
	}
	return sum
}

// Asks reports whether the sum of a folded text is over the bound of a language, by its place
// in Languages.
func (t Table) Asks(folded []byte, sum, language int) bool {
	if t.weights == "" {
		return false
	}
	at := t.bounds[4*language:]
	bound := int32(uint32(at[0]) | uint32(at[1])<<8 | uint32(at[2])<<16 | uint32(at[3])<<24) //nolint:gosec // a signed number
	return float64(perWeight*sum) > float64(bound)*Norm(folded)
}

// Heaviest returns the three different words of a folded text whose pieces weigh most for a
// request, the heaviest first. They share its bytes. A word is nil if no more words weigh for a request.
func (t Table) Heaviest(folded []byte) (words [3][]byte) {
	var most [3]int
	for w := WordsOf(folded); w.Next(); {
		word := w.text[w.from+1 : w.to]
		if len(word) < 2 || slices.ContainsFunc(words[:], func(known []byte) bool { return bytes.Equal(known, word) }) {
			continue // one letter, a mark, or a word that is there
		}
		sum := t.of(&w)
		for i := range most {
			if sum > most[i] {
				copy(most[i+1:], most[i:])
				copy(words[i+1:], words[i:])
				most[i], words[i] = sum, word
				break
			}
		}
	}
	return words
}
