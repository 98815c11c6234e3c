// Package parts reads the labelled texts by which package revocation is measured, and sets
// some of them apart, which nobody reads who writes rules.
package parts

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Part says what a text is for.
type Part string

// The parts of the labelled texts.
const (
	Known       Part = "known"       // in the tree before version 3 of the rules, which were written with it
	Development Part = "development" // later texts, which a writer of rules may read
	Apart       Part = "apart"       // set apart before version 3; the counts of versions 3 and 4 were seen
	Fresh       Part = "fresh"       // set apart before version 5, or typed after it by somebody who had not read the rules
)

// Text is a labelled text.
type Text struct {
	Text     string `json:"text"`
	Label    string `json:"label"`    // "opt-out", "not-opt-out" or "ambiguous"
	Language string `json:"language"` // BCP 47; empty where nobody noted it
	Kind     string `json:"kind"`
	Part     Part   `json:"-"`

	setApart Part // the part of a text that is set apart
	oneIn    byte // so many clusters is set apart
}

// Labelled returns the labelled texts of the repository that has this root, each with its
// part.
func Labelled(root string) ([]Text, error) {
	var all []Text
	for _, file := range []struct {
		name  string
		part  Part
		oneIn byte
	}{
		{"keywords/testdata/phrases.jsonl", Known, 0},
		{"keywords/revocation/testdata/revocations.jsonl", Known, 0},
		{"keywords/revocation/testdata/phrases.jsonl", Apart, 3},
		{"keywords/revocation/testdata/typed.jsonl", Fresh, 2},
		{"keywords/revocation/testdata/later.jsonl", Fresh, 1},
	} {
		content, err := os.ReadFile(filepath.Clean(filepath.Join(root, file.name)))
		if err != nil {
			return nil, fmt.Errorf("parts: %w", err)
		}
		number := 0
		for line := range bytes.Lines(content) {
			number++
			t := Text{setApart: file.part, oneIn: file.oneIn}
			if err := json.Unmarshal(line, &t); err != nil {
				return nil, fmt.Errorf("parts: %s:%d: %w", file.name, number, err)
			}
			all = append(all, t)
		}
	}
	split(all)
	return all, nil
}

// split gives every text its part. All texts of a cluster of near-duplicates have one part,
// unless one of them is known: the others are development then. Of the other clusters, the
// hash of the first text in the order of the files sets a third or a half apart, so that
// texts added at the end move no other.
func split(texts []Text) {
	first := Clusters(texts)
	seen := map[int]bool{}
	for i, t := range texts {
		seen[first[i]] = seen[first[i]] || t.setApart == Known
	}
	for i := range texts {
		t, one := &texts[i], &texts[first[i]]
		switch hash := sha256.Sum256([]byte(normal(one.Text))); {
		case t.setApart == Known:
			t.Part = Known
		case !seen[first[i]] && hash[0]%one.oneIn == 0:
			t.Part = one.setApart
		default:
			t.Part = Development
		}
	}
}
