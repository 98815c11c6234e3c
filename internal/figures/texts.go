package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// text is a labelled text, or an ordinary one.
type text struct {
	Text     string `json:"text"`
	Label    string `json:"label"`    // "opt-out", "not-opt-out" or "ambiguous"; in sms_uci.jsonl "ham" or "spam"
	Language string `json:"language"` // BCP 47; empty where nobody noted it
	Kind     string `json:"kind"`

	part  part
	reads revocation.Certainty
}

// The files of labelled texts, from the root of the repository. The second list is
// split.
const (
	oldPhrases     = "keywords/testdata/phrases.jsonl"
	oldRevocations = "keywords/revocation/testdata/revocations.jsonl"
	laterPhrases   = "keywords/revocation/testdata/phrases.jsonl"
	ordinaryTexts  = "keywords/testdata/sms_uci.jsonl"

	// A text a line, a file for each language.
	ordinarySentences = "keywords/revocation/testdata/ordinary/*.txt"
)

// labelled returns all labelled texts with their part and their reading.
func labelled(root string) ([]text, error) {
	var all []text
	for _, name := range []string{oldPhrases, oldRevocations, laterPhrases} {
		texts, err := readTexts(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		for i := range texts {
			if name != laterPhrases {
				texts[i].part = known
			}
		}
		all = append(all, texts...)
	}
	split(all)
	return all, nil
}

// readTexts reads a file with a JSON object a line, or a text a line, and reads each text.
func readTexts(name string) ([]text, error) {
	content, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	var texts []text
	for line := range bytes.Lines(content) {
		t := text{Text: string(bytes.TrimSpace(line))}
		if strings.HasSuffix(name, ".txt") {
			t.reads = revocation.Read(t.Text).Certainty
			texts = append(texts, t)
			continue
		}
		if err := json.Unmarshal(line, &t); err != nil {
			return nil, fmt.Errorf("figures: %s:%d: %w", name, len(texts)+1, err)
		}
		t.reads = revocation.Read(t.Text).Certainty
		texts = append(texts, t)
	}
	return texts, nil
}
