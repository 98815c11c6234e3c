package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

func TestTollFree(t *testing.T) {
	for number, want := range map[string]bool{
		"+18005550100": true, "+18885550100": true, "+18335550100": true, "+14155550100": false, "18005550100": false,
		"+1800555010": false, "+180055501000": false, "+448005550100": false, "88800": false, "": false,
	} {
		require.Equal(t, want, wire.TollFree(number), number)
	}
}
