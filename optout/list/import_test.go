package list_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
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

const account = "acme"

var now = time.Date(2026, time.November, 26, 9, 0, 0, 0, time.UTC)

func newGuard(t testing.TB, s store.Store, opts optout.Options) *optout.Guard {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return now }
	}
	guard, err := optout.New(s, &opts)
	require.NoError(t, err)
	return guard
}

// of yields rows and errors.
func of(items ...any) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		for _, item := range items {
			row, _ := item.(list.Row)
			err, _ := item.(error)
			if !yield(row, err) {
				return
			}
		}
	}
}

func imported(t testing.TB, guard *optout.Guard, rows iter.Seq2[list.Row, error], opts list.Options) (list.Report, []list.Result) {
	t.Helper()
	var results []list.Result
	if opts.ID == "" {
		opts.ID = "march"
	}
	opts.Each = func(r list.Result) { results = append(results, r) }
	report, err := list.Import(t.Context(), guard, account, rows, &opts)
	require.NoError(t, err)
	require.Len(t, results, report.Rows)
	require.Equal(t, report.Rows, report.New+report.Known+report.Older+report.Voided+report.Refused)
	return report, results
}

func gate(t testing.TB, guard *optout.Guard, number string) store.State {
	t.Helper()
	d, err := guard.Gate(t.Context(), account, number)
	if !errors.Is(err, optout.ErrInvalidNumber) {
		require.NoError(t, err)
	}
	return d.State
}

func text(t testing.TB, guard *optout.Guard, number, words string, at time.Time) {
	t.Helper()
	_, err := guard.Receive(t.Context(), optout.Message{
		ID: words + at.String() + number, Account: account, From: number, To: "+18885550100", Text: words, At: at,
	})
	require.NoError(t, err)
}

var day = time.Date(2025, time.March, 4, 12, 0, 0, 0, time.UTC)

