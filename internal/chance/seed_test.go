package chance_test

import (
	"cmp"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	_ "pgregory.net/rapid" // its flags

	"github.com/seed-f10031e4/consent/internal/chance"
)

func TestTheEnvironmentFixesTheSeed(t *testing.T) {
	t.Setenv(chance.Variable, "1152921504606846975")
	require.Equal(t, uint64(1<<60-1), chance.Seed())
}

func TestWithoutOneTheSeedsDiffer(t *testing.T) {
	for _, none := range []string{"", "0", "-1", "x"} {
		t.Setenv(chance.Variable, none)
		first := chance.Seed()
		require.NotEqual(t, first, chance.Seed(), none)
	}
}

// TestRapidReadsTheSameVariable when the program starts.
func TestRapidReadsTheSameVariable(t *testing.T) {
	own := flag.Lookup("rapid.seed")
	require.NotNil(t, own)
	require.Equal(t, cmp.Or(os.Getenv(chance.Variable), "0"), own.DefValue)
}

func TestTheRaceDetectorGetsAQuarter(t *testing.T) {
	require.Contains(t, []int{1_000, 250}, chance.Rounds(1_000))
	require.Equal(t, 1, chance.Rounds(1))
}
