package sqltest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// statement is what a store says to its database.
type statement struct {
	query string
	args  []any
}

// recorder is a driver's connector that notes what is said to it.
type recorder struct {
	inner driver.Driver
	dsn   string

	mu   sync.Mutex
	said []statement
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) {
	conn, err := r.inner.Open(r.dsn)
	if err != nil {
		return nil, err
	}
	return &recordedConn{conn, r}, nil
}

// Driver implements [driver.Connector].
func (r *recorder) Driver() driver.Driver { return r.inner }

func (r *recorder) note(query string, args []driver.NamedValue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := statement{query: query}
	for _, arg := range args {
		s.args = append(s.args, arg.Value)
	}
	r.said = append(r.said, s)
}

// during returns what was said while f ran.
func (r *recorder) during(f func()) []statement {
	r.mu.Lock()
	r.said = nil
	r.mu.Unlock()
	f()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.said)
}

// recordedConn offers only what all drivers have: prepared statements.
type recordedConn struct {
	driver.Conn
	r *recorder
}

func (c *recordedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	conn, ok := c.Conn.(driver.ConnBeginTx)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return conn.BeginTx(ctx, opts)
}

func (c *recordedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	conn, ok := c.Conn.(driver.ConnPrepareContext)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	stmt, err := conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &recordedStmt{stmt, query, c.r}, nil
}

type recordedStmt struct {
	driver.Stmt
	query string
	r     *recorder
}

func (s *recordedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.r.note(s.query, args)
	stmt, ok := s.Stmt.(driver.StmtExecContext)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return stmt.ExecContext(ctx, args)
}

func (s *recordedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.r.note(s.query, args)
	stmt, ok := s.Stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return stmt.QueryContext(ctx, args)
}

