package sqltest_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// listRows yields the opt-outs, and every tenth time the consent, of so many numbers.
func listRows(first, n int) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		for i := range n {
			row := list.Row{Line: i + 1, Number: numberAt(first + i), At: noon.Add(time.Duration(i) * time.Second), Source: "carrier"}
			row.Consent = i%10 == 9
			if !yield(row, nil) {
				return
			}
		}
	}
}

// TestAListIsImported imports one list twice at the same time, then as a dry run, and once
// more; and compares what is recorded with an import into memory.
func TestAListIsImported(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		const rows = 1_200
		v.opts.MaxRetries = neverGivesUp
		st, _ := v.ready(t)
		guard, err := optout.New(st, nil)
		require.NoError(t, err)
		memory := guard.With(memstore.New())
		own := fmt.Sprintf("list of %s %d", v.name, time.Now().UnixNano())
		opts := list.Options{ID: "march"}
		reports, errs := make([]list.Report, 2), make([]error, 2)
		var both sync.WaitGroup
		for i := range reports {
			both.Go(func() { reports[i], errs[i] = list.Import(t.Context(), guard, own, listRows(0, rows), &opts) })
		}
		both.Wait()
		require.NoError(t, errors.Join(errs...))
		want, err := list.Import(t.Context(), memory, own, listRows(0, rows), &opts)
		require.NoError(t, err)
		require.Equal(t, want.New, reports[0].New+reports[1].New)
		require.Equal(t, rows, reports[0].Known+reports[1].Known)
		for _, dry := range []bool{true, false} {
			again, err := list.Import(t.Context(), guard, own, listRows(0, rows), &list.Options{ID: "march", DryRun: dry})
			require.NoError(t, err)
			require.Equal(t, list.Report{ID: "march", DryRun: dry, Rows: rows, Known: rows, Consents: rows / 10}, again)
		}
		plan, err := list.Import(t.Context(), guard, own, listRows(rows, 100), &list.Options{ID: "april", DryRun: true})
		require.NoError(t, err)
		require.Equal(t, list.Report{ID: "april", DryRun: true, Rows: 100, New: 100, Consents: 10, Changed: 100}, plan)
		require.Equal(t, exportOf(t, memory, own), exportOf(t, guard, own))
		for _, i := range []int{0, 9, rows - 1} {
			records := 0
			for r, err := range guard.History(t.Context(), own, numberAt(i)) {
				require.NoError(t, err)
				require.Equal(t, "request:march/"+strings.Repeat("consent:", i%10/9)+numberAt(i), r.ID)
				require.Equal(t, "source: carrier", r.Note)
				records++
			}
			require.Equal(t, 1, records)
		}
	})
}

// TestAnImportIsReverted takes back an import of more rows than a batch.
func TestAnImportIsReverted(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		const rows = 1_100
		st, _ := v.ready(t)
		guard, err := optout.New(st, nil)
		require.NoError(t, err)
		own := fmt.Sprintf("reverted list of %s %d", v.name, time.Now().UnixNano())
		for _, id := range []string{"right", "wrong"} {
			_, err := list.Import(t.Context(), guard, own, listRows(0, map[string]int{"right": 10, "wrong": rows}[id]), &list.Options{ID: id})
			require.NoError(t, err)
		}
		done, err := list.Revert(t.Context(), guard, own, list.Reversal{ID: "wrong", Actor: "anna", Note: "another brand's"})
		require.NoError(t, err)
		require.Equal(t, list.Reverted{ID: "wrong", Voided: rows, Closed: 9}, done)
		require.Len(t, exportOf(t, guard, own), 10)
		for _, dry := range []bool{true, false} {
			again, err := list.Import(t.Context(), guard, own, listRows(0, rows), &list.Options{ID: "wrong", DryRun: dry})
			require.NoError(t, err)
			require.Equal(t, list.Report{ID: "wrong", DryRun: dry, Rows: rows, Voided: rows}, again)
		}
	})
}

