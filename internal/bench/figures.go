package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"
)

// summary is the median of some values, with the interval in which it is with a
// confidence of 95 %; of fewer than six values there is none, and it is their range.
type summary struct{ center, low, high float64 }

func summarize(values []float64) summary {
	if len(values) == 0 {
		return summary{math.NaN(), math.NaN(), math.NaN()}
	}
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), 0.95)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return summary{s.Center, slices.Min(values), slices.Max(values)}
	}
	return summary{s.Center, s.Lo, s.Hi}
}

// spread is the wider side of the interval, in per cent.
func (s summary) spread() string {
	if !(s.center > 0) || s.low == s.high { // NaN is not
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*max(s.high-s.center, s.center-s.low)/s.center)
}

// ratios are how many times faster, or smaller, a is than b, run by run.
func ratios(a, b []float64) []float64 {
	var all []float64
	for i := range min(len(a), len(b)) {
		if a[i] > 0 {
			all = append(all, b[i]/a[i])
		}
	}
	return all
}

func (s summary) ratio() string {
	text := times(s.center)
	if low, high := times(s.low), times(s.high); low != high {
		text += " (" + strings.TrimSuffix(low, "×") + "–" + high + ")"
	}
	return text
}

func times(x float64) string { return digits(x) + "×" }

// digits are the first three of a number, two where it is small, and all before the
// point.
func digits(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x >= 999.5:
		return thousands(x)
	case x >= 99.5:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 9.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x >= 0.095 || x == 0:
		return strconv.FormatFloat(x, 'f', 2, 64)
	default:
		return strconv.FormatFloat(x, 'g', 2, 64)
	}
}

func thousands(x float64) string {
	text := strconv.FormatFloat(x, 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// quantity is a value with its unit, in the size in which one reads it.
func quantity(x float64, unit string) string {
	base, _, _ := strings.Cut(unit, "/")
	switch {
	case math.IsNaN(x):
		return ""
	case strings.HasSuffix(base, "sec"):
		for _, size := range []struct {
			of   float64
			name string
		}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
			if x >= 0.9995*size.of {
				return digits(x/size.of) + " " + size.name
			}
		}
		return digits(x*1e9) + " ns"
	case strings.HasSuffix(base, "µs"):
		return digits(x) + " µs"
	case x == math.Trunc(x):
		return thousands(x)
	default:
		return digits(x)
	}
}
