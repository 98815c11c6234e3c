package revocation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// figures counts what Read says of the rows of a label.
type figures map[string]map[revocation.Certainty]int

func (f figures) add(t *testing.T, file string) {
	t.Helper()
	for _, row := range readCases(t, file) {
		if f[row.Label] == nil {
			f[row.Label] = map[revocation.Certainty]int{}
		}
		reading := revocation.ReadUncapped(row.Text)
		f[row.Label][reading.Certainty]++
		if row.Label == "ham" && reading.Certainty != revocation.None {
			t.Logf("ham, %v by %s: %q", reading.Certainty, reading.Rule, row.Text)
		}
		if row.Label == "not-opt-out" && reading.Certainty == revocation.Certain {
			t.Logf("not-opt-out, certain by %s: %q", reading.Rule, row.Text)
		}
	}
}

// precision of Certain; recall of Certain; recall of Certain or Possible.
func (f figures) rates() (precision, recall, some float64) {
	out, not := f["opt-out"], f["not-opt-out"]
	all := float64(out[revocation.Certain] + out[revocation.Possible] + out[revocation.None])
	certain := float64(out[revocation.Certain])
	return certain / (certain + float64(not[revocation.Certain])), certain / all, 1 - float64(out[revocation.None])/all
}

func (f figures) log(t *testing.T, file, label string) {
	t.Helper()
	of := f[label]
	t.Logf("%-27s %-11s certain %3d, possible %3d, none %3d", file, label,
		of[revocation.Certain], of[revocation.Possible], of[revocation.None])
}

// TestFigures reads as if every language could say Certain. It prints its figures with -v, each
// ordinary text that was hit with them, and fails where a change makes the rules worse.
func TestFigures(t *testing.T) {
	for _, file := range []struct {
		name                    string
		precision, recall, some float64 // at least
	}{
		{"../testdata/phrases.jsonl", 0.99, 0.80, 0.99},
		{"testdata/revocations.jsonl", 0.99, 0.85, 0.985},
	} {
		f := figures{}
		f.add(t, file.name)
		precision, recall, some := f.rates()
		t.Logf("%-27s certain: precision %.3f, recall %.3f; certain or possible: recall %.3f", file.name, precision, recall, some)
		for _, label := range []string{"opt-out", "ambiguous", "not-opt-out"} {
			f.log(t, file.name, label)
		}
		require.GreaterOrEqual(t, precision, file.precision)
		require.GreaterOrEqual(t, recall, file.recall)
		require.GreaterOrEqual(t, some, file.some)
	}
	f := figures{}
	f.add(t, "../testdata/sms_uci.jsonl")
	for _, label := range []string{"ham", "spam"} {
		f.log(t, "sms_uci.jsonl", label)
	}
	require.Zero(t, f["ham"][revocation.Certain])
	require.Zero(t, f["spam"][revocation.Certain], "these hold the footers of others")
	require.LessOrEqual(t, f["ham"][revocation.Possible], 24)
}

