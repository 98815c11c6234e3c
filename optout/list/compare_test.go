package list_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// tempFiles makes files that are removed after the test.
func tempFiles(t testing.TB) func() (list.TempFile, error) {
	t.Helper()
	folder := t.TempDir()
	return func() (list.TempFile, error) { return os.CreateTemp(folder, "compare") }
}

func compared(t testing.TB, ours, theirs iter.Seq2[list.Row, error], opts *list.CompareOptions) (differences []string, refused int) {
	t.Helper()
	for d, err := range list.Compare(ours, theirs, opts) {
		if _, ok := errors.AsType[*list.RowError](err); ok {
			refused++
			continue
		}
		require.NoError(t, err)
		differences = append(differences, fmt.Sprint(d.Side, " ", brief([]list.Row{d.Row})[0]))
	}
	return differences, refused
}

func TestCompare(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	text(t, guard, "+14155550101", "STOP", day)
	text(t, guard, "+14155550102", "STOP", day)
	text(t, guard, "+5571988776655", "STOP", day)
	theirs := func() iter.Seq2[list.Row, error] {
		return list.ReadCSV(strings.NewReader("phone,status,date,source\n"+
			"(415) 555-0103,stop,2025-03-05,web\n"+ // theirs alone
			"(415) 555-0101,stop,2025-03-05,web\n"+ // on both, with another date
			"+14155550103,stop,2025-03-06,carrier\n"+ // once more
			"+557188776655,stop,2025-03-05,web\n"+ // the other spelling of a line
			"+14155550104,yes?,,\n"+ // cannot be read
			"+14155550102,subscribed,2025-03-05,web\n"), nil) // a consent is no opt-out
	}
	before := dump(t, guard)
	for _, opts := range []*list.CompareOptions{{Guard: guard}, {Guard: guard, Temp: tempFiles(t)}} {
		got, refused := compared(t, list.OptOuts(t.Context(), guard, account), theirs(), opts)
		require.Equal(t, 1, refused)
		require.Equal(t, []string{
			"ours +14155550102 2025-03-04T12:00:00Z keyword",
			"theirs +14155550102 consent 2025-03-05 web",
			"theirs (415) 555-0103 2025-03-05 web",
		}, got)
	}
	require.Equal(t, before, dump(t, guard), "Compare changes nothing")

	// What only theirs has is imported.
	differences := list.Compare(list.OptOuts(t.Context(), guard, account), theirs(), &list.CompareOptions{Guard: guard})
	report, _ := imported(t, guard, list.OnlyTheirs(differences), list.Options{})
	require.Equal(t, list.Report{ID: "march", Rows: 3, New: 1, Refused: 2, Changed: 1}, report)
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550103").Status)

	// Without a Guard, numbers are compared as they are.
	got, _ := compared(t, of(list.Row{Number: " +14155550101"}), of(list.Row{Number: "(415) 555-0101"}, list.Row{Number: "+14155550101"}), nil)
	require.Equal(t, []string{"theirs (415) 555-0101"}, got)
}

// TestCompareFindsWhatOneListHas compares random lists with maps.
func TestCompareFindsWhatOneListHas(t *testing.T) {
	temp := tempFiles(t)
	rapid.Check(t, func(rt *rapid.T) {
		var lists [2][]list.Row
		for side := range lists {
			for i := range rapid.IntRange(0, 30).Draw(rt, "rows") {
				lists[side] = append(lists[side], list.Row{
					Line: i + 1, Number: fmt.Sprintf("+1415555%04d", rapid.IntRange(0, 20).Draw(rt, "number")), Consent: rapid.Bool().Draw(rt, "consent"),
					At: drawTime(rt), Day: rapid.SampledFrom([]string{"", "2025-03-04"}).Draw(rt, "day"),
					Source: "web", Provider: "telco", Reason: rapid.String().Draw(rt, "reason"),
					EventID: "SM1", RecordedAt: drawTime(rt),
				})
			}
		}
		type contact struct {
			number  string
			consent bool
		}
		var first [2]map[contact]list.Row
		for side := range lists {
			first[side] = map[contact]list.Row{}
			for _, row := range slices.Backward(lists[side]) {
				first[side][contact{row.Number, row.Consent}] = row
			}
		}
		want := map[string]list.Difference{}
		for side := range lists {
			for c, row := range first[side] {
				if _, both := first[1-side][c]; !both {
					want[fmt.Sprint(side, c)] = list.Difference{Side: list.Side(side), Row: row}
				}
			}
		}
		opts := &list.CompareOptions{}
		if rapid.Bool().Draw(rt, "files") {
			opts.Temp = temp
		}
		got := map[string]list.Difference{}
		for d, err := range list.Compare(rowsOf(lists[0]), rowsOf(lists[1]), opts) {
			require.NoError(rt, err)
			got[fmt.Sprint(int(d.Side), contact{d.Row.Number, d.Row.Consent})] = d
		}
		require.Equal(rt, want, got)
	})
}

