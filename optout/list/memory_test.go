package list_test

import (
	"context"
	"flag"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
)

var stress = flag.Bool("stress", false, "read a line of a gigabyte and a million broken rows")

// sampling looks at the heap while a file is read.
type sampling struct {
	in    io.Reader
	reads int
	most  uint64
}

func (s *sampling) Read(p []byte) (int, error) {
	if s.reads++; s.reads%50 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.most = max(s.most, m.HeapAlloc)
	}
	return s.in.Read(p)
}

// TestMemoryIsBounded reads what nobody has memory for: a line that does not end, and a file
// whose every row is broken.
func TestMemoryIsBounded(t *testing.T) {
	times := 1 // of 20,000 rows, and of 20 MB
	if *stress {
		times = 50
	}
	const bound = 64 << 20 // over what was there
	chunk := strings.Repeat("x", 1_000)
	csv := func(in io.Reader) iter.Seq2[list.Row, error] { return list.ReadCSV(in, nil) }
	aws := func(in io.Reader) iter.Seq2[list.Row, error] { return list.ReadAWS(in).Rows() }
	for name, c := range map[string]struct {
		read        func(io.Reader) iter.Seq2[list.Row, error]
		before, row string
		rows        int // of the file
		refused     int // at least
	}{
		"a line of CSV":   {csv, "phone,name\n+14155550101,", chunk, 20_000 * times, 1},
		"a first line":    {csv, "", chunk, 20_000 * times, 0},
		"a quoted cell":   {csv, "phone,name\n+14155550101,\"", chunk + "\n", 20_000 * times, 1},
		"open quotes":     {csv, "phone,name\n", "\"+14155552671,Ada\n", 20_000 * times, 20_000 * times},
		"no numbers":      {csv, "phone,name\n", ",Ada\n", 20_000 * times, 20_000 * times},
		"a line of JSON":  {list.ReadJSONLines, "", chunk, 20_000 * times, 1},
		"no JSON":         {list.ReadJSONLines, "", "{\"number\":7,}\n", 20_000 * times, 20_000 * times},
		"an answer":       {aws, "{\"OptedOutNumbers\":[\"", chunk, 20_000 * times, 0},
		"broken elements": {aws, "{\"OptedOutNumbers\":[7", ",7", 20_000 * times, 20_000 * times},
	} {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			s := &sampling{in: io.MultiReader(strings.NewReader(c.before), &broken{rows: c.rows, row: c.row})}
			guard := newGuard(t, discards{}, optout.Options{})
			report, err := list.Import(t.Context(), guard, account, c.read(s), &list.Options{ID: "broken", Refused: io.Discard})
			if c.refused > 0 && !strings.HasPrefix(c.before, "{") {
				require.NoError(t, err)
			}
			require.GreaterOrEqual(t, report.Refused, c.refused)
			require.Less(t, s.most, m.HeapAlloc+bound)
		})
	}
}

// discards is a store that keeps nothing, and so takes no memory.
type discards struct{ store.Store }

func (discards) History(context.Context, store.HistoryQuery) (store.RecordPage, error) {
	return store.RecordPage{}, nil
}
