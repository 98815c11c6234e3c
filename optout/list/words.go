package list

import (
	_ "embed"
	"iter"
	"slices"
	"strings"
)

// wordsFile has the names of columns, and the words of statuses.
//
//go:embed words.txt
var wordsFile string

// wordList yields the words of these kinds, each with the place of its kind.
func wordList(kinds ...string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for line := range strings.Lines(wordsFile) {
			kind, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
			place := slices.Index(kinds, kind)
			if place < 0 {
				continue
			}
			for word := range strings.SplitSeq(words, ", ") {
				if !yield(word, place) {
					return
				}
			}
		}
	}
}
