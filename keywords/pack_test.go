package keywords_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/keywords"
)

func packNames() []string {
	var names []string
	for _, p := range keywords.Packs() {
		names = append(names, p.Name)
	}
	return names
}

func withPacks(t require.TestingT, names ...string) *keywords.Set {
	s, err := keywords.Default().WithPacks(names...)
	require.NoError(t, err)
	return s
}

func TestPacksAreNamedDatedAndSourced(t *testing.T) {
	require.Subset(t, packNames(), []string{"united-states", "canada", "fr", "es", "pt", "de", "it", "nl", "pl", "ru", "no"})
	seen := map[string]bool{}
	for _, p := range keywords.Packs() {
		require.False(t, seen[p.Name], p.Name)
		seen[p.Name] = true
		require.NotEmpty(t, p.Title)
		require.NotEmpty(t, p.Source)
		require.Positive(t, p.Version)
		_, err := time.Parse(time.DateOnly, p.Date)
		require.NoError(t, err)
		if p.Effective != "" {
			_, err := time.Parse(time.DateOnly, p.Effective)
			require.NoError(t, err)
		}
		require.NotEmpty(t, p.Words())
		require.Equal(t, p.Mandatory(), append([]keywords.Keyword(nil), p.Words()[:len(p.Mandatory())]...))
		isLanguage := len(p.Name) == 2
		for _, w := range append(p.Words(), p.Optional()...) {
			require.NotEmpty(t, w.Source, w.Text)
			require.NotEmpty(t, w.Language, w.Text)
			if isLanguage {
				require.Equal(t, p.Name, w.Language, w.Text)
			}
		}
	}
}

func TestPackNamed(t *testing.T) {
	for _, name := range []string{"fr", "FR", "Canada", "united-states"} {
		p, err := keywords.PackNamed(name)
		require.NoError(t, err)
		require.True(t, strings.EqualFold(name, p.Name))
	}
	for _, name := range []string{"klingon", "", "fr-FR", " fr", strings.Repeat("a", 1<<20)} {
		_, err := keywords.PackNamed(name)
		require.ErrorContains(t, err, `"`+name[:min(len(name), 9)])
		require.Less(t, len(err.Error()), 600)
		for _, known := range packNames() {
			require.ErrorContains(t, err, known)
		}
		_, err = keywords.Default().WithPacks("fr", name)
		require.ErrorContains(t, err, "no pack")
	}
}

// TestPacksAddUp adds packs in random order, some of them twice.
func TestPacksAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.SampledFrom(packNames()), 1, 12).Draw(t, "names")
		s := withPacks(t, names...)

		oneByOne := keywords.Default()
		var want []string // what Packs says
		words := slices.Collect(keywords.Default().All())
		for _, name := range names {
			var err error
			oneByOne, err = oneByOne.WithPacks(name)
			require.NoError(t, err)
			p, err := keywords.PackNamed(name)
			require.NoError(t, err)
			words = append(words, p.Words()...)
			if !slices.Contains(want, name) {
				want = append(want, name)
			}
		}
		require.Equal(t, s.Version(), oneByOne.Version())
		var got []string
		for _, p := range s.Packs() {
			got = append(got, p.Name)
			require.Contains(t, s.Version(), "+"+p.Name+".")
		}
		require.Equal(t, want, got)
		for _, w := range words {
			require.Equal(t, w.Intent, s.Classify(w.Text).Intent, w.Text)
			require.Contains(t, slices.Collect(s.All()), w)
		}
		require.Equal(t, "en", s.Classify("stop").Language, "English stays on")

		slices.Sort(names)
		sorted := withPacks(t, names...)
		for _, p := range keywords.Packs() {
			for _, w := range append(p.Words(), p.Optional()...) {
				require.Equal(t, s.Classify(w.Text).Intent, sorted.Classify(w.Text).Intent, "%s in whatever order", w.Text)
			}
		}
	})
}

func TestNoWordOfAnyPackContradictsAnother(t *testing.T) {
	s := withPacks(t, packNames()...)
	for _, p := range keywords.Packs() {
		var err error
		s, err = s.With(p.Optional()...)
		require.NoError(t, err)
	}
}

