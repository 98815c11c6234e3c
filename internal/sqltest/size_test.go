package sqltest_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

var (
	numbersFlag     = flag.Int("numbers", 0, "how many numbers TestALargeTable fills in, with three events each; 0: it is skipped")
	partitionedFlag = flag.String("partitioned", "", "columns by which TestALargeTable partitions the tables: account, or account, number")
)

// TestALargeTable measures the store on tables of many numbers, each of which has opted out, in
// and out again, and prints what it measures. It fails only if an answer is wrong.
//
//	go -C internal/sqltest test -run TestALargeTable -v -timeout 3h . -args -numbers 1000000
func TestALargeTable(t *testing.T) {
	if *numbersFlag == 0 {
		t.Skip("it takes minutes and gigabytes: -numbers 1000000")
	}
	for _, v := range named(mainPostgres, mainMySQL) {
		t.Run(v.name, func(t *testing.T) {
			l := &large{v: v, n: *numbersFlag}
			l.st, l.db = v.readyAt(t, v.database(t))
			if *partitionedFlag != "" {
				partition(t, v, l.db, *partitionedFlag)
			}
			l.report(t, "fill, rows by the database itself, 1/s", func() float64 { return l.perSecond(4*l.n, func() { l.fill(t) }) })
			l.measure(t)
			l.sizes(t)
		})
	}
}

// large is a store with many numbers.
type large struct {
	v    variant
	st   *sqlstore.Store
	db   *sql.DB
	n    int // numbers that are there
	next int // numbers beyond n that are there by now
}

func (l *large) report(t *testing.T, what string, f func() float64) {
	t.Helper()
	t.Logf("| %s | %s | %d | %.5g |", l.v.name, what, l.n, f())
}

// perSecond returns how many of count things f does in a second.
func (l *large) perSecond(count int, f func()) float64 {
	begin := time.Now()
	f()
	return float64(count) / time.Since(begin).Seconds()
}

// spread is a prime: the i-th number of the fill is the number spread*i mod n, since contacts text in any order.
const spread = 2_654_435_761

// fill lets the database write the rows as the store would have left them.
func (l *large) fill(t *testing.T) {
	t.Helper()
	require.NotZero(t, spread%l.n, "every number must come up")
	if l.v.dialect == sqlstore.MySQL { // at 10^7, hours without
		const cache = "innodb_buffer_pool_size"
		before := texts(t, l.db, "SELECT @@"+cache)
		must(t, l.db, "SET GLOBAL "+cache+" = 8 << 30")
		defer func() {
			must(t, l.db, "SET GLOBAL "+cache+" = "+before[0])
			require.Eventually(t, func() bool { return slices.Equal(before, texts(t, l.db, "SELECT @@"+cache)) }, patience, time.Second)
		}()
	}
	series, evidence := "SELECT seq AS x FROM seq_%d_to_%d", "BINARY"
	if l.v.dialect == sqlstore.PostgreSQL {
		series, evidence = "SELECT x FROM generate_series(CAST(%d AS bigint), %d) AS x", "bytea"
	}
	const rows = 50_000
	for first := 0; first < l.n; first += rows {
		last := min(first+rows, l.n) - 1
		spreads := fmt.Sprintf("SELECT x * %d %% %d AS i FROM (%s) AS s", spread, l.n, fmt.Sprintf(series, first, last))
		numbers := "SELECT i, CONCAT('+1', 200 + FLOOR(i / 10000000), LPAD(CONCAT(i % 10000000), 7, '0')) AS number FROM (" + spreads + ") AS s"
		// Opted out, in and out: actions, statuses before, and words.
		steps := "SELECT 0 AS n, 1 AS action, 0 AS prior, 'STOP' AS body UNION ALL SELECT 1, 2, 2, 'START' UNION ALL SELECT 2, 1, 1, 'STOP'"
		const id = "CONCAT('SM', LPAD(CONCAT(3 * i + %s), 32, '0'))"
		at := noon.UnixMicro()
		must(t, l.db,
			fmt.Sprintf("INSERT INTO "+l.v.table("state")+" (account, number, backwards, status, action, at_us, received_us, "+
				"recorded_us, source, event_id, events, holds_from, untidy, half) "+
				"SELECT '%s', number, REVERSE(number), 2, 1, %d, %[2]d, %[2]d, 'keyword', "+fmt.Sprintf(id, "2")+", 3, 0, 0, 0 FROM (%[3]s) AS s",
				account, at+2, numbers),
			fmt.Sprintf("INSERT INTO "+l.v.table("events")+" (account, number, seq, event_id, action, at_us, received_us, "+
				"recorded_us, source, prior, effective, sender, recipient, body, keyword, keyword_set, actor, note) "+
				"SELECT '%s', number, n + 1, "+fmt.Sprintf(id, "n")+", action, %d + n, %[2]d + n, %[2]d + n, 'keyword', prior, 1, "+
				"CAST(number AS %[3]s), '%[4]s', CAST(body AS %[3]s), CAST(body AS %[3]s), '1-1a1904443a26b293', '', '' "+
				"FROM (%[5]s) AS s CROSS JOIN (%[6]s) AS steps", account, at, evidence, ours, numbers, steps))
		if first%1_000_000 == 0 {
			t.Logf("%v: %d numbers are there", time.Now().Format(time.TimeOnly), last+1)
		}
	}
	l.analyze(t)
}

