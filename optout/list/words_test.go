package list

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWords holds the file of words to its format, so that each word is found as it is
// written.
func TestWords(t *testing.T) {
	kinds := append(roleKinds(), "number-word", "other-word", "says-out", "says-in", "says-yes", "says-no")
	columns := map[string]string{}
	seen := map[string]bool{}
	for line := range strings.Lines(wordsFile) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		kind, words, ok := strings.Cut(line, ": ")
		require.True(t, ok, line)
		require.Contains(t, kinds, kind)
		for word := range strings.SplitSeq(words, ", ") {
			require.Equal(t, word, plain(word), "in lower case, without marks")
			require.False(t, seen[kind+word], "%s: %q is there twice", kind, word)
			seen[kind+word] = true
			if strings.HasPrefix(kind, "says-") || strings.HasSuffix(kind, "-word") {
				continue
			}
			require.Empty(t, columns[word], "%q is the name of two kinds of columns", word)
			columns[word] = kind
		}
	}
	says := map[string]string{}
	for word, kind := range wordList("says-out", "says-in", "says-yes", "says-no") {
		require.Empty(t, says[word], word)
		says[word] = kinds[len(kinds)-4+kind]
	}
	require.Len(t, roleKinds(), int(roles)-1)
}

func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"OptedOut_At": "opted out at", "opted-out  at": "opted out at",
		"SMSPhone": "smsphone", "Téléphone": "telephone", "Numer telefonu": "numer telefonu",
		"Zażółć": "zazolc", "İsim": "isim", "ﬁ": "fi", "電話番号": "電話番号", "Мобильный": "мобильныи", "": "", "  ": "",
		"फोन": "फोन", "phone2": "phone2", "ガ": "ガ",
	} {
		require.Equal(t, want, plain(name))
		require.Equal(t, want, plain(want))
	}
}
