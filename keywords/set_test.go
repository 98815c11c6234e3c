package keywords_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
)

func TestDefaultListsExactlyTheseWords(t *testing.T) {
	got := map[keywords.Intent][]string{}
	for w := range keywords.Default().All() {
		got[w.Intent] = append(got[w.Intent], w.Text)
		require.Equal(t, "en", w.Language)
		require.NotEmpty(t, w.Source)
	}
	require.Equal(t, map[keywords.Intent][]string{
		keywords.OptOut: {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"},
		keywords.OptIn:  {"START", "UNSTOP"},
		keywords.Help:   {"HELP", "INFO"},
	}, got)
	require.Same(t, keywords.Default(), keywords.Default(), "built once")
}

func TestClassifyAnswersWithTheKeywordAsListed(t *testing.T) {
	s, err := keywords.New(
		keywords.Keyword{Text: "Opt-Out", Intent: keywords.OptOut, Language: "en-US"},
		keywords.Keyword{Text: "ARRÊT", Intent: keywords.OptOut, Language: "fr"},
		keywords.Keyword{Text: "opt out", Intent: keywords.OptOut, Language: "en"},
	)
	require.NoError(t, err)
	for message, want := range map[string]keywords.Match{
		" OPT__OUT!":       {Intent: keywords.OptOut, Keyword: "Opt-Out", Language: "en-US"},
		"opt — out":        {Intent: keywords.OptOut, Keyword: "Opt-Out", Language: "en-US"},
		"arre\u0302t":      {Intent: keywords.OptOut, Keyword: "ARRÊT", Language: "fr"},
		"optout":           {},
		"STOP":             {},
		"opt, out":         {},
		"opt out opt out":  {},
		"\u00a0Arr\u00cat": {Intent: keywords.OptOut, Keyword: "ARRÊT", Language: "fr"},
	} {
		require.Equal(t, want, s.Classify(message), "%q", message)
	}
	require.Len(t, slices.Collect(s.All()), 3)
}

func TestFoldingNeverDeletesAVisibleCharacterBetweenTwo(t *testing.T) {
	for _, message := range []string{
		"UN\nSTOP", "UN STOP", "UN-STOP", "UN_STOP", "UN\tSTOP", "nonstop", "stop1", "1stop", "S T O P", "S.T.O.P",
		"st\xffop", "st\ufffdop", "ST\u00a0OP", "ST\u2800OP", "ST\ufffcOP", "ST\u3164OP", "ST\u180eOP", "stop all",
	} {
		require.Equal(t, keywords.Match{}, keywords.Default().Classify(message), "%q", message)
	}
}

func TestTheLengthLimitsAreExact(t *testing.T) {
	optedOut := func(message string) bool {
		return keywords.Default().Classify(message).Intent == keywords.OptOut
	}
	require.True(t, optedOut(strings.Repeat(" ", 131_072-4)+"STOP"))
	require.False(t, optedOut(strings.Repeat(" ", 131_072-3)+"STOP"))
	require.True(t, optedOut("STOP"+strings.Repeat("!", 4_096-4)))
	require.False(t, optedOut("STOP"+strings.Repeat("!", 4_096-3)))
	require.True(t, optedOut("\u00a0\n"+strings.Repeat("!", 4_096-4)+"STOP\u3000"), "outer blanks do not count")
	require.False(t, optedOut("x"+strings.Repeat(" ", 4_096)+"STOP"))
}

func TestNewRefusesBadKeywordsByName(t *testing.T) {
	long := strings.Repeat("A", 65)
	for name, c := range map[string]struct {
		words []keywords.Keyword
		says  []string
	}{
		"empty":      {[]keywords.Keyword{{Intent: keywords.OptOut}}, []string{`""`, "empty"}},
		"only marks": {[]keywords.Keyword{{Text: "!?", Intent: keywords.OptOut}}, []string{`"!?"`, "empty"}},
		"too long":   {[]keywords.Keyword{{Text: long, Intent: keywords.Help}}, []string{long, "64"}},
		"huge":       {[]keywords.Keyword{{Text: strings.Repeat("A", 1<<20), Intent: keywords.Help}}, []string{"AAAA", "64"}},
		"not UTF-8":  {[]keywords.Keyword{{Text: "st\xffop", Intent: keywords.OptOut}}, []string{`st\xffop`, "UTF-8"}},
		"no intent":  {[]keywords.Keyword{{Text: "HOLA"}}, []string{"HOLA", "none"}},
		"no such":    {[]keywords.Keyword{{Text: "HOLA", Intent: 9}}, []string{"HOLA", "9"}},
		"contradiction": {[]keywords.Keyword{{Text: "Go!", Intent: keywords.OptIn}, {Text: "GO", Intent: keywords.OptOut}}, []string{
			"GO",
			"opt-in", "opt-out",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keywords.New(c.words...)
			require.Error(t, err)
			for _, says := range c.says {
				require.ErrorContains(t, err, says)
			}
			require.Less(t, len(err.Error()), 400)
		})
	}
	_, err := keywords.Default().With(keywords.Keyword{Text: "stop.", Intent: keywords.OptIn})
	require.ErrorContains(t, err, "stop.")
	_, err = keywords.New(keywords.Keyword{Text: strings.Repeat("A", 64), Intent: keywords.Help})
	require.NoError(t, err)
}

func TestWithAndWithoutLeaveTheSetAlone(t *testing.T) {
	d := keywords.Default()
	before := slices.Collect(d.All())
	more, err := d.With(keywords.Keyword{Text: "OPT OUT", Intent: keywords.OptOut}, keywords.Keyword{Text: "OPT-OUT", Intent: keywords.OptOut})
	require.NoError(t, err)
	require.Equal(t, "OPT OUT", more.Classify("opt-out").Keyword)
	require.Equal(t, keywords.Match{}, d.Classify("opt-out"))

	less, err := more.Without("opt_out", " stop.")
	require.NoError(t, err)
	require.Equal(t, keywords.Match{}, less.Classify("OPT OUT"))
	require.Equal(t, keywords.Match{}, less.Classify("STOP"))
	require.Equal(t, keywords.OptOut, less.Classify("QUIT").Intent)
	require.Equal(t, before, slices.Collect(d.All()))

	for _, unlisted := range []string{"BAJA", "STOP NOW", ""} {
		_, err = d.Without("STOP", unlisted)
		require.ErrorContains(t, err, `"`+unlisted+`"`)
	}
}

func TestAllIsACopy(t *testing.T) {
	words := []keywords.Keyword{{Text: "STOP", Intent: keywords.OptOut}}
	s, err := keywords.New(words...)
	require.NoError(t, err)
	words[0].Text = "GO"
	for w := range s.All() {
		require.Equal(t, "STOP", w.Text)
	}
}

func TestVersionNamesTheExactList(t *testing.T) {
	version := func(words ...keywords.Keyword) string {
		s, err := keywords.New(words...)
		require.NoError(t, err)
		return s.Version()
	}
	a, b := keywords.Keyword{Text: "STOP", Intent: keywords.OptOut}, keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es"}
	require.NotEqual(t, version(a, b), version(b, a), "the order tells which listing matches")
	require.NotEqual(t, version(a), version(a, b))
	require.NotEqual(t, version(b), version(keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut}))
	require.NotEqual(t, version(a), version(keywords.Keyword{Text: "STOP", Intent: keywords.Help}))
	require.Equal(t, "1-1a1904443a26b293", keywords.Default().Version(), "a record of years ago names this list")
}

