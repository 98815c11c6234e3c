package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// The benchmarks of this file put the store beside the plain code that a host would
// write, on the same database in the same run.

// benched are the variants that are measured: one driver a database, as most use it.
func benched() []variant {
	return slices.DeleteFunc(allVariants(), func(v variant) bool {
		return v.name != mainSQLite && v.name != mainPostgres && v.name != mainMySQL && v.name != "mariadb-interpolate"
	})
}

// filled is how many numbers have opted out in a database that is measured. More
// with CONSENT_BENCH_ROWS.
func filled(b *testing.B) int {
	b.Helper()
	return fromEnv(b, "CONSENT_BENCH_ROWS", 10_000)
}

func fromEnv(b *testing.B, name string, n int) int {
	b.Helper()
	if given := os.Getenv(name); given != "" {
		_, err := fmt.Sscan(given, &n)
		require.NoError(b, err)
	}
	return n
}

// fillUp makes a database of n opted-out numbers of one account, with an event each,
// as the store would have left them.
func fillUp(b *testing.B, v variant, db *sql.DB, n int) {
	b.Helper()
	const rows = 500 // of one statement; SQLite takes 32,766 arguments
	state := "INSERT INTO " + v.table("state") + " (account, number, backwards, status, action, at_us, received_us, " +
		"recorded_us, source, event_id, events, holds_from, untidy, half) VALUES "
	event := "INSERT INTO " + v.table("events") + " (account, number, seq, event_id, action, at_us, received_us, " +
		"recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note) VALUES "
	at := noon.UnixMicro()
	for first := 0; first < n; first += rows {
		var states, events []any
		for i := first; i < min(first+rows, n); i++ {
			number, id := numberAt(i), fmt.Sprintf("SM%032d", i)
			states = append(states, account, number, backwards(number), 2, 1, at, at, at, "keyword", id, 1, 0, 0, 0)
			events = append(events, account, number, 1, id, 1, at, at, at, "keyword", 0, 1,
				[]byte(number), []byte(ours), []byte("STOP"), []byte("STOP"), []byte("1-1a1904443a26b293"), []byte{}, []byte{})
		}
		insertRows(b, v, db, state, states, 14)
		insertRows(b, v, db, event, events, 18)
	}
	switch v.dialect {
	case sqlstore.PostgreSQL:
		must(b, db, "VACUUM ANALYZE")
	case sqlstore.MySQL:
		must(b, db, "ANALYZE TABLE "+v.table("state"), "ANALYZE TABLE "+v.table("events"))
	case sqlstore.SQLite:
		must(b, db, "ANALYZE")
	}
}

// insertRows runs an INSERT of as many rows as there are arguments for.
func insertRows(b *testing.B, v variant, db *sql.DB, insert string, args []any, columns int) {
	b.Helper()
	row := "(" + strings.Repeat("?, ", columns-1) + "?)"
	text := insert + strings.Repeat(row+", ", len(args)/columns-1) + row
	_, err := db.ExecContext(b.Context(), v.question(text), args...)
	require.NoError(b, err)
}

func numberAt(i int) string { return fmt.Sprintf("+1%03d%07d", 200+i/10_000_000, i%10_000_000) }

// measured opens a database of its own and fills it.
func measured(b *testing.B, v variant) (*sqlstore.Store, *sql.DB, int) {
	b.Helper()
	db := v.open(b, v.database(b))
	st := v.on(b, db)
	require.NoError(b, st.Migrate(b.Context()))
	n := filled(b)
	fillUp(b, v, db, n)
	return st, db, n
}

func (v variant) question(query string) string {
	if v.dialect != sqlstore.PostgreSQL {
		return query
	}
	var numbered strings.Builder
	for i, part := range strings.Split(query, "?") {
		if i > 0 {
			fmt.Fprintf(&numbered, "$%d", i)
		}
		numbered.WriteString(part)
	}
	return numbered.String()
}

