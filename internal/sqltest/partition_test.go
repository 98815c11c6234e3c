package sqltest_test

import (
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// partitionColumns are those by whose hash docs/databases.md partitions the tables.
const partitionColumns = "account, number"

// partition runs the statements of docs/databases.md on the tables that Migrate has made, with
// these columns.
func partition(tb testing.TB, v variant, db *sql.DB, columns string) {
	tb.Helper()
	text, err := os.ReadFile("../../docs/databases.md")
	require.NoError(tb, err)
	_, block, found := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), fmt.Sprintf("<!-- partitions: %s -->\n```sql\n", v.dialect))
	require.True(tb, found, "no statements for %s", v.dialect)
	block, _, _ = strings.Cut(block, "```")
	for _, by := range []string{"HASH", "KEY"} {
		block = strings.ReplaceAll(block, "PARTITION BY "+by+" ("+partitionColumns+")", "PARTITION BY "+by+" ("+columns+")")
	}
	if v.dialect == sqlstore.PostgreSQL {
		must(tb, db, block) // a DO has statements inside
		return
	}
	for statement := range strings.SplitSeq(block, ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			must(tb, db, statement)
		}
	}
}

// partitions counts the parts of the three tables.
func partitions(tb testing.TB, v variant, db *sql.DB) int {
	tb.Helper()
	return one(tb, db, map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: "SELECT COUNT(*) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE relkind = 'r'",
		sqlstore.MySQL:      "SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = DATABASE() AND partition_name IS NOT NULL",
	}[v.dialect])
}

// TestTheStoreWorksOnPartitionedTables that had records before. It plays the suite with -stress.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestTheStoreWorksOnPartitionedTables(t *testing.T) {
	for _, v := range named(mainPostgres, mainMySQL) { // SQLite has no partitions
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			onPartitionedTables(t, v, partitionColumns)
		})
		t.Run(v.name+" by account", func(t *testing.T) {
			t.Parallel()
			if !*stressFlag {
				t.Skip("-stress")
			}
			onPartitionedTables(t, v, "account")
		})
	}
}

func onPartitionedTables(t *testing.T, v variant, columns string) {
	t.Helper()
	dsn := v.database(t)
	st, db := v.readyAt(t, dsn)
	var keys []store.Key
	for i := range 20 {
		key := newKey()
		appendNow(t, st, event("held", key, store.Hold, i))
		appendNow(t, st, event("stop", key, store.OptOut, i+1))
		keys = append(keys, key)
	}
	made := indexes(t, v, db)

	partition(t, v, db, columns)
	const parts = 3 * 16
	require.Equal(t, parts, partitions(t, v, db))
	require.Equal(t, made, indexes(t, v, db), "the indexes that Migrate makes")
	require.NoError(t, st.Check(t.Context()))
	require.NoError(t, st.Migrate(t.Context()))
	require.NoError(t, st.Check(t.Context()))
	require.Equal(t, parts, partitions(t, v, db), "Migrate leaves them")

	guard := newGuard(t, st)
	for _, key := range keys {
		d, err := guard.Gate(t.Context(), key.Account, key.Number)
		require.NoError(t, err)
		require.False(t, d.Allowed)
		again, err := st.Append(t.Context(), event("stop", key, store.OptOut, slices.Index(keys, key)+1))
		require.NoError(t, err)
		require.True(t, again.Duplicate)
		consistent(t, st, key)
	}
	listed, err := store.List(t.Context(), st, store.ListQuery{Account: account, Status: store.OptedOut, Limit: store.MaxLimit})
	require.NoError(t, err)
	require.Len(t, listed.States, len(keys))
	require.Empty(t, audited(t.Context(), t, st, nil))

	if v.dialect == sqlstore.PostgreSQL && !v.server(t).Foreign() { // the events on another disk
		slow := "slow_by_" + strings.ReplaceAll(columns, ", ", "_")
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		must(t, conn, "SET allow_in_place_tablespaces = true", "CREATE TABLESPACE "+slow+" LOCATION ''",
			"ALTER TABLE consent_events_0 SET TABLESPACE "+slow)
		require.NoError(t, conn.Close())
		require.NoError(t, st.Check(t.Context()))
		require.Empty(t, audited(t.Context(), t, st, nil))
	}
	if *stressFlag {
		storetest.Run(t, func(testing.TB) store.Store { return st }, &storetest.Options{
			Brief: true, Timeout: time.Minute, Late: v.late(), Seed: chance.Seed(),
			Reopen: func(store.Store) (store.Store, error) { return v.on(t, v.open(t, dsn)), nil },
		})
		requireLinearizable(t, 60, 6, st, v.on(t, v.open(t, dsn)))
		require.Empty(t, audited(t.Context(), t, st, nil))
	}
}

// indexes are the names of the tables' indexes, those of the parts not included, with their
// columns.
func indexes(tb testing.TB, v variant, db *sql.DB) []string {
	tb.Helper()
	rows, err := db.QueryContext(tb.Context(), map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: "SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid " +
			"WHERE indrelid IN ('consent_state'::regclass, 'consent_events'::regclass, 'consent_holds'::regclass)",
		sqlstore.MySQL: "SELECT CONCAT_WS(' ', table_name, index_name, seq_in_index, column_name) FROM information_schema.statistics " +
			"WHERE table_schema = DATABASE() AND table_name LIKE 'consent_%'",
	}[v.dialect])
	require.NoError(tb, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		require.NoError(tb, rows.Scan(&text))
		all = append(all, strings.ReplaceAll(text, "ON ONLY ", "ON "))
	}
	require.NoError(tb, rows.Err())
	require.NotEmpty(tb, all)
	slices.Sort(all)
	return all
}
