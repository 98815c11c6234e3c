package sqltest_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestAHostThatGoesOnAfterAnErrorHasTheEventAndTheStateOrNeither: the event cannot be
// recorded, the host goes back to a savepoint, and commits. The gate was open before and is
// open after that, since nothing was acknowledged, and the key takes the next STOP.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestAHostThatGoesOnAfterAnErrorHasTheEventAndTheStateOrNeither(t *testing.T) {
	for _, v := range named(mainPostgres) {
		t.Run(v.name, func(t *testing.T) {
			st, db := v.readyAt(t, v.database(t))
			must(t, db, "ALTER TABLE "+v.table("events")+" ADD CHECK (event_id <> 'refused')")
			for _, action := range []store.Action{store.OptOut, store.OptIn, store.Consent} {
				for _, before := range []store.Action{store.NoAction, store.OptIn, store.OptOut} {
					key := newKey()
					if before != store.NoAction {
						appendNow(t, st, event("before", key, before, -1))
					}
					was, known := stateNow(t, st, key), ids(t, st, key)
					require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
						must(t, tx, "SAVEPOINT mine")
						_, err := st.WithTx(tx).Append(ctx, event("refused", key, action, 1))
						require.ErrorContains(t, err, "23514", "%v after %v", action, before)
						require.NotErrorIs(t, err, store.ErrConflict)
						must(t, tx, "ROLLBACK TO SAVEPOINT mine")
						return nil
					}))
					require.Equal(t, was, stateNow(t, st, key))
					require.Equal(t, known, ids(t, st, key))
					require.Empty(t, auditedKey(t, st, key))
					appendNow(t, st, event("stop", key, store.OptOut, 2))
					require.Equal(t, store.OptedOut, stateNow(t, st, key).Status)
					consistent(t, st, key)
				}
			}
		})
	}
}

// TestAPlanOfAJointStatementIsRightForALargerTable, also one that was made while the table was
// empty: a connection keeps it.
func TestAPlanOfAJointStatementIsRightForALargerTable(t *testing.T) {
	v := named(mainPostgres)[0]
	dsn := v.database(t)
	db := v.open(t, dsn)
	require.NoError(t, v.on(t, db).Migrate(t.Context()))
	rec := &recorder{inner: db.Driver(), dsn: dsn}
	heard := sql.OpenDB(rec)
	defer heard.Close()
	st, key := v.on(t, heard), newKey()
	said := rec.during(func() {
		appendNow(t, st, event("1", key, store.OptOut, 1))
		appendNow(t, st, event("2", key, store.OptIn, 2))
	})
	said = slices.DeleteFunc(said, func(s statement) bool { return !strings.HasPrefix(s.query, "WITH ") })
	require.Len(t, said, 3)
	for _, s := range said {
		plan := explain(t, v, db, s)
		require.Contains(t, plan, `"ModifyTable"`)
		require.NotRegexp(t, `"Seq Scan"|hashed`, plan)
	}
}

// TestATakenPlaceIsAConflict, after which the store tries again: PostgreSQL refuses each event
// once, as it does where another one has its place.
func TestATakenPlaceIsAConflict(t *testing.T) {
	for _, v := range named(mainPostgres, nativePostgres) {
		t.Run(v.name, func(t *testing.T) {
			st, db := v.readyAt(t, v.database(t))
			known, ready := newKey(), newKey()
			appendNow(t, st, event("before", known, store.OptIn, -1))
			appendNow(t, st, event("before", ready, store.OptIn, -1))
			must(t, db, "CREATE SEQUENCE tries", "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "+
				"$$BEGIN IF nextval('tries') = 1 THEN RAISE unique_violation; END IF; RETURN NEW; END$$",
				"CREATE TRIGGER refused BEFORE INSERT ON "+v.table("events")+" FOR EACH ROW EXECUTE FUNCTION refuse()")
			for _, keys := range [][]store.Key{{newKey()}, {known}, {newKey(), newKey()}, {ready, newKey()}} {
				must(t, db, "ALTER SEQUENCE tries RESTART")
				var events []store.Event
				for _, key := range keys {
					events = append(events, event("stop", key, store.OptOut, 1))
				}
				results, err := store.AppendBatch(t.Context(), st, events)
				require.NoError(t, err)
				for i, key := range keys {
					require.Equal(t, store.OptedOut, results[i].State.Status)
					consistent(t, st, key)
				}
			}
		})
	}
}

func stateNow(t *testing.T, st store.Store, key store.Key) store.State {
	t.Helper()
	state, err := st.Get(t.Context(), key)
	require.NoError(t, err)
	return state
}
