package revocation

import (
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/interval"
	"github.com/seed-f10031e4/consent/internal/parts"
)

var updateEvidence = flag.Bool("update", false, "write testdata/evidence.jsonl")

// What a language needs to say Certain.
const (
	leastPrecision = 0.90 // the lower end of the 95 % interval
	leastOrdinary  = 1000 // texts without one that is read as Certain
)

// maySay returns the most that the evidence allows.
func maySay(e parts.Evidence) Certainty {
	low, _ := interval.Wilson(e.UnseenRight, e.UnseenRight+e.UnseenWrong)
	if low >= leastPrecision && e.Ordinary >= leastOrdinary && e.Certain == 0 {
		return Certain
	}
	return Possible
}

// TestALanguageSaysWhatItsTextsAllow measures each language, compares what its rules may say
// with what the texts allow, and keeps the numbers in testdata/evidence.jsonl, for the
// tables of `make revocation`.
func TestALanguageSaysWhatItsTextsAllow(t *testing.T) {
	all := measured(t)
	languages := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[b].Right, all[a].Right), cmp.Compare(a, b))
	})
	var lines strings.Builder
	for _, language := range languages {
		e := all[language]
		require.Equal(t, maySay(*e).String(), e.Says, "the line \"language %s\" of the rules says more or less than texts allow: %+v",
			language, e)
		line, err := json.Marshal(e)
		require.NoError(t, err)
		lines.Write(line)
		lines.WriteByte('\n')
	}
	const file = "testdata/evidence.jsonl"
	if *updateEvidence {
		require.NoError(t, os.WriteFile(file, []byte(lines.String()), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	if string(want) != lines.String() {
		t.Errorf("`make golden` writes %s anew:\n%s", file, lines.String())
	}
}

func TestMaySay(t *testing.T) {
	enough := parts.Evidence{UnseenRight: 35, Ordinary: leastOrdinary, Possible: 9}
	require.Equal(t, Certain, maySay(enough))
	for _, less := range []func(*parts.Evidence){
		func(e *parts.Evidence) { e.UnseenRight-- }, func(e *parts.Evidence) { e.UnseenWrong++ },
		func(e *parts.Evidence) { e.Ordinary-- }, func(e *parts.Evidence) { e.Certain++ },
	} {
		e := enough
		less(&e)
		require.Equal(t, Possible, maySay(e), "%+v", e)
	}
}

// measured reads all texts of the tree.
func measured(t *testing.T) map[string]*parts.Evidence {
	t.Helper()
	all := map[string]*parts.Evidence{}
	of := func(language string) *parts.Evidence {
		if all[language] == nil {
			all[language] = &parts.Evidence{Language: language, Says: Possible.String()}
		}
		return all[language]
	}
	for _, text := range rulesOf(t).patterns {
		e := of(text.language)
		if text.most == Certain {
			e.Says = Certain.String()
		}
		e.Patterns++
		e.Examples += len(text.yes)
		e.NearMisses += len(text.no)
	}
	labelled, err := parts.Labelled("../..")
	require.NoError(t, err)
	for _, text := range labelled {
		reading := ReadUncapped(text.Text)
		e := all[reading.Language]
		if reading.Certainty != Certain || e == nil {
			continue
		}
		isUnseen := text.Part == parts.Apart || text.Part == parts.Fresh
		switch text.Label {
		case "opt-out":
			e.Right++
			if isUnseen {
				e.UnseenRight++
			}
		case "not-opt-out":
			e.Wrong++
			if isUnseen {
				e.UnseenWrong++
			}
		}
	}
	ordinary := func(e *parts.Evidence, text string) {
		reading := ReadUncapped(text)
		e.Ordinary++
		switch reading.Certainty {
		case Certain:
			e.Certain++
			t.Logf("%s, certain by %s: %q", e.Language, reading.Rule, text)
		case Possible:
			e.Possible++
		case None:
		}
	}
	files, err := filepath.Glob("testdata/ordinary/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		require.NoError(t, err)
		language, _, _ := strings.Cut(filepath.Base(file), ".") // de.txt, de.sms.txt
		for line := range strings.Lines(string(text)) {
			ordinary(of(language), strings.TrimSpace(line))
		}
	}
	for _, row := range rowsOf(t, "../testdata/sms_uci.jsonl") {
		if row.Label == "ham" {
			ordinary(of("en"), row.Text)
		}
	}
	return all
}

func rowsOf(t *testing.T, name string) (rows []struct{ Text, Label string }) {
	t.Helper()
	content, err := os.ReadFile(filepath.Clean(name))
	require.NoError(t, err)
	for line := range strings.Lines(string(content)) {
		var row struct{ Text, Label string }
		require.NoError(t, json.Unmarshal([]byte(line), &row))
		rows = append(rows, row)
	}
	return rows
}