func TestReadWeighsWhatStandsAround(t *testing.T) {
	const no, possible, certain = revocation.None, revocation.Possible, revocation.Certain
	for _, c := range []struct {
		message string
		want    revocation.Certainty
		rule    string
	}{
		{"", no, ""},
		{"STOP", certain, "keyword"},
		{"START", no, ""},
		{"HELP", no, ""},
		{"STOP PLEASE", certain, "keyword-first"},
		{"Stop. Thank you", certain, "keyword-first"},
		{"S T O P please", certain, "keyword-first"},
		{"please stop", certain, "keyword-first"},
		{"HELP STOP", possible, "two-keywords"},
		{"STOP START", possible, "two-keywords"},
		{"No stop", certain, "no-stop"},
		{"stop it!", certain, "stop-it"},
		{"We have got to STOP this terrible bill", no, ""},
		{"I am at the bus stop", no, ""},
		{"cancel my appointment", no, ""},

		{"stop texting me", certain, "stop-sending"},
		{"don't stop texting me", no, ""},
		{"please don't ever stop sending me these", no, ""},
		{"if you don't stop texting me I will sue", possible, ""},
		{"I want you to stop texting me", certain, ""},
		{"I should stop texting", no, ""},
		{"he told me to stop texting him", no, ""},
		{"Tell him to stop texting me", no, ""},
		{"Acme stop texting me", certain, ""},
		{"can you stop texting me?", certain, ""},
		{"when will you stop texting me", possible, ""},
		{"I ask that you no longer text me", certain, ""},
		{"you no longer text me", no, ""},
		{"I never asked you to unsubscribe me", possible, "never-signed-up"},
		{"I didn't agree to this stop texting me", certain, "stop-sending"},
		{"stop texting (212) 555-0148", certain, "stop-sending"},
		{"remove my old number", possible, ""},
		{"stop texting me while I'm driving", possible, ""},
		{"stop texting me lol", possible, ""},
		{"The sign says \"stop texting me\" ok", possible, ""},

		{"don't text me", certain, "do-not-text"},
		{"You never text me", no, ""},
		{"don't call me before nine", no, ""},
		{"Don't text me tonight, I'm working", no, ""},
		{"Who is this? Do not text me again. Not interested", certain, "do-not-text"},

		{"Take me off your list", certain, "remove-me"},
		{"Please remove me from the waitlist", no, ""},
		{"remove me as the driver on the policy", no, ""},
		{"add me to the list", no, ""},
		{"put me on your do not call list", certain, "remove-me"},

		{"how do I opt out?", certain, "how-to-opt-out"},
		{"why would I want to unsubscribe", possible, ""},
		{"do not unsubscribe me", no, ""},

		{"numaramı sil", certain, ""}, // "s'il" is another word
		{"s'il vous plaît, pas de pluie", no, ""},

		{"Reply STOP to unsubscribe", no, ""},
		{"every day you text me stop texting me", certain, "stop-sending"},
		{"Msg&data rates may apply. Txt HELP for help, STOP to end.", no, ""},
		{"I replied STOP three times", certain, "texted-stop"},

		{"🛑", possible, "stop-emoji"},
		{"✋✋", possible, "stop-emoji"},
		{"👍", no, ""},
		{"stpo", certain, ""},
		{"syop", certain, "keyword-typo"},
		{"shop", no, ""},
		{"unsubscibe", certain, ""},
		{"STOOOOP texting me", certain, ""},
		{"ＳＴＯＰ texting me", certain, ""},
		{"𝐒𝐭𝐨𝐩 texting me", certain, ""},
		{"st\u200bop texting me", certain, ""},

		{"Re: stop texting me", possible, ""},
		{"Re: your order\nstop texting me", certain, ""},
		{"> please stop texting me\nok see you", no, ""},
		{"ok see you\n> please stop texting me", no, ""},
		{"“stop texting me”", certain, ""},
		{"she said “stop texting me”", possible, ""},
		{"On Monday Acme wrote: stop texting me", no, ""},

		{"Dejen de mandarme mensajes", certain, "es-stop-sending"},
		{"No te olvides de mandarme el mensaje", no, ""},
		{"para mañana está bien", no, ""},
		{"Arrêtez de m’envoyer des messages", certain, "fr-stop-sending"},
		{"l’arrêt de bus est fermé", no, ""},
		{"Bitte löschen Sie meine Nummer", certain, "other-order"},
		{"Удалите мой номер", certain, ""},
		{"请不要再发短信", certain, ""},
	} {
		t.Run(c.message, func(t *testing.T) {
			got := revocation.Read(c.message)
			require.Equal(t, c.want.String(), got.Certainty.String(), "%+v", got)
			if c.rule != "" {
				require.Equal(t, c.rule, got.Rule)
			}
			if c.want == no {
				require.Equal(t, revocation.Reading{}, got)
				return
			}
			require.NotEmpty(t, got.Rule)
			require.NotEmpty(t, got.Reason)
			require.NotEmpty(t, got.Language)
		})
	}
}

func TestReadTellsWrongNumbers(t *testing.T) {
	for message, want := range map[string]revocation.Certainty{
		"Wrong number":                         revocation.Possible,
		"you have the wrong person":            revocation.Possible,
		"No one here by that name":             revocation.Possible,
		"Wrong number. Stop texting me please": revocation.Certain,
		"Número equivocado":                    revocation.Possible,
		"Mauvais numéro":                       revocation.Possible,
		"Вы ошиблись номером":                  revocation.Possible,
	} {
		got := revocation.Read(message)
		require.Equal(t, want, got.Certainty, message)
		require.True(t, got.WrongNumber, message)
	}
	require.False(t, revocation.Read("stop texting me").WrongNumber)
}

