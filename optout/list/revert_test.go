package list_test

import (
	"context"
	"errors"
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

func TestRevert(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	text(t, guard, "+14155550101", "STOP", day)
	wrong := func() []list.Row {
		return []list.Row{
			{Number: "(415) 555-0101", At: day.AddDate(0, 0, 1)},
			{Number: "+14155550102", At: day},
			{Number: "4155550103"},
			{Number: "+14155550104", Consent: true, At: day},
			{Number: "557188776655", At: day},
		}
	}
	imported(t, guard, rowsOf(wrong()), list.Options{ID: "wrong"})
	imported(t, guard, of(list.Row{Number: "+14155550105", At: day}), list.Options{ID: "wrong-2"})
	imported(t, guard, of(list.Row{Number: "+14155550102", At: day}), list.Options{ID: "wron"})
	undo := list.Reversal{ID: "wrong", Actor: "anna", Note: "another brand's"}
	done, err := list.Revert(t.Context(), guard, account, undo)
	require.NoError(t, err)
	require.Equal(t, list.Reverted{ID: "wrong", Voided: 5, Closed: 2}, done)
	for number, want := range map[string]store.Status{
		"+14155550101": store.OptedOut, // by a STOP
		"+14155550102": store.OptedOut, // by another import
		"+14155550103": store.Unknown,
		"4155550103":   store.Unknown,
		"+14155550104": store.Unknown,
		"+14155550105": store.OptedOut,
		"557188776655": store.Unknown,
	} {
		require.Equal(t, want, gate(t, guard, number).Status, number)
	}

	// Once more changes nothing, and neither does the import.
	before := dump(t, guard)
	done, err = list.Revert(t.Context(), guard, account, undo)
	require.NoError(t, err)
	require.Equal(t, list.Reverted{ID: "wrong", Known: 5, Closed: 2}, done)
	for _, dry := range []bool{true, false} {
		report, results := imported(t, guard, rowsOf(wrong()), list.Options{ID: "wrong", DryRun: dry})
		require.Equal(t, list.Report{ID: "wrong", DryRun: dry, Rows: 5, Voided: 5}, report, "%v", results)
	}
	require.Equal(t, before, dump(t, guard))

	// Another ID imports it again.
	report, _ := imported(t, guard, rowsOf(wrong()), list.Options{ID: "right"})
	require.Equal(t, 5, report.New)
}

func TestARevertThatWasCutOffGoesOn(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	imported(t, guard, numbered(2_500, nil), list.Options{ID: "cut"})
	ctx, cancel := context.WithCancel(t.Context())
	undo := list.Reversal{ID: "cut", Actor: "anna", Note: "x", Progress: func(list.Reverted) { cancel() }}
	done, err := list.Revert(ctx, guard, account, undo)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1_000, done.Voided)
	done, err = list.Revert(t.Context(), guard, account, undo)
	require.NoError(t, err)
	require.Equal(t, list.Reverted{ID: "cut", Voided: 1_500, Known: 1_000}, done)
	for range guard.OptedOut(t.Context(), account) {
		require.Fail(t, "nobody is left")
	}
}

func TestRevertRefusesItsArguments(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	for says, c := range map[string]struct {
		guard   *optout.Guard
		account string
		r       list.Reversal
	}{
		"ID is empty":     {guard, account, list.Reversal{Actor: "a", Note: "b"}},
		"a slash":         {guard, account, list.Reversal{ID: "a/b", Actor: "a", Note: "b"}},
		"Actor and Note":  {guard, account, list.Reversal{ID: "a", Actor: "a"}},
		"no store":        {nil, account, list.Reversal{ID: "a", Actor: "a", Note: "b"}},
		"invalid account": {guard, "", list.Reversal{ID: "a", Actor: "a", Note: "b"}},
		"unsupported":     {guard.With(readOnly{guard.Store(), t}), account, list.Reversal{ID: "a", Actor: "a", Note: "b"}},
	} {
		_, err := list.Revert(t.Context(), c.guard, c.account, c.r)
		require.ErrorContains(t, err, strings.TrimSpace(says))
	}
	_, err := list.Revert(t.Context(), guard.With(readOnly{guard.Store(), t}), account, list.Reversal{ID: "a", Actor: "a", Note: "b"})
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

// TestARevertedImportLeavesNothing imports a random list after a random history, and takes
// it back: each contact is gated as before.
func TestARevertedImportLeavesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		guard := anyGuard(rt, memstore.New())
		live(rt, guard)
		before := map[string]store.State{}
		for _, number := range numbers() {
			if number != "" {
				before[number] = gate(t, guard, number)
			}
		}
		rows := drawRows(rt)
		_, err := list.Import(t.Context(), guard, account, rows, &list.Options{ID: "list"})
		require.NoError(rt, err)
		isOfList := func(r store.Record) bool { return strings.HasPrefix(r.ID, "request:list/") }
		recorded := slices.ContainsFunc(dump(t, guard), isOfList)
		done, err := list.Revert(t.Context(), guard, account, list.Reversal{ID: "list", Actor: "anna", Note: "x"})
		if !recorded {
			require.ErrorIs(rt, err, list.ErrNoImport)
		} else {
			require.NoError(rt, err)
		}
		require.Zero(rt, done.Refused)
		for number, want := range before {
			require.Equal(rt, want, gate(t, guard, number), number)
		}
		state := dump(t, guard)
		reports := make([]list.Report, 2)
		for i := range reports {
			reports[i], err = list.Import(t.Context(), guard, account, rows, &list.Options{ID: "list", DryRun: i == 0, Each: func(r list.Result) {
				// A consent that was refused for an opt-out of the list can be recorded now.
				require.True(rt, r.Row.Consent || r.Outcome != list.RowNew && r.Outcome != list.RowOlder)
			}})
			require.NoError(rt, err)
			reports[i].DryRun = false
		}
		require.Equal(rt, reports[1], reports[0])
		if reports[1].New+reports[1].Older == 0 {
			require.Equal(rt, state, dump(t, guard))
		}
	})
}

func TestRevertOfAnImportThatIsNotThere(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	undo := list.Reversal{ID: "march", Actor: "anna", Note: "another brand's"}
	revert := func() error { _, err := list.Revert(t.Context(), guard, account, undo); return err }
	require.ErrorIs(t, revert(), list.ErrNoImport)
	imported(t, guard, of(list.Row{Number: "+14155550105", At: day}), list.Options{ID: "march-2025"})
	text(t, guard, "+14155550105", "STOP", day)
	require.ErrorIs(t, revert(), list.ErrNoImport)
	require.EqualError(t, revert(), "list: no such import: the account has no record of an import with this Reversal.ID")
	undo.ID = "march-2025"
	require.NoError(t, revert())
	require.NoError(t, revert(), "what was taken back has records")
	_, err := list.Revert(t.Context(), guard, "another", undo)
	require.ErrorIs(t, err, list.ErrNoImport)
	for id, want := range map[string]string{"": "empty", "a/b": "slash", "a\n": "printed", strings.Repeat("a", 101): "101 bytes"} {
		undo.ID = id
		require.ErrorContains(t, revert(), "list: Reversal.ID", id)
		require.ErrorContains(t, revert(), want)
		_, err := list.Import(t.Context(), guard, account, of(), &list.Options{ID: id})
		require.ErrorContains(t, err, "list: Options.ID", id)
		require.ErrorContains(t, err, want)
	}
}