// shuffled yields opt-outs in an order that is not sorted, of the numbers below n that step
// does not divide.
func shuffled(n, step int) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		const prime = 1_000_003
		reason := strings.Repeat("x", 900)
		for i := range n {
			at := i * prime % n
			if at%step != 0 && !yield(list.Row{Number: fmt.Sprintf("+1%010d", 2_000_000_000+at), At: day, Reason: reason}, nil) {
				return
			}
		}
	}
}

// TestCompareMergesManyRuns sorts more than is sorted at once.
func TestCompareMergesManyRuns(t *testing.T) {
	const n = 40_000 // some 37 MB of each list
	for _, opts := range []*list.CompareOptions{nil, {Temp: tempFiles(t)}} {
		var sides [2]int
		last := ""
		for d, err := range list.Compare(shuffled(n, 100), shuffled(n, 150), opts) {
			require.NoError(t, err)
			require.Greater(t, d.Row.Number, last, "in order")
			last = d.Row.Number
			sides[d.Side]++
		}
		// Ours has the multiples of 150 that are not of 100; theirs the other way round.
		require.Equal(t, [2]int{n/150 - n/300, n/100 - (n-1)/300 - 1}, sides)
	}
}

// TestCompareKeepsTheFirstRow has one contact in the first and in the last run.
func TestCompareKeepsTheFirstRow(t *testing.T) {
	rows := func(yield func(list.Row, error) bool) {
		for row, err := range shuffled(20_000, 100) {
			if !yield(row, err) {
				return
			}
		}
		for _, row := range []list.Row{{Number: "+15550000000", Line: 3}, {Number: "+15550000000", Line: 4}} {
			if !yield(row, nil) {
				return
			}
		}
	}
	ours := func(yield func(list.Row, error) bool) {
		if yield(list.Row{Number: "+15550000000", Line: 1}, nil) {
			rows(yield)
		}
	}
	found := 0
	for d, err := range list.Compare(ours, of(), nil) {
		require.NoError(t, err)
		if d.Row.Number == "+15550000000" {
			require.Equal(t, 1, d.Row.Line)
			found++
		}
	}
	require.Equal(t, 1, found)
}

// badFile fails where its fields say.
type badFile struct {
	list.TempFile

	write, read bool
}

func (f badFile) Write(p []byte) (int, error) {
	if f.write {
		return 0, errDisk
	}
	return f.TempFile.Write(p)
}

func (f badFile) ReadAt(p []byte, at int64) (int, error) {
	if f.read {
		return 0, errDisk
	}
	return f.TempFile.ReadAt(p, at)
}

func TestCompareFails(t *testing.T) {
	temp := tempFiles(t)
	bad := func(write, read bool) *list.CompareOptions {
		return &list.CompareOptions{Temp: func() (list.TempFile, error) {
			file, err := temp()
			return badFile{file, write, read}, err
		}}
	}
	rows := of(list.Row{Number: tel})
	for name, c := range map[string]struct {
		ours, theirs iter.Seq2[list.Row, error]
		opts         *list.CompareOptions
		want         error
	}{
		"ours":    {of(list.Row{Number: tel}, errDisk), rows, nil, errDisk},
		"theirs":  {rows, of(list.Row{Number: tel}, io.ErrUnexpectedEOF), nil, io.ErrUnexpectedEOF},
		"write":   {rows, rows, bad(true, false), errDisk},
		"read":    {rows, rows, bad(false, true), errDisk},
		"no file": {rows, rows, &list.CompareOptions{Temp: func() (list.TempFile, error) { return nil, errDisk }}, errDisk},
	} {
		t.Run(name, func(t *testing.T) {
			yielded := 0
			for d, err := range list.Compare(c.ours, c.theirs, c.opts) {
				require.ErrorIs(t, err, c.want)
				require.Zero(t, d)
				yielded++
			}
			require.Equal(t, 1, yielded, "and no difference, which might be none")
		})
	}
	for range list.Compare(of(list.Row{Number: "+14155550101"}, list.Row{Number: "+14155550102"}), of(), bad(false, false)) {
		break // the file is closed
	}
	for range list.Compare(of(&list.RowError{Err: errDisk}, &list.RowError{Err: errDisk}), of(), nil) {
		break
	}
}