// BenchmarkGet reads one row: by a bare prepared SELECT, by the store, and by the
// gate, from 1, 8 and 32 goroutines. It reports the median and the 99th percentile.
func BenchmarkGet(b *testing.B) {
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, db, n := measured(b, v)
			guard := newGuard(b, st)
			text := v.question("SELECT status, at_us, received_us, recorded_us, source, event_id FROM " + v.table("state") +
				" WHERE account = ? AND number = ?")
			plain, err := db.PrepareContext(b.Context(), text)
			require.NoError(b, err)
			defer func() { require.NoError(b, plain.Close()) }()
			ways := []struct {
				name string
				get  func(ctx context.Context, number string) error
			}{
				{"plain", func(ctx context.Context, number string) error {
					var status, recorded int64
					var at, received sql.NullInt64
					var source, id string
					return plain.QueryRowContext(ctx, account, number).Scan(&status, &at, &received, &recorded, &source, &id)
				}},
				{"store", func(ctx context.Context, number string) error {
					_, err := st.Get(ctx, store.Key{Account: account, Number: number})
					return err
				}},
				{"gate", func(ctx context.Context, number string) error {
					_, err := guard.Gate(ctx, account, number)
					return err
				}},
			}
			for _, goroutines := range []int{1, 8, 32} {
				for _, way := range ways {
					b.Run(fmt.Sprintf("%d/%s", goroutines, way.name), func(b *testing.B) {
						percentiles(b, goroutines, func() error { return way.get(b.Context(), numberAt(rand.IntN(n))) })
					})
				}
			}
		})
	}
}

// percentiles calls f b.N times from some goroutines.
func percentiles(b *testing.B, goroutines int, f func() error) {
	b.Helper()
	took := make([][]time.Duration, goroutines)
	var wg sync.WaitGroup
	b.ResetTimer()
	for g := range goroutines {
		wg.Go(func() {
			for range b.N/goroutines + 1 {
				start := time.Now()
				if err := f(); err != nil {
					b.Error(err)
					return
				}
				took[g] = append(took[g], time.Since(start))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// BenchmarkAppend records opt-outs of new numbers: by hand-written code that returns
// the same facts in one transaction, and by the store.
func BenchmarkAppend(b *testing.B) {
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, db, n := measured(b, v)
			next := n
			b.Run("plain", func(b *testing.B) {
				for b.Loop() {
					next++
					require.NoError(b, plainAppend(b.Context(), v, db, numberAt(next), next))
				}
			})
			b.Run("store", func(b *testing.B) {
				for b.Loop() {
					next++
					_, err := st.Append(b.Context(), store.Event{
						ID: fmt.Sprintf("SM%032d", next), Key: store.Key{Account: account, Number: numberAt(next)}, Action: store.OptOut, At: noon,
						Source: store.SourceKeyword, From: numberAt(next), To: ours, Text: "STOP", Keyword: "STOP",
					})
					require.NoError(b, err)
				}
			})
		})
	}
}

// plainAppend is the same work by hand: lock the row, look for the id, write the
// event and the state.
func plainAppend(ctx context.Context, v variant, db *sql.DB, number string, n int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	upsert := "INSERT INTO " + v.table("state") + " (account, number, backwards, status, action, recorded_us, source, " +
		"event_id, events, holds_from, untidy, half) VALUES (?, ?, ?, 2, 1, 0, 'keyword', ?, 1, 0, 0, 0) "
	if v.dialect == sqlstore.MySQL {
		upsert += "ON DUPLICATE KEY UPDATE events = events + 1"
	} else {
		upsert += "ON CONFLICT (account, number) DO UPDATE SET events = excluded.events + 1"
	}
	id := fmt.Sprintf("SM%032d", n)
	if _, err := tx.ExecContext(ctx, v.question(upsert), account, number, backwards(number), id); err != nil {
		return err
	}
	var status, events int64
	row := tx.QueryRowContext(ctx, v.question("SELECT status, events FROM "+v.table("state")+
		" WHERE account = ? AND number = ?"), account, number)
	if err := row.Scan(&status, &events); err != nil {
		return err
	}
	insert := "INSERT INTO " + v.table("events") + " (account, number, seq, event_id, action, at_us, received_us, " +
		"recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note) VALUES (?, ?, ?, ?, 1, ?, NULL, ?, 'keyword', 0, 1, ?, ?, ?, ?, ?, ?, ?)"
	_, err = tx.ExecContext(ctx, v.question(insert), account, number, events, id, noon.UnixMicro(), time.Now().UnixMicro(),
		[]byte(number), []byte(ours), []byte("STOP"), []byte("STOP"), []byte{}, []byte{}, []byte{})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// BenchmarkGateBatch asks for many numbers, more with CONSENT_BENCH_ASKED: one by one,
// and as a batch.
func BenchmarkGateBatch(b *testing.B) {
	size := fromEnv(b, "CONSENT_BENCH_ASKED", 10_000)
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, _, n := measured(b, v)
			asked := make([]string, size)
			for i := range asked { // a tenth of them opted out
				asked[i] = numberAt(i*10%(10*n) + i%10)
			}
			perNumber := func(b *testing.B) {
				b.Helper()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/number")
			}
			b.Run("one-by-one", func(b *testing.B) {
				for b.Loop() {
					for _, number := range asked {
						_, err := st.Get(b.Context(), store.Key{Account: account, Number: number})
						require.NoError(b, err)
					}
				}
				perNumber(b)
			})
			b.Run("batch", func(b *testing.B) {
				for b.Loop() {
					_, err := st.GetBatch(b.Context(), account, asked)
					require.NoError(b, err)
				}
				perNumber(b)
			})
		})
	}
}

