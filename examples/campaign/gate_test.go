package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// old puts results of a run before into a folder.
func old(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	for _, name := range resultNames {
		require.NoError(t, os.WriteFile(filepath.Join(out, name), []byte("old "+name), 0o600))
	}
	return out
}

// requireOld is that they are there as they were, and nothing else is.
func requireOld(t *testing.T, out string) {
	t.Helper()
	require.Equal(t, resultNames, names(t, out))
	for _, name := range names(t, out) {
		require.Equal(t, "old "+name, text(t, out, name))
	}
}

func TestAStoreThatFailsLeavesNoResults(t *testing.T) {
	memory := memstore.New()
	optOut(t, memory, "+14155550102")
	const batches = 4
	for n := 1; n <= batches; n++ {
		for _, out := range []string{t.TempDir(), old(t)} {
			before := names(t, out)
			people, err := readHead(strings.NewReader("phone\n"+strings.Repeat("+14155550101\n", batches*store.MaxLimit)), "", 0)
			require.NoError(t, err)
			c := campaign{options: options{account: "acme", out: out}, list: people, logger: log.New(io.Discard, "", 0)}
			_, err = c.gate(t.Context(), optOut(t, faultstore.Wrap(memory, faultstore.OnIndex(n, nil))))
			require.ErrorIs(t, err, faultstore.ErrInjected)
			require.ErrorContains(t, err, "nothing may be sent: ")
			require.Equal(t, before, names(t, out))
			if len(before) > 0 {
				requireOld(t, out)
			}
		}
	}
}

// endless gives a list of so many rows, and calls seen at each of its blocks.
type endless struct {
	rows, next int
	seen       func(row int)
	rest       []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.next >= e.rows {
			return 0, io.EOF
		}
		if e.seen != nil {
			e.seen(e.next)
		}
		if e.next == 0 {
			e.rest = append(e.rest, "name,phone\n"...)
		}
		for range 1_000 {
			e.rest = fmt.Appendf(e.rest, "recipient %d with some more to tell,+1415%07d\n", e.next, 5550000+e.next)
			e.next++
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func TestAListOfAnyLengthTakesLittleMemory(t *testing.T) {
	rows, most := 100_000, uint64(8<<20) // a list that were kept takes 20 MB at the least
	var first, last uint64
	in := &endless{rows: rows, seen: func(row int) {
		if row%(rows/10) != 0 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if last = m.HeapAlloc; row == rows/10 {
			first = last
		}
	}}
	out := t.TempDir()
	status, stdout, stderr := program(t, in, "-in", "-", "-account", "acme", "-db", optedOut(t, dbtest.SQLite, "+14155550101"), "-out", out)
	require.Zero(t, status, stderr)
	require.Contains(t, stdout, "recipients            100000")
	require.Positive(t, first)
	require.Less(t, last, first+most)
}

func TestARunThatIsInterrupted(t *testing.T) {
	db := optedOut(t, dbtest.SQLite, "+14155550102")
	for name, rows := range map[string]int{"at the head": 0, "after it": 10, "in the middle": 5_000} {
		t.Run(name, func(t *testing.T) {
			out := old(t)
			ctx, cancel := context.WithCancel(t.Context())
			in, list := io.Pipe() // which then is silent
			go func() {
				if rows > 0 {
					_, _ = io.Copy(list, &endless{rows: rows})
				}
				cancel()
			}()
			var stdout, stderr strings.Builder
			status := run(ctx, []string{"-in", "-", "-account", "acme", "-db", db, "-out", out}, in, &stdout, &stderr)
			require.Equal(t, 1, status)
			require.Contains(t, stderr.String(), context.Canceled.Error())
			require.Empty(t, stdout.String())
			requireOld(t, out)
		})
	}
}
