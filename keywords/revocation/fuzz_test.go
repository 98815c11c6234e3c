package revocation_test

import (
	"strings"
	"testing"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// FuzzRead holds Read to its invariants.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"../testdata/phrases.jsonl", "testdata/revocations.jsonl"} {
		for _, row := range readCases(f, file) {
			f.Add(row.Text)
		}
	}
	for _, seed := range []string{
		"stop\xfftexting me", "Liked “stop” stop", "\u0301stop", strings.Repeat("stop texting me ", 300), "st\u00adop",
		"> > stop", "On x wrote: y", "f*ck off", "****", "“”", "re:", "1 2 3 4 5 stop",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		got := revocation.Read(message)
		isNone := got.Certainty == revocation.None
		if isNone != (got.Rule == "") || isNone != (got.Reason == "") || isNone && got != (revocation.Reading{}) {
			t.Fatalf("%q: half a reading: %+v", message, got)
		}
		if again := revocation.Read(message); again != got {
			t.Fatalf("%q: %+v, and then %+v", message, got, again)
		}
		switch keywords.Default().Classify(message).Intent {
		case keywords.OptOut:
			if got.Certainty != revocation.Certain {
				t.Fatalf("%q is a keyword, yet %+v", message, got)
			}
		case keywords.OptIn, keywords.Help:
			if got.Certainty != revocation.None {
				t.Fatalf("%q is a keyword, yet %+v", message, got)
			}
		case keywords.None:
		}
		if len(message) > 1_000 {
			return
		}
		if isPlain(message) {
			for _, same := range []string{strings.ToUpper(message), strings.ToLower(message), " \n" + message + "\t ", "\u00a0" + message} {
				sameMatch := keywords.Default().Classify(message) == keywords.Default().Classify(same)
				// Blanks may lengthen a text past the limits of length.
				if other := revocation.Read(same); other != got && sameMatch && !nearLimit(message) {
					t.Fatalf("%q: %+v, but %q: %+v", message, got, same, other)
				}
			}
		}
		for _, reaction := range []string{
			"Liked “" + message + "”", "Reacted 👍 to “" + message + "”", "A aimé « " + message + " »", "Le gustó “" + message + "”",
		} {
			if other := revocation.Read(reaction); other.Certainty == revocation.Certain {
				t.Fatalf("%q: %+v", reaction, other)
			}
		}
		if len(message) <= 24 && isPlain(message) && !strings.ContainsAny(message, ".!?;:,()|~/\"-") {
			// "unless" and the like make another sentence of it.
			other := revocation.Read("don't stop texting me " + message)
			if other.Certainty == revocation.Certain && got.Certainty != revocation.Certain && !strings.Contains(strings.ToLower(message), "me") {
				t.Fatalf("do not stop, %q: %+v", message, other)
			}
		}
	})
}

// nearLimit reports a length at which other rules begin: that of messages that are
// read whatever their words, or with the common words, or with less certainty.
func nearLimit(message string) bool {
	for _, limit := range []int{24, 100, 300} {
		if len(message) > limit-6 && len(message) <= limit {
			return true
		}
	}
	return false
}

// isPlain reports printable ASCII.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
