package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

const (
	account = "acme"
	ours    = "+14155550100"
)

var (
	noon    = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	numbers atomic.Int64
)

// newNumber returns one that no test has used.
func newNumber() string {
	const each = 9_000 // of an area
	areas := []string{
		"415", "212", "310", "312", "617", "206", "303", "404", "512", "702", "713", "305",
		"201", "202", "203", "205", "207", "208", "209", "210", "213", "214", "215", "216", "217", "218", "219", "224",
		"225", "228", "229", "231", "234", "239", "240", "248", "251", "252", "253", "254", "256", "260", "262", "267",
	}
	n := int(numbers.Add(1))
	return "+1" + areas[n/each%len(areas)] + "555" + strconv.Itoa(1_000+n%each)
}

func newKey() store.Key { return store.Key{Account: account, Number: newNumber()} }

func event(id string, key store.Key, action store.Action, minutes int) store.Event {
	return store.Event{ID: id, Key: key, Action: action, At: noon.Add(time.Duration(minutes) * time.Minute), Source: store.SourceKeyword}
}

func stop(id, from string) optout.Message {
	return optout.Message{ID: id, Account: account, From: from, To: ours, Text: "STOP", At: noon}
}

func newGuard(tb testing.TB, st store.Store) *optout.Guard {
	tb.Helper()
	guard, err := optout.New(st, nil)
	require.NoError(tb, err)
	return guard
}

// patience is how long a test waits for what comes by itself, on a machine that has much
// else to do.
const patience = 5 * time.Minute

// neverGivesUp is Options.MaxRetries of a host that runs a call again until it wins. By default
// an error tells the host after some tries, which a test of what is stored in the end must not
// depend on.
const neverGivesUp = 1_000_000

// closeAtEnd closes a pool when the test has ended. An error of Close fails no test: a driver takes
// leave of each connection, and cannot where the test has killed the server.
func closeAtEnd(tb testing.TB, db *sql.DB) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Log("a pool was closed:", err)
		}
	})
}

// untilNoConflict does again what lost against others, as a host does.
func untilNoConflict(do func() error) error {
	for {
		if err := do(); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

// appendNow appends as a host does that handles errors.
func appendNow(tb testing.TB, st store.Store, ev store.Event) {
	tb.Helper()
	_, err := st.Append(tb.Context(), ev)
	require.NoError(tb, err)
}

// history returns all records of a key.
func history(tb testing.TB, st store.Store, key store.Key) []store.Record {
	tb.Helper()
	var records []store.Record
	q := store.HistoryQuery{Key: key, Limit: store.MaxLimit}
	for {
		page, err := st.History(tb.Context(), q)
		require.NoError(tb, err)
		records = append(records, page.Records...)
		if page.Next == "" {
			return records
		}
		q.After = page.Next
	}
}

// ids returns those of a key's events, in the order of recording.
func ids(tb testing.TB, st store.Store, key store.Key) []string {
	tb.Helper()
	all := []string{}
	for _, ev := range history(tb, st, key) {
		all = append(all, ev.ID)
	}
	return all
}

// consistent holds the state of a key against its history: what the rule makes of
// the events in the order of recording.
func consistent(tb testing.TB, st store.Store, key store.Key) {
	tb.Helper()
	want := store.NewLedger(key, nil)
	for i, record := range history(tb, st, key) {
		result, err := want.Append(record.Event, record.RecordedAt)
		require.NoError(tb, err, "event %d of %v: %+v", i, key, record)
		require.Equal(tb, result.Record, record, "event %d of %v", i, key)
	}
	got, err := st.Get(tb.Context(), key)
	require.NoError(tb, err)
	require.Equal(tb, want.State(), got)
}

// must runs statements of the host.
func must(tb testing.TB, db interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}, statements ...string,
) {
	tb.Helper()
	for _, statement := range statements {
		_, err := db.ExecContext(tb.Context(), statement)
		require.NoError(tb, err, statement)
	}
}

// one returns the number that a query of the host gives.
func one(tb testing.TB, db *sql.DB, query string) int {
	tb.Helper()
	var n int
	require.NoError(tb, db.QueryRowContext(tb.Context(), query).Scan(&n), query)
	return n
}

// backwards returns a text of ASCII backwards.
func backwards(text string) string {
	bytes := []byte(text)
	slices.Reverse(bytes)
	return string(bytes)
}
