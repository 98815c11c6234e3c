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
	Apart       Part = "apart"       // set apart before version 3 or 5, or typed after version 5; the counts of version 5 were seen
	Fresh       Part = "fresh"       // typed before version 6 or 7 by people who had not read the rules
)

// Text is a labelled text.
type Text struct {
	Text     string `json:"text"`
	Label    string `json:"label"`    // "opt-out", "not-opt-out" or "ambiguous"
	Language string `json:"language"` // BCP 47; empty where nobody noted it
	Kind     string `json:"kind"`
	Part     Part   `json:"-"`
	Far      bool   `json:"-"` // no text of another part is a near-duplicate

	part  Part // of the texts of the file, or of those that are set apart
	oneIn byte // one of so many clusters is set apart; 0: the whole file has the part
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
		{"keywords/revocation/testdata/typed.jsonl", Apart, 2},
		{"keywords/revocation/testdata/later.jsonl", Apart, 1},
		{"keywords/revocation/testdata/development.jsonl", Development, 0},
		{"keywords/revocation/testdata/fresh.jsonl", Fresh, 0},
	} {
		content, err := os.ReadFile(filepath.Clean(filepath.Join(root, file.name)))
		if err != nil {
			return nil, fmt.Errorf("parts: %w", err)
		}
		number := 0
		for line := range bytes.Lines(content) {
			number++
			t := Text{part: file.part, oneIn: file.oneIn}
			if err := json.Unmarshal(line, &t); err != nil {
				return nil, fmt.Errorf("parts: %s:%d: %w", file.name, number, err)
			}
			all = append(all, t)
		}
	}
	split(all)
	return all, nil
}

// split gives every text its part. A file may be of one part. Of another file, the texts are
// development if they are in a cluster of near-duplicates with a text of such a file that a
// writer of rules may read. Of the other clusters, the hash of the first text in the order of
// the files sets one in some apart, so that texts added at the end move no other.
func split(texts []Text) {
	first := Clusters(texts)
	seen, parts := map[int]bool{}, map[int]map[Part]bool{}
	for i, t := range texts {
		seen[first[i]] = seen[first[i]] || t.oneIn == 0 && t.part != Fresh
	}
	for i := range texts {
		t, one := &texts[i], &texts[first[i]]
		switch {
		case t.oneIn == 0:
			t.Part = t.part
		case seen[first[i]] || one.oneIn == 0 || sha256.Sum256([]byte(normal(one.Text)))[0]%one.oneIn != 0:
			t.Part = Development
		default:
			t.Part = one.part
		}
		if parts[first[i]] == nil {
			parts[first[i]] = map[Part]bool{}
		}
		parts[first[i]][t.Part] = true
	}
	for i := range texts {
		texts[i].Far = len(parts[first[i]]) == 1
	}
}
