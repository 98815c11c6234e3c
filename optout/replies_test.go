package optout_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func packs(t testing.TB, names ...string) *keywords.Set {
	t.Helper()
	s, err := keywords.Default().WithPacks(names...)
	require.NoError(t, err)
	return s
}

func everyPackName() []string {
	var names []string
	for _, p := range keywords.Packs() {
		names = append(names, p.Name)
	}
	return names
}

func TestTheDefaultRepliesAreTheseTexts(t *testing.T) {
	replies := newGuard(t, nil).Replies()
	require.Equal(t, optout.Replies{
		OptOut: "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
		OptIn: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. " +
			"Msg&Data Rates May Apply.",
		Help: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
		Confirm: "Reply YES to confirm that you want messages from this number. Reply HELP for help. Reply STOP to unsubscribe. " +
			"Msg&Data Rates May Apply.",
	}, replies)
	for _, text := range []string{replies.OptOut, replies.OptIn, replies.Help, replies.Confirm, optout.Footer} {
		sms := optout.Segments(text)
		require.Equal(t, optout.GSM7, sms.Encoding)
		require.LessOrEqual(t, sms.Parts, 2)
	}
	require.Equal(t, "Reply STOP to unsubscribe", optout.Footer)
}

func TestEveryLanguageOfAPackHasRepliesOfOnePart(t *testing.T) {
	english := optout.DefaultReplies()
	languages := map[string]bool{}
	for w := range packs(t, everyPackName()...).All() {
		languages[w.Language] = true
	}
	require.Greater(t, len(languages), 9)
	for language := range languages {
		replies, ok := optout.LanguageReplies(language)
		require.True(t, ok, language)
		require.Equal(t, language == "en", replies == english, language)
		for _, text := range []string{replies.OptOut, replies.OptIn, replies.Help, replies.Confirm} {
			sms := optout.Segments(text)
			require.Equal(t, 1, sms.Parts, "%s: %s", language, text)
			require.LessOrEqual(t, utf8.RuneCountInString(text), 160, "what Canada allows")
			require.Equal(t, language == "ru", sms.Encoding == optout.UCS2, "%s: %s", language, text)
			// Every Set has the keywords that the texts name.
			noLetter := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < 'А' || r > 'я') && (r < 'a' || r > 'z') }
			for word := range strings.FieldsFuncSeq(text, noLetter) {
				if len(word) > 3 && word == strings.ToUpper(word) {
					require.Contains(t, []string{"START", "STOP", "HELP"}, word, text)
				}
			}
		}
		require.Contains(t, replies.OptOut, "START")
		require.Contains(t, replies.OptIn, "STOP")
		require.Contains(t, replies.OptIn, "HELP")
		require.Contains(t, replies.Help, "STOP")
		require.Contains(t, replies.Confirm, "YES")
		require.Contains(t, replies.Confirm, "STOP")
	}
	for _, language := range []string{"", "e", "english", "xx", "fro", "f r"} {
		_, ok := optout.LanguageReplies(language)
		require.False(t, ok, language)
	}
}

func TestTheReplyFollowsTheLanguageOfTheKeyword(t *testing.T) {
	english := optout.DefaultReplies()
	french, _ := optout.LanguageReplies("fr")
	spanish, _ := optout.LanguageReplies("es")
	for _, c := range []struct {
		body string
		want string
	}{
		{"STOP", english.OptOut},
		{"START", english.OptIn},
		{"arrêt", french.OptOut},
		{"nonarret", french.OptIn},
		{"ALTO", spanish.OptOut},
		{"inicio", spanish.OptIn},
		{"Aide", french.Help},
		{"AYUDA", spanish.Help},
		{"help", english.Help},
		{"info", english.Help},
	} {
		t.Run(c.body, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Keywords: packs(t, "canada", "fr", "es"), RequireOptIn: true})
			require.Equal(t, c.want, receive(t, g, text("m1", c.body, at(1))).Reply)
		})
	}
	g := guardAt(t, memstore.New(), optout.Options{Keywords: keywords.Canada()})
	require.Equal(t, french.OptOut, receive(t, g, text("m1", "ARRET", at(1))).Reply)
	require.Equal(t, french.OptOut, receive(t, g, text("m1", "ARRET", at(1))).Reply, "redelivered")
	require.Empty(t, receive(t, g, text("m2", "STOP", at(2))).Reply, "a second one is not answered, in whatever language")
	require.Equal(t, english.OptIn, receive(t, g, text("m3", "START", at(3))).Reply)
	require.Equal(t, english, g.Replies())
}

