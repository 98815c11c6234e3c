package main

import (
	"hash/fnv"
	"slices"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/internal/table"
)

// tableOf learns from texts, and returns the file of the table.
func tableOf(texts []text) []byte {
	m := learn(examples(texts, func(int) bool { return true }))
	weights, one := m.rounded()
	var bounds []float64
	for _, score := range boundsOf(texts, unseen(texts)) {
		bounds = append(bounds, float64((score-m.bias)*one))
	}
	return table.File(bounds, weights)
}

// examples returns the texts to learn from, of those at some places.
func examples(texts []text, at func(i int) bool) (all []example) {
	for i, t := range texts {
		asks := -1.0
		if t.Label == "opt-out" {
			asks = 1
		}
		if t.weight > 0 && at(i) {
			all = append(all, newExample(t.Text.Text, asks, t.weight))
		}
	}
	return all
}

const folds = 5

// unseen returns the score of each text by a machine that has not seen its cluster of
// near-duplicates: it has learned from the other folds.
func unseen(texts []text) []float64 {
	all := make([]parts.Text, len(texts))
	for i, t := range texts {
		all[i] = t.Text
	}
	fold := make([]uint32, len(texts))
	for i, first := range parts.Clusters(all) {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(all[first].Text))
		fold[i] = hash.Sum32() % folds
	}
	scores := make([]float64, len(texts))
	for of := range uint32(folds) {
		m := learn(examples(texts, func(i int) bool { return fold[i] != of }))
		m.round()
		for i := range texts {
			if fold[i] == of {
				e := newExample(all[i].Text, 0, 0)
				scores[i] = m.score(&e)
			}
		}
	}
	return scores
}

// The ordinary texts of 10,000 that the table may take for requests, and the rules and the
// table together.
const (
	mostHints = 30
	mostFound = 60
)

// boundsOf returns the score for each language over which a text asks: the lowest that keeps
// to both limits on ordinary texts, and is not below that of the machine, 0.
func boundsOf(texts []text, scores []float64) (bounds []float64) {
	for language := range table.Languages() {
		found := 0
		var ordinary []float64
		for i, t := range texts {
			switch {
			case !t.isOrdinary() || place(t.Language) != language:
			case t.found:
				found++
			default:
				ordinary = append(ordinary, scores[i])
			}
		}
		n := found + len(ordinary)
		slices.Sort(ordinary)
		slices.Reverse(ordinary)
		hints := max(min(n*mostHints/10_000, n*mostFound/10_000-found), 0)
		bounds = append(bounds, max(ordinary[hints], 0))
	}
	return bounds
}
