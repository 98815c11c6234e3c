package wire_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

func TestHeader(t *testing.T) {
	h := http.Header{}
	require.Empty(t, wire.Header(h, "x-nonce"))
	h.Add("X-Nonce", "1")
	require.Equal(t, "1", wire.Header(h, "x-nonce"))
	h.Add("X-Nonce", "1")
	require.Empty(t, wire.Header(h, "x-nonce"))
}

func TestScalar(t *testing.T) {
	for raw, want := range map[string]string{
		`"200"`: "200", `200`: "200", `""`: "", `null`: "", ``: "", `{}`: "", `[1]`: "", `true`: "", `"OPT_OUT"`: "OPT_OUT",
	} {
		require.Equal(t, want, wire.Scalar(json.RawMessage(raw)), raw)
	}
}

func TestTollFree(t *testing.T) {
	require.True(t, wire.TollFree("+18005550100"))
	require.True(t, wire.TollFree("+18335550100"))
	for _, number := range []string{"+14155550100", "+1800555010", "18005550100", "+448005550100", "22395", ""} {
		require.False(t, wire.TollFree(number))
	}
}
