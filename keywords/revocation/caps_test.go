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

// evidence is what was measured of a language, as if every language could say Certain.
type evidence struct {
	Language   string    `json:"language"`
	Says       Certainty `json:"says"` // the most that the rules say
	Patterns   int       `json:"patterns"`
	Examples   int       `json:"examples"`    // of the patterns: texts that must match
	NearMisses int       `json:"near_misses"` // of the patterns: texts that must not match

	// Requests and near-misses that are read as Certain in this language, among all labelled
	// texts, and among those that are set apart, with which no rule was written.
	Right       int `json:"right"`
	Wrong       int `json:"wrong"`
	UnseenRight int `json:"unseen_right"`
	UnseenWrong int `json:"unseen_wrong"`

	// Ordinary texts of the language, and how many are read as Certain, and as Possible.
	Ordinary int `json:"ordinary"`
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
}

// What a language needs to say Certain.
const (
	leastPrecision = 0.90 // the lower end of the 95 % interval
	leastOrdinary  = 1000 // texts without one that is read as Certain
)

// maySay returns the most that the evidence allows.
func (e *evidence) maySay() Certainty {
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
		require.Equal(t, e.maySay().String(), e.Says.String(), "the line \"language %s\" of the rules says more or less than texts allow: %+v",
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
	enough := evidence{UnseenRight: 35, Ordinary: leastOrdinary, Possible: 9}
	require.Equal(t, Certain, enough.maySay())
	for _, less := range []func(*evidence){
		func(e *evidence) { e.UnseenRight-- }, func(e *evidence) { e.UnseenWrong++ },
		func(e *evidence) { e.Ordinary-- }, func(e *evidence) { e.Certain++ },
	} {
		e := enough
		less(&e)
		require.Equal(t, Possible, e.maySay(), "%+v", e)
	}
}

// measured reads all texts of the tree.
func measured(t *testing.T) map[string]*evidence {
	t.Helper()
	all := map[string]*evidence{}
	of := func(language string) *evidence {
		if all[language] == nil {
			all[language] = &evidence{Language: language, Says: Possible}
		}
		return all[language]
	}
	for _, text := range rulesOf(t).patterns {
		e := of(text.language)
		e.Says = max(e.Says, text.most)
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
	ordinary := func(e *evidence, text string) {
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
