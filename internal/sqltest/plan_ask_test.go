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

// TestACountReadsItsIndexAlone: the entries of the index by status, in its order, and no row.
func TestACountReadsItsIndexAlone(t *testing.T) {
	for _, v := range mainVariants() {
		t.Run(v.name, func(t *testing.T) {
			dsn := v.database(t)
			db := v.open(t, dsn)
			require.NoError(t, v.on(t, db).Migrate(t.Context()))
			fillTables(t, v, db, *rowsFlag)
			if v.dialect == sqlstore.PostgreSQL {
				must(t, db, "VACUUM "+v.table("state")) // as autovacuum does: it tells which pages need no look
			}
			rec := &recorder{inner: db.Driver(), dsn: dsn}
			heard := sql.OpenDB(rec)
			defer heard.Close()
			st := v.on(t, heard)
			for name, count := range map[string]func() (store.Counts, error){
				"Count": func() (store.Counts, error) { return st.Count(t.Context(), account) },
				"Count in a transaction": func() (counts store.Counts, err error) {
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
					require.Equal(t, int64(*rowsFlag)*9/10, counts.OptedIn+counts.OptedOut)
				})
				said = slices.DeleteFunc(said, func(s statement) bool { return !strings.Contains(s.query, " counts'") })
				require.NotEmpty(t, said)
				for _, s := range said {
					plan := explain(t, v, db, s)
					require.NotRegexp(t, fullScan(v.dialect), plan, plan)
					require.Regexp(t, indexOnly[v.dialect], plan, plan)
				}
			}
		})
	}
}
