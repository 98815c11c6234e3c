package cursor_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/cursor"
	"github.com/seed-f10031e4/consent/store"
)

func TestBackwards(t *testing.T) {
	for text, want := range map[string]string{"": "", "+14155552671": "17625555141+", "aé😀": "😀éa", "e\u0301": "\u0301e"} {
		require.Equal(t, want, cursor.Backwards(text))
	}
}

// TestAnEndIsABeginningBackwards holds for all texts of UTF-8.
func TestAnEndIsABeginningBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, end := rapid.String().Draw(t, "text"), rapid.StringN(1, 3, -1).Draw(t, "end")
		if rapid.Bool().Draw(t, "ends so") {
			text += end
		}
		require.Equal(t, text, cursor.Backwards(cursor.Backwards(text)))
		require.Len(t, cursor.Backwards(text), len(text))
		require.Equal(t, strings.HasSuffix(text, end), strings.HasPrefix(cursor.Backwards(text), cursor.Backwards(end)))
	})
}

// TestBetweenIsAPrefix: of all texts that a store takes, those between the bounds begin with
// the prefix and come after the last one.
func TestBetweenIsAPrefix(t *testing.T) {
	texts := rapid.StringOfN(rapid.RuneFrom([]rune("\x01\x02+1é\ud7ff\ue000\U0010fffe\U0010ffff")), 1, 60, store.MaxKeyLen)
	rapid.Check(t, func(t *rapid.T) {
		text, prefix, after := texts.Draw(t, "text"), rapid.StringOfN(rapid.Rune(), 1, 3, -1).Draw(t, "prefix"), ""
		if rapid.Bool().Draw(t, "begins so") {
			prefix = string([]rune(text)[:1])
		}
		if rapid.Bool().Draw(t, "is not the first page") {
			after = prefix + rapid.OneOf(texts, rapid.Just("")).Draw(t, "after")
		}
		if rapid.Bool().Draw(t, "goes on") {
			text = after + text
		}
		first, last := cursor.Between(prefix, after)
		want := strings.HasPrefix(text, prefix) && (after == "" || text > after)
		require.Equal(t, want, first <= text && text <= last)
	})
}
