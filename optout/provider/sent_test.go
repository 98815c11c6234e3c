package provider

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheNewestRepliesAreRemembered(t *testing.T) {
	var s sentReplies
	key := func(i int) [32]byte { return Reply{MessageID: strconv.Itoa(i)}.key() }
	for i := range 3 * maxSent {
		require.True(t, s.begin(key(i)))
		require.False(t, s.begin(key(i)))
	}
	require.Len(t, s.sent, maxSent)
	require.Len(t, s.ring, maxSent)
	require.True(t, s.begin(key(0)), "forgotten")
	require.False(t, s.begin(key(3*maxSent-1)))
	s.failed(key(3*maxSent - 1))
	require.True(t, s.begin(key(3*maxSent-1)))
	require.NotEqual(t, Reply{Account: "a", To: "b"}.key(), Reply{Account: "ab"}.key())
}
