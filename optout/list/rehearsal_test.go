package list_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
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

// numbers of contacts, in spellings of which some are one contact.
func numbers() []string {
	return []string{
		"+14155550101", "(415) 555-0101", "4155550101", "+14155550102", "6562345678", "+6562345678", "+16562345678",
		"+5571988776655", "+557188776655", "557188776655", "78787", "messenger:24891763", "415-555-XXXX", "",
	}
}

func drawNumber(t *rapid.T) string { return rapid.SampledFrom(numbers()).Draw(t, "number") }

// drawTime is one of a few, so that there are ties, or none.
func drawTime(t *rapid.T) time.Time {
	days := rapid.IntRange(-1, 5).Draw(t, "day")
	if days < 0 {
		return time.Time{}
	}
	return day.AddDate(0, 0, days)
}

// live lets contacts text, and the host record.
func live(t *rapid.T, guard *optout.Guard) {
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		number, at, id := drawNumber(t), drawTime(t), fmt.Sprintf("SM%d", i)
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0, 1, 2:
			words := rapid.SampledFrom([]string{"STOP", "START", "please stop texting me", "ok"}).Draw(t, "text")
			if number == "" {
				continue
			}
			_, err := guard.Receive(t.Context(), optout.Message{
				ID: id, Account: account, From: number, To: "+18885550100", Text: words, At: at,
			})
			require.NoError(t, err)
		case 3:
			_, err := guard.RecordConsent(t.Context(), optout.Request{ID: id, Account: account, Number: number, At: at})
			if err != nil && !errors.Is(err, optout.ErrOptedOut) {
				require.True(t, optout.Permanent(err), err)
			}
		default:
			_, err := guard.RecordOptOut(t.Context(), optout.Request{ID: id, Account: account, Number: number, At: at})
			require.True(t, err == nil || optout.Permanent(err), err)
		}
	}
}

func drawRows(t *rapid.T) iter.Seq2[list.Row, error] {
	var rows []list.Row
	for i := range rapid.IntRange(0, 15).Draw(t, "rows") {
		rows = append(rows, list.Row{
			Line: i + 1, Number: drawNumber(t), At: drawTime(t), Consent: rapid.IntRange(0, 3).Draw(t, "consent") == 0,
		})
	}
	return rowsOf(rows)
}

func rowsOf(rows []list.Row) iter.Seq2[list.Row, error] {
	return func(yield func(list.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func anyGuard(t *rapid.T, s store.Store) *optout.Guard {
	policy := rapid.SampledFrom([]optout.Policy{optout.PolicyIgnore, optout.PolicyHold}).Draw(t, "policy")
	region := rapid.SampledFrom([]string{"", "US", "BR"}).Draw(t, "region")
	guard, err := optout.New(s, &optout.Options{
		DefaultRegion: region, Texts: policy, Channels: []string{"messenger"}, Now: func() time.Time { return now },
	})
	require.NoError(t, err)
	return guard
}

// TestADryRunReportsWhatTheImportDoes imports random lists after random histories: first as a
// dry run over a store that fails each write, then in earnest, and both once more.
func TestADryRunReportsWhatTheImportDoes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		guard := anyGuard(rt, memstore.New())
		live(rt, guard)
		rows := drawRows(rt)
		var before []store.Record
		for round := range 3 {
			results := make([][]list.Result, 2)
			reports := make([]list.Report, 2)
			for i, g := range []*optout.Guard{guard.With(readOnly{guard.Store(), t}), guard} {
				var err error
				reports[i], err = list.Import(t.Context(), g, account, rows, &list.Options{
					ID: "list", DryRun: i == 0, Each: func(r list.Result) { results[i] = append(results[i], r) },
				})
				require.NoError(rt, err)
			}
			reports[0].DryRun = false
			require.Equal(rt, reports[1], reports[0])
			require.Equal(rt, errorless(results[1]), errorless(results[0]))
			if round > 0 {
				require.Zero(rt, reports[1].Changed)
			}
			// An opt-out in bare digits that was older than a START in the same digits is recorded
			// under the digits alone. When the list has a newer one of the same digits, the START
			// no longer counts, and the second import records it under the number, too.
			again := round == 1 && slices.ContainsFunc(results[1], func(r list.Result) bool {
				return r.Outcome == list.RowNew && !strings.Contains(r.Row.Number, "+")
			})
			if round > 0 && !again {
				require.Zero(rt, reports[1].New)
				require.Equal(rt, before, dump(t, guard), "a second import changes nothing")
			}
			before = dump(t, guard)
		}
	})
}

// errorless has texts in the place of errors.
func errorless(results []list.Result) []list.Result {
	results = slices.Clone(results)
	for i := range results {
		if err := results[i].Err; err != nil {
			results[i].Err = errors.New(err.Error())
		}
	}
	return results
}

// TestAnImportOpensNoGate imports random lists after random histories: who was opted out or
// held stays so, and who has an opt-out in the list that no START is newer than is opted out.
func TestAnImportOpensNoGate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		guard := anyGuard(rt, memstore.New())
		live(rt, guard)
		before := map[string]store.Status{}
		for _, number := range numbers() {
			if number != "" {
				before[number] = gate(t, guard, number).Status
			}
		}
		_, err := list.Import(t.Context(), guard, account, drawRows(rt), &list.Options{ID: "list"})
		require.NoError(rt, err)
		for number, was := range before {
			is := gate(t, guard, number).Status
			if was == store.OptedOut || was == store.Held {
				require.Contains(rt, []store.Status{store.OptedOut, was}, is, number)
			}
		}
	})
}
