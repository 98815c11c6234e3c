package memstore

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var packable = regexp.MustCompile(`\A\+\d{1,15}\z`)

// FuzzPack holds that a number is packed exactly, in the order of bytes, or not at
// all.
func FuzzPack(f *testing.F) {
	for _, a := range []string{
		"+1", "+10", "+2", "+12345678", "+123456789", "+999999999999999", "+1234567890123456", "+0", "+00", "+", "", "1",
		"+1 4155552671", "+1415555267١", "+/1234567", "+:1234567", "+1234567:", "+12345678/", "STOPPER", "+\xb11234567", "+12345678\xb9",
	} {
		f.Add(a, "+14155552671")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := pack(a), pack(b)
		require.Equal(t, packable.MatchString(a), x != 0)
		require.Zero(t, x&flagBits)
		if x == 0 {
			return
		}
		require.Equal(t, a, string(appendNumber(nil, x|flagBits)))
		if y != 0 {
			require.Equal(t, a < b, x < y)
		}
	})
}
