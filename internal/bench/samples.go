package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// The units of go test, as package benchfmt calls them, and those of the benchmarks.
const (
	perOp     = "sec/op"
	perNumber = "sec/number"
	perEvent  = "sec/event"
	cpuPerOp  = "cpu-sec/op"
	memory    = "bytes/number"
	allocs    = "allocs/op"
)

// samples are what was measured: of each benchmark, by its name without "Benchmark", the
// values by unit, one for each time it was run.
type samples struct {
	machine map[string]string
	values  map[string]map[string][]float64
}

// read adds a file in Go's benchmark format.
func (m *samples) read(in io.Reader, name string) error {
	lines := benchfmt.NewReader(in, name)
	for lines.Scan() {
		switch record := lines.Result().(type) {
		case *benchfmt.SyntaxError:
			return record
		case *benchfmt.Result:
			for _, key := range []string{"goos", "goarch", "cpu", "cores", "go", "count", "sizes"} {
				if value := record.GetConfig(key); value != "" {
					m.machine[key] = value
				}
			}
			full := strings.TrimSuffix(string(record.Name.Full()), "-"+m.machine["cores"]) // GOMAXPROCS
			if m.values[full] == nil {
				m.values[full] = map[string][]float64{}
			}
			for _, v := range record.Values {
				m.values[full][v.Unit] = append(m.values[full][v.Unit], v.Value)
			}
		}
	}
	return lines.Err() //nolint:wrapcheck // it names the file
}

// summary is the median of some values, with the interval in which it is with a
// confidence of 95 %, or the range of fewer than six values.
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

// ratio is how many times as fast a is as b, run by run.
func ratio(a, b []float64) summary {
	var all []float64
	for i := range min(len(a), len(b)) {
		if a[i] > 0 {
			all = append(all, b[i]/a[i])
		}
	}
	return summarize(all)
}

func (s summary) times() string {
	if math.IsNaN(s.center) {
		return ""
	}
	return fmt.Sprintf("%s (%s–%s)", digits(s.center), digits(s.low), digits(s.high))
}

// digits are the first three of a number.
func digits(x float64) string {
	switch {
	case x >= 99.5:
		text := strconv.FormatFloat(x, 'f', 0, 64)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
		return text
	case x >= 9.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
}

// quantity is a value with its unit, in the size in which one reads it.
func quantity(x float64, unit string) string {
	if math.IsNaN(x) {
		return "not measured"
	}
	if !strings.HasPrefix(unit, "sec/") && unit != cpuPerOp {
		return digits(x)
	}
	for _, size := range []struct {
		of   float64
		name string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if x >= 0.9995*size.of {
			return digits(x/size.of) + " " + size.name
		}
	}
	return digits(x*1e9) + " ns"
}
