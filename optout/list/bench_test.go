package list_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// benchRows is how many rows a benchmark has.
func benchRows() int {
	if testing.Short() {
		return 10_000
	}
	return 1_000_000
}

// csvList is a file of so many opt-outs.
func csvList(rows int) string {
	var file strings.Builder
	file.WriteString("phone,opted out at,source\n")
	for i := range rows {
		fmt.Fprintf(&file, "+1%010d,2025-03-04T12:%02d:%02dZ,web\n", 2_002_000_000+i*7, i/60%60, i%60)
	}
	return file.String()
}

// peakOf samples the heap, and reports how much it grew at most.
func peakOf(b *testing.B) (sample, report func()) {
	b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	sample = func() {
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	return sample, func() { b.ReportMetric(float64(most-before)/1e6, "peak-MB") }
}

// BenchmarkReadCSV reads a list of a million rows, beside encoding/csv, which finds no
// columns and reads no dates.
func BenchmarkReadCSV(b *testing.B) {
	rows := benchRows()
	file := csvList(rows)
	b.Run("list", func(b *testing.B) {
		sample, report := peakOf(b)
		for b.Loop() {
			n := 0
			for row, err := range list.ReadCSV(strings.NewReader(file), nil) {
				require.NoError(b, err)
				if n++; n%100_000 == 0 || row.At.IsZero() {
					sample()
				}
			}
			require.Equal(b, rows, n)
		}
		perNumber(b, rows)
		report()
	})
	b.Run("encoding-csv", func(b *testing.B) {
		for b.Loop() {
			n := -1
			for table := csv.NewReader(strings.NewReader(file)); ; n++ {
				if _, err := table.Read(); errors.Is(err, io.EOF) {
					break
				}
			}
			require.Equal(b, rows, n)
		}
		perNumber(b, rows)
	})
}

func perNumber(b *testing.B, rows int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/number")
}

// BenchmarkImportIntoMemory imports a CSV file into memstore, beside a loop over encoding/csv and
// RecordOptOut.
func BenchmarkImportIntoMemory(b *testing.B) {
	rows := benchRows() / 10
	file := csvList(rows)
	b.Run("import", func(b *testing.B) {
		for b.Loop() {
			guard := newGuard(b, memstore.New(), optout.Options{})
			report, err := list.Import(b.Context(), guard, account, list.ReadCSV(strings.NewReader(file), nil), &list.Options{ID: "bench"})
			require.NoError(b, err)
			require.Equal(b, rows, report.New)
		}
		perNumber(b, rows)
	})
	b.Run("dry-run", func(b *testing.B) {
		guard := newGuard(b, memstore.New(), optout.Options{})
		sample, report := peakOf(b)
		for b.Loop() {
			rows := sampled(list.ReadCSV(strings.NewReader(file), nil), sample)
			_, err := list.Import(b.Context(), guard, account, rows, &list.Options{ID: "bench", DryRun: true})
			require.NoError(b, err)
			sample()
		}
		perNumber(b, rows)
		report()
	})
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			guard := newGuard(b, memstore.New(), optout.Options{})
			table := csv.NewReader(strings.NewReader(file))
			for {
				record, err := table.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				_, err = guard.RecordOptOut(b.Context(), optout.Request{
					ID: "bench/" + record[0], Account: account, Number: record[0], Day: record[1][:min(len(record[1]), 10)], Source: store.SourceImport,
				})
				require.True(b, err == nil || optout.Permanent(err))
			}
		}
		perNumber(b, rows)
	})
}

// BenchmarkCompare compares two lists of a million numbers in no order, in files and in
// memory, beside two maps.
func BenchmarkCompare(b *testing.B) {
	rows := benchRows()
	numbers := func(step int) iter.Seq2[list.Row, error] {
		return func(yield func(list.Row, error) bool) {
			const prime = 1_000_003
			for i := range rows {
				at := i * prime % rows
				if at%step != 0 && !yield(list.Row{Number: fmt.Sprintf("+1%010d", 2_002_000_000+at), At: day}, nil) {
					return
				}
			}
		}
	}
	want := rows/100 - (rows-1)/300 - 1 + rows/150 - rows/300
	if rows%150 != 0 {
		want++
	}
	folder := b.TempDir()
	for _, way := range []struct {
		name string
		opts *list.CompareOptions
	}{
		{"files", &list.CompareOptions{Temp: func() (list.TempFile, error) { return os.CreateTemp(folder, "") }}},
		{"in-memory", nil},
	} {
		b.Run(way.name, func(b *testing.B) {
			sample, report := peakOf(b)
			for b.Loop() {
				n := 0
				for _, err := range list.Compare(sampled(numbers(100), sample), sampled(numbers(150), sample), way.opts) {
					require.NoError(b, err)
					n++
				}
				require.InDelta(b, want, n, 1)
				sample()
			}
			perNumber(b, 2*rows)
			report()
		})
	}
	b.Run("maps", func(b *testing.B) {
		sample, report := peakOf(b)
		for b.Loop() {
			var sides [2]map[string]list.Row
			for i, step := range []int{100, 150} {
				sides[i] = map[string]list.Row{}
				for row := range sampled(numbers(step), sample) {
					sides[i][row.Number] = row
				}
			}
			n := 0
			for i := range sides {
				for number := range sides[i] {
					if _, both := sides[1-i][number]; !both {
						n++
					}
				}
			}
			require.InDelta(b, want, n, 1)
			sample()
		}
		perNumber(b, 2*rows)
		report()
	})
}

// sampled calls sample now and then.
func sampled(rows iter.Seq2[list.Row, error], sample func()) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; n%100_000 == 0 {
				sample()
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
