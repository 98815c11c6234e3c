package keywords

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

// TestTheSketchOutlivesFolding holds each character to what the sketch of a text
// rests on: that folding the character leaves its sketch as it is.
func TestTheSketchOutlivesFolding(t *testing.T) {
	sketch := func(s string) string {
		var all []rune
		for i, r := range s {
			if isBlank(r) || r == utf8.RuneError {
				continue
			}
			all = appendSketch(all, norm.NFKC.PropertiesString(s[i:]).Decomposition(), r)
		}
		return string(all)
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || isInvisible(r) {
			continue
		}
		char := string(r)
		require.Equal(t, sketch(char), sketch(foldString(t, char)), "%U", r)
		// A mark before the first letter is cut: with what it may join, it is no letter.
		if first, size := utf8.DecodeRuneInString(norm.NFD.String(char)); size < len(norm.NFD.String(char)) && unicode.IsLetter(foldCase(r)) {
			require.True(t, unicode.IsLetter(foldCase(first)), "%U", r)
		}
	}
}

// TestAGlanceIsRight holds every character that is read at a glance to its fold,
// and to the sketch that studying it gives.
func TestAGlanceIsRight(t *testing.T) {
	x := index{mostLetters: 100}
	for i := range x.letters {
		for c := range x.letters[i] {
			x.letters[i][c] = 1
		}
	}
	for _, before := range []string{"", "s", "s.", "s-"} {
		for char := rune(utf8.RuneSelf); char <= unicode.MaxRune; char++ {
			class, folded, letter := glance(char)
			if class == unsure || !utf8.ValidRune(char) {
				continue
			}
			glanced := reader{index: &x, exact: true, sum: emptySum, start: 1}
			for _, c := range []byte(before) {
				glanced.read(asciiClass[c], rune(c), rune(c))
			}
			studied := glanced
			glanced.read(class, folded, letter)
			studied.study(string(char), char)
			require.Equal(t, studied.sum, glanced.sum, "%U", char)
			require.Equal(t, before != "" && class == mark, glanced.marked, "%U", char)
			require.True(t, class != mark && class != strike || unicode.IsMark(char), "%U", char)
			if glanced.read(kept, 'x', 'x'); glanced.exact {
				require.Equal(t, foldString(t, before+string(char)+"x"), string(glanced.out[:glanced.end]), "%U behind %q", char, before)
			}
		}
	}
}

func TestNoLetterChangesWithAMarkThatIsDropped(t *testing.T) {
	for _, dropped := range []string{"\u0332", "\u0335", "\u0336", "\u0337", "\u0338", "\u20dd", "\u20e0"} {
		for char := rune(0); char <= unicode.MaxRune; char++ {
			if (unicode.IsLetter(char) || unicode.IsNumber(char)) && norm.NFKC.IsNormalString(string(char)) {
				require.Equal(t, norm.NFKC.String(string(char))+dropped, norm.NFKC.String(string(char)+dropped), "%U", char)
			}
		}
	}
}
