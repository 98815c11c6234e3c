package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func imported(id string, key store.Key, minutes int) store.Event {
	ev := event(id, key, store.OptOut, minutes)
	ev.Source = store.SourceImport
	return ev
}

func void(ev store.Event) store.Event {
	return store.Event{
		ID: store.VoidPrefix + ev.ID, Key: ev.Key, Action: store.Void, Source: store.SourceAgent, Actor: "anna", Note: "the wrong list",
	}
}

// TestASTOPBesideAVoidStaysInForce: the STOP of the contact comes while two processes void
// what the host recorded.
func TestASTOPBesideAVoidStaysInForce(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		v.opts.MaxRetries = neverGivesUp
		one, other := v.on(t, v.open(t, dsn)), v.on(t, v.open(t, dsn))
		require.NoError(t, one.Migrate(t.Context()))
		for round := range 15 {
			key := newKey()
			wrong := imported("wrong", key, 20)
			appendNow(t, one, event("start", key, store.OptIn, 1))
			appendNow(t, one, wrong)
			var wg sync.WaitGroup
			results, errs := make([]store.Result, 3), make([]error, 3)
			for i, st := range []*sqlstore.Store{one, other, one} {
				wg.Go(func() {
					ev := void(wrong)
					if i == 2 {
						ev = event("stop", key, store.OptOut, 5+round%2*20) // softer than the import, or harder
					}
					results[i], errs[i] = st.Append(t.Context(), ev)
				})
			}
			wg.Wait()
			for i := range results {
				require.NoError(t, errs[i])
			}
			require.NotEqual(t, results[0].Duplicate, results[1].Duplicate, "one of two Voids is the second")
			state, err := other.Get(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, "stop", state.EventID)
			require.Equal(t, store.OptedOut, state.Status)
			require.Len(t, ids(t, one, key), 4)
			consistent(t, one, key)
		}
	})
}

// TestAHostThatCommitsAfterAnErrorOfAVoid: the gate may stay closed until the Void is
// repeated, and opens past no STOP.
func TestAHostThatCommitsAfterAnErrorOfAVoid(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, stopped := range []bool{true, false} {
			for fails, failed := 1, true; failed; fails++ {
				what := fmt.Sprintf("statement %d failed", fails)
				key := newKey()
				appendNow(t, st, event("start", key, store.OptIn, 1))
				if stopped {
					appendNow(t, st, event("stop", key, store.OptOut, 2))
				}
				wrong := imported("wrong", key, 3)
				appendNow(t, st, wrong)
				tx, err := db.BeginTx(t.Context(), nil)
				require.NoError(t, err)
				_, err = st.WithTx(&brokenTx{Tx: tx, fails: fails}).Append(t.Context(), void(wrong))
				failed = err != nil
				require.NoError(t, tx.Commit())
				want := store.OptedIn
				if stopped {
					want = store.OptedOut
				}
				state, err := st.Get(t.Context(), key)
				require.NoError(t, err, what)
				if stopped || len(ids(t, st, key)) == 2 { // without the Void
					require.Equal(t, store.OptedOut, state.Status, what)
				}
				result, err := st.Append(t.Context(), void(wrong))
				require.NoError(t, err, what)
				require.Equal(t, want, result.State.Status, what)
				consistent(t, st, key)
			}
		}
	})
}

// importMany gives a key so many opt-outs from imports, each a second newer.
func importMany(tb testing.TB, v variant, db *sql.DB, key store.Key, imports int) {
	tb.Helper()
	id := v.counted("list/")
	at := fmt.Sprintf("%d + 1000000 * n", noon.UnixMicro())
	of := fmt.Sprintf("'%s', '%s', ", key.Account, key.Number)
	last := noon.Add(time.Duration(imports) * time.Second).UnixMicro()
	must(tb, db,
		v.manyEvents(imports, of+"n, "+id+", 1, "+at+", "+at+", 'import', CASE WHEN n = 1 THEN 0 ELSE 2 END, 1"),
		fmt.Sprintf("INSERT INTO %s (account, number, backwards, status, action, at_us, recorded_us, source, event_id, "+
			"events, holds_from, untidy, half) VALUES (%s'%s', 2, 1, %d, %d, 'import', 'list/%d', %d, 0, 0, 0)",
			v.table("state"), of, backwards(key.Number), last, last, imports, imports))
}

// importOnce gives many numbers of an account a row of an import each, all with one ID, as the
// worst case of EventIDs.
func importOnce(tb testing.TB, v variant, db *sql.DB, of string, rows int) {
	tb.Helper()
	number := map[sqlstore.Dialect]string{
		sqlstore.SQLite:     "printf('+%08d', n)",
		sqlstore.PostgreSQL: "'+' || lpad(n::text, 8, '0')",
		sqlstore.MySQL:      "CONCAT('+', LPAD(n, 8, '0'))",
	}[v.dialect]
	must(tb, db, v.manyEvents(rows, "'"+of+"', "+number+", 1, 'list', 1, 1000000, 1000000, 'import', 0, 1"))
	must(tb, db, map[sqlstore.Dialect]string{
		sqlstore.SQLite: "ANALYZE ", sqlstore.PostgreSQL: "ANALYZE ", sqlstore.MySQL: "ANALYZE TABLE ",
	}[v.dialect]+v.table("events"))
}

