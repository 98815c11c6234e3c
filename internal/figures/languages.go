package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-f10031e4/consent/internal/parts"
)

// languages returns the table of what each language may say, and why.
func languages(root string) (string, error) {
	const name = "keywords/revocation/testdata/evidence.jsonl"
	content, err := os.ReadFile(filepath.Clean(filepath.Join(root, name)))
	if err != nil {
		return "", fmt.Errorf("figures: %w", err)
	}
	var b strings.Builder
	b.WriteString("| language | says at most | patterns | texts they must match | and must not | " +
		"Certain: right | of texts set apart | ordinary texts | Certain | Possible |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for line := range bytes.Lines(content) {
		var e parts.Evidence
		if err := json.Unmarshal(line, &e); err != nil {
			return "", fmt.Errorf("figures: %s: %w", name, err)
		}
		ordinary := "– | – | –"
		if e.Ordinary > 0 {
			ordinary = fmt.Sprintf("%d | %d | %d", e.Ordinary, e.Certain, e.Possible)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %s | %s | %s |\n", e.Language, e.Says, e.Patterns, e.Examples, e.NearMisses,
			counted(e.Right, e.Wrong), counted(e.UnseenRight, e.UnseenWrong), ordinary)
	}
	return b.String(), nil
}

// counted returns "31 of 31: 1.00 (0.89–1.00)".
func counted(right, wrong int) string {
	s := share{right, right + wrong}
	if s.all == 0 {
		return s.String()
	}
	return fmt.Sprintf("%d of %d: %v", s.some, s.all, s)
}
