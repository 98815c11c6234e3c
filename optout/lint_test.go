package optout_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestLintFindsTheWordsThatAreReserved(t *testing.T) {
	type found struct {
		Reserved string
		Intent   keywords.Intent
		Language string
		Severity optout.Severity
	}
	for word, want := range map[string]found{
		"END":              {"END", keywords.OptOut, "en", optout.SeverityError},
		"Stop!":            {"STOP", keywords.OptOut, "en", optout.SeverityError},
		"quit":             {"QUIT", keywords.OptOut, "en", optout.SeverityError},
		" opt-out ":        {"OPT OUT", keywords.OptOut, "en", optout.SeverityError},
		"start":            {"START", keywords.OptIn, "en", optout.SeverityError},
		"info":             {"INFO", keywords.Help, "en", optout.SeverityError},
		"Alto":             {"ALTO", keywords.OptOut, "es", optout.SeverityError},
		"СТОП":             {"СТОП", keywords.OptOut, "ru", optout.SeverityError},
		"STOP BY":          {"STOP", keywords.OptOut, "en", optout.SeverityWarning},
		"Stop, thief":      {"STOP", keywords.OptOut, "en", optout.SeverityWarning},
		"end=of=season":    {"END", keywords.OptOut, "en", optout.SeverityWarning},
		"opt out of lunch": {"OPT OUT", keywords.OptOut, "en", optout.SeverityWarning},
		"stop all":         {"STOP ALL", keywords.OptOut, "en", optout.SeverityError},
		"stop all day":     {"STOP ALL", keywords.OptOut, "en", optout.SeverityWarning},
	} {
		got := optout.Lint("1", word)
		require.Len(t, got, 1, word)
		f := got[0]
		require.Equal(t, want, found{f.Reserved.Text, f.Reserved.Intent, f.Reserved.Language, f.Severity}, word)
		require.Equal(t, word, f.Word)
		require.NotEmpty(t, f.Reserved.Source)
		require.NotEmpty(t, f.Packs)
		require.Contains(t, f.Why, want.Reserved)
		require.Contains(t, f.String(), string(want.Severity))
	}
	require.Empty(t, optout.Lint())
	require.Empty(t, optout.Lint(
		"1", "2", "YES", "NO", "", " ", "!?", "SPRING26", "ending", "nonstop", "bus stop", "help me", "info please", "start now", "S T O P",
		"\xff", strings.Repeat("a ", 100_000)))
}

func TestLintNamesThePacks(t *testing.T) {
	require.Equal(t, []string{"default", "united-states", "canada"}, optout.Lint("quit")[0].Packs)
	require.Equal(t, []string{"es", "pt"}, optout.Lint("parar")[0].Packs)
	require.Equal(t, []string{"united-states"}, optout.Lint("revoke")[0].Packs)
}

func TestLintKnowsEveryWordOfEveryPack(t *testing.T) {
	for _, p := range keywords.Packs() {
		for _, w := range p.Words() {
			got := optout.Lint(strings.ToLower(w.Text))
			require.Len(t, got, 1)
			require.Equal(t, w.Intent, got[0].Reserved.Intent)
			require.Contains(t, got[0].Packs, p.Name)
		}
	}
}

func TestAGuardLintsByItsOwnKeywords(t *testing.T) {
	require.Empty(t, newGuard(t, nil).Lint("ALTO", "REVOKE"))
	words, err := keywords.Default().With(keywords.Keyword{Text: "BASTA", Intent: keywords.OptOut, Language: "it", Source: "ours"})
	require.NoError(t, err)
	g, err := optout.New(memstore.New(), &optout.Options{Keywords: words})
	require.NoError(t, err)
	require.Equal(t, []optout.Finding{{
		Word: "basta!", Reserved: keywords.Keyword{Text: "BASTA", Intent: keywords.OptOut, Language: "it", Source: "ours"},
		Severity: optout.SeverityError, Why: "it is the keyword BASTA, which opts the contact out",
	}}, g.Lint("basta!", "1"))
	require.Len(t, (*optout.Guard)(nil).Lint("stop"), 1)
}

func FuzzLint(f *testing.F) {
	for _, seed := range []string{
		"stop", "Stop by", "opt-out of it", "1", "", "st\u200dop by", "\xffstop\xff by", "АЛЬТО СТОП", "arre\u0302t !",
	} {
		f.Add(seed)
	}
	all := packs(f, everyPackName()...)
	f.Fuzz(func(t *testing.T, word string) {
		match := all.Classify(word)
		found := optout.Lint(word)
		isError := len(found) == 1 && found[0].Severity == optout.SeverityError
		if isError != (match.Intent != keywords.None) {
			t.Fatalf("%q is %+v, and the finding %+v", word, match, found)
		}
		for _, finding := range found {
			w := finding.Reserved
			if len(finding.Packs) == 0 || all.Classify(w.Text).Intent != w.Intent || !isError && w.Intent != keywords.OptOut {
				t.Fatalf("%q: %+v", word, finding)
			}
		}
	})
}