func TestImport(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	text(t, guard, "+14155550107", "START", day.AddDate(0, 1, 0)) // after the list
	text(t, guard, "+14155550108", "STOP", day.AddDate(0, -1, 0))
	rows := func() iter.Seq2[list.Row, error] {
		return of(
			list.Row{Line: 2, Number: "(415) 555-0101", At: day, Source: "carrier", Reason: "STOP", Provider: "twilio"},
			list.Row{Line: 3, Number: "+14155550102", Day: "2025-03-04"},
			list.Row{Line: 4, Number: "+14155550103"},
			list.Row{Line: 5, Number: "+14155550104", DateErr: errors.New("date: unreadable")},
			list.Row{Line: 6, Number: "+14155550105", Consent: true, At: day, Source: "web"},
			&list.RowError{Line: 7, Text: "\"+1415555", Err: errors.New("quotes")},
			list.Row{Line: 8, Number: "+14155550107", Day: "2025-03-04"},
			list.Row{Line: 9, Number: "+14155550108", Consent: true, At: day},
			list.Row{Line: 10, Number: "4.15555E+10"},
			list.Row{Line: 11, Number: "+1415555****"},
			list.Row{Line: 12, Number: "78787", At: day},
			list.Row{Line: 13, Number: "+14155550109", Day: "04/03/2025"},
			list.Row{Line: 14, Number: "+14155550110", At: day, Day: "2025-03-04"},
			list.Row{Line: 15, Number: "+14155550111", Consent: true, Day: "04/03/2025"},
			list.Row{Line: 16, Number: ""},
			list.Row{Line: 17, Number: "+14155550112", At: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
		)
	}
	var refused strings.Builder
	var progress []list.Report
	report, results := imported(t, guard, rows(), list.Options{
		Actor: "anna", Note: "list of March", Refused: &refused, AsOf: day.AddDate(0, 0, 2),
		Progress: func(r list.Report) { progress = append(progress, r) },
	})
	require.Equal(t, list.Report{ID: "march", Rows: 16, New: 9, Older: 1, Refused: 6, Changed: 9, Undated: 4, NoNumber: 1}, report)
	require.Equal(t, []list.Report{report}, progress)
	var outcomes []string
	for _, r := range results {
		outcome := fmt.Sprintf("%d %v", r.Row.Line, r.Outcome)
		if r.Changed {
			outcome += " changed"
		}
		if r.Fault != 0 {
			outcome += " " + r.Fault.String()
		}
		if r.Err != nil {
			outcome += ": " + r.Err.Error()
		}
		outcomes = append(outcomes, outcome)
	}
	require.Equal(t, []string{
		"2 new changed",
		"3 new changed",
		"4 new changed",
		"5 new changed: date: unreadable",
		"6 new changed",
		"7 refused: quotes",
		"8 older",
		"9 refused: optout: opted out",
		"10 refused: list: no phone number: spreadsheet",
		"11 refused: list: no phone number: mask",
		"12 new changed short code",
		"13 new changed: date: cannot be read",
		"14 new changed: date: both At and Day are given",
		"15 refused: date: cannot be read",
		"16 refused: list: no phone number: empty",
		"17 new changed: date: before 2000",
	}, outcomes)
	for number, want := range map[string]struct {
		status store.Status
		at     time.Time
	}{
		"+14155550101": {store.OptedOut, day},
		"+14155550102": {store.OptedOut, time.Date(2025, time.March, 5, 12, 0, 0, 0, time.UTC)}, // the day to its end
		"+14155550103": {store.OptedOut, day.AddDate(0, 0, 2)},
		"+14155550104": {store.OptedOut, day.AddDate(0, 0, 2)},
		"+14155550105": {store.OptedIn, day},
		"+14155550107": {store.OptedIn, day.AddDate(0, 1, 0)},
		"+14155550108": {store.OptedOut, day.AddDate(0, -1, 0)},
		"+14155550111": {store.Unknown, time.Time{}},
	} {
		state := gate(t, guard, number)
		require.Equal(t, want.status, state.Status, number)
		require.True(t, want.at.Equal(state.At), "%s: %v", number, state.At)
	}

	// The record says where it came from.
	for r, err := range guard.History(t.Context(), account, "+14155550101") {
		require.NoError(t, err)
		require.Equal(t, store.SourceImport, r.Source)
		require.Equal(t, "request:march/(415) 555-0101", r.ID)
		require.Equal(t, "list of March; source: carrier; provider: twilio; reason: STOP", r.Note)
		require.Equal(t, "anna", r.Actor)
	}

	// A second run, also a week later, changes nothing.
	now, before := now.AddDate(0, 0, 7), dump(t, guard)
	later, err := optout.New(guard.Store(), &optout.Options{DefaultRegion: "US", Now: func() time.Time { return now }})
	require.NoError(t, err)
	again, _ := imported(t, later, rows(), list.Options{AsOf: day.AddDate(0, 0, 2)})
	require.Equal(t, list.Report{ID: "march", Rows: 16, Known: 10, Refused: 6, Undated: 4, NoNumber: 1}, again)
	require.Equal(t, before, dump(t, guard))

	// What was refused can be corrected and imported.
	corrected := strings.NewReplacer("4.15555E+10", "+14155550120", "+1415555****", "+14155550121").Replace(refused.String())
	_, results = imported(t, guard, list.ReadCSV(strings.NewReader(corrected), nil), list.Options{ID: "corrected"})
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550120").Status)
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550121").Status)
	require.Len(t, results, 11, refused.String())
}

// dump is all that is recorded of the account.
func dump(t testing.TB, guard *optout.Guard) (records []store.Record) {
	t.Helper()
	q := store.ListQuery{Account: account, Limit: store.MaxLimit}
	for {
		page, err := store.List(t.Context(), guard.Store(), q)
		require.NoError(t, err)
		for _, state := range page.States {
			for r, err := range guard.History(t.Context(), account, state.Key.Number) {
				require.NoError(t, err)
				records = append(records, r)
			}
		}
		if q.After = page.Next; q.After == "" {
			return records
		}
	}
}

func TestImportNeverLifts(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{RequireOptIn: true})
	text(t, guard, tel, "STOP", day)
	report, results := imported(t, guard, of(list.Row{Number: tel, Consent: true, At: day.AddDate(0, 1, 0)}), list.Options{})
	require.Equal(t, 1, report.Refused)
	require.ErrorIs(t, results[0].Err, optout.ErrOptedOut)
	require.Equal(t, store.OptedOut, gate(t, guard, tel).Status)

	// Nor one of the same list, in whatever order.
	for _, rows := range []iter.Seq2[list.Row, error]{
		of(list.Row{Number: "+14155550101", At: day}, list.Row{Number: "+14155550101", Consent: true, At: day.AddDate(0, 1, 0)}),
		of(list.Row{Number: "+14155550102", Consent: true, At: day.AddDate(0, 1, 0)}, list.Row{Number: "+14155550102", At: day}),
	} {
		imported(t, guard, rows, list.Options{ID: "both"})
	}
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550101").Status)
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550102").Status)
}

