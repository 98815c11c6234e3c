package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// copied is a folder with what was measured.
func copied(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	require.NoError(t, os.CopyFS(out, os.DirFS("testdata")))
	return out
}

func text(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestTheDocument(t *testing.T) {
	out := copied(t)
	var stderr strings.Builder
	require.Zero(t, run(t.Context(), []string{"-measure=false", "-out", out}, &stderr), stderr.String())
	require.Empty(t, stderr.String())
	got := text(t, out, documentName)
	golden := "testdata/document.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	require.Equal(t, text(t, golden), got)

	svg := text(t, out, chartName)
	drawn := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := drawn.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	for _, label := range []string{"Time of a gate", "Memory", "gate, not opted out", "map of states", "numbers that opted out", ">10k<", ">100k<"} {
		require.Contains(t, svg, label)
	}
}

func TestASectionThatIsBrokenIsNoDocument(t *testing.T) {
	out := copied(t)
	require.NoError(t, os.WriteFile(filepath.Join(out, "bench", "sql.txt"), []byte("pkg: p\nBenchmarkX 1 many ns/op\n"), 0o600))
	var stderr strings.Builder
	require.Equal(t, 1, run(t.Context(), []string{"-measure=false", "-out", out}, &stderr))
	require.Contains(t, stderr.String(), "sql.txt:2")
	require.NoFileExists(t, filepath.Join(out, documentName))
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":         {[]string{"-help"}, 0, "classify,numbers,"},
		"no such flag": {[]string{"-nope"}, 2, "-nope"},
		"an argument":  {[]string{"classify"}, 2, `unexpected argument "classify"`},
		"no section":   {[]string{"-only", "classify,speed"}, 2, `no section "speed"`},
		"no count":     {[]string{"-count", "0"}, 2, "-count is 0"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, &stderr))
			require.Contains(t, stderr.String(), c.stderr)
		})
	}
}

// What a test prints may name the machine.
func TestOnlyResultsAreKept(t *testing.T) {
	var raw bytes.Buffer
	require.NoError(t, keep(&raw, []byte("goos: linux\ncpu: A Fast One\nhost: secret\nBenchmarkX\n    x_test.go:1: /home/secret\nBenchmarkX-2\t1\t1 ns/op\nok  \t/secret\t1s\nPASS\n")))
	require.Equal(t, "goos: linux\ncpu: A Fast One\nBenchmarkX-2\t1\t1 ns/op\n", raw.String())
}

// One section is measured, and the others stay as they are.
func TestMeasuringOneSection(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs benchmarks")
	}
	out := copied(t)
	before := text(t, out, "bench", "sql.txt")
	var stderr strings.Builder
	require.Zero(t, run(t.Context(), []string{"-only", "classify", "-short", "-benchtime", "1x", "-count", "2", "-out", out}, &stderr), stderr.String())
	require.Equal(t, before, text(t, out, "bench", "sql.txt"))
	document := text(t, out, documentName)
	require.Contains(t, document, "| `mixed-stream` | `consent` |")
	require.Contains(t, document, "- Classify: ")
	require.Contains(t, document, "in small sizes")
	require.Contains(t, document, "### Get, package sqltest")
}

func TestFigures(t *testing.T) {
	for x, want := range map[float64]string{0: "0.00", 0.001234: "0.0012", 0.1: "0.10", 1.006: "1.01", 9.96: "10.0", 99.6: "100", 1234.5: "1,234", 1234567: "1,234,567"} {
		require.Equal(t, want, digits(x))
	}
	for _, c := range []struct {
		x          float64
		unit, want string
	}{
		{1.5e-9, perOp, "1.50 ns"},
		{9.999e-7, perOp, "1.00 µs"},
		{2e-3, perNumber, "2.00 ms"},
		{12, perOp, "12.0 s"},
		{12.5, "p50-µs", "12.5 µs"},
		{3, allocs, "3"},
		{380.6, memory, "381"},
		{1_000_000, bytesOp, "1,000,000"},
	} {
		require.Equal(t, c.want, quantity(c.x, c.unit))
	}
	require.Equal(t, []float64{2, 5}, ratios([]float64{1, 2}, []float64{2, 10, 99}))
	require.Equal(t, "2.00× (1.00–5.00×)", summarize([]float64{1, 2, 5}).ratio())
}
