package list_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func exported(t testing.TB, guard *optout.Guard, opts list.ExportOptions) string {
	t.Helper()
	var out bytes.Buffer
	rows, err := list.Export(t.Context(), guard, account, &out, &opts)
	require.NoError(t, err)
	lines := strings.Count(out.String(), "\n")
	if opts.Format == list.CSV {
		lines-- // the header
	}
	require.Equal(t, rows, lines)
	return out.String()
}

func TestExport(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	text(t, guard, "+14155550101", "STOP", day)
	text(t, guard, "+14155550102", "START", day.Add(time.Hour/2+317*time.Millisecond))
	text(t, guard, "+14155550103", "please stop texting me", day.Add(time.Hour))
	_, err := guard.RecordOptOut(t.Context(), optout.Request{ID: `=1+1`, Account: account, Number: "78787"})
	require.NoError(t, err)
	recorded := func(text string) string {
		for _, record := range dump(t, guard) {
			text = strings.ReplaceAll(text, record.RecordedAt.Format(time.RFC3339Nano), "NOW")
		}
		return text
	}
	stop, start, held := "STOP"+day.String()+"+14155550101", "START"+day.Add(time.Hour/2+317*time.Millisecond).String()+"+14155550102",
		"please stop texting me"+day.Add(time.Hour).String()+"+14155550103"
	require.Equal(t, strings.Join([]string{
		"number,status,at,source,provider,reason,event_id,recorded_at",
		"+14155550102,opted-in,2025-03-04T12:30:00.317Z,keyword,,," + start + ",NOW",
		"+14155550103,opted-out,2025-03-04T13:00:00Z,text,,held for review," + held + ",NOW",
		"+14155550101,opted-out,2025-03-04T12:00:00Z,keyword,,," + stop + ",NOW",
		"78787,opted-out,,agent,,,request:=1+1,NOW",
		"",
	}, "\n"), recorded(exported(t, guard, list.ExportOptions{})))
	require.Equal(t, strings.Join([]string{
		`{"number":"+14155550101","status":"opted-out","at":"2025-03-04T12:00:00Z","source":"keyword",` +
			`"event_id":"` + stop + `","recorded_at":"NOW"}`,
		`{"number":"78787","status":"opted-out","source":"agent","event_id":"request:=1+1","recorded_at":"NOW"}`,
		"",
	}, "\n"), recorded(exported(t, guard, list.ExportOptions{Format: list.JSONLines, OptOutsOnly: true})))
	require.Contains(t, exported(t, guard, list.ExportOptions{Spreadsheet: true}), "\n'+14155550101,opted-out,")
	require.Equal(t, "number,status,at,source,provider,reason,event_id,recorded_at\n",
		exported(t, guard, list.ExportOptions{Since: time.Now().Add(time.Hour)}))
}

func TestASpreadsheetRunsNoCell(t *testing.T) {
	var out strings.Builder
	_, err := list.WriteCSV(&out, of(list.Row{Number: tel, Reason: "=1+1;=2", Source: "@x", Provider: "\t=x"}), true)
	require.NoError(t, err)
	require.Contains(t, out.String(), "'+14155552671,opted-out,,'@x,'\t'=x,'=1+1;'=2,,\n")
	guard := newGuard(t, memstore.New(), optout.Options{})
	imported(t, guard, list.ReadCSV(strings.NewReader(out.String()), nil), list.Options{})
	require.Equal(t, store.OptedOut, gate(t, guard, tel).Status, "the apostrophe is not of the number")
}

// brokenWriter fails after so many bytes.
type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestAnExportThatFails(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	imported(t, guard, numbered(500, nil), list.Options{})
	for _, format := range []list.Format{list.CSV, list.JSONLines} {
		for _, left := range []int{0, 10_000} {
			_, err := list.Export(t.Context(), guard, account, &brokenWriter{left}, &list.ExportOptions{Format: format})
			require.ErrorIs(t, err, errDisk)
		}
		_, err := list.Export(t.Context(), guard, "", &brokenWriter{1 << 20}, &list.ExportOptions{Format: format})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		noLister := guard.With(readOnly{guard.Store(), t})
		_, err = list.Export(t.Context(), noLister, account, &brokenWriter{1 << 20}, &list.ExportOptions{Format: format})
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = list.Export(t.Context(), guard.With(nil), account, &brokenWriter{1 << 20}, &list.ExportOptions{Format: format})
		require.ErrorContains(t, err, "no store")
	}
	_, err := list.Export(t.Context(), guard, account, &brokenWriter{1 << 20}, &list.ExportOptions{Format: 9})
	require.ErrorContains(t, err, "Format")
}

// TestAnExportIsReadBack exports random histories, imports the list into an empty store, and
// compares what each contact is gated by.
func TestAnExportIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		guard := anyGuard(rt, memstore.New())
		live(rt, guard)
		for _, format := range []list.Format{list.CSV, list.JSONLines} {
			file := exported(t, guard, list.ExportOptions{Format: format})
			rows := list.ReadJSONLines(strings.NewReader(file))
			if format == list.CSV {
				rows = list.ReadCSV(strings.NewReader(file), nil)
			}
			other := guard.With(memstore.New())
			_, results := imported(t, other, rows, list.Options{})
			bare := false // digits that may be two numbers: an import blocks both
			for _, r := range results {
				bare = bare || isDigit(r.Row.Number[0]) && len(r.Row.Number) >= 10
			}
			for _, r := range results {
				require.True(rt, bare || r.Outcome != list.RowRefused, "%v", r.Err)
			}
			for _, number := range numbers() {
				if number == "" {
					continue
				}
				want, got := gate(t, guard, number), gate(t, other, number)
				if want.Status == store.Held {
					want.Status = store.OptedOut
				}
				if got.Status == store.OptedOut && (bare || isDigit(number[0])) {
					continue // a START of one number of the digits is not in the list as such
				}
				require.Equal(rt, want.Status, got.Status, "%s\n%s", number, file)
				if want.Status != store.Unknown {
					require.True(rt, want.At.Equal(got.At), "%s: %v, got %v\n%s", number, want.At, got.At, file)
				}
			}
		}
	})
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
