package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/interval"
	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// tally counts readings of requests and of near-misses.
type tally struct {
	requests, others [revocation.Certain + 1]int
}

func (t *tally) add(one text) {
	switch one.Label {
	case "opt-out":
		t.requests[one.reads]++
	case "not-opt-out":
		t.others[one.reads]++
	}
}

// count returns the readings that are at least as sure.
func count(of [revocation.Certain + 1]int, least revocation.Certainty) (n int) {
	for _, some := range of[least:] {
		n += some
	}
	return n
}

// precision is the share of requests among the texts that are read so.
func (t *tally) precision(least revocation.Certainty) share {
	n := count(t.requests, least)
	return share{n, n + count(t.others, least)}
}

// recall is the share of the requests that are read so.
func (t *tally) recall(least revocation.Certainty) share {
	return share{count(t.requests, least), count(t.requests, revocation.None)}
}

// share is a number of texts among others.
type share struct{ some, all int }

// String returns the share with the 95 % interval of Wilson: "0.97 (0.93–0.99)".
func (s share) String() string {
	if s.all == 0 {
		return "–"
	}
	low, high := interval.Wilson(s.some, s.all)
	return fmt.Sprintf("%.2f (%.2f–%.2f)", float64(s.some)/float64(s.all), low, high)
}

// few is the texts below which a language or a kind has no line of its own.
const few = 8

// writeTables writes the tables of a part: all its texts, its languages, its kinds.
func writeTables(b *strings.Builder, texts []text, of parts.Part, name string) {
	fmt.Fprintf(b, "\n%s\n\n", name)
	fmt.Fprintln(b, "| | requests | near-misses | Certain: precision | Certain: recall | or Possible: precision | or Possible: recall |")
	fmt.Fprintln(b, "|---|---|---|---|---|---|---|")
	var all tally
	languages, kinds := map[string]*tally{}, map[string]*tally{}
	for _, t := range texts {
		if t.Part != of {
			continue
		}
		all.add(t)
		addTo(languages, t.Language, t)
		addTo(kinds, t.Kind, t)
	}
	writeRow(b, "all", &all)
	if of == parts.Known {
		return
	}
	writeRows(b, "", languages)
	writeRows(b, "kind ", kinds)
}

func addTo(tallies map[string]*tally, name string, t text) {
	if tallies[name] == nil {
		tallies[name] = &tally{}
	}
	tallies[name].add(t)
}

// writeRows writes the largest first, and those with few texts as one.
func writeRows(b *strings.Builder, prefix string, tallies map[string]*tally) {
	var names []string
	var rest tally
	small := 0
	for name, t := range tallies {
		if t.size() >= few {
			names = append(names, name)
			continue
		}
		small++
		for c := range t.requests {
			rest.requests[c] += t.requests[c]
			rest.others[c] += t.others[c]
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(tallies[b].size(), tallies[a].size()), cmp.Compare(a, b))
	})
	for _, name := range names {
		writeRow(b, prefix+name, tallies[name])
	}
	if small > 0 {
		writeRow(b, fmt.Sprintf("%s(%d others)", prefix, small), &rest)
	}
}

// summary returns a table of few lines: the languages that say Certain, and all languages.
func summary(texts []text) string {
	var b strings.Builder
	b.WriteString("| | requests | near-misses | Certain: precision | Certain: recall | or Possible: precision | or Possible: recall |\n")
	b.WriteString("|---|---|---|---|---|---|---|\n")
	for _, row := range []struct {
		name, language string
		of             parts.Part
		far            bool
	}{
		{"English, fresh texts", "en", parts.Fresh, false},
		{"English, fresh texts that no known text is near", "en", parts.Fresh, true},
		{"eleven languages, fresh texts", "", parts.Fresh, false},
		{"English, used to write the rules", "en", parts.Development, false},
		{"all languages, used to write the rules", "", parts.Development, false},
	} {
		var t tally
		for _, one := range texts {
			if one.Part == row.of && (one.Far || !row.far) && (row.language == "" || row.language == one.Language) {
				t.add(one)
			}
		}
		writeRow(&b, row.name, &t)
	}
	return b.String()
}

func (t *tally) size() int {
	return count(t.requests, revocation.None) + count(t.others, revocation.None)
}

func writeRow(b *strings.Builder, name string, t *tally) {
	fmt.Fprintf(b, "| %s | %d | %d | %v | %v | %v | %v |\n", name, count(t.requests, revocation.None), count(t.others, revocation.None),
		t.precision(revocation.Certain), t.recall(revocation.Certain), t.precision(revocation.Possible), t.recall(revocation.Possible))
}

// writeOrdinary writes how many of the ordinary texts of a file are hit.
func writeOrdinary(b *strings.Builder, name string, texts []text) {
	var reads [revocation.Certain + 1]int
	n := 0
	for _, t := range texts {
		if t.Label == "" || t.Label == "ham" {
			reads[t.reads]++
			n++
		}
	}
	per := func(c revocation.Certainty) float64 { return 10_000 * float64(reads[c]) / float64(n) }
	fmt.Fprintf(b, "| %s | %d | %.1f | %.1f |\n", name, n, per(revocation.Certain), per(revocation.Possible))
}
