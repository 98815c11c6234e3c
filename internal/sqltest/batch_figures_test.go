package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// BenchmarkAppendBatch records opt-outs of new numbers, more with CONSENT_BENCH_APPENDED:
// by two statements of many rows in a transaction, which look at nothing; as batches of
// 1,000; and one by one, of which it takes a part.
func BenchmarkAppendBatch(b *testing.B) {
	const size = 1_000
	batches := fromEnv(b, "CONSENT_BENCH_APPENDED", 10_000) / size
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			// Each way has a database of its own: in one that grows, the later ways are slower.
			own := func(b *testing.B) (*sqlstore.Store, *sql.DB, func(store.Action) []store.Event) {
				b.Helper()
				st, db, next := measured(b, v)
				return st, db, func(action store.Action) []store.Event {
					all := make([]store.Event, size)
					for i := range all {
						next++
						all[i] = store.Event{
							ID: fmt.Sprintf("import-%d", next), Key: store.Key{Account: account, Number: numberAt(next)}, Action: action, At: noon,
							Source: store.SourceImport, From: numberAt(next), Actor: "anna", Note: "list of March",
						}
					}
					return all
				}
			}
			perEvent := func(b *testing.B, events int) {
				b.Helper()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events)/float64(b.N), "ns/event")
			}
			appended := func(b *testing.B, action store.Action) {
				b.Helper()
				st, _, events := own(b)
				b.ReportAllocs()
				for b.Loop() {
					for range batches {
						_, err := st.AppendBatch(b.Context(), events(action))
						require.NoError(b, err)
					}
				}
				perEvent(b, batches*size)
			}
			b.Run("blind", func(b *testing.B) {
				_, db, events := own(b)
				for b.Loop() {
					for range batches {
						require.NoError(b, blindBatch(b.Context(), v, db, events(store.OptOut)))
					}
				}
				perEvent(b, batches*size)
			})
			b.Run("store", func(b *testing.B) { appended(b, store.OptOut) })
			b.Run("consents", func(b *testing.B) { appended(b, store.Consent) }) // whose status comes after the events
			b.Run("one-by-one", func(b *testing.B) {
				st, _, events := own(b)
				for b.Loop() {
					for _, ev := range events(store.OptOut) {
						_, err := st.Append(b.Context(), ev)
						require.NoError(b, err)
					}
				}
				perEvent(b, size)
			})
			b.Run("again", func(b *testing.B) { // all of them duplicates
				st, _, events := own(b)
				known := events(store.OptOut)
				_, err := st.AppendBatch(b.Context(), known)
				require.NoError(b, err)
				for b.Loop() {
					results, err := st.AppendBatch(b.Context(), known)
					require.NoError(b, err)
					require.True(b, results[0].Duplicate)
				}
				perEvent(b, size)
			})
		})
	}
}

// blindBatch writes states and events in two statements for each 500, in one transaction.
func blindBatch(ctx context.Context, v variant, db *sql.DB, events []store.Event) error {
	const rows = 500
	nothing := map[sqlstore.Dialect]string{sqlstore.SQLite: "x''"}[v.dialect]
	if nothing == "" {
		nothing = "''"
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for first := 0; first < len(events); first += rows {
		var stateArgs, eventArgs []any
		for _, ev := range events[first:min(first+rows, len(events))] {
			now := time.Now().UnixMicro()
			stateArgs = append(stateArgs, account, ev.Key.Number, backwards(ev.Key.Number), noon.UnixMicro(), nil, now, ev.ID)
			eventArgs = append(eventArgs, account, ev.Key.Number, ev.ID, noon.UnixMicro(), nil, now,
				[]byte(ev.From), []byte{}, []byte(ev.Actor), []byte(ev.Note))
		}
		upsert := "INSERT INTO " + v.table("state") + " (account, number, backwards, status, action, at_us, received_us, recorded_us, source, " +
			"event_id, events, holds_from, untidy, half) VALUES " + repeated("(?, ?, ?, 2, 1, ?, ?, ?, 'import', ?, 1, 0, 0, 0)", len(stateArgs)/7)
		if v.dialect == sqlstore.MySQL {
			upsert += " ON DUPLICATE KEY UPDATE events = events + 1"
		} else {
			upsert += " ON CONFLICT (account, number) DO UPDATE SET events = excluded.events + 1"
		}
		if _, err := tx.ExecContext(ctx, v.question(upsert), stateArgs...); err != nil {
			return err
		}
		insert := "INSERT INTO " + v.table("events") + " (account, number, seq, event_id, action, at_us, received_us, recorded_us, source, " +
			"prior, effective, sender, recipient, body, keyword, keyword_set, actor, note) VALUES " +
			repeated("(?, ?, 1, ?, 1, ?, ?, ?, 'import', 0, 1, ?, ?, "+nothing+", "+nothing+", "+nothing+", ?, ?)", len(eventArgs)/10)
		if _, err := tx.ExecContext(ctx, v.question(insert), eventArgs...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func repeated(row string, n int) string { return strings.Repeat(row+", ", n-1) + row }
