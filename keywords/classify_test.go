package keywords

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// setsOfAllKinds are sets with words of one letter and of 64 bytes, of some words,
// with marks, signs and digits inside, in other scripts, and many that start alike.
func setsOfAllKinds(t require.TestingT) []*Set {
	sets := []*Set{Default()}
	for _, words := range [][]string{
		{"N", "1", "STOP", "ST", "stop2", "STOP 2 END", "stop1"},
		{"OPT OUT", "a=b", "STOP.IT", "x - y", "c++"},
		{"OPT OUT", "OPT-OUT NOW", "A B C D", "st.op", "A.B", "c++1", "a=b", "S TOP", "x - y", "éa=b"},
		{"ARRÊT", "é", "état", "Élan", "crème", "désinscrire", "ñ", "aé", "ab é", "abcé", "abcdé"},
		{"СТОП", "Йота", "СТОЙ", "ё", "退订", "退订吧", "停止", "Straße", "ΟΔΟΣ", "ᾳ", "αι", "ﷺ"},
		{"가입", "ᄀ", "각", "がく", "か", "स्टॉप", "बंद", "หยุด", "עצור", "توقف", "أوقف", "क़", "İptal", "dur", "۱", "١٢"},
		{
			strings.Repeat("a", 64), strings.Repeat("a", 63), strings.Repeat("a", 17), strings.Repeat("a", 16), strings.Repeat("b", 15) + "c",
			strings.Repeat("a", 8), strings.Repeat("a", 9), strings.Repeat("я", 32),
		},
		{},
	} {
		s, err := newSet(words...)
		require.NoError(t, err)
		sets = append(sets, s)
	}
	var many []string
	for i := range 3_000 {
		many = append(many, "stop"+strings.Repeat(string(rune('a'+i%26)), 1+i/26%9)+string(rune('a'+i/234)))
	}
	s, err := newSet(many...)
	require.NoError(t, err)
	return append(sets, s, nil, &Set{})
}

// referencesOf returns the reference of each Set.
func referencesOf(sets []*Set) []reference {
	references := make([]reference, len(sets))
	for i, s := range sets {
		references[i] = referenceOf(s)
	}
	return references
}

func newSet(texts ...string) (*Set, error) {
	words := make([]Keyword, len(texts))
	for i, text := range texts {
		words[i] = Keyword{Text: text, Intent: OptOut}
	}
	return New(words...)
}

// TestEachCharacterInEachPlace puts a sample of the characters before, into, over
// and after keywords. With -stress it puts all of them.
func TestEachCharacterInEachPlace(t *testing.T) {
	latin, err := newSet("STOP", "S", "i", "opt out", "ś", "退", "a=b", "ê", "α", "가")
	require.NoError(t, err)
	ascii, err := newSet("STOP", "opt out", "a=b", "s")
	require.NoError(t, err)
	sets := []*Set{Default(), latin, ascii}
	references := referencesOf(sets)
	visible := []*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf}
	step := rune(397)
	if *stress {
		step = 1
	}
	for r := rune(0); r <= unicode.MaxRune; r += step {
		if !utf8.ValidRune(r) || r > 0xffff && !unicode.In(r, visible...) && r%251 != 0 {
			continue
		}
		char := string(r)
		for i, s := range sets {
			for _, text := range [...]string{
				char, char + "STOP", "STOP" + char, "st" + char + "op", "s" + char, char + "\u0307", "." + char + "s",
				"opt" + char + "out", "opt " + char + "out\u200d", "st" + char + "o\u200dp",
				"a=" + char + "b\u200d", "a" + char + "=b\u200d", "退" + char, "e" + char + "\u0302", "\u1100" + char, "α" + char,
				"s\u200d" + char + "top", "st" + char + "\u20ddop", "unsubscrib" + char + "e", "unsubscribe" + char,
			} {
				sameAsReference(t, s, references[i], text)
			}
		}
	}
}

