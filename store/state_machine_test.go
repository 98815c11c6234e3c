package store_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
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
		ev := store.Event{ID: id, Key: store.Key{Account: "acme", Number: "+14155552671"}, Action: action, At: at}
		if action == store.OptOut || action == store.Consent {
			ev.Source = store.SourceAgent
		}
		return ev
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
		{"Void of what the host recorded", store.Event{}}, // of the last event
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
			ev := column.ev
			if ev.Action == store.NoAction {
				ev = void(event("", store.OptIn, ten))
				if last := len(row.events) - 1; last >= 0 {
					ev = void(row.events[last])
				}
			}
			result, err := ledger.Append(ev, ten)
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

var (
	arrow      = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+): (.*)$`)
	actionName = regexp.MustCompile(`OptOut|OptIn|Consent|Hold|Release|Uphold|Ask|Retract|Void`)
)

// TestThePictureOfTheStateMachineIsTheRule compares the arrows of the picture, and the
// actions beside each, with what sequences of up to four events do.
func TestThePictureOfTheStateMachineIsTheRule(t *testing.T) {
	page, err := os.ReadFile(stateMachine)
	require.NoError(t, err)
	drawn := changes{}
	for _, found := range arrow.FindAllStringSubmatch(string(page), -1) {
		for _, action := range actionName.FindAllString(found[3], -1) {
			drawn.add(found[1], found[2], action)
		}
	}
	computed := changes{}
	computed.follow(t, nil, 4)
	require.Equal(t, computed.lines(), drawn.lines())
}

// changes are the actions that lead from one status to another.
type changes map[string]map[string]bool

func (c changes) add(from, to, action string) {
	arrow := from + " --> " + to
	if c[arrow] == nil {
		c[arrow] = map[string]bool{}
	}
	c[arrow][action] = true
}

func (c changes) lines() (lines []string) {
	for _, arrow := range slices.Sorted(maps.Keys(c)) {
		lines = append(lines, fmt.Sprint(arrow, slices.Sorted(maps.Keys(c[arrow]))))
	}
	return lines
}

// follow plays every sequence that goes on from events with up to more of them.
func (c changes) follow(t *testing.T, events []store.Event, more int) {
	t.Helper()
	ledger := func() *store.Ledger {
		l := store.NewLedger(key, nil)
		for i, ev := range events {
			_, err := l.Append(ev, minute(20+i))
			require.NoError(t, err)
		}
		return l
	}
	before := ledger().State().Status
	for _, next := range nextOf(events) {
		result, err := ledger().Append(next, minute(30))
		if err != nil {
			require.ErrorIs(t, err, store.ErrInvalid) // a review of what is no text
			continue
		}
		if now := result.State.Status; now != before {
			c.add(camel(before.String()), camel(now.String()), camel(next.Action.String()))
		}
		if more > 1 {
			c.follow(t, slices.Concat(events, []store.Event{next}), more-1)
		}
	}
}

// nextOf returns the events that may follow: of each action before, at and after a time,
// and the reviews and the Voids of the events before.
func nextOf(events []store.Event) (next []store.Event) {
	for _, action := range append(slices.Clone(plain), store.Ask) {
		for at := 1; at <= 3; at++ {
			ev := event(fmt.Sprint(len(events)), action, minute(at))
			switch {
			case action == store.OptOut && at == 2:
				ev.Source = store.SourceText
			case action == store.OptOut && at == 1:
				ev.Source = store.SourceImport
			}
			next = append(next, ev)
		}
	}
	for _, text := range events {
		for _, action := range []store.Action{store.Release, store.Uphold, store.Retract} {
			next = append(next, review(action, text))
		}
		next = append(next, void(text))
	}
	return next
}

// camel returns a word of String as Go and the picture write it.
func camel(word string) string {
	var name strings.Builder
	for part := range strings.SplitSeq(word, "-") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}