// TestPlansHaveNoFullScan fills the tables, listens to what each call says, and
// asks the database how it goes about it.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestPlansHaveNoFullScan(t *testing.T) {
	for _, v := range mainVariants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dsn := v.database(t)
			db := v.open(t, dsn)
			require.NoError(t, v.on(t, db).Migrate(t.Context()))
			fillTables(t, v, db, *rowsFlag)

			rec := &recorder{inner: db.Driver(), dsn: dsn}
			heard := sql.OpenDB(rec)
			defer heard.Close()
			st := v.on(t, heard)
			key := store.Key{Account: account, Number: "+00000042"}
			thousand := make([]string, store.MaxLimit)
			for i := range thousand {
				thousand[i] = fmt.Sprintf("+%08d", 7*i)
			}
			many := make([]store.Event, 600) // half of them of new keys
			for i := range many {
				key := store.Key{Account: account, Number: fmt.Sprintf("+%08d", i*(*rowsFlag)/300)}
				many[i] = event("batch", key, []store.Action{store.OptOut, store.Consent}[i%2], 9)
			}
			inTx := func(f func(ctx context.Context, bound store.Store) error) func() error {
				return func() error {
					return st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error { return f(ctx, st.WithTx(tx)) })
				}
			}
			calls := map[string]func() error{
				"Get": func() error {
					_, err := st.Get(t.Context(), key)
					return err
				},
				"Get in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					_, err := bound.Get(ctx, key)
					return err
				}),
				"GetBatch": func() error {
					states, err := st.GetBatch(t.Context(), account, thousand)
					if err == nil {
						require.Len(t, states, len(thousand))
						require.Equal(t, store.OptedOut, states[1].Status)
					}
					return err
				},
				"GetBatch of two": func() error {
					_, err := st.GetBatch(t.Context(), account, thousand[:2])
					return err
				},
				"GetBatch in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					_, err := store.GetBatch(ctx, bound, account, thousand)
					return err
				}),
				"Append of a new one": func() error {
					_, err := st.Append(t.Context(), event("new", key, store.OptOut, 9))
					return err
				},
				"Append of a duplicate": func() error {
					again, err := st.Append(t.Context(), event("new", key, store.OptOut, 9))
					require.True(t, again.Duplicate)
					return err
				},
				"Append in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					_, err := bound.Append(ctx, event("in", key, store.OptIn, 3))
					return err
				}),
				"AppendBatch": func() error {
					_, err := st.AppendBatch(t.Context(), many)
					return err
				},
				"AppendBatch again, in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					again, err := store.AppendBatch(ctx, bound, many)
					if err == nil {
						require.True(t, again[0].Duplicate && again[len(again)-1].Duplicate)
					}
					return err
				}),
				"History": func() error {
					page, err := st.History(t.Context(), store.HistoryQuery{Key: key, Limit: 1})
					if err == nil {
						_, err = st.History(t.Context(), store.HistoryQuery{Key: key, After: page.Next})
					}
					return err
				},
				"List": func() error {
					return listTwoPages(t, st, store.Unknown)
				},
				"Append to a held key": inTx(func(ctx context.Context, bound store.Store) error {
					for _, ev := range []store.Event{
						event("hold", key, store.Hold, 20), event("hold2", key, store.Hold, 21), event("stop", key, store.OptOut, 22),
						event("hold3", key, store.Hold, 24), event("start", key, store.OptIn, 23), event("hold3", key, store.Release, 24),
						event("hold4", key, store.Hold, 25),
					} {
						if _, err := bound.Append(ctx, ev); err != nil {
							return err
						}
					}
					return nil
				}),
				"Reviews": func() error {
					page, err := st.Reviews(t.Context(), store.ReviewQuery{Account: account, Limit: 1})
					if err == nil {
						require.Len(t, page.Records, 1)
						_, err = st.Reviews(t.Context(), store.ReviewQuery{Account: account, After: page.Next, Limit: 5})
					}
					return err
				},
				"EventIDs": func() error {
					q := store.IDsQuery{Account: account, Prefix: "m", Limit: 500}
					page, err := st.EventIDs(t.Context(), q)
					if err == nil {
						require.Len(t, page.Records, q.Limit)
						q.After = page.Next
						_, err = st.EventIDs(t.Context(), q)
					}
					return err
				},
				"EventIDs in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					page, err := store.EventIDs(ctx, bound, store.IDsQuery{Account: account, Prefix: "none/"})
					require.Empty(t, page.Records)
					return err
				}),
				"Void": func() error {
					wrong := imported("wrong", key, 30)
					_, err := st.Append(t.Context(), wrong)
					if err == nil {
						_, err = st.Append(t.Context(), void(wrong))
					}
					return err
				},
				"Changes": func() error {
					page, err := st.Changes(t.Context(), store.ChangesQuery{Account: account, Limit: 500})
					if err == nil {
						require.Len(t, page.Records, 500)
						page, err = st.Changes(t.Context(), store.ChangesQuery{Account: account, After: page.Next, Limit: 500})
						require.Len(t, page.Records, 500)
					}
					return err
				},
				"Changes since a time": func() error {
					page, err := st.Changes(t.Context(), store.ChangesQuery{Account: account, Since: time.UnixMicro(1_000_000)})
					require.Len(t, page.Records, store.DefaultLimit)
					return err
				},
				"Changes at their end": func() error {
					page, err := st.Changes(t.Context(), store.ChangesQuery{Account: "nobody"})
					require.Empty(t, page.Records)
					return err
				},
				"List of one status": func() error {
					return listTwoPages(t, st, store.OptedIn)
				},
				"Erase": func() error {
					return st.Erase(t.Context(), key, "anna", "letter", noon)
				},
				"Erase in a transaction": inTx(func(ctx context.Context, bound store.Store) error {
					return store.EraseKey(ctx, bound, key, "anna", "letter", noon.Add(time.Hour))
				}),
				"Erase of a key that was never seen": func() error {
					return st.Erase(t.Context(), store.Key{Account: account, Number: "+nobody"}, "anna", "letter", noon)
				},
				// A review of a hold whose sender is told apart from another one.
				"Erase of texts that are alike": inTx(func(ctx context.Context, bound store.Store) error {
					hold := event("alike", key, store.Hold, 30)
					for _, from := range []string{"one", "two"} {
						hold.From = from
						if _, err := bound.Append(ctx, hold); err != nil {
							return err
						}
					}
					hold.Action = store.Release
					if _, err := bound.Append(ctx, hold); err != nil {
						return err
					}
					return store.EraseKey(ctx, bound, key, "anna", "letter", noon.Add(2*time.Hour))
				}),
			}
			for _, name := range []string{
				"Get", "Get in a transaction", "GetBatch", "GetBatch of two", "GetBatch in a transaction",
				"Append of a new one", "Append of a duplicate", "Append in a transaction",
				"AppendBatch", "AppendBatch again, in a transaction", "History", "List", "List of one status",
				"Append to a held key", "Reviews", "EventIDs", "EventIDs in a transaction", "Void",
				"Changes", "Changes since a time", "Changes at their end",
				"Erase", "Erase in a transaction", "Erase of a key that was never seen", "Erase of texts that are alike",
			} {
				t.Run(name, func(t *testing.T) {
					said := rec.during(func() { require.NoError(t, calls[name]()) })
					require.NotEmpty(t, said)
					for _, s := range said {
						plan := explain(t, v, db, s)
						require.NotRegexp(t, fullScan(v.dialect), plan, "%.200s\n%s", s.query, plan)
					}
				})
			}
			t.Run("Search", func(t *testing.T) { checkSearchPlans(t, v, db, rec, st) })
			t.Run("Count", func(t *testing.T) { checkCountPlans(t, v, db, rec, st) })
		})
	}
}

