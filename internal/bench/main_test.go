package main

import (
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

// measured is a folder with what was measured.
func measured(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	require.NoError(t, os.CopyFS(out, os.DirFS("testdata")))
	return out
}

func text(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

func TestTheDocument(t *testing.T) {
	out := measured(t)
	require.NoError(t, run(t.Context(), []string{"-measure=false", "-out", out}, io.Discard))
	got := text(t, out, "performance.md")
	golden := filepath.Join("testdata", "document.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	require.Equal(t, text(t, golden), got)
	for _, name := range []string{"gate.svg", "memory.svg"} {
		drawn := xml.NewDecoder(strings.NewReader(text(t, out, name)))
		for {
			_, err := drawn.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
		}
	}
}

func TestABrokenSectionIsNoDocument(t *testing.T) {
	out := measured(t)
	require.NoError(t, os.WriteFile(filepath.Join(out, "bench", "sql.txt"), []byte("pkg: p\nBenchmarkX 1 many ns/op\n"), 0o600))
	require.ErrorContains(t, run(t.Context(), []string{"-measure=false", "-out", out}, io.Discard), "sql.txt:2")
	require.NoFileExists(t, filepath.Join(out, "performance.md"))
}

func TestAWrongUseIsAnError(t *testing.T) {
	for _, args := range [][]string{{"-nope"}, {"classify"}, {"-only", "speed"}} {
		require.Error(t, run(t.Context(), args, io.Discard))
	}
}

// What a test prints may name the machine.
func TestOnlyResultsAreKept(t *testing.T) {
	require.Equal(t, "goos: linux\ncpu: A Fast One\nBenchmarkX-2\t1\t1 ns/op\n",
		results("goos: linux\ncpu: A Fast One\nhost: secret\nBenchmarkX\n    x_test.go:1: /home/secret\nBenchmarkX-2\t1\t1 ns/op\n"+
			"ok  \t/secret\t1s\nPASS\n"))
}

func TestFigures(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.00", 0.1: "0.10", 1.006: "1.01", 9.96: "10.0", 99.6: "100", 1234.5: "1,234", 1234567: "1,234,567",
	} {
		require.Equal(t, want, digits(x))
	}
	for x, want := range map[float64]string{1.5e-9: "1.50 ns", 9.999e-7: "1.00 µs", 2e-3: "2.00 ms", 12: "12.0 s"} {
		require.Equal(t, want, quantity(x, perOp))
	}
	require.Equal(t, "2.00 (1.00–5.00)", summarize([]float64{1, 2, 5}).times())
	require.Equal(t, summarize([]float64{2, 5}), ratio([]float64{1, 2}, []float64{2, 10, 99}))
}