// numbered yields so many opt-outs.
func numbered(n int, each func(i int)) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		for i := range n {
			if each != nil {
				each(i)
			}
			if !yield(list.Row{Line: i + 1, Number: fmt.Sprintf("+1415%07d", 2_000_000+i), At: day}, nil) {
				return
			}
		}
	}
}

func TestAnImportThatWasCutOffGoesOn(t *testing.T) {
	const all = 2_500
	guard := newGuard(t, memstore.New(), optout.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	report, err := list.Import(ctx, guard, account, numbered(all, func(i int) {
		if i == 1_500 {
			cancel()
		}
	}), &list.Options{ID: "cut"})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1_000, report.Rows)
	report, err = list.Import(t.Context(), guard, account, numbered(all, nil), &list.Options{ID: "cut"})
	require.NoError(t, err)
	require.Equal(t, list.Report{ID: "cut", Rows: all, New: 1_500, Known: 1_000, Changed: 1_500}, report)

	// An error of the list records what came before it.
	rows := of(list.Row{Number: "+14155550101"}, errDisk, list.Row{Number: "+14155550102"})
	_, err = list.Import(t.Context(), guard, account, rows, &list.Options{ID: "disk"})
	require.ErrorIs(t, err, errDisk)
	require.Equal(t, store.OptedOut, gate(t, guard, "+14155550101").Status)
	require.Equal(t, store.Unknown, gate(t, guard, "+14155550102").Status)
}

func TestTheRefusedRowsAreNoFormulas(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	var refused strings.Builder
	imported(t, guard, of(list.Row{Number: "=HYPERLINK(1)", Reason: "@SUM(1)", Source: "-1"}), list.Options{Refused: &refused})
	require.Contains(t, refused.String(), "\n'=HYPERLINK(1),opted-out,,'-1,,'@SUM(1),,list: no phone number: letters,\n")
	_, err := list.Import(t.Context(), guard, account, of(list.Row{Number: "nobody"}), &list.Options{ID: "x", Refused: &brokenWriter{10}})
	require.ErrorIs(t, err, errDisk)
	require.ErrorContains(t, err, "Refused")
}

// unsure stores what it is given, and then says that it failed.
type unsure struct {
	*memstore.Store

	batches int // until it fails
}

func (s *unsure) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	results, err := s.Store.AppendBatch(ctx, events)
	if s.batches--; s.batches == 0 {
		return nil, errDisk
	}
	return results, err
}

func TestAnImportGoesOnAfterACommitThatNobodyKnowsOf(t *testing.T) {
	s := &unsure{memstore.New(), 2}
	guard := newGuard(t, s, optout.Options{})
	report, err := list.Import(t.Context(), guard, account, numbered(2_500, nil), &list.Options{ID: "unsure"})
	require.ErrorIs(t, err, errDisk)
	require.ErrorContains(t, err, "the rows after the first 1000 are not known to be recorded")
	require.Equal(t, 1_000, report.Rows)
	report, err = list.Import(t.Context(), guard, account, numbered(2_500, nil), &list.Options{ID: "unsure"})
	require.NoError(t, err)
	require.Equal(t, list.Report{ID: "unsure", Rows: 2_500, New: 500, Known: 2_000, Changed: 500}, report)
	require.Len(t, dump(t, guard), 2_500)
}

func TestTwoImportsOfOneListAtOnce(t *testing.T) {
	const rows = 3_000
	guard := newGuard(t, memstore.New(), optout.Options{})
	reports, errs := make([]list.Report, 2), make([]error, 2)
	var both sync.WaitGroup
	for i := range reports {
		both.Go(func() {
			reports[i], errs[i] = list.Import(t.Context(), guard, account, numbered(rows, nil), &list.Options{ID: "twice"})
		})
	}
	both.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Equal(t, rows, reports[0].New+reports[1].New)
	require.Equal(t, rows, reports[0].Known+reports[1].Known)
	require.Len(t, dump(t, guard), rows)
}