// TestRandomSetsAndTexts draws sets, and texts near their words, over characters
// that do much to one another.
func TestRandomSetsAndTexts(t *testing.T) {
	chars := []rune("aAbBiIsSkKoOtpTP019.=-_ \t\n\x00\x10\x13\x1f\x7f@[`{!'éÉñİıſßσςΣαᾳ" +
		"\u0345\u0301\u0302\u0307\u0308\u0327\u0332\u0336\u0338\u034f\u20dd" +
		"стопСТОПйЙёＳＴＯＰ－＿　𝐒𝐓①½…™ﬁ\u00a0\u2028\u00ad\u200d\u200b\ufe0f\u3164\u1160\u2800\u2212–—🛑👍❤退订か\u3099が" +
		"가\u1100\u1161\u11a8ﷺबक\u093c\ufffd\U0001f1fa\ufe70\u037a\U000e0020")
	word := rapid.StringOfN(rapid.SampledFrom(chars), 1, 12, 64)
	rapid.Check(t, func(t *rapid.T) {
		var s *Set
		words := rapid.SliceOfN(word, 1, 20).Draw(t, "words")
		listed := words[:0]
		for _, w := range words {
			if _, err := foldKeyword(w); err == nil {
				listed = append(listed, w)
			}
		}
		s, err := newSet(listed...)
		require.NoError(t, err)
		of := referenceOf(s)
		near := append([]string{"STOP"}, listed...)
		for range 20 {
			text := rapid.OneOf(word, rapid.SampledFrom(near)).Draw(t, "text")
			sameAsReference(t, s, of, text)
			runes := []rune(text)
			for range rapid.IntRange(1, 4).Draw(t, "changes") {
				at := rapid.IntRange(0, len(runes)).Draw(t, "at")
				char := rapid.SampledFrom(chars).Draw(t, "char")
				runes = append(runes[:at:at], append([]rune{char}, runes[at:]...)...)
				sameAsReference(t, s, of, string(runes))
				sameAsReference(t, s, of, norm.NFD.String(string(runes)))
			}
			raw := []byte(string(runes))
			sameAsReference(t, s, of, string(raw[:rapid.IntRange(0, len(raw)).Draw(t, "cut")]))
		}
	})
}

// TestSpellings: a keyword in any case, with edges, strike-through, invisible
// characters, in full width or from a font app is that keyword.
func TestSpellings(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rounds := 20
	if *stress {
		rounds = 1_000
	}
	edges := []string{"", "", " ", ".", "!!", "\n", "\"", "\u00a0", "🛑", "…", "«", "\u200e", "\u3000", "❤\ufe0f", "\x00", "\xff", "\u0301"}
	inside := []string{"", "", "", "", "\u200d", "\u00ad", "\x00", "\u0336", "\ufe0f"}
	letter := func(c rune) string {
		upper, small := unicode.ToUpper(c), unicode.ToLower(c)
		choices := []rune{upper, upper, small, small}
		if 'A' <= upper && upper <= 'Z' {
			choices = append(choices, upper+0xfee0, small+0xfee0, 0x1d400+upper-'A', 0x1d5ee+small-'a', 0x24b6+upper-'A')
		}
		return string(choices[rng.IntN(len(choices))])
	}
	for _, s := range setsOfAllKinds(t)[:7] {
		of := referenceOf(s)
		for range rounds {
			for w := range s.All() {
				plain := strings.IndexFunc(w.Text, func(r rune) bool {
					return !('a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || '\u0410' <= r && r < '\u0450' || r >= '\u4e00' && r < '\ua000')
				}) < 0
				spelled := edges[rng.IntN(len(edges))] + edges[rng.IntN(len(edges)-1)]
				for _, c := range w.Text {
					if plain {
						spelled += letter(c) + inside[rng.IntN(len(inside))]
					} else {
						spelled += string(c)
					}
				}
				spelled += edges[rng.IntN(len(edges)-1)] + edges[rng.IntN(len(edges)-1)]
				sameAsReference(t, s, of, spelled)
				require.Equal(t, OptOut, min(OptOut, s.Classify(spelled).Intent), "%q for %q", spelled, w.Text)
			}
		}
	}
}

// FuzzClassify holds Classify to the reference, on any Set and text.
func FuzzClassify(f *testing.F) {
	for _, seed := range [][2]string{
		{"STOP\nOPT OUT", " opt -- out."},
		{"a=b", "a=\u0338b"},
		{"ARRÊT\né", "arre\u0302t"},
		{"가", "\u1100\u1161"},
		{"x", ""},
		{"αι", "\u0345"},
		{"STOP", "st\x00op"},
		{"退订\nСТОП", "退\u200d订！"},
		{"1\n12", "\x111"},
		{"İ", "i\u0307"},
		{"stop", "𝐒ｔⓞ\u0336P"},
		{"ﷺ", "ﷺ"},
		{"stop", strings.Repeat(" ", 5_000) + "stop"},
	} {
		f.Add(seed[0], seed[1])
	}
	kinds := setsOfAllKinds(f)
	references := referencesOf(kinds)
	f.Fuzz(func(t *testing.T, list, message string) {
		var words []string
		for w := range strings.SplitSeq(list, "\n") {
			folded, err := foldKeyword(w)
			if err != nil {
				continue
			}
			want, _ := referenceFold(w)
			require.Equal(t, want, folded)
			words = append(words, w)
		}
		s, err := newSet(words...)
		require.NoError(t, err)
		of := referenceOf(s)
		for _, text := range append(words, message, list, norm.NFD.String(message), strings.Repeat(message, 2)) {
			sameAsReference(t, s, of, text)
			for i, kind := range kinds {
				sameAsReference(t, kind, references[i], text)
			}
		}
	})
}