func TestANilOrZeroSetListsNothing(t *testing.T) {
	for _, s := range []*keywords.Set{nil, {}} {
		require.Equal(t, keywords.Match{}, s.Classify("STOP"))
		require.Empty(t, slices.Collect(s.All()))
		require.NotEmpty(t, s.Version())
		_, err := s.Without("STOP")
		require.Error(t, err)
		more, err := s.With(keywords.Keyword{Text: "STOP", Intent: keywords.OptOut})
		require.NoError(t, err)
		require.Equal(t, keywords.OptOut, more.Classify("stop").Intent)
	}
}

func TestIntentIsSpelled(t *testing.T) {
	for i, word := range map[keywords.Intent]string{
		keywords.None: "none", keywords.OptOut: "opt-out", keywords.OptIn: "opt-in", keywords.Help: "help",
	} {
		require.Equal(t, word, i.String())
		text, err := i.MarshalText()
		require.NoError(t, err)
		require.Equal(t, word, string(text))
		got := keywords.Intent(9)
		require.NoError(t, got.UnmarshalText(text))
		require.Equal(t, i, got)
	}
	got := keywords.OptOut
	require.ErrorContains(t, got.UnmarshalText([]byte("OPT-OUT")), "keywords: no Intent has this name")
	require.Equal(t, keywords.OptOut, got)

	line, err := json.Marshal(keywords.Default().Classify("stop"))
	require.NoError(t, err)
	var match keywords.Match
	require.NoError(t, json.Unmarshal(line, &match))
	require.Equal(t, keywords.Default().Classify("stop"), match)
}
