package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// holdMany gives a key held texts, as the store would have left them, that were sent a
// second apart from noon on.
func holdMany(tb testing.TB, v variant, db *sql.DB, key store.Key, texts int) {
	tb.Helper()
	id := v.counted("text ")
	at := fmt.Sprintf("%d + 1000000 * n", noon.UnixMicro())
	of := fmt.Sprintf("'%s', '%s', ", key.Account, key.Number)
	last := noon.Add(time.Duration(texts) * time.Second).UnixMicro()
	must(tb, db,
		v.manyEvents(texts, of+"n, "+id+", 4, "+at+", "+at+", 'text', CASE WHEN n = 1 THEN 0 ELSE 3 END, 1"),
		"INSERT INTO "+v.table("holds")+" (account, number, seq, since_us, bound_us, ended, waits) "+
			v.series(texts, of+"n, "+at+", "+at+", 0, 1"),
		fmt.Sprintf("INSERT INTO %s (account, number, backwards, status, action, at_us, recorded_us, source, event_id, "+
			"events, holds_from, untidy, half) VALUES (%s'%s', 3, 4, %d, %d, 'text', 'text %d', %d, 0, 0, 0)",
			v.table("state"), of, backwards(key.Number), last, last, texts, texts))
}

// manyEvents inserts n events, numbered from 1, without evidence. columns are those from the
// account to effective.
func (v variant) manyEvents(n int, columns string) string {
	nothing := map[sqlstore.Dialect]string{sqlstore.SQLite: "x''", sqlstore.PostgreSQL: "''::bytea", sqlstore.MySQL: "''"}[v.dialect]
	return "INSERT INTO " + v.table("events") + " (account, number, seq, event_id, action, at_us, recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note) " + v.series(n, columns+strings.Repeat(", "+nothing, 7))
}

// series selects columns for each n from 1 to rows.
func (v variant) series(rows int, columns string) string {
	return fmt.Sprintf(map[sqlstore.Dialect]string{
		sqlstore.SQLite:     "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d) SELECT %s FROM n",
		sqlstore.PostgreSQL: "SELECT %[2]s FROM generate_series(1::bigint, %[1]d) AS n",
		sqlstore.MySQL:      "SELECT %[2]s FROM (SELECT seq AS n FROM seq_1_to_%[1]d) AS n",
	}[v.dialect], rows, columns)
}

// counted is a text and n.
func (v variant) counted(text string) string {
	return fmt.Sprintf(map[sqlstore.Dialect]string{
		sqlstore.SQLite: "'%s' || n", sqlstore.PostgreSQL: "'%s' || n::text", sqlstore.MySQL: "CONCAT('%s', n)",
	}[v.dialect], text)
}

// text is one that is sent some seconds after noon.
func text(id string, key store.Key, action store.Action, seconds int) store.Event {
	return store.Event{ID: id, Key: key, Action: action, At: noon.Add(time.Duration(seconds) * time.Second), Source: store.SourceText}
}

// TestAnAppendCostsTheSameHoweverManyTextsAreHeld counts what is said to the driver and the
// rows that come back, beside ten texts and beside ten thousand.
func TestAnAppendCostsTheSameHoweverManyTextsAreHeld(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		look := v.open(t, dsn)
		require.NoError(t, v.on(t, look).Migrate(t.Context()))
		plan := new(faultPlan)
		db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
		defer db.Close()
		db.SetMaxOpenConns(1) // so that each statement is prepared once
		st := v.on(t, db)
		costs := map[int][][]callKind{}
		for _, texts := range []int{10, 10, 10_000} { // the first time all is prepared
			key := newKey()
			holdMany(t, v, look, key, texts)
			require.Empty(t, audited(t.Context(), t, st, &sqlstore.AuditOptions{Account: "none"}))
			var all [][]callKind
			for _, ev := range []store.Event{
				text("one more", key, store.Hold, texts+1), text("the same", key, store.Hold, texts+1), text("an older one", key, store.Hold, 5),
				text("asked", key, store.Ask, 9), text("consent", key, store.Consent, 9), text("early start", key, store.OptIn, -1),
				text("text 7", key, store.Release, 7), text("the same", key, store.Release, texts+1),
				text("text 8", key, store.Uphold, 8), // which opts out, and hides the others
			} {
				plan.calls = nil
				_, err := st.Append(t.Context(), ev)
				require.NoError(t, err)
				if ev.Action == store.Uphold {
					break // the tidying costs in proportion to what is hidden
				}
				all = append(all, plan.calls)
			}
			costs[texts] = all
		}
		require.Equal(t, costs[10], costs[10_000])
		t.Logf("calls of one more text: %v", costs[10][0])
	})
}

// many is more than three batches of the tidying.
const many = 1_700