func (l *large) analyze(t *testing.T) {
	t.Helper()
	for _, table := range []string{"state", "events"} {
		statement := map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "VACUUM ANALYZE ", sqlstore.MySQL: "ANALYZE TABLE "}[l.v.dialect]
		must(t, l.db, statement+l.v.table(table))
	}
}

// times reports the median and the 99th percentile of calls that are made one after the other.
func (l *large) times(t *testing.T, what string, calls int, f func() error) {
	t.Helper()
	took := make([]time.Duration, 0, calls)
	for range calls {
		begin := time.Now()
		require.NoError(t, f())
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	for _, percent := range []int{50, 99} {
		l.report(t, fmt.Sprintf("%s, µs, p%d", what, percent), func() float64 {
			return float64(took[(calls-1)*percent/100].Nanoseconds()) / 1e3
		})
	}
}

func (l *large) measure(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	guard := newGuard(t, l.st)
	gate := func(offset int, want bool) func() error {
		return func() error {
			d, err := guard.Gate(ctx, account, numberAt(offset+rand.IntN(l.n)))
			require.Equal(t, want, d.Allowed)
			return err
		}
	}
	const calls = 3_000
	l.times(t, "gate of a number that opted out", calls, gate(0, false))
	l.times(t, "gate of an unknown number", calls, gate(1_000_000_000, true))
	const batch = 100_000
	l.report(t, "batch of 100,000 numbers, µs a number", func() float64 {
		asked := make([]string, batch)
		for i := range asked {
			asked[i] = numberAt(rand.IntN(10 * l.n))
		}
		return 1e6 / l.perSecond(batch, func() {
			_, err := l.st.GetBatch(ctx, account, asked)
			require.NoError(t, err)
		})
	})
	l.report(t, "list of all opt-outs, rows/s", func() float64 {
		return l.perSecond(l.n, func() {
			listed := 0
			for _, err := range guard.OptedOut(ctx, account) {
				require.NoError(t, err)
				listed++
			}
			require.Equal(t, l.n, listed)
		})
	})
	l.times(t, "search of a number by its last 7 digits", 200, func() error {
		number := numberAt(rand.IntN(l.n))
		page, err := l.st.Search(ctx, store.SearchQuery{Account: account, Suffix: number[len(number)-7:]})
		require.NotEmpty(t, page.States)
		return err
	})
	l.times(t, "append of a first STOP", calls, func() error { return l.append(ctx, l.n+l.more(), "first") })
	l.times(t, "append to a number with three events", calls, func() error {
		return l.append(ctx, rand.IntN(l.n), fmt.Sprint(rand.Uint64()))
	})
	const imported = 50_000
	l.report(t, "import of 50,000 new numbers, 1/s", func() float64 {
		return l.perSecond(imported, func() {
			for range imported / 1_000 {
				var events []store.Event
				for range 1_000 {
					events = append(events, sent("import", store.Key{Account: account, Number: numberAt(l.n + l.more())}, store.OptOut, noon))
				}
				_, err := l.st.AppendBatch(ctx, events)
				require.NoError(t, err)
			}
		})
	})
	l.report(t, "vacuum or analyze, s", func() float64 { return 1 / l.perSecond(1, func() { l.analyze(t) }) })
}

func (l *large) more() int { l.next++; return l.next }

func (l *large) append(ctx context.Context, i int, id string) error {
	number := numberAt(i)
	_, err := l.st.Append(ctx, store.Event{
		ID: id, Key: store.Key{Account: account, Number: number}, Action: store.OptOut, At: noon, ReceivedAt: noon,
		Source: store.SourceKeyword, From: number, To: ours, Text: "STOP", Keyword: "STOP",
	})
	return err
}

// sizes prints the bytes of each table and index.
func (l *large) sizes(t *testing.T) {
	t.Helper()
	queries := map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: `SELECT regexp_replace(name, '_[0-9]+(_|$)', '\1') || ' ' || SUM(bytes) FROM (
			SELECT c.relname AS name, pg_relation_size(c.oid) AS bytes FROM pg_class c
			WHERE c.relkind IN ('r', 'i') AND c.relname LIKE 'consent%') AS s
			GROUP BY regexp_replace(name, '_[0-9]+(_|$)', '\1') HAVING SUM(bytes) > 100000 ORDER BY 1`,
		sqlstore.MySQL: "SELECT CONCAT(SUBSTRING_INDEX(table_name, '#', 1), ' ', index_name, ' ', SUM(stat_value) * @@innodb_page_size) " +
			"FROM mysql.innodb_index_stats WHERE database_name = DATABASE() AND stat_name = 'size' " +
			"GROUP BY SUBSTRING_INDEX(table_name, '#', 1), index_name HAVING SUM(stat_value) > 9 ORDER BY 1",
	}
	for _, line := range texts(t, l.db, queries[l.v.dialect]) {
		t.Logf("| %s | bytes of %s |", l.v.name, line)
	}
}
