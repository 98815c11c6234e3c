package store_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

var updateTable = flag.Bool("update-table", false, "write the table of docs/state-machine.md anew")

const stateMachine = "../docs/state-machine.md"

// TestTheTableOfTheStateMachineIsTheRule computes the table of docs/state-machine.md: the
// status after an event that is an hour newer, or an hour older, than what is in force.
func TestTheTableOfTheStateMachineIsTheRule(t *testing.T) {
	page, err := os.ReadFile(stateMachine)
	require.NoError(t, err)
	const begin, end = "<!-- table -->\n", "<!-- end of table -->"
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	table, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if *updateTable {
		require.NoError(t, os.WriteFile(stateMachine, []byte(before+begin+computedTable(t)+end+after), 0o644))
		return
	}
	require.Equal(t, computedTable(t), table, "run go test ./store -update-table")
}

func computedTable(t *testing.T) string {
	t.Helper()
	ten := time.Date(2026, time.March, 1, 10, 0, 0, 0, time.UTC)
	event := func(id string, action store.Action, at time.Time) store.Event {
		return store.Event{ID: id, Key: store.Key{Account: "acme", Number: "+14155552671"}, Action: action, At: at}
	}
	rows := []struct {
		name   string
		events []store.Event
	}{
		{"Unknown", nil},
		{"OptedIn, by consent", []store.Event{event("c", store.Consent, ten)}},
		{"OptedIn, by START", []store.Event{event("i", store.OptIn, ten)}},
		{"Held", []store.Event{event("h", store.Hold, ten)}},
		{"Held, START before", []store.Event{event("i", store.OptIn, ten.Add(-2*time.Hour)), event("h", store.Hold, ten)}},
		{"OptedOut", []store.Event{event("o", store.OptOut, ten)}},
		{"OptedOut, hold waits", []store.Event{event("h", store.Hold, ten), event("o", store.OptOut, ten)}},
	}
	columns := []struct {
		name string
		ev   store.Event
	}{
		{"OptOut newer", event("n", store.OptOut, ten.Add(time.Hour))},
		{"OptOut older", event("n", store.OptOut, ten.Add(-time.Hour))},
		{"OptIn newer", event("n", store.OptIn, ten.Add(time.Hour))},
		{"OptIn older", event("n", store.OptIn, ten.Add(-time.Hour))},
		{"Consent", event("n", store.Consent, ten.Add(time.Hour))},
		{"Hold newer", event("n", store.Hold, ten.Add(time.Hour))},
		{"Hold older", event("n", store.Hold, ten.Add(-time.Hour))},
		{"Release of the hold", event("h", store.Release, ten)},
		{"Uphold of the hold", event("h", store.Uphold, ten)},
	}
	var b strings.Builder
	b.WriteString("| in force |")
	for _, column := range columns {
		fmt.Fprintf(&b, " %s |", column.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, row := range rows {
		fmt.Fprintf(&b, "| **%s** |", row.name)
		for _, column := range columns {
			ledger := store.NewLedger(event("", store.OptOut, ten).Key, nil)
			for _, ev := range row.events {
				_, err := ledger.Append(ev, ten)
				require.NoError(t, err)
			}
			result, err := ledger.Append(column.ev, ten)
			cell := strings.ReplaceAll(result.State.Status.String(), "-", " ")
			switch {
			case err != nil:
				require.ErrorIs(t, err, store.ErrInvalid)
				cell = "refused"
			case !result.Record.Effective:
				cell = "(" + cell + ")"
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}
