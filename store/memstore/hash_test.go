package memstore

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestAnAccountIsPlainOnlyWhereItIsValid puts bytes that are not plain at each place
// of accounts of each length.
func TestAnAccountIsPlainOnlyWhereItIsValid(t *testing.T) {
	h := New().keys()
	for n := range 300 {
		account := strings.Repeat("a\x01\x7f~", 75)[:n]
		_, ok := h.account(account)
		require.Equal(t, n >= 8 && n <= store.MaxKeyLen, ok, "%d bytes", n)
		for i := range n {
			for _, odd := range []string{"\x00", "\x80", "\xff"} {
				_, ok := h.account(account[:i] + odd + account[i+1:])
				require.False(t, ok, "%d of %d bytes", i, n)
			}
		}
	}
}
