package interval_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/interval"
)

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		some, all int
		low, high float64
	}{
		{0, 0, 0, 1},
		{0, 1, 0, 0.793},
		{1, 1, 0.207, 1},
		{5, 10, 0.237, 0.763},
		{93, 115, 0.727, 0.870},
		{34, 34, 0.898, 1},
		{35, 35, 0.901, 1},
	} {
		low, high := interval.Wilson(c.some, c.all)
		require.InDelta(t, c.low, low, 0.0005)
		require.InDelta(t, c.high, high, 0.0005)
	}
}
