package parts

import (
	"slices"
	"strings"
	"unicode"
)

// alike is the least share of common trigrams, of all trigrams of two texts, that makes
// near-duplicates of them.
const alike = 0.5

// Clusters returns for each text the first text of its cluster: near-duplicates, and
// near-duplicates of these.
func Clusters(texts []Text) []int {
	parent := make([]int, len(texts))
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	sizes, common := make([]int, len(texts)), make([]int, len(texts))
	having := map[string][]int{} // the texts before, by trigram
	for i := range texts {
		grams := trigrams(texts[i].Text)
		parent[i], sizes[i] = i, len(grams)
		clear(common)
		for _, gram := range grams {
			for _, j := range having[gram] {
				common[j]++
			}
			having[gram] = append(having[gram], i)
		}
		for j, n := range common[:i] {
			if n > 0 && float64(n) >= alike*float64(sizes[i]+sizes[j]-n) {
				a, b := root(i), root(j)
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	for i := range parent {
		parent[i] = root(i)
	}
	return parent
}

// trigrams returns the different runs of three characters of a normal text with a blank on
// both sides.
func trigrams(s string) []string {
	runes := []rune(" " + normal(s) + " ")
	var grams []string
	for i := range max(1, len(runes)-2) {
		grams = append(grams, string(runes[i:min(i+3, len(runes))]))
	}
	slices.Sort(grams)
	return slices.Compact(grams)
}

// normal returns the letters and digits of a text, small, with one blank between words.
func normal(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, " ")
}
