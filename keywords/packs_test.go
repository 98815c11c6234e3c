package keywords

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePacksFileIsRead(t *testing.T) {
	packs, err := parsePacks(packsFile)
	require.NoError(t, err)
	require.Equal(t, packs, Packs())
	for line := range strings.Lines(packsFile) {
		require.LessOrEqual(t, len([]rune(line)), 140)
	}
}

func TestWhatIsWrongInThePacksFileIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"pack":                                  `:1: ["pack"]`,
		"# a\n\n  title: b":                     `:3: "title: b" is under no line`,
		"more opt-out en":                       `:1: ["more" "opt-out" "en"]`,
		"pack a\n  STOP":                        `:2: "STOP" is in no list`,
		"pack a\n  version: one":                `:2: strconv.Atoi`,
		"pack a\n  colour: red":                 `:2: a pack has no "colour"`,
		"pack a\nsome opt-out en":               `:2: "some" is not mandatory`,
		"pack a\nmore stop en":                  `:2: keywords: no Intent has this name`,
		"pack a\nmore opt-out en\n  title: b":   `:3: "title: b" is in no list`,
		"pack a\nmore opt-out en fr\n  STOP":    `:2: ["more" "opt-out" "en" "fr"]`,
		"pack a\n\tversion: 1\n\n\n\nsomething": `:6: ["something"]`,
	} {
		_, err := parsePacks(text)
		require.ErrorContains(t, err, "keywords: packs.txt"+want, text)
	}
}

// FuzzPacks holds the reader of packs.txt to what it promises: packs whose words New
// takes or refuses, or an error that names the line.
func FuzzPacks(f *testing.F) {
	f.Add(packsFile)
	for pack := range strings.SplitSeq(packsFile, "\npack ") {
		f.Add("pack " + pack)
	}
	f.Fuzz(func(t *testing.T, text string) {
		packs, err := parsePacks(text)
		if err != nil {
			require.ErrorContains(t, err, "keywords: packs.txt:")
			require.Empty(t, packs)
			return
		}
		for _, p := range packs {
			require.NotEmpty(t, p.Name)
			for _, words := range [][]Keyword{p.Mandatory(), p.Words(), p.Optional()} {
				set, err := New(words...)
				if err != nil {
					continue
				}
				for _, w := range words {
					require.Contains(t, text, w.Text)
					require.Equal(t, w.Intent, set.Classify(w.Text).Intent)
				}
			}
		}
	})
}