func TestRepliesFallBackToTheLanguageAndToEnglish(t *testing.T) {
	set, err := keywords.New(
		keywords.Keyword{Text: "STOP", Intent: keywords.OptOut, Language: "en-US"},
		keywords.Keyword{Text: "ARRET", Intent: keywords.OptOut, Language: "fr_CA"},
		keywords.Keyword{Text: "HALTE", Intent: keywords.OptOut, Language: "fr"},
		keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es-MX"},
		keywords.Keyword{Text: "ACHA", Intent: keywords.OptOut, Language: "sw"},
		keywords.Keyword{Text: "DUR", Intent: keywords.OptOut},
	)
	require.NoError(t, err)
	opts := &optout.Options{
		Keywords: set,
		Replies:  optout.Replies{OptOut: "Acme: you are out."},
		RepliesByLanguage: map[string]optout.Replies{
			"FR-CA": {OptOut: "Acme : c'est fini."},
			"fr":    {OptOut: "Acme : la fin.", OptIn: "Acme : encore vous."},
			"en-us": {Help: "Acme: call us."},
		},
	}
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	opts.RepliesByLanguage["sw"] = optout.Replies{OptOut: "too late"}
	english := optout.DefaultReplies()
	french, _ := optout.LanguageReplies("fr")
	spanish, _ := optout.LanguageReplies("es")
	own := optout.Replies{OptOut: "Acme: you are out.", OptIn: english.OptIn, Help: english.Help, Confirm: english.Confirm}
	for language, want := range map[string]optout.Replies{
		"fr_CA": {OptOut: "Acme : c'est fini.", OptIn: "Acme : encore vous.", Help: french.Help, Confirm: french.Confirm},
		"fr":    {OptOut: "Acme : la fin.", OptIn: "Acme : encore vous.", Help: french.Help, Confirm: french.Confirm},
		"en-US": {OptOut: own.OptOut, OptIn: own.OptIn, Help: "Acme: call us.", Confirm: own.Confirm},
		"es-MX": spanish,
		"sw":    own,
		"":      own,
		"de":    own, // no keyword is German
	} {
		require.Equal(t, want, g.RepliesIn(language), language)
	}
	require.Equal(t, own, g.Replies())
	require.Equal(t, own, g.With(memstore.New()).RepliesIn("sw"))
	require.Equal(t, english, (*optout.Guard)(nil).RepliesIn("fr"))
	require.Equal(t, "Acme : c'est fini.", receive(t, g, optout.Message{ID: "1", Account: account, From: contact, Text: "arret"}).Reply)
}

func TestRepliesForALanguageThatIsNotThereAreRefused(t *testing.T) {
	for _, c := range []struct {
		languages []string
		says      string
	}{
		{[]string{"de"}, `"de"`},
		{[]string{"fr", "fr-FR"}, `"fr-FR"`},
		{[]string{"français"}, `"français"`},
		{[]string{""}, `""`},
		{[]string{"f"}, `"f"`},
		{[]string{"fr-"}, `"fr-"`},
		{[]string{"-fr"}, `"-fr"`},
		{[]string{"fr ca"}, `"fr ca"`},
		{[]string{"123"}, `"123"`},
		{[]string{"fr-toolongsubtag"}, `"fr-toolongsubtag"`},
		{[]string{"fr", "FR"}, "twice"},
		{[]string{"fr-CA", "fr_ca"}, "twice"},
		{[]string{strings.Repeat("x", 1<<20)}, "xxx"},
	} {
		given := map[string]optout.Replies{}
		for _, language := range c.languages {
			given[language] = optout.Replies{OptOut: "fini"}
		}
		_, err := optout.New(memstore.New(), &optout.Options{Keywords: packs(t, "canada", "fr"), RepliesByLanguage: given})
		require.ErrorContains(t, err, "RepliesByLanguage")
		require.ErrorContains(t, err, c.says, slices.Collect(maps.Keys(given)))
		require.Less(t, len(err.Error()), 200)
	}
	for _, bad := range []string{" ", "\xff", strings.Repeat("a", 153*255+1)} {
		_, err := optout.New(memstore.New(), &optout.Options{
			Keywords: keywords.Canada(), RepliesByLanguage: map[string]optout.Replies{"fr": {Help: bad}},
		})
		require.ErrorContains(t, err, "RepliesByLanguage: fr: Help")
	}
}

func TestReceiveInAnotherLanguageDoesNotAllocateForIt(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Keywords: keywords.Canada()})
	allocs := func(body string) float64 {
		m := text("m1", body, at(1))
		return testing.AllocsPerRun(100, func() { _, _ = g.Receive(t.Context(), m) })
	}
	require.LessOrEqual(t, allocs("AIDE"), allocs("HELP"))
}
