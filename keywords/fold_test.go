package keywords

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// FuzzFold holds folding to its invariants, on the default set and on one with
// keywords of several words and other letters.
func FuzzFold(f *testing.F) {
	for _, seed := range []string{
		"STOP", " stop. ", "ＳＴＯＰ", "UNSUBSCRI\u0307BE", "\u0130NFO", "qu\u0131t", "i\u0335\u0307", "opt - out", "OPT\u2011OUT", "a\u0345", "ﬁn",
		"ǰ",
		"\xffSTOP\x80", "ST\xffOP", "STOP\u20dd", "S\u0336T\u0336O\u0336P", "ﷺ", "\u1160x\u115f", "क\u093c", "\u0061\u0328\u0332\u0301",
		"❤\ufe0f STOP 1\ufe0f\u20e3",
		strings.Repeat("\u0301", 40), "stop" + strings.Repeat("\u0332", 40), "ͅ", "STOP\u0345", "E\u0301ND", "½", "И\u0306ота", "e\u0301tat",
		"e\u200d\u0301tat", "стоп!", "Ω", "K", "ᾳ", "ẞ", "STOP´",
	} {
		f.Add(seed)
	}
	wide, err := Default().With(
		Keyword{Text: "OPT OUT", Intent: OptOut}, Keyword{Text: "ARRÊT", Intent: OptOut}, Keyword{Text: "СТОП", Intent: OptOut},
		Keyword{Text: "Йота", Intent: Help}, Keyword{Text: "état", Intent: Help},
		Keyword{Text: "退订", Intent: OptOut}, Keyword{Text: "Straße", Intent: Help}, Keyword{Text: "ΟΔΟΣ", Intent: OptIn})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, message string) {
		listed := map[string]Intent{}
		for w := range wide.All() {
			listed[w.Text] = w.Intent
		}
		match := wide.Classify(message)
		if match.Intent == None && match != (Match{}) {
			t.Fatalf("no keyword, yet %+v", match)
		}
		if match.Intent != None && listed[match.Keyword] != match.Intent {
			t.Fatalf("%+v is not listed", match)
		}
		if len(message) > textfold.MaxTrimmed {
			return
		}

		once := foldString(t, message)
		if len(once) <= textfold.MaxTrimmed {
			if twice := foldString(t, once); twice != once {
				t.Fatalf("fold of %q is %q, the fold of that %q", message, once, twice)
			}
			if again := wide.Classify(once); again.Intent != match.Intent {
				t.Fatalf("%q is %v, its fold %q is %v", message, match.Intent, once, again.Intent)
			}
		}
		if want := referenceOf(wide)[once]; want != match {
			t.Fatalf("%q is %v, and folds to %q, which is %v", message, match, once, want)
		}
		same := []string{
			strings.ToUpper(message), strings.ToLower(message), "  " + message + "\n", "\u00a0\u2800" + message + "\u3164",
			"\"" + message + "\"!", "…" + message + "。", "\x80" + message + "\xff", "🛑" + message + "🛑",
		}
		if !utf8.ValidString(message) { // a cut sequence and what is put around it may become one character
			same = same[2:4]
			same[0], same[1] = " "+message+" ", "\n"+message+"\n"
		}
		for _, other := range same {
			if len(other) > textfold.MaxTrimmed || startsWithMark(message) {
				continue
			}
			if got := wide.Classify(other); got.Intent != match.Intent {
				t.Fatalf("%q is %v, %q is %v", message, match.Intent, other, got.Intent)
			}
		}
	})
}

// startsWithMark reports a text whose first characters may combine with what is
// put before them.
func startsWithMark(s string) bool {
	for _, r := range s {
		if textfold.IsInvisible(r) {
			continue
		}
		return unicode.IsMark(r)
	}
	return false
}

func foldString(t *testing.T, message string) string {
	t.Helper()
	text, ok := withinLimits(message)
	if !ok {
		t.Fatalf("%d bytes are over a limit: %.200q", len(message), message)
	}
	f := getFolder()
	defer putFolder(f)
	folded, ok := f.fold(strings.TrimFunc(text, textfold.IsBlank))
	if !ok {
		t.Fatalf("%d bytes within the limits are not folded: %.200q", len(message), message)
	}
	return string(folded)
}

func TestCaseFoldingIsOneForEachOrbit(t *testing.T) {
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		want := string(foldCase(r))
		for _, other := range []rune{unicode.SimpleFold(r), unicode.ToUpper(r), unicode.ToLower(r)} {
			if got := string(foldCase(other)); got != want {
				t.Errorf("%U folds to %q, %U to %q", r, want, other, got)
			}
		}
	}
}

// TestWhatIsReadAtAGlance holds each character to what middle takes it for.
func TestWhatIsReadAtAGlance(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		char := string(r)
		letter := bareLetter(r, char)
		if letter == 0 && !isSymbol(r) {
			continue
		}
		folded := foldString(t, char)
		if isSymbol(r) {
			require.Empty(t, folded, "%U", r)
			require.False(t, unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r), "%U", r)
			continue
		}
		var letters []rune
		for i, r := range folded {
			letters = append(letters, bareLetter(r, folded[i:]))
		}
		if !slices.Contains(letters, letter) {
			require.Contains(t, letters, letter, "%U folds to %q", r, folded)
		}
	}
}
