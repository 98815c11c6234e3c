package main

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// decades marks 1, 10, 100 and so on, and between them without a label.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for at := decade(low, false); at <= high*1.0001; at *= 10 {
		ticks = append(ticks, plot.Tick{Value: at, Label: tickLabel(at)})
		for between := 2.0; between < 10 && between*at <= high; between++ {
			ticks = append(ticks, plot.Tick{Value: between * at})
		}
	}
	return ticks
}

// tickLabel is 100, 1k, 10M: labels as long as all their digits run into the axis.
func tickLabel(x float64) string {
	suffix := ""
	switch {
	case x >= 1e6:
		x, suffix = x/1e6, "M"
	case x >= 1e3:
		x, suffix = x/1e3, "k"
	}
	return strconv.FormatFloat(x, 'f', -1, 64) + suffix
}

// decade is the power of ten below x, or above it.
func decade(x float64, above bool) float64 {
	exponent := math.Log10(x)
	if above {
		return math.Pow(10, math.Ceil(exponent-1e-9))
	}
	return math.Pow(10, math.Floor(exponent+1e-9))
}