func listTwoPages(t *testing.T, st *sqlstore.Store, status store.Status) error {
	t.Helper()
	q := store.ListQuery{Account: account, Status: status, Limit: 500}
	page, err := st.List(t.Context(), q)
	if err == nil {
		require.Len(t, page.States, 500)
		q.After = page.Next
		_, err = st.List(t.Context(), q)
	}
	return err
}

// fillTables makes rows of two accounts, one in a hundred opted in, with one event each.
func fillTables(t *testing.T, v variant, db *sql.DB, rows int) {
	t.Helper()
	numbers := map[sqlstore.Dialect]string{
		sqlstore.SQLite:     "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < %d) SELECT %s FROM n",
		sqlstore.PostgreSQL: "SELECT %[2]s FROM generate_series(0, %[1]d) AS n",
		sqlstore.MySQL:      "SELECT %[2]s FROM (SELECT seq AS n FROM seq_0_to_%[1]d) AS n",
	}[v.dialect]
	number := map[sqlstore.Dialect]string{
		sqlstore.SQLite:     "printf('+%08d', n)",
		sqlstore.PostgreSQL: "'+' || lpad(n::text, 8, '0')",
		sqlstore.MySQL:      "CONCAT('+', LPAD(n, 8, '0'))",
	}[v.dialect]
	acct := fmt.Sprintf("CASE WHEN n %% 10 = 9 THEN 'other' ELSE '%s' END", account)
	status := "CASE WHEN n % 100 = 0 THEN 1 ELSE 2 END"
	blob := map[sqlstore.Dialect]string{sqlstore.SQLite: "x''", sqlstore.PostgreSQL: "''::bytea", sqlstore.MySQL: "''"}[v.dialect]
	must(t, db,
		"INSERT INTO "+v.table("state")+" (account, number, backwards, status, action, at_us, "+
			"recorded_us, source, event_id, events, holds_from, untidy, half) "+
			fmt.Sprintf(numbers, rows-1, acct+", "+number+", "+backwardsOf[v.dialect]+", "+
				status+", 3 - "+status+", 1000000, 1000000, 'keyword', 'm', 1, 0, 0, 0"),
		"INSERT INTO "+v.table("events")+" (account, number, seq, event_id, action, at_us, recorded_us, source, prior, effective, "+
			"sender, recipient, body, keyword, keyword_set, actor, note) "+
			fmt.Sprintf(numbers, rows-1,
				acct+", "+number+", 1, 'm', 3 - "+status+", 1000000, 1000000, 'keyword', 0, 1"+strings.Repeat(", "+blob, 7)))
	for _, table := range []string{v.table("state"), v.table("events")} {
		must(t, db, map[sqlstore.Dialect]string{sqlstore.MySQL: "ANALYZE TABLE "}[v.dialect]+
			map[sqlstore.Dialect]string{sqlstore.SQLite: "ANALYZE ", sqlstore.PostgreSQL: "ANALYZE "}[v.dialect]+table)
	}
	require.Equal(t, rows, one(t, db, "SELECT COUNT(*) FROM "+v.table("state")))
}

