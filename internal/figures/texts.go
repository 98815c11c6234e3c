package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// text is a labelled text, or an ordinary one, whose label may be "ham" or "spam".
type text struct {
	parts.Text

	reads revocation.Certainty
}

// The ordinary texts, from the root of the repository.
const (
	ordinaryTexts = "keywords/testdata/sms_uci.jsonl"

	// A text a line, a file for each language.
	ordinarySentences = "keywords/revocation/testdata/ordinary/*.txt"
)

// labelled returns all labelled texts with their part and their reading.
func labelled(root string) ([]text, error) {
	all, err := parts.Labelled(root)
	if err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	texts := make([]text, len(all))
	for i, t := range all {
		texts[i] = text{t, revocation.Read(t.Text).Certainty}
	}
	return texts, nil
}

// readTexts reads a file with a JSON object a line, or a text a line, and reads each text.
func readTexts(name string) ([]text, error) {
	content, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	var texts []text
	for line := range bytes.Lines(content) {
		t := text{Text: parts.Text{Text: string(bytes.TrimSpace(line))}}
		if strings.HasSuffix(name, ".txt") {
			t.reads = revocation.Read(t.Text.Text).Certainty
			texts = append(texts, t)
			continue
		}
		if err := json.Unmarshal(line, &t); err != nil {
			return nil, fmt.Errorf("figures: %s:%d: %w", name, len(texts)+1, err)
		}
		t.reads = revocation.Read(t.Text.Text).Certainty
		texts = append(texts, t)
	}
	return texts, nil
}
