package parts

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheSplit shows that near-duplicates have one part, and that no known text is near one
// that is set apart.
func TestTheSplit(t *testing.T) {
	texts, err := Labelled("../..")
	require.NoError(t, err)
	parts, first := map[Part]int{}, Clusters(texts)
	for i, text := range texts {
		parts[text.Part]++
		if other := texts[first[i]].Part; other != text.Part {
			require.ElementsMatch(t, []Part{Known, Development}, []Part{other, text.Part}, "row %d", i)
		}
	}
	require.Greater(t, parts[Known], 3000)
	require.Greater(t, parts[Development], 1000)
	require.Greater(t, parts[Apart], 200)
	require.Greater(t, parts[Fresh], 500)

	// Texts added at the end move no text to or from those set apart, unless they are near it.
	more := slices.Concat(texts, []Text{
		{Text: "an added text, which is like no other at all", setApart: Fresh, oneIn: 2}, {Text: texts[0].Text, oneIn: 2},
	})
	split(more)
	for i, text := range texts {
		require.Equal(t, text.Part, more[i].Part, "row %d", i)
	}
	require.Equal(t, Development, more[len(more)-1].Part)
}

func TestClusters(t *testing.T) {
	var texts []Text
	for _, s := range []string{
		"please stop texting me", "see you at noon", "Please STOP texting me!!", "stop texting me", "", "😀", "take me off the list",
	} {
		texts = append(texts, Text{Text: s})
	}
	require.Equal(t, []int{0, 1, 0, 0, 4, 4, 6}, Clusters(texts))
}

func TestAFileThatIsNotThere(t *testing.T) {
	_, err := Labelled(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestALineThatIsBroken(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(root, "keywords", "testdata"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "keywords", "testdata", "phrases.jsonl"), []byte("{\"text\":\"a\"}\n{"), 0o600))
	_, err := Labelled(root)
	require.ErrorContains(t, err, "phrases.jsonl:2:")
}