// TestManyHeldTextsEndInBatches: those of an opt-in or an opt-out. No transaction writes
// more than a batch of rows, and what is not tidied yet is listed nowhere.
func TestManyHeldTextsEndInBatches(t *testing.T) {
	endings := map[string]struct {
		ev     store.Event
		status store.Status
	}{
		"a START":          {text("start", store.Key{}, store.OptIn, 9*many), store.OptedIn},
		"a STOP":           {text("stop", store.Key{}, store.OptOut, 9*many), store.OptedOut},
		"a verdict on one": {text("text 9", store.Key{}, store.Uphold, 9), store.OptedOut},
		"an undated START": {store.Event{ID: "undated", Action: store.OptIn, Source: store.SourceKeyword}, store.OptedIn},
	}
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		look := v.open(t, dsn)
		plain := v.on(t, look)
		require.NoError(t, plain.Migrate(t.Context()))
		for name, ending := range endings {
			key := store.Key{Account: "many " + newNumber(), Number: newNumber()}
			rows := func(condition string) int {
				return one(t, look, fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE account = '%s' AND %s", v.table("holds"), key.Account, condition))
			}
			holdMany(t, v, look, key, many)
			require.Len(t, reviewsOf(t, plain, key), many)
			plan := &faultPlan{err: errInjected}
			db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
			st := v.on(t, db)
			_, err := st.Append(t.Context(), text("asked", key, store.Ask, 0)) // which prepares all
			require.NoError(t, err)

			// The transaction after the first one fails: the event is there all the same.
			plan.calls, plan.kind, plan.fail = nil, callBegin, 2
			ending.ev.Key = key
			result, err := st.Append(t.Context(), ending.ev)
			require.NoError(t, err, name)
			require.Equal(t, ending.status, result.State.Status, name)
			require.InDelta(t, many-500, rows("waits = 1"), 1, "%s: only the first batch is tidied, and what a verdict ends", name)
			require.Empty(t, reviewsOf(t, plain, key), name)
			require.Empty(t, audited(t.Context(), t, plain, &sqlstore.AuditOptions{Account: key.Account}), name)

			// The next event goes on, a batch in each transaction.
			plan.fail = 0
			plan.calls = nil
			_, err = st.Append(t.Context(), text("asked again", key, store.Ask, 0))
			require.NoError(t, err)
			require.Zero(t, rows("waits = 1"), name)
			begun := 0
			for _, kind := range plan.calls {
				if kind == callBegin {
					begun++
				}
			}
			require.Equal(t, 3, begun, "%s: 500 in the first transaction, 500 in the second, 200 in the third", name)
			require.Zero(t, one(t, look, fmt.Sprintf("SELECT untidy FROM %s WHERE account = '%s'", v.table("state"), key.Account)))
			consistent(t, plain, key)
			require.Empty(t, audited(t.Context(), t, plain, &sqlstore.AuditOptions{Account: key.Account}), name)
			_ = db.Close()

			// What was hidden by an opt-out waits again.
			appendNow(t, plain, text("late", key, store.Hold, 20*many))
			appendNow(t, plain, text("late start", key, store.OptIn, 10*many))
			if ending.status == store.OptedOut {
				require.Equal(t, []string{"late"}, reviewsOf(t, plain, key), name)
			}
			require.Empty(t, audited(t.Context(), t, plain, &sqlstore.AuditOptions{Account: key.Account}), name)
		}
	})
}

// TestAHiddenTextWaitsAgain: a START that lifts the opt-out and not all texts, and a
// Retract or a Void of the opt-out, list the others again, also before they were tidied.
func TestAHiddenTextWaitsAgain(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, tidied := range []bool{true, false} {
			for _, ending := range []store.Event{
				text("start", store.Key{}, store.OptIn, many-100), text("stop", store.Key{}, store.Retract, many-200),
				text("void:stop", store.Key{}, store.Void, many),
			} {
				key := store.Key{Account: "hidden " + newNumber(), Number: newNumber()}
				holdMany(t, v, db, key, many)
				stop := text("stop", key, store.OptOut, many-200)
				if ending.Action == store.Void {
					stop.Source = store.SourceImport
				}
				if tidied {
					appendNow(t, st, stop)
				} else { // in the host's transaction, one batch is
					_, err := appendSomehow(t.Context(), st, stop, true)
					require.NoError(t, err)
				}
				require.Empty(t, reviewsOf(t, st, key))
				ending.Key = key
				_, err := appendSomehow(t.Context(), st, ending, !tidied)
				require.NoError(t, err)
				want := many
				if ending.Action == store.OptIn {
					want = 101
				}
				require.Len(t, reviewsOf(t, st, key), want)
				require.Empty(t, audited(t.Context(), t, st, &sqlstore.AuditOptions{Account: key.Account}))
				consistent(t, st, key)
			}
		}
	})
}

// TestAnAutoResponderStallsNobody: while the texts of one contact end, another contact's
// STOP comes in between two transactions.
func TestAnAutoResponderStallsNobody(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		look := v.open(t, dsn)
		plain := v.on(t, look)
		require.NoError(t, plain.Migrate(t.Context()))
		noisy, other := newKey(), newKey()
		holdMany(t, v, look, noisy, many)
		plan := &faultPlan{err: errors.New("none")}
		stopped := 0
		plan.before = func(kind callKind) {
			if kind == callBegin { // nobody's lock is held between two transactions
				stopped++
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := plain.Append(ctx, event(fmt.Sprint("stop ", stopped), other, store.OptOut, stopped))
				require.NoError(t, err)
			}
		}
		db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
		defer db.Close()
		_, err := v.on(t, db).Append(t.Context(), text("stop", noisy, store.OptOut, many))
		require.NoError(t, err)
		require.Equal(t, 4, stopped)
		require.Len(t, ids(t, plain, other), stopped)
		require.True(t, slices.IsSorted(ids(t, plain, other)))
	})
}
