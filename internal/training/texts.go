package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/internal/table"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// text is a labelled text, or an ordinary one, which has no label.
type text struct {
	parts.Text

	file   string  // the name of its file, or of its part
	weight float64 // how much an error costs; 0 for a text that is not learned from
	found  bool    // a rule sees a request in it
}

func newText(t parts.Text, file string, weight float64) text {
	reading := revocation.Read(t.Text)
	return text{t, file, weight, reading.Certainty != revocation.None && reading.Rule != "table-hint"}
}

// The ordinary texts, from the root: messages, all in English, and a file of sentences for
// each language.
const (
	messages          = "sms_uci.jsonl"
	ordinaryMessages  = "keywords/testdata/" + messages
	ordinarySentences = "keywords/revocation/testdata/ordinary"
)

// isOrdinary reports an ordinary text by which the bound of its language is found: English
// messages, and sentences of the other languages.
func (t *text) isOrdinary() bool {
	return t.Label == "" && (t.file == messages || strings.HasSuffix(t.file, ".txt") && t.Language != "en")
}

// learned returns the texts of the repository to learn from: the labelled ones that are not
// set apart, and the ordinary ones, in the languages of the table.
func learned(root string) ([]text, error) {
	labelled, err := parts.Labelled(root)
	if err != nil {
		return nil, fmt.Errorf("training: %w", err)
	}
	var all []text
	for _, t := range labelled {
		isOpen := t.Part == parts.Known || t.Part == parts.Development
		if isOpen && t.Label != "ambiguous" && (t.Language == "" || place(t.Language) >= 0) {
			all = append(all, newText(t, string(t.Part), 1))
		}
	}
	sms, err := read(filepath.Join(root, ordinaryMessages), 1)
	if err != nil {
		return nil, err
	}
	for _, t := range sms {
		if t.Label == "ham" {
			t.Label = ""
			all = append(all, t)
		}
	}
	var files []string
	for _, language := range table.Languages() {
		files = append(files, filepath.Join(root, ordinarySentences, language+".txt"))
	}
	sentences, err := readAll(files, 0.5) // they are no messages
	return append(all, sentences...), err
}

// place returns the place of a language in the table, or -1.
func place(language string) int { return slices.Index(table.Languages(), language) }

func readAll(names []string, weight float64) (all []text, err error) {
	for _, name := range names {
		texts, err := read(name, weight)
		if err != nil {
			return nil, err
		}
		all = append(all, texts...)
	}
	return all, nil
}

// read reads a file with a JSON object a line, or, named for its language, a text a line.
func read(name string, weight float64) ([]text, error) {
	content, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, fmt.Errorf("training: %w", err)
	}
	var texts []text
	base := filepath.Base(name)
	language, isPlain := strings.CutSuffix(base, ".txt")
	for line := range bytes.Lines(content) {
		t := parts.Text{Text: string(bytes.TrimSpace(line)), Language: language}
		if !isPlain {
			t = parts.Text{Language: "en"}
			if err := json.Unmarshal(line, &t); err != nil {
				return nil, fmt.Errorf("training: %s: %w", name, err)
			}
		}
		texts = append(texts, newText(t, base, weight))
	}
	return texts, nil
}