func TestPacksListTheDefaultToo(t *testing.T) {
	for _, s := range []*keywords.Set{nil, {}, keywords.Default()} {
		got, err := s.WithPacks("nl")
		require.NoError(t, err)
		for w := range keywords.Default().All() {
			require.Equal(t, w.Intent, got.Classify(w.Text).Intent)
		}
		require.Equal(t, keywords.Help, got.Classify("hulp").Intent)
	}
	less, err := withPacks(t, "nl").Without("CANCEL")
	require.NoError(t, err)
	require.Equal(t, keywords.None, less.Classify("cancel").Intent, "and it can be removed afterwards")

	own, err := keywords.New(keywords.Keyword{Text: "alto", Intent: keywords.Help})
	require.NoError(t, err)
	_, err = own.WithPacks("es")
	require.ErrorContains(t, err, `"ALTO"`)
}

// spellings are how people, keyboards and gateways write a word.
func spellings(text string) []string {
	lower := []rune(strings.ToLower(text))
	title := string(unicode.ToUpper(lower[0])) + string(lower[1:])
	return []string{
		text, string(lower), title, " " + text + ".\r\n", `"` + title + `"!!`, "🛑" + string(lower) + "🛑", "\u200e" + title + "\ufeff",
		norm.NFD.String(text), norm.NFD.String(string(lower)), strings.ReplaceAll(text, " ", "\u00a0"),
		strings.ReplaceAll(text, " ", "-"), strings.ReplaceAll(title, " ", "_"), strings.ReplaceAll(text, " ", " – "), strings.ReplaceAll(text,
			" ", "  "),
	}
}

func TestEveryWordOfAPackIsFoundInEverySpelling(t *testing.T) {
	for _, p := range keywords.Packs() {
		s := withPacks(t, p.Name)
		for _, w := range p.Words() {
			for _, message := range spellings(w.Text) {
				got := s.Classify(message)
				require.Equal(t, w.Intent, got.Intent, "%s: %q", p.Name, message)
				require.NotEmpty(t, got.Language)
			}
			for _, message := range []string{w.Text + " x", "x " + w.Text, w.Text + "x", "x" + w.Text} {
				require.Equal(t, keywords.None, s.Classify(message).Intent, "%s: %q", p.Name, message)
			}
		}
	}
}

func TestWordsWithAccentsAreListedWithoutToo(t *testing.T) {
	for _, p := range keywords.Packs() {
		if p.Name == "ru" {
			continue // Й is a letter of its own
		}
		s := withPacks(t, p.Name)
		for _, w := range p.Words() {
			plain := strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFD.String(w.Text))
			require.Equal(t, w.Intent, s.Classify(plain).Intent, "%s: %s", p.Name, plain)
		}
	}
}

func TestOrdinaryWordsAreNotOn(t *testing.T) {
	all := withPacks(t, packNames()...)
	for _, text := range []string{
		"NO", "Non", "nein", "nee", "nei", "nie", "não", "Нет", "sí", "oui", "ja", "fin", "FIM", "fine", "Ende", "Einde", "koniec", "конец",
		"slutt",
		"salir", "terminar", "eliminar", "Basta", "basta!", "arrête", "Annulla", "alta", "yes", "Y", "1", "2", "ok", "S", "exit", "gracias",
		"merci", "danke",
	} {
		require.Equal(t, keywords.Match{}, all.Classify(text), "%q", text)
	}
	for _, p := range keywords.Packs() {
		s := withPacks(t, p.Name)
		for _, w := range p.Optional() {
			require.Equal(t, keywords.Match{}, s.Classify(w.Text), "%s: %s is optional", p.Name, w.Text)
		}
		more, err := s.With(p.Optional()...)
		require.NoError(t, err)
		for _, w := range p.Optional() {
			require.Equal(t, w.Intent, more.Classify(w.Text).Intent)
		}
	}
}

func TestUnitedStatesHasTheSevenWordsOfTheRule(t *testing.T) {
	s := keywords.UnitedStates()
	require.Same(t, s, keywords.UnitedStates(), "built once")
	for _, text := range []string{
		"stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe", "OPTOUT", "Opt-Out", "OPT_OUT", "opt \u2013 out", "Stop all",
		"STOP-ALL", "stopall",
	} {
		require.Equal(t, keywords.OptOut, s.Classify(text).Intent, text)
		_, err := s.Without("INFO", " "+text+"!")
		require.ErrorContains(t, err, text)
		require.ErrorContains(t, err, "47 CFR 64.1200(a)(10)")
	}
	require.Equal(t, keywords.None, s.Classify("unsub").Intent)
	less, err := s.Without("INFO")
	require.NoError(t, err, "what the rule does not name can go")
	require.Equal(t, keywords.None, less.Classify("info").Intent)
	_, err = keywords.Default().Without("CANCEL")
	require.NoError(t, err, "and the default list is the host's to change")
}

