package textfold

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestEachCharacterIsOfItsKind(t *testing.T) {
	looksBlank := map[rune]bool{'\u180e': true, '\u3164': true, '\u2800': true, '\u115f': true, '\u1160': true, '\uffa0': true, '\ufffc': true}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		isBlank := unicode.IsSpace(r) || looksBlank[r]
		require.Equal(t, isBlank, IsBlank(r), "%U", r)
		if isBlank {
			continue
		}
		isInvisible := r == '\u034f' || unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Cn, unicode.Variation_Selector)
		if isInvisible != IsInvisible(r) {
			require.Equal(t, isInvisible, IsInvisible(r), "%U", r)
		}
	}
}

func TestEachByteIsOfItsKind(t *testing.T) {
	for r := range rune(256) {
		c := byte(r)
		isASCII := r < utf8.RuneSelf
		require.Equal(t, isASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)), IsWord(c), "%#x", c)
		require.Equal(t, isASCII && unicode.IsControl(r) && !unicode.IsSpace(r), IsControl(c), "%#x", c)
		if isASCII {
			require.Equal(t, unicode.ToLower(r), rune(Lower(c)), "%#x", c)
		} else {
			require.Equal(t, c, Lower(c))
		}
	}
}
