package keywords

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTrimBlanksTrimsBlanks(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	pieces := []string{" ", "\n", "\u00a0", "\u0085", "\u3000", "\u3164", "\u2800", "\ufffc", "\xa0", "\x80", "\xe3\x80", "x", "\x1f", "\u0301", "🛑", "\ufeff"}
	for range 3_000 {
		var b strings.Builder
		for range 1 + rng.IntN(4) {
			b.WriteString(strings.Repeat(pieces[rng.IntN(len(pieces))], []int{1, 2, 255, 256, 257, 384, 768, 769, 1_600}[rng.IntN(9)]))
		}
		text := b.String()
		require.Equal(t, strings.TrimFunc(text, isBlank), trimBlanks(text), "%q", text)
	}
}