func TestCanadaHasTheMandatoryWords(t *testing.T) {
	s := keywords.Canada()
	require.Same(t, s, keywords.Canada())
	for text, want := range map[string]keywords.Match{
		"arret": {Intent: keywords.OptOut, Keyword: "ARRET", Language: "fr-CA"},
		"Arrêt": {Intent: keywords.OptOut, Keyword: "ARRÊT", Language: "fr-CA"},
		"stop":  {Intent: keywords.OptOut, Keyword: "STOP", Language: "en"},
		"aide":  {Intent: keywords.Help, Keyword: "AIDE", Language: "fr-CA"},
		"info":  {Intent: keywords.Help, Keyword: "INFO", Language: "en"},
		"help":  {Intent: keywords.Help, Keyword: "HELP", Language: "en"},
	} {
		require.Equal(t, want, s.Classify(text))
		_, err := s.Without(text)
		require.ErrorContains(t, err, "CWTA")
	}
	less, err := s.Without("UNSUB")
	require.NoError(t, err)
	require.Equal(t, keywords.None, less.Classify("unsub").Intent)
	_, err = withPacks(t, "fr").Without("ARRET")
	require.NoError(t, err, "mandatory in Canada alone")
}

// TestMandatoryWordsSurvive changes a Set at random, as a host's settings may.
func TestMandatoryWordsSurvive(t *testing.T) {
	pool := slices.Collect(withPacks(t, packNames()...).All())
	rapid.Check(t, func(t *rapid.T) {
		s := withPacks(t, rapid.SliceOfNDistinct(rapid.SampledFrom(packNames()), 1, 3, rapid.ID).Draw(t, "packs")...)
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			before := s
			var err error
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				s, err = s.With(rapid.SampledFrom(pool).Draw(t, "with"))
			case 1:
				s, err = s.Without(rapid.SampledFrom(pool).Draw(t, "without").Text)
			default:
				s, err = s.WithPacks(rapid.SampledFrom(packNames()).Draw(t, "pack"))
			}
			if err != nil {
				s = before
			}
			require.GreaterOrEqual(t, len(s.Packs()), len(before.Packs()), "a change keeps the packs")
			require.Equal(t, before.Packs(), s.Packs()[:len(before.Packs())])
			for _, p := range s.Packs() {
				for _, w := range p.Mandatory() {
					require.Equal(t, w.Intent, s.Classify(w.Text).Intent, "%s of %s", w.Text, p.Name)
				}
			}
		}
	})
}

// TestAChangedPackHasANewVersion holds what the records of years ago name.
func TestAChangedPackHasANewVersion(t *testing.T) {
	versions := map[string]string{}
	for _, name := range packNames() {
		versions[name] = withPacks(t, name).Version()
	}
	require.Equal(t, map[string]string{
		"united-states": "1-b258719fd858663c+united-states.1",
		"canada":        "1-99bdcf39f22f71af+canada.1",
		"fr":            "1-2382f464448fdd7e+fr.1",
		"es":            "1-cfd6b75bf0b817da+es.1",
		"pt":            "1-4f25b76a471e1688+pt.1",
		"de":            "1-7a8685a98cae81e9+de.1",
		"it":            "1-93a2ea94cbf08d6d+it.1",
		"nl":            "1-738803230291e754+nl.1",
		"pl":            "1-c402a86f498bfb9e+pl.1",
		"ru":            "1-e7584ba9309ba9ad+ru.1",
		"no":            "1-53740e9e3155fbb8+no.1",
	}, versions, "a list that changes gets another Version and Date, and another line here")
}

func TestAPackIsACopy(t *testing.T) {
	p, err := keywords.PackNamed("united-states")
	require.NoError(t, err)
	p.Mandatory()[0].Text, p.Words()[0].Text, p.Optional()[0].Text = "x", "x", "x"
	require.NotEqual(t, "x", p.Mandatory()[0].Text)
	require.NotEqual(t, "x", p.Words()[0].Text)
	require.NotEqual(t, "x", p.Optional()[0].Text)
	keywords.UnitedStates().Packs()[0] = keywords.Pack{}
	_, err = keywords.UnitedStates().Without("REVOKE")
	require.Error(t, err)
	require.Empty(t, (*keywords.Set)(nil).Packs())
}