// BenchmarkEventIDs lists 100,000 rows of an import that all have one ID, beside a plain query
// of them.
func BenchmarkEventIDs(b *testing.B) {
	const rows = 100_000
	for _, v := range mainVariants() {
		st, db := v.ready(b)
		of := "ids " + newNumber()
		importOnce(b, v, db, of, rows)
		b.Run(v.name+"/EventIDs", func(b *testing.B) {
			for b.Loop() {
				listed := 0
				for q := (store.IDsQuery{Account: of, Prefix: "list", Limit: store.MaxLimit}); listed == 0 || q.After != ""; {
					page, err := st.EventIDs(b.Context(), q)
					require.NoError(b, err)
					listed, q.After = listed+len(page.Records), page.Next
				}
				require.Equal(b, rows, listed)
			}
		})
		b.Run(v.name+"/plain", func(b *testing.B) {
			for b.Loop() {
				require.Equal(b, rows, plainIDs(b, v, db, of))
			}
		})
	}
}

// plainIDs reads rows by their ID by hand, and returns how many there are.
func plainIDs(b *testing.B, v variant, db *sql.DB, of string) (listed int) {
	b.Helper()
	query := v.question("SELECT number, event_id, note FROM " + v.table("events") + " WHERE account = ? AND event_id = ? ORDER BY number")
	found, err := db.QueryContext(b.Context(), query, of, "list")
	require.NoError(b, err)
	defer found.Close()
	for found.Next() {
		var number, id string
		var note []byte
		require.NoError(b, found.Scan(&number, &id, &note))
		listed++
	}
	require.NoError(b, found.Err())
	return listed
}

// BenchmarkVoid voids an event of a key with 100,000 records, beside a plain reading of all
// of them.
func BenchmarkVoid(b *testing.B) {
	const records = 100_000
	for _, v := range mainVariants() {
		st, db := v.ready(b)
		key := newKey()
		importMany(b, v, db, key, records)
		voided := records
		b.Run(v.name+"/Void", func(b *testing.B) {
			for b.Loop() {
				result, err := st.Append(b.Context(), void(imported(fmt.Sprint("list/", voided), key, 0)))
				require.NoError(b, err)
				voided--
				require.Equal(b, fmt.Sprint("list/", voided), result.State.EventID)
			}
		})
		b.Run(v.name+"/History", func(b *testing.B) {
			for b.Loop() {
				require.GreaterOrEqual(b, len(history(b, st, key)), records)
			}
		})
	}
}

// TestAHostsTransactionLocksNoIDsBesideItsOwn: two messages of two contacts have ids that
// follow one another, and the transaction of the first one is still open. SQLite has one
// writer at a time.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestAHostsTransactionLocksNoIDsBesideItsOwn(t *testing.T) {
	beside(t, named(mainPostgres, mainMySQL), func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		one, other := newKey(), newKey()
		for _, key := range []store.Key{one, other, newKey()} { // with a history, so that ids are looked for
			appendNow(t, st, event("before", key, store.OptIn, 1))
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		first, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = st.WithTx(first).Append(ctx, event("message 1", one, store.OptOut, 2))
		require.NoError(t, err)
		second, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = st.WithTx(second).Append(ctx, event("message 2", other, store.OptOut, 2))
		require.NoError(t, err)
		require.NoError(t, second.Commit())
		require.NoError(t, first.Commit())
	})
}

// BenchmarkVoidAll voids 1,000 rows of a list, of as many numbers, beside the recording of
// them.
func BenchmarkVoidAll(b *testing.B) {
	const rows = 1_000
	for _, v := range mainVariants() {
		st, _ := v.ready(b)
		guard := newGuard(b, st)
		lists := 0
		list := func() (requests []optout.Request, corrections []optout.Correction) {
			lists++
			for range rows {
				r := optout.Request{ID: fmt.Sprintf("list-%d", lists), Account: account, Number: newNumber(), Source: store.SourceImport}
				requests = append(requests, r)
				corrections = append(corrections, optout.Correction{
					Account: account, Number: r.Number, EventID: r.ID, Actor: "anna", Note: "the wrong list",
				})
			}
			return requests, corrections
		}
		record := func(b *testing.B, requests []optout.Request) {
			b.Helper()
			_, err := guard.RecordOptOuts(b.Context(), requests)
			require.NoError(b, err)
		}
		b.Run(v.name+"/RecordOptOuts", func(b *testing.B) {
			for b.Loop() {
				requests, _ := list()
				record(b, requests)
			}
		})
		b.Run(v.name+"/VoidAll", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				requests, corrections := list()
				record(b, requests)
				b.StartTimer()
				outcomes, err := guard.VoidAll(b.Context(), corrections)
				require.NoError(b, err)
				require.Equal(b, store.Unknown, outcomes[rows-1].State.Status)
			}
		})
	}
}
