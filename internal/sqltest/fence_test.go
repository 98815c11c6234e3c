package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// lostTx is what is left of a transaction that a server has aborted without telling the
// client: each statement is on its own, and no lock is held. Before a statement that
// writes something new, somebody else appends.
type lostTx struct {
	db        *sql.DB
	meanwhile func()
	count     int // statements that write
	before    int // the one before which somebody else appends, from 1
}

func (l *lostTx) write() {
	if l.count++; l.count == l.before {
		l.meanwhile()
	}
}

func (l *lostTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if !strings.Contains(query, "events = s.events") && !strings.Contains(query, "events = events") {
		l.write()
	}
	return l.db.ExecContext(ctx, query, args...)
}

func (l *lostTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if strings.HasPrefix(query, "WITH changed") {
		l.write()
	}
	return l.db.QueryContext(ctx, query, args...)
}

func (l *lostTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return l.db.QueryRowContext(ctx, query, args...)
}

// TestALostLockIsAConflict: an Append whose transaction is gone finds out with its first
// write that another one came in between. Where that came later, nothing opens the gate, and
// the key takes the next STOP.
func TestALostLockIsAConflict(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, action := range []store.Action{store.OptOut, store.OptIn, store.Hold, store.Consent, store.Ask, store.Release, store.Uphold} {
			for before := 1; before <= 2; before++ {
				key := newKey()
				appendNow(t, st, event("text", key, store.Hold, 1))
				appendNow(t, st, event("other text", key, store.Hold, 2))
				ev := event(action.String(), key, action, 5)
				if action == store.Release || action == store.Uphold {
					ev.ID, ev.At = "text", noon.Add(60e9)
				}
				lost := &lostTx{db: db, before: before, meanwhile: func() { appendNow(t, st, event("meanwhile", key, store.OptOut, 9)) }}
				_, err := st.WithTx(lost).Append(t.Context(), ev)
				if lost.count < before { // one statement wrote all
					lost.meanwhile()
				}
				require.NotZero(t, lost.count)
				if before == 1 {
					require.ErrorIs(t, err, store.ErrConflict, "%v", action)
					consistent(t, st, key) // nothing was written
				}
				state, err := st.Get(t.Context(), key)
				require.NoError(t, err)
				require.Equal(t, store.OptedOut, state.Status, "%v, somebody else before write %d: %v", action, before, err)
				appendNow(t, st, event("stop", key, store.OptOut, 10))
				state, err = st.Get(t.Context(), key)
				require.NoError(t, err)
				require.Equal(t, store.OptedOut, state.Status)
				require.Contains(t, ids(t, st, key), "stop")
				if before == 1 {
					require.Empty(t, auditedKey(t, st, key))
				}
			}
		}
	})
}

// TestARowThatGoesBackUnderItsLockIsAConflict: somebody restores an older backup in between,
// in which the place of the event is free.
func TestARowThatGoesBackUnderItsLockIsAConflict(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, action := range []store.Action{store.OptOut, store.OptIn, store.Consent, store.Hold} {
			key := newKey()
			appendNow(t, st, event("stop", key, store.OptOut, 1))
			was := stateNow(t, st, key)
			appendNow(t, st, event("late", key, store.OptIn, -1)) // without effect
			lost := &lostTx{db: db, before: 1, meanwhile: func() {
				of := fmt.Sprintf("WHERE account = '%s' AND number = '%s'", key.Account, key.Number)
				must(t, db, "DELETE FROM "+v.table("events")+" "+of+" AND seq = 2", "UPDATE "+v.table("state")+" SET events = 1 "+of)
			}}
			_, err := st.WithTx(lost).Append(t.Context(), event("next", key, action, 5))
			require.ErrorIs(t, err, store.ErrConflict, "%v", action)
			require.Equal(t, was, stateNow(t, st, key), "%v", action)
			require.Equal(t, []string{"stop"}, ids(t, st, key), "%v", action)
			consistent(t, st, key)
		}
	})
}

// auditedKey returns what an audit finds about one key.
func auditedKey(tb testing.TB, st *sqlstore.Store, key store.Key) []sqlstore.Finding {
	tb.Helper()
	var all []sqlstore.Finding
	for _, finding := range audited(tb.Context(), tb, st, &sqlstore.AuditOptions{Account: key.Account}) {
		if finding.Key == key {
			all = append(all, finding)
		}
	}
	return all
}

// TestNoStatementOfATransactionIsPreparedInIt: the statements of Append are prepared before
// it begins, on a connection that has run them. On MySQL, where each transaction of the test has
// a new connection, those of all transactions have their arguments in the text.
func TestNoStatementOfATransactionIsPreparedInIt(t *testing.T) {
	for _, v := range named(mainSQLite, mainMySQL, "mariadb-all") {
		t.Run(v.name, func(t *testing.T) {
			dsn := v.database(t)
			look := v.open(t, dsn)
			require.NoError(t, v.on(t, look).Migrate(t.Context()))
			plan := new(faultPlan)
			db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
			defer db.Close()
			db.SetMaxOpenConns(1)
			if v.dialect == sqlstore.MySQL {
				db.SetMaxIdleConns(0)
			}
			st := v.on(t, db)
			all := func(key store.Key) []store.Event {
				return []store.Event{
					event("1", key, store.Hold, 1), event("2", key, store.Hold, 2), event("3", key, store.OptIn, 0), event("1", key, store.Release, 1),
					event("1", key, store.Uphold, 1), event("4", key, store.OptIn, 9), event("5", key, store.OptOut, 10),
					event("5", key, store.OptOut, 10),
					event("6", key, store.Ask, 1), event("7", key, store.Consent, 1), event("5", key, store.Retract, 10), event("8", key, store.Hold, 20),
					event("9", key, store.OptOut, 21), event("10", key, store.OptIn, 22), event("void:7", key, store.Void, 23),
				}
			}
			prepares := func() {
				t.Helper()
				inside := false
				for _, kind := range plan.calls {
					inside = kind == callBegin || inside && kind != callCommit
					require.False(t, inside && kind == callPrepare, "%v", plan.calls)
				}
				plan.calls = nil
			}
			key := newKey()
			for _, ev := range all(key) {
				_, err := st.Append(t.Context(), ev)
				require.NoError(t, err)
				prepares()
			}
			consistent(t, st, key)
			prepares()
			if v.dialect != sqlstore.MySQL {
				return
			}
			key = newKey()
			for _, ev := range all(key) {
				require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					bound := st.WithTx(tx)
					if _, err := bound.Append(ctx, ev); err != nil {
						return err
					}
					if _, err := store.GetBatch(ctx, bound, key.Account, []string{key.Number, "+1"}); err != nil {
						return err
					}
					_, err := store.Reviews(ctx, bound, store.ReviewQuery{Account: key.Account})
					return err
				}))
				prepares()
			}
			consistent(t, st, key)
		})
	}
}
