package list_test

import (
	"context"
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

// TestTheRefusedRowsAreRefusedAgain if nobody corrects them: no row becomes an opt-out or a
// consent on its way through the file.
func TestTheRefusedRowsAreRefusedAgain(t *testing.T) {
	for name, file := range map[string]string{
		"no opt-out":        "Handynummer;Abgemeldet\n0171 1234567;Nein\n0171 1234568;vielleicht\n0171 1234569;\n",
		"unknown statuses":  "number,status\n+14155550101,pending\n+14155550102,\n+14155550103,sent\n",
		"consent, no date":  "number,status,at\n+14155550101,consent,31.02.2025\n+14155550102,consent,03/04/2025\n",
		"consent, long ago": "number,status,at\n+14155550103,consent,1999-01-01\n",
		"no number":         "number,status\nnobody,opted-out\n4.15555E+09,opted-out\n,opted-out\n",
		"a quote":           "number,status\n\"+14155550101,opted-out\n",
		"JSON, a status":    `{"number":"+14155550101","status":"pending"}`,
		"JSON, no date":     `{"number":"+14155550102","status":"consent","day":"soon"}`,
		"a date, and a day": `{"number":"+14155550101","status":"consent","at":"2025-03-04T10:00:00Z","day":"2025-03-04"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "DE", RequireOptIn: true})
			rows := list.ReadCSV(strings.NewReader(file), nil)
			if strings.HasPrefix(file, "{") {
				rows = list.ReadJSONLines(strings.NewReader(file))
			}
			for _, id := range []string{"first", "second", "first"} {
				var refused strings.Builder
				report, err := list.Import(t.Context(), guard, account, rows, &list.Options{ID: id, Refused: &refused})
				require.NoError(t, err)
				require.NotZero(t, report.Rows)
				require.Equal(t, report.Rows, report.Refused, refused.String())
				rows = list.ReadCSV(strings.NewReader(refused.String()), nil)
			}
		})
	}
}

// TestARowThatIsRecordedWithoutItsDateIsAmongTheRefused, and importing it again records nothing.
func TestARowThatIsRecordedWithoutItsDateIsAmongTheRefused(t *testing.T) {
	const file = "phone,date\n+14155550101,03/04/2025\n+14155550102,2025-03-04\n+14155550103,soon\n"
	rapid.Check(t, func(t *rapid.T) {
		clock := now
		s := memstore.New()
		guard, err := optout.New(s, &optout.Options{Now: func() time.Time { return clock }})
		require.NoError(t, err)
		ctx := context.Background()
		rows, undated := list.ReadCSV(strings.NewReader(file), nil), 2
		for range 3 {
			var refused strings.Builder
			opts := &list.Options{ID: rapid.SampledFrom([]string{"first", "second"}).Draw(t, "id"), Refused: &refused}
			report, err := list.Import(ctx, guard, account, rows, opts)
			require.NoError(t, err)
			require.Equal(t, undated, report.Undated)
			for _, want := range []string{"'+14155550101,,03/04/2025,", "'+14155550103,,soon,"} {
				require.Contains(t, refused.String(), want)
			}
			require.NotContains(t, refused.String(), "0102")
			require.Equal(t, 3, strings.Count(refused.String(), "\n"))
			rows, undated = list.ReadCSV(strings.NewReader(refused.String()), nil), 0
			for _, number := range []string{"+14155550101", "+14155550103"} {
				m := optout.Message{ID: clock.String(), Account: account, From: number, Text: "START", ReceivedAt: clock}
				_, err := guard.Receive(ctx, m)
				require.NoError(t, err)
				d, err := guard.Gate(ctx, account, number)
				require.NoError(t, err)
				require.True(t, d.Allowed, "the contact came back, and a file that nobody corrected does not block them again")
			}
			clock = clock.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour)
			for _, number := range []string{"+14155550101", "+14155550103"} {
				d, err := guard.Gate(ctx, account, number)
				require.NoError(t, err)
				require.True(t, d.Allowed)
			}
		}
	})

	// Corrected, and with its status, it is recorded with its date.
	guard := newGuard(t, memstore.New(), optout.Options{})
	var refused strings.Builder
	imported(t, guard, list.ReadCSV(strings.NewReader(file), nil), list.Options{Refused: &refused})
	corrected := strings.Replace(refused.String(), "'+14155550101,,03/04/2025", "+14155550101,opted-out,2025-04-03", 1)
	report, _ := imported(t, guard, list.ReadCSV(strings.NewReader(corrected), nil), list.Options{})
	require.Equal(t, list.Report{ID: "march", Rows: 2, New: 1, Refused: 1}, report)
}

// TestAnOptOutIsNeverReadAsAConsent where a list has columns for both.
func TestAnOptOutIsNeverReadAsAConsent(t *testing.T) {
	for _, file := range []string{
		"phone,opted_out,opted_in\n+14155550101,03/04/2025,yes\n",
		"phone,opted_out,opted_in\n+14155550101,x!,yes\n",
		"phone,opted_out,opted_in\n+14155550101,1.0,yes\n",
		"phone,opted_out,opted_in\n+14155550101,2024-13-45,yes\n",
		"phone,opted_out,opted_in\n+14155550101,unsubscribed 3 March,yes\n",
		"phone,opted_in,opted_out_at\n+14155550101,yes,2025-03-04\n",
		"phone,opted_in,opted_out_at\n+14155550101,yes,soon\n",
		"phone,status,unsubscribed_at\n+14155550101,active,2025-03-04\n",
		"phone,opted_in_at,opted_out_at\n+14155550101,2025-01-01,2025-03-04\n",
	} {
		for _, consents := range []bool{false, true} {
			guard := newGuard(t, memstore.New(), optout.Options{RequireOptIn: true})
			rows := list.ReadCSV(strings.NewReader(file), &list.CSVOptions{Consents: consents})
			report, err := list.Import(t.Context(), guard, account, rows, &list.Options{ID: "march"})
			require.NoError(t, err)
			require.Equal(t, 1, report.Rows)
			require.NotEqual(t, store.OptedIn, gate(t, guard, "+14155550101").Status, file)
		}
	}
	guard := newGuard(t, memstore.New(), optout.Options{RequireOptIn: true})
	rows := list.ReadCSV(strings.NewReader("phone,opted_out,opted_in\n+14155550101,no,yes\n+14155550102,,yes\n"), nil)
	report, err := list.Import(t.Context(), guard, account, rows, &list.Options{ID: "march"})
	require.NoError(t, err)
	require.Equal(t, 2, report.New)
	require.Equal(t, store.OptedIn, gate(t, guard, "+14155550102").Status)
}

func TestAnAccountThatTheHostDoesNotHaveIsAnError(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{Accounts: []string{account}})
	for _, other := range []string{"Other", "", "\xff"} {
		for _, dry := range []bool{false, true} {
			report, err := list.Import(t.Context(), guard, other, numbered(2, nil), &list.Options{ID: "march", DryRun: dry})
			require.ErrorIs(t, err, optout.ErrInvalidAccount)
			require.Zero(t, report.Rows)
		}
		_, err := list.Revert(t.Context(), guard, other, list.Reversal{ID: "march", Actor: "ben", Note: "wrong file"})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
	}
}

func TestARevertTakesBackWhatWasErased(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{DefaultRegion: "DE"})
	numbers := []string{"0171 1234567", "+14155550101", "01711234568", "+5511987654321"}
	var rows []any
	for _, number := range numbers {
		rows = append(rows, list.Row{Number: number, At: day})
	}
	rows = append(rows, list.Row{Number: "+14155550102", At: day, Consent: true})
	report, err := list.Import(t.Context(), guard, account, of(rows...), &list.Options{ID: "march"})
	require.NoError(t, err)
	require.Equal(t, len(rows), report.New)
	for _, number := range append(numbers, "+14155550102") {
		_, err := guard.Erase(t.Context(), optout.Erasure{Account: account, Number: number, Actor: "eve", Note: "asked by mail"})
		require.NoError(t, err)
	}
	done, err := list.Revert(t.Context(), guard, account, list.Reversal{ID: "march", Actor: "ben", Note: "wrong file"})
	require.NoError(t, err)
	require.Equal(t, list.Reverted{ID: "march", Voided: len(rows)}, done)
	for _, number := range append(numbers, "+14155550102") {
		require.Equal(t, store.Unknown, gate(t, guard, number).Status, number)
	}
}
