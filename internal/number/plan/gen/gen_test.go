package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheTableIsOfThisPhonenumbers fails after go.mod selects another version:
// `make generate` makes the table anew.
func TestTheTableIsOfThisPhonenumbers(t *testing.T) {
	nodes, index, err := generate(t.Context())
	require.NoError(t, err)
	kept, err := os.ReadFile("../index.txt")
	require.NoError(t, err)
	require.Equal(t, string(kept), index, "run `make generate`, and read the diff of index.txt")
	kept, err = os.ReadFile("../nodes.bin")
	require.NoError(t, err)
	require.True(t, bytes.Equal(kept, nodes), "nodes.bin is not what the generator makes: run `make generate`")
}

func TestMachinePrefersTheMatchThatRegexpPrefers(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		length        int // of the match, -1 for none
		hit           hit
	}{
		{"0|80?", "8012", 2, plain},
		{"0|80?", "8112", 1, plain},
		{"0|80?", "9", -1, miss},
		{"0?(?:(11|22)15)?", "0111512", 5, grouped},
		{"0?(?:(11|22)15)?", "0111", 1, plain},
		{"0?(?:(11|22)15)?", "4", 0, plain},
		{`([457]\d{6})$|1`, "4123456", 7, grouped},
		{`([457]\d{6})$|1`, "41234567", -1, miss},
		{`([457]\d{6})$|1`, "1123456", 1, plain},
		{`(1\d)?`, "1", 0, plain},
	} {
		m, err := newMachine(c.pattern, false)
		require.NoError(t, err)
		p := newPrefix(m, 0, nil, nil)
		for i := range len(c.text) {
			p.step(c.text[i]-'0', i)
		}
		p = p.ended(len(c.text))
		require.Equal(t, c.hit, p.hit, "%s on %s", c.pattern, c.text)
		if c.hit != miss {
			require.Equal(t, c.length, p.after, "%s on %s", c.pattern, c.text)
		}
	}
}

func TestAnAssertionThatIsNotKnownIsRefused(t *testing.T) {
	_, err := newMachine(`\b0`, false)
	require.Error(t, err)
}