// BenchmarkGateSeq decides about the recipients of a campaign, more with
// CONSENT_BENCH_ASKED, of whom a tenth opted out: one by one, and by GateSeq.
func BenchmarkGateSeq(b *testing.B) {
	size := fromEnv(b, "CONSENT_BENCH_ASKED", 10_000)
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, _, n := measured(b, v)
			guard := newGuard(b, st)
			asked := make([]string, size)
			for i := range asked {
				asked[i] = numberAt(i*10%(10*n) + i%10)
			}
			perNumber := func(b *testing.B) {
				b.Helper()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/number")
			}
			b.Run("one-by-one", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, number := range asked {
						if _, err := guard.Gate(b.Context(), account, number); err != nil && !errors.Is(err, optout.ErrInvalidNumber) {
							b.Fatal(err)
						}
					}
				}
				perNumber(b)
			})
			b.Run("gateseq", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, err := range optout.GateSeq(b.Context(), guard, account, slices.Values(asked), func(number string) string { return number }) {
						if err != nil {
							b.Fatal(err)
						}
					}
				}
				perNumber(b)
			})
		})
	}
}

// BenchmarkList reads the master list: by a bare SELECT in order, and by the Guard.
func BenchmarkList(b *testing.B) {
	for _, v := range benched() {
		b.Run(v.name, func(b *testing.B) {
			st, db, n := measured(b, v)
			guard, err := optout.New(st, nil)
			require.NoError(b, err)
			perNumber := func(b *testing.B) {
				b.Helper()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
			}
			b.Run("plain", func(b *testing.B) {
				text := v.question("SELECT number, status, at_us, received_us, recorded_us, source, event_id FROM " +
					v.table("state") + " WHERE account = ? AND status = 2 ORDER BY number")
				for b.Loop() {
					require.Equal(b, n, plainList(b, db, text))
				}
				perNumber(b)
			})
			b.Run("store", func(b *testing.B) {
				for b.Loop() {
					seen := 0
					for _, err := range guard.OptedOut(b.Context(), account) {
						if err != nil {
							b.Fatal(err)
						}
						seen++
					}
					require.Equal(b, n, seen)
				}
				perNumber(b)
			})
		})
	}
}

func plainList(b *testing.B, db *sql.DB, text string) int {
	b.Helper()
	rows, err := db.QueryContext(b.Context(), text, account)
	require.NoError(b, err)
	defer func() { require.NoError(b, rows.Close()) }()
	seen := 0
	for rows.Next() {
		var status, recorded int64
		var at, received sql.NullInt64
		var number, source, id string
		if err := rows.Scan(&number, &status, &at, &received, &recorded, &source, &id); err != nil {
			b.Fatal(err)
		}
		seen++
	}
	require.NoError(b, rows.Err())
	return seen
}

// BenchmarkSize reports the bytes on disk for a number that opted out once: its
// state, its event, and their indexes.
func BenchmarkSize(b *testing.B) {
	for _, v := range benched() {
		if v.name == "mariadb-interpolate" {
			continue
		}
		b.Run(v.name, func(b *testing.B) {
			_, db, n := measured(b, v)
			size := map[sqlstore.Dialect]string{
				sqlstore.SQLite:     "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
				sqlstore.PostgreSQL: "SELECT pg_total_relation_size('" + v.table("state") + "') + pg_total_relation_size('" + v.table("events") + "')",
				sqlstore.MySQL: "SELECT SUM(data_length + index_length) FROM information_schema.tables " +
					"WHERE table_schema = DATABASE() AND table_name IN ('" + v.table("state") + "', '" + v.table("events") + "')",
			}[v.dialect]
			for b.Loop() {
				b.ReportMetric(float64(one(b, db, size))/float64(n), "bytes/number")
			}
		})
	}
}
