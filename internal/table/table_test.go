package table_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/table"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"":                          " . ",
		"Stop":                      " . stop . ",
		"  STOP!!! Now?? ":          " . stop . now ? ",
		"ok, don't":                 " . ok , dont . ",
		"can’t (ever)\nbye":         " . cant . ever . bye . ",
		"call 555-0100":             " . call 000 0000 . ",
		"Por favor, no me envíen":   " . por favor , no me envien . ",
		"e\u0301te":                 " . ete . ",
		"st\u00adop":                " . stop . ",
		"no\u00a0more 🛑 texts":      " . no more texts . ",
		"straße ŁÓDŹ ﬁn":            " . straße łodz fin . ",
		"bad\xffbyte":               " . bad byte . ",
		"?what":                     " . what . ",
		"...":                       " . ",
		"a/b_c":                     " . a b c . ",
		"\u202eevil":                " . evil . ",
		"ＳＴＯＰ":                      " . stop . ",
		strings.Repeat("\u0301", 3): " . ",
	} {
		require.Equal(t, want, string(table.Fold(nil, text)), "%q", text)
	}
}

// pieces returns the pieces of a folded text, one after the other, as text: the second
// implementation, which knows nothing of the first but the hash.
func pieces(folded string) (all []string) {
	words := strings.Fields(folded)
	before := ""
	for i, word := range words {
		all = append(all, "pair:"+before+" "+word)
		before = word
		if i == len(words)-1 {
			all = append(all, fmt.Sprint("count:", min(i+1, 12)))
		}
		if word == "." || word == "?" || word == "," {
			continue
		}
		all = append(all, "word:"+word)
		around := " " + word + " "
		around = around[:min(len(around), 34)]
		for at := range len(around) {
			for _, n := range []int{3, 4, 5} {
				if at+n <= len(around) {
					all = append(all, "run:"+around[at:at+n])
				}
			}
		}
	}
	return all
}

// slot is the place of a piece.
func slot(piece string) int {
	kind, s, _ := strings.Cut(piece, ":")
	hash := func(s string) (h uint64) {
		if s == "" {
			return 0
		}
		h = 14695981039346656037
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		return h
	}
	var v uint64
	switch kind {
	case "pair":
		before, word, _ := strings.Cut(s, " ")
		v = hash(before)<<32 ^ hash(word)
	case "word":
		v = hash(s)
	case "count":
		_, _ = fmt.Sscan(s, &v)
	case "run":
		for i := range len(s) {
			v |= uint64(s[i]) << (8 * (8 - len(s) + i))
		}
	}
	v *= 0x9e3779b97f4a7c15
	return int(v >> 32 * table.Slots >> 32)
}

// planted returns a table whose only weights are those of some pieces.
func planted(t require.TestingT, bound float64, weights map[string]int8) table.Table {
	all, bounds := make([]int8, table.Slots), make([]float64, len(table.Languages()))
	for i := range bounds {
		bounds[i] = bound
	}
	for piece, weight := range weights {
		all[slot(piece)] = weight
	}
	file := table.File(bounds, all)
	require.Len(t, file, 1<<16)
	got, err := table.Parse(string(file))
	require.NoError(t, err)
	return got
}

// TestTheSlotsAreThoseOfThePieces compares with a naive implementation.
func TestTheSlotsAreThoseOfThePieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z]{0,40}[ .,?']){0,20}`)).Draw(t, "text")
		folded := table.Fold(nil, text)
		require.True(t, utf8.Valid(folded))
		require.Equal(t, string(folded), string(table.Fold(nil, string(folded))), "a folded text is folded")
		counts := map[int]int{}
		for w := table.WordsOf(folded); w.Next(); {
			for _, slot := range w.Slots() {
				counts[int(slot)]++
			}
		}
		want := map[int]int{}
		for _, piece := range pieces(string(folded)) {
			want[slot(piece)]++
		}
		require.Equal(t, want, counts, "%q", folded)

		weights := make([]int8, table.Slots)
		for i := range weights {
			weights[i] = int8(i*i%255 - 127) // -127 to 127
		}
		sum := 0
		for slot, n := range want {
			sum += n * int(weights[slot])
		}
		bounds := make([]float64, len(table.Languages()))
		bounds[3] = 10
		weighed, err := table.Parse(string(table.File(bounds, weights)))
		require.NoError(t, err)
		require.Equal(t, sum, weighed.Sum(folded))
		norm := math.Sqrt(math.Max(45, float64(len(folded))))
		require.Equal(t, float64(sum) > 10*norm, weighed.Asks(folded, sum, 3))
		require.Equal(t, sum > 0, weighed.Asks(folded, sum, 0))
	})
}

func TestHeaviest(t *testing.T) {
	weighed := planted(t, 1, map[string]int8{
		"word:texts": 90, "pair:no more": 50, "word:hello": -40, "run: me ": 60, "word:x": 100, "pair:. no": 20, "word:sir": 10,
	})
	folded := table.Fold(nil, "Hello sir. No more texts to me x")
	require.Equal(t, 90+50-40+60+100+20+10, weighed.Sum(folded))
	require.Equal(t, [3][]byte{[]byte("texts"), []byte("me"), []byte("more")}, weighed.Heaviest(folded))
	require.Equal(t, [3][]byte{[]byte("texts")}, weighed.Heaviest(table.Fold(nil, "hello texts")))
	require.Equal(t, [3][]byte{}, weighed.Heaviest(nil))
}

func TestAFileOfAnotherLength(t *testing.T) {
	for _, length := range []int{0, 10, 1<<16 - 1, 1<<16 + 1} {
		_, err := table.Parse(strings.Repeat("a", length))
		require.EqualError(t, err, "table: the file has not the length of a table")
	}
}

// TestTheZeroValueAsksForNothing has no weights, and a sum as large as any.
func TestTheZeroValueAsksForNothing(t *testing.T) {
	var none table.Table
	require.False(t, none.Asks(table.Fold(nil, "stop texting me"), math.MaxInt32, 0))
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", "stop texting me", "¿qué?", "a\xff’s", " . ", "ＳＴＯＰ", "e\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folded := string(table.Fold(nil, text))
		if !strings.HasPrefix(folded, " . ") || !strings.HasSuffix(folded, " ") || strings.Contains(folded, "  ") {
			t.Fatalf("%q becomes %q", text, folded)
		}
		if again := string(table.Fold(nil, folded)); again != folded {
			t.Fatalf("%q becomes %q, and then %q", text, folded, again)
		}
		if other := string(table.Fold(nil, strings.ToUpper(folded))); len(text) == len(folded) && other != folded && isASCII(folded) {
			t.Fatalf("capitals of %q become %q", folded, other)
		}
	})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func BenchmarkSum(b *testing.B) {
	weighed := planted(b, 1, map[string]int8{"word:texts": 90})
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		buffer = table.Fold(buffer[:0], "I will be there at eight, see you later!")
		weighed.Sum(buffer)
	}
}