func TestReadKnowsReactions(t *testing.T) {
	const text = "Acme: 20% off! Stop texting me, reply STOP to end"
	for _, reaction := range []string{
		"Liked “%s”", "Loved “%s”", "Disliked “%s”", "Laughed at “%s”", "Emphasized “%s”", "Questioned “%s”",
		`Liked "%s"`, "Liked “%s", "Removed a like from “%s”",
		"Removed an exclamation from “%s”", "Reacted 👍 to “%s”", "👍 to “%s”", "😂 to “ %s ” ", "Removed 👍 from “%s”",
		"Le gustó “%s”", "Me encanta “%s”", "Reaccionó con 👍 a “%s”", "Ha reaccionado con 😂 a “%s”",
		"A aimé « %s »", "A adoré « %s »", "A réagi avec 👍 à « %s »", "N’a pas aimé « %s »",
		"Gefällt „%s“", "Hat „%s“ geliebt", "Hat mit 👍 auf „%s“ reagiert", "Betont „%s“", "Curtiu “%s”", "Ha messo mi piace a “%s”",
	} {
		require.Equal(t, revocation.Reading{}, revocation.Read(strings.Replace(reaction, "%s", text, 1)), reaction)
	}
	got := revocation.Read("Liked “20% off” and now please stop texting me")
	require.Equal(t, revocation.Certain, got.Certainty, "the words after the quotation are the sender's own")
	require.NotEqual(t, revocation.None, revocation.Read("Liked “20% off” stop").Certainty, "a single word, too")
}

func TestReadInLongTexts(t *testing.T) {
	const story = "I was at the shop on Monday and nobody was there to help with the thing. "
	long := strings.Repeat(story, 6)
	require.Equal(t, revocation.None, revocation.Read(long).Certainty)
	require.Equal(t, revocation.Certain, revocation.Read(long+"Stop texting me!").Certainty, "at the end")
	require.Equal(t, revocation.Certain, revocation.Read(long+"Stop texting me! Thanks, Mary").Certainty, "and signed")
	require.Equal(t, revocation.Certain, revocation.Read("Stop texting me! "+long).Certainty, "at the beginning")
	require.Equal(t, revocation.Possible, revocation.Read(long+"Stop texting me! "+long).Certainty, "in the middle")

	huge := strings.Repeat(story, 100)
	require.Equal(t, revocation.None, revocation.Read(huge).Certainty)
	require.Equal(t, revocation.Certain, revocation.Read(huge+"Stop texting me!").Certainty, "at the end")
	require.Equal(t, revocation.Certain, revocation.Read("Stop texting me! "+huge).Certainty, "at the beginning")
	require.Equal(t, revocation.None, revocation.Read(strings.Repeat("stop ", 30_000)).Certainty, "over the limit of Classify")
}

// Every opt-out keyword of Default is Certain, whatever it is wrapped in.
func TestReadAgreesWithClassify(t *testing.T) {
	for _, row := range readCases(t, "../testdata/formats.jsonl") {
		if row.Gen != "" {
			continue // over the limit of length
		}
		message := row.message(t)
		got := revocation.Read(message)
		switch keywords.Default().Classify(message).Intent {
		case keywords.OptOut:
			require.Equal(t, revocation.Certain, got.Certainty, row.ID)
		case keywords.OptIn, keywords.Help:
			require.Equal(t, revocation.None, got.Certainty, row.ID)
		case keywords.None:
		}
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("allocations cannot be counted under the race detector")
	}
	messages := []string{
		strings.Repeat("All work and no play. ", 8), strings.Repeat("Всё хорошо, é ﷺ ", 8), strings.Repeat("stop texting me. ", 200),
	}
	for _, file := range []string{"../testdata/phrases.jsonl", "testdata/revocations.jsonl"} {
		for _, row := range readCases(t, file) {
			messages = append(messages, row.Text)
		}
	}
	for _, message := range messages {
		if revocation.Read(message).Rule == "table-hint" { // the buffers grow once
			continue // the reason names words of the message
		}
		// Below 1, since a garbage collection may empty the pool between two runs.
		require.Less(t, testing.AllocsPerRun(20, func() { revocation.Read(message) }), 1.0, "%.80q", message)
	}
}

func TestCertaintyIsSpelled(t *testing.T) {
	for c, word := range map[revocation.Certainty]string{
		revocation.None: "none", revocation.Possible: "possible", revocation.Certain: "certain",
	} {
		require.Equal(t, word, c.String())
		text, err := c.MarshalText()
		require.NoError(t, err)
		require.Equal(t, word, string(text))
		got := revocation.Certainty(9)
		require.NoError(t, got.UnmarshalText(text))
		require.Equal(t, c, got)
	}
	got := revocation.Certain
	require.ErrorContains(t, got.UnmarshalText([]byte("Certain")), "revocation: no Certainty has this name")
	require.Equal(t, revocation.Certain, got)

	line, err := json.Marshal(revocation.Read("Wrong number"))
	require.NoError(t, err)
	require.Contains(t, string(line), `"certainty":"possible"`)
	require.NotEmpty(t, revocation.Version())
}
