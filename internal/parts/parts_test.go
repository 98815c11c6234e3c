package parts

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheSplit shows that no text that is set apart is near one that a writer of rules may read,
// and that a fresh text that is near such a text is not far.
func TestTheSplit(t *testing.T) {
	texts, err := Labelled("../..")
	require.NoError(t, err)
	parts, far, first, mayRead := map[Part]int{}, map[Part]int{}, Clusters(texts), map[int]bool{}
	for i, text := range texts {
		mayRead[first[i]] = mayRead[first[i]] || text.Part == Known || text.Part == Development
	}
	for i, text := range texts {
		parts[text.Part]++
		if text.Far {
			far[text.Part]++
		}
		require.False(t, mayRead[first[i]] && (text.Part == Apart || text.Part == Fresh && text.Far), "row %d", i)
	}
	require.Greater(t, far[Fresh], 500)
	require.Less(t, far[Fresh], parts[Fresh])
	require.Greater(t, parts[Known], 3000)
	require.Greater(t, parts[Development], 1000)
	require.Greater(t, parts[Apart], 800)
	require.Greater(t, parts[Fresh], 500)

	// Texts added at the end move no text to or from those set apart, unless they are near it.
	more := slices.Concat(texts, []Text{
		{Text: "an added text, which is like no other at all", part: Apart, oneIn: 2}, {Text: texts[0].Text, oneIn: 2},
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
