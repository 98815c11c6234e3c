package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

const root = "../.."

// load reads the labelled texts once.
var load = sync.OnceValues(func() ([]text, error) { return labelled(root) })

var update = flag.Bool("update", false, "write the figures into the document")

// TestTheDocumentsShowTheFigures compares the documents with what the program prints.
func TestTheDocumentsShowTheFigures(t *testing.T) {
	texts, err := load()
	require.NoError(t, err)
	figures, err := figures(root, texts, nil)
	require.NoError(t, err)
	languages, err := languages(root)
	require.NoError(t, err)
	all, err := output(root, nil, false)
	require.NoError(t, err)
	for name, figures := range map[string]string{
		"README.md": summary(texts), "docs/people-who-do-not-use-keywords.md": figures, "docs/revocation-languages.md": languages,
	} {
		require.Contains(t, all, figures)
		name = filepath.Join(root, name)
		document, err := os.ReadFile(name)
		require.NoError(t, err)
		before, rest, found := strings.Cut(string(document), "<!-- figures -->\n")
		require.True(t, found, name)
		_, after, found := strings.Cut(rest, "<!-- end of figures -->\n")
		require.True(t, found, name)
		want := before + "<!-- figures -->\n" + figures + "<!-- end of figures -->\n" + after
		if *update {
			require.NoError(t, os.WriteFile(name, []byte(want), 0o600))
			continue
		}
		require.Equal(t, want, string(document), "`make golden` writes the figures anew")
	}
}

// TestShare has intervals as Wilson (1927) gives them.
func TestShare(t *testing.T) {
	for want, s := range map[string]share{
		"–":                {0, 0},
		"0.00 (0.00–0.79)": {0, 1},
		"1.00 (0.21–1.00)": {1, 1},
		"0.50 (0.24–0.76)": {5, 10},
		"0.81 (0.73–0.87)": {93, 115},
		"1.00 (0.96–1.00)": {100, 100},
	} {
		require.Equal(t, want, s.String())
	}
}

func TestTally(t *testing.T) {
	var counts tally
	for label, reads := range map[string][]revocation.Certainty{
		"opt-out":     {revocation.Certain, revocation.Certain, revocation.Possible, revocation.None},
		"not-opt-out": {revocation.Certain, revocation.Possible, revocation.None},
		"ambiguous":   {revocation.Certain},
	} {
		for _, c := range reads {
			counts.add(text{parts.Text{Label: label}, c})
		}
	}
	require.Equal(t, share{2, 3}, counts.precision(revocation.Certain))
	require.Equal(t, share{2, 4}, counts.recall(revocation.Certain))
	require.Equal(t, share{3, 5}, counts.precision(revocation.Possible))
	require.Equal(t, share{3, 4}, counts.recall(revocation.Possible))
	require.Equal(t, 7, counts.size())
}

func TestOutput(t *testing.T) {
	shown, err := output(root, nil, true)
	require.NoError(t, err)
	texts, err := load()
	require.NoError(t, err)
	isShown := map[string]bool{}
	for line := range strings.Lines(shown) {
		isShown[line[strings.LastIndexByte(line, '\t')+1:len(line)-1]] = true
	}
	for _, text := range texts {
		isCopy := text.Part == parts.Fresh && !text.Far // somebody typed what others had typed before
		if text.Part != parts.Known && !isCopy {
			require.Equal(t, text.Part == parts.Development, isShown[fmt.Sprintf("%q", text.Text.Text)], text.Text.Text)
		}
	}

	_, err = output(t.TempDir(), nil, false)
	require.ErrorIs(t, err, os.ErrNotExist)
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	require.NoError(t, os.WriteFile(broken, []byte("{\"text\":\"a\"}\n{"), 0o600))
	_, err = figures(root, texts, []string{broken})
	require.ErrorContains(t, err, "broken.jsonl:2:")
}
