package sqltest_test

import (
	"database/sql"
	"database/sql/driver"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// quickCases are cases of the suite that together run each statement of the store.
var quickCases = []string{
	"RandomEvents", "Times", "LongText", "KeyByteForByte", "IDByteForByte", "UnknownKey", "Duplicate", "ReusedID", "Retracts",
	"HoldOpens", "HoldWaits", "HoldEnds", "ReleaseEndsOne", "UpholdOptsOut", "ReviewsLimit", "ReviewsCursor", "ReviewsSlice",
	"HistoryCursor", "HistorySlice", "BatchSlice", "ListCursor", "ListSlice", "SearchSlice", "CountNow", "EventIDsSlice", "RecordsSlice",
	"ChangesCursor", "ChangesSlice", "ChangesBatch", "AppendBatchOrder", "AppendBatchDuplicate", "AppendBatchSlice",
	"EraseOne", "EraseKeeps", "EraseListed", "VoidAgain", "VoidNames",
}

// allBut returns what the suite skips to play these cases only.
func allBut(cases []string) map[string]string {
	skip := map[string]string{}
	for name := range storetest.Cases() {
		if !slices.Contains(cases, name) {
			skip[name] = "other tests of this engine play it"
		}
	}
	return skip
}

// TestOtherVersionsOfPostgreSQL plays a part of the suite with each version, and a COMMIT whose
// reply is lost, in a transaction of the store and of the host.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestOtherVersionsOfPostgreSQL(t *testing.T) {
	if *stressFlag {
		t.Skip("the tests of every variant play it all")
	}
	for _, v := range named(versions()...) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dsn := v.dsn(t)
			st, db := v.readyAt(t, dsn)
			var version string
			require.NoError(t, db.QueryRowContext(t.Context(), "SHOW server_version").Scan(&version))
			require.True(t, strings.HasPrefix(version, strings.TrimPrefix(v.name, "postgres-")+"."), version)

			storetest.Run(t, func(testing.TB) store.Store { return st }, &storetest.Options{
				Timeout: patience, Skip: allBut(quickCases), Late: v.late(),
			})

			must(t, db, dropHost, hostTable)
			for _, play := range []script{playWithFaults, playInTxWithFaults} {
				faulty := sql.OpenDB(faultConnector{
					v.connector(t, dsn),
					&faultPlan{kind: callCommit, fail: 1, err: driver.ErrBadConn, after: true},
				})
				play(t, v, faulty, st, db)
				_ = faulty.Close()
			}
		})
	}
}
