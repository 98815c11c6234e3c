package sqltest_test

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// indexOnly is how a plan tells that the table itself is not read.
var indexOnly = map[sqlstore.Dialect]*regexp.Regexp{
	sqlstore.SQLite:     regexp.MustCompile(`SEARCH consent_state USING COVERING INDEX consent_state_by_status \(account=\? AND status>\?\)`),
	sqlstore.PostgreSQL: regexp.MustCompile(`"Index Only Scan"(?s:.*)"consent_state_by_status"`),
	sqlstore.MySQL:      regexp.MustCompile(`"key": *"consent_state_by_status"(?s:.*)"using_index": *true`),
}

// checkCountPlans: a count reads the entries of the index by status, in its order, and no row.
func checkCountPlans(t *testing.T, v variant, db *sql.DB, rec *recorder, st *sqlstore.Store) {
	t.Helper()
	if v.dialect == sqlstore.PostgreSQL {
		must(t, db, "VACUUM "+v.table("state")) // as autovacuum does: it tells which pages need no look
	}
	for name, count := range map[string]func() (store.KeyCounts, error){
		"Count": func() (store.KeyCounts, error) { return st.Count(t.Context(), account) },
		"Count in a transaction": func() (counts store.KeyCounts, err error) {
			err = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				counts, err = store.Count(ctx, st.WithTx(tx), account)
				return err
			})
			return counts, err
		},
	} {
		said := rec.during(func() {
			counts, err := count()
			require.NoError(t, err, name)
			require.GreaterOrEqual(t, counts.OptedIn+counts.OptedOut, int64(*rowsFlag)*9/10)
		})
		said = slices.DeleteFunc(said, func(s statement) bool { return !strings.Contains(s.query, " counts'") })
		require.NotEmpty(t, said)
		for _, s := range said {
			plan := explain(t, v, db, s)
			require.NotRegexp(t, fullScan(v.dialect), plan, plan)
			require.Regexp(t, indexOnly[v.dialect], plan, plan)
		}
	}
}

// backwardsOf are the numbers of fillTables, backwards.
var backwardsOf = map[sqlstore.Dialect]string{
	sqlstore.SQLite: "substr(printf('%08d', n), 8, 1) || substr(printf('%08d', n), 7, 1) || substr(printf('%08d', n), 6, 1) || " +
		"substr(printf('%08d', n), 5, 1) || substr(printf('%08d', n), 4, 1) || substr(printf('%08d', n), 3, 1) || " +
		"substr(printf('%08d', n), 2, 1) || substr(printf('%08d', n), 1, 1) || '+'",
	sqlstore.PostgreSQL: "reverse(lpad(n::text, 8, '0')) || '+'",
	sqlstore.MySQL:      "CONCAT(REVERSE(LPAD(n, 8, '0')), '+')",
}

// checkSearchPlans: a search reads a range of its index, also where many numbers begin or end
// so, and where the status is that of few or of nearly all.
func checkSearchPlans(t *testing.T, v variant, db *sql.DB, rec *recorder, st *sqlstore.Store) {
	t.Helper()
	for _, q := range []store.SearchQuery{{Prefix: "+00001"}, {Prefix: "+"}, {Suffix: "01200"}, {Suffix: "0"}, {Suffix: "none"}} {
		for _, q.Status = range []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held} {
			q.Account = account
			var plain, bound []store.State
			said := rec.during(func() {
				plain = searchTwoPages(t.Context(), t, st, q)
				require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					bound = searchTwoPages(ctx, t, st.WithTx(tx), q)
					return nil
				}))
			})
			require.Equal(t, plain, bound)
			if q.Status == store.Unknown {
				require.Equal(t, q.Suffix == "none", len(plain) == 0, "%+v", q)
			}
			for _, s := range said {
				plan := explain(t, v, db, s)
				if q.Status == store.Held { // a status of few: to read and sort these is right, too
					plan = strings.NewReplacer("filesort", "sort", "state_by_status", "state_backwards").Replace(plan)
				}
				require.NotRegexp(t, fullScan(v.dialect), plan, "%.300s\n%s", s.query, plan)
				if q.Suffix != "" && strings.Contains(s.query, "backwards") {
					require.Contains(t, plan, "state_backwards", "%.300s\n%s", s.query, plan)
				}
			}
		}
	}
}

func searchTwoPages(ctx context.Context, t *testing.T, s store.Store, q store.SearchQuery) []store.State {
	t.Helper()
	q.Limit = 10
	page, err := store.Search(ctx, s, q)
	require.NoError(t, err)
	found := page.States
	if q.After = page.Next; q.After != "" {
		page, err = store.Search(ctx, s, q)
		require.NoError(t, err)
		found = append(found, page.States...)
	}
	return found
}