func TestImportRefusesItsArguments(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	for name, c := range map[string]struct {
		guard   *optout.Guard
		account string
		id      string
		says    string
	}{
		"no ID":       {guard, account, "", "Options.ID is empty"},
		"a long ID":   {guard, account, strings.Repeat("x", 101), "101 bytes"},
		"a slash":     {guard, account, "a/b", "a slash"},
		"a break":     {guard, account, "a\nb", "can be printed"},
		"not UTF-8":   {guard, account, "\xff", "can be printed"},
		"no account":  {guard, "", "x", "invalid account"},
		"no Guard":    {nil, account, "x", "no store"},
		"a zero one":  {new(optout.Guard), account, "x", "no store"},
		"no store":    {guard.With(nil), account, "x", "no store"},
		"nil Options": {guard, account, "nil", "Options.ID is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := &list.Options{ID: c.id}
			if c.id == "nil" {
				opts = nil
			}
			_, err := list.Import(t.Context(), c.guard, c.account, of(list.Row{Number: tel}), opts)
			require.ErrorContains(t, err, c.says)
		})
	}
	require.Empty(t, dump(t, guard))
}

// readOnly fails each write.
type readOnly struct {
	store.Store

	t *testing.T
}

func (s readOnly) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return store.GetBatch(ctx, s.Store, account, numbers)
}

func (s readOnly) Append(context.Context, store.Event) (store.Result, error) {
	s.t.Error("a dry run wrote")
	return store.Result{}, errDisk
}

func (s readOnly) AppendBatch(context.Context, []store.Event) ([]store.Result, error) {
	s.t.Error("a dry run wrote")
	return nil, errDisk
}

func TestIDsOfRecords(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	long := "whatsapp:" + strings.Repeat("9", 120)
	_, results := imported(t, guard, of(
		list.Row{Number: " 415 555 2671 "}, list.Row{Number: "+14155550101", Consent: true}, list.Row{Number: long},
		list.Row{Number: "4155552671"},
	), list.Options{ID: strings.Repeat("x", 100)})
	prefix := "request:" + strings.Repeat("x", 100) + "/"
	for i, want := range []string{"415 555 2671", "consent:+14155550101", "sha256:", "4155552671"} {
		require.True(t, strings.HasPrefix(results[i].EventID, prefix+want), "%s", results[i].EventID)
		require.LessOrEqual(t, len(results[i].EventID), 255)
	}
}

// TestARunWhileTheTimeIsRecent: a time less than 5 minutes ago does not count, so the first run
// after that records the row with its time. Each run after that changes nothing.
func TestARunWhileTheTimeIsRecent(t *testing.T) {
	for name, c := range map[string]struct {
		row  list.Row
		asOf time.Time
		late time.Duration // of the run that counts the time
	}{
		"AsOf":  {list.Row{Number: tel}, now.Add(-4 * time.Minute), 2 * time.Minute},
		"At":    {list.Row{Number: tel, At: now.Add(-4 * time.Minute)}, time.Time{}, 2 * time.Minute},
		"ahead": {list.Row{Number: tel, At: now.Add(time.Minute)}, time.Time{}, 7 * time.Minute},
		"Day":   {list.Row{Number: tel, Day: now.Format(time.DateOnly)}, time.Time{}, 48 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			clock := now
			guard := newGuard(t, memstore.New(), optout.Options{Now: func() time.Time { return clock }})
			run := func() list.Report {
				report, _ := imported(t, guard, of(c.row), list.Options{AsOf: c.asOf})
				require.Equal(t, 1, report.Rows)
				return report
			}
			require.Equal(t, 1, run().New)
			require.Equal(t, 1, run().Known, "at the same time it is known")
			first := gate(t, guard, tel)
			require.Zero(t, first.At)
			clock = clock.Add(c.late)
			once := run()
			require.Equal(t, 1, once.New+once.Older, "once more, with the time that counts now")
			require.Zero(t, once.Changed)
			before := dump(t, guard)
			require.Len(t, before, 2)
			for range 3 {
				require.Equal(t, 1, run().Known)
				clock = clock.Add(100 * time.Hour)
			}
			require.Equal(t, before, dump(t, guard))
			require.Equal(t, store.OptedOut, gate(t, guard, tel).Status)
		})
	}
	// A START that was sent in between, with its time, stays in force.
	clock := now
	guard := newGuard(t, memstore.New(), optout.Options{Now: func() time.Time { return clock }})
	opts := list.Options{AsOf: now.Add(-4 * time.Minute)}
	imported(t, guard, of(list.Row{Number: tel}), opts)
	clock = clock.Add(time.Hour)
	text(t, guard, tel, "START", clock.Add(-time.Minute))
	report, _ := imported(t, guard, of(list.Row{Number: tel}), opts)
	require.Equal(t, 1, report.Older)
	require.Equal(t, store.OptedIn, gate(t, guard, tel).Status)
}