// exportOf is the list of an account without the times of recording.
func exportOf(t *testing.T, guard *optout.Guard, own string) (rows []list.Row) {
	t.Helper()
	for row, err := range list.All(t.Context(), guard, own) {
		require.NoError(t, err)
		row.RecordedAt = time.Time{}
		rows = append(rows, row)
	}
	return rows
}

// peak samples the heap.
type peak struct{ before, most uint64 }

func newPeak() *peak {
	runtime.GC()
	p := new(peak)
	p.sample()
	p.before, p.most = p.most, 0
	return p
}

func (p *peak) sample() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	p.most = max(p.most, m.HeapAlloc)
}

func (p *peak) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(max(p.most, p.before)-p.before)/1e6, "peak-MB")
}

// BenchmarkImport imports a list of new numbers, of more rows with CONSENT_BENCH_LIST: by
// list.Import, and by a loop over RecordOptOut, which takes at most 10,000 of them. It reports the
// time of a row, and the memory at its most.
func BenchmarkImport(b *testing.B) {
	rows := fromEnv(b, "CONSENT_BENCH_LIST", 20_000)
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, _, next := measured(b, v)
			guard, err := optout.New(st, nil)
			require.NoError(b, err)
			perNumber := func(b *testing.B, rows int) {
				b.Helper()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/number")
			}
			b.Run("import", func(b *testing.B) {
				p := newPeak()
				for b.Loop() {
					next += rows
					opts := &list.Options{ID: fmt.Sprint("import-", next), Actor: "anna", Progress: func(r list.Report) {
						if r.Rows%10_000 == 0 {
							p.sample()
						}
					}}
					report, err := list.Import(b.Context(), guard, account, listRows(next, rows), opts)
					require.NoError(b, err)
					require.Equal(b, rows, report.New)
				}
				perNumber(b, rows)
				p.report(b)
			})
			b.Run("dry-run", func(b *testing.B) {
				p := newPeak()
				for b.Loop() {
					opts := &list.Options{ID: "dry", DryRun: true, Progress: func(r list.Report) {
						if r.Rows%10_000 == 0 {
							p.sample()
						}
					}}
					report, err := list.Import(b.Context(), guard, account, listRows(next+rows, rows), opts)
					require.NoError(b, err)
					require.Equal(b, rows, report.New)
				}
				perNumber(b, rows)
				p.report(b)
			})
			b.Run("loop", func(b *testing.B) {
				some := min(rows/10, 10_000)
				for b.Loop() {
					next += rows
					for row := range listRows(next, some) {
						r := optout.Request{
							ID: "loop/" + row.Number, Account: account, Number: row.Number, At: row.At, Source: store.SourceImport, Actor: "anna",
						}
						record := guard.RecordOptOut
						if row.Consent {
							record = guard.RecordConsent
						}
						_, err := record(b.Context(), r)
						require.NoError(b, err)
					}
				}
				perNumber(b, some)
			})
			b.Run("export", func(b *testing.B) {
				p := newPeak()
				written := 0
				for b.Loop() {
					written, err = list.Export(b.Context(), guard, account, io.Discard, nil)
					require.NoError(b, err)
					p.sample()
				}
				perNumber(b, written)
				p.report(b)
			})
			b.Run("compare", func(b *testing.B) {
				temp := b.TempDir()
				opts := &list.CompareOptions{Temp: func() (list.TempFile, error) { return os.CreateTemp(temp, "") }}
				p, compared := newPeak(), 0
				for b.Loop() {
					compared = 0
					ours := func(yield func(list.Row, error) bool) {
						for row, err := range list.OptOuts(b.Context(), guard, account) {
							if compared++; compared%100_000 == 0 {
								p.sample()
							}
							if !yield(row, err) {
								return
							}
						}
					}
					for _, err := range list.Compare(ours, ours, opts) {
						require.NoError(b, err)
					}
					p.sample()
				}
				perNumber(b, max(compared, 1))
				p.report(b)
			})
		})
	}
}