// fullScan is how a plan tells of one.
func fullScan(d sqlstore.Dialect) *regexp.Regexp {
	switch d {
	case sqlstore.SQLite:
		// json_each is the list of a GetBatch. An id without its number may be that of a whole list.
		return regexp.MustCompile(`\bSCAN (s|r|e|consent_\w+)\b|TEMP B-TREE FOR ORDER|\(account=\? AND event_id=\?\)`)
	case sqlstore.PostgreSQL:
		// A sort may be right: of what an index has found, where that is less than a page.
		return regexp.MustCompile(`Seq Scan`)
	default:
		return regexp.MustCompile(`"access_type": *"(ALL|index)"|filesort`)
	}
}

// ofConstants is MariaDB's scan of a long list of constants, or of one row of another table.
var ofConstants = regexp.MustCompile(`"table_name": "<(subquery|derived)\d+>",\s*"access_type": "ALL",`)

// explain returns the plan of a statement, which is not run.
func explain(t *testing.T, v variant, db *sql.DB, s statement) string {
	t.Helper()
	if strings.HasPrefix(s.query, "SHOW") || strings.HasPrefix(s.query, "PRAGMA") || strings.HasPrefix(s.query, "SET") {
		return ""
	}
	prefix := map[sqlstore.Dialect]string{
		sqlstore.SQLite: "EXPLAIN QUERY PLAN ", sqlstore.PostgreSQL: "EXPLAIN (FORMAT JSON) ", sqlstore.MySQL: "EXPLAIN FORMAT=JSON ",
	}[v.dialect]
	rows, err := db.QueryContext(t.Context(), prefix+s.query, s.args...)
	require.NoError(t, err, s.query)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var lines []string
	for rows.Next() {
		cells := make([]sql.RawBytes, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		require.NoError(t, rows.Scan(dest...))
		lines = append(lines, string(cells[len(cells)-1]))
	}
	require.NoError(t, rows.Err())
	plan := strings.ReplaceAll(strings.Join(lines, "\n"), "\x01", "") // of an argument, as MariaDB shows it
	plan = ofConstants.ReplaceAllString(plan, "")
	if v.dialect != sqlstore.SQLite {
		require.True(t, json.Valid([]byte(plan)), plan)
	}
	return plan
}

// TestPlansAreUnderstood: what a full scan looks like.
func TestPlansAreUnderstood(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		require.NoError(t, v.on(t, db).Migrate(t.Context()))
		fillTables(t, v, db, 2_000)
		plan := explain(t, v, db, statement{query: "SELECT number FROM " + v.table("events") + " WHERE event_id = 'x'"})
		require.Regexp(t, fullScan(v.dialect), plan)
		plan = explain(t, v, db, statement{query: "SELECT number FROM " + v.table("state") +
			" WHERE account = 'acme' ORDER BY recorded_us, source LIMIT 5"})
		require.Regexp(t, fullScan(v.dialect), plan)
	})
}
