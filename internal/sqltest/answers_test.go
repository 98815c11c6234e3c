package sqltest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// mixingConnector opens connections that answer from the tables with another prefix, as a
// pooler does that mixes up the prepared statements of two programs.
type mixingConnector struct {
	driver.Connector
	mixed *bool
}

func (c mixingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return &mixingConn{conn, c.mixed}, err
}

// mixingConn offers only what all drivers have: prepared statements.
type mixingConn struct {
	driver.Conn
	mixed *bool
}

func (c *mixingConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return as[driver.ConnBeginTx](c.Conn).BeginTx(ctx, opts)
}

func (c *mixingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if *c.mixed && (strings.HasPrefix(strings.TrimLeft(query, "("), "SELECT") || strings.HasPrefix(query, "WITH")) {
		query = strings.ReplaceAll(query, "mine_", "theirs_")
	}
	return as[driver.ConnPrepareContext](c.Conn).PrepareContext(ctx, query)
}

// TestAnAnswerOfAnotherTableIsAnError: for each read, of a key that is there and of one
// that is not, in the one table or the other.
func TestAnAnswerOfAnotherTableIsAnError(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		look := v.open(t, dsn)
		mine, theirs := v.withPrefix("mine_"), v.withPrefix("theirs_")
		require.NoError(t, mine.on(t, look).Migrate(t.Context()))
		require.NoError(t, theirs.on(t, look).Migrate(t.Context()))
		known, here, there := newKey(), newKey(), newKey()
		for _, key := range []store.Key{known, here, {Account: "only mine", Number: "+1"}} {
			appendNow(t, mine.on(t, look), event("text", key, store.Hold, 1))
		}
		for _, key := range []store.Key{known, there, {Account: "only theirs", Number: "+1"}} {
			appendNow(t, theirs.on(t, look), event("text", key, store.Hold, 1))
		}
		mixed := false
		db := sql.OpenDB(mixingConnector{v.connector(t, dsn), &mixed})
		defer db.Close()
		for _, mixed = range []bool{false, true} {
			for _, key := range []store.Key{
				known, here, there, newKey(),
				{Account: "only mine", Number: "+1"},
				{Account: "only theirs", Number: "+1"},
				{Account: "none", Number: "+1"},
			} {
				st := mine.on(t, db) // with nothing prepared
				fine := func(what string, err error) {
					t.Helper()
					if !mixed {
						require.NoError(t, err, what)
						return
					}
					require.ErrorContains(t, err, "another table", what)
				}
				_, err := st.Get(t.Context(), key)
				fine("Get", err)
				_, err = st.GetBatch(t.Context(), key.Account, []string{key.Number})
				fine("GetBatch", err)
				_, err = st.History(t.Context(), store.HistoryQuery{Key: key})
				fine("History", err)
				_, err = st.List(t.Context(), store.ListQuery{Account: key.Account})
				fine("List", err)
				_, err = st.List(t.Context(), store.ListQuery{Account: key.Account, Status: store.Held})
				fine("List of a status", err)
				_, err = st.Reviews(t.Context(), store.ReviewQuery{Account: key.Account})
				fine("Reviews", err)
				_, err = st.EventIDs(t.Context(), store.IDsQuery{Account: key.Account})
				fine("EventIDs", err)
				_, err = st.Changes(t.Context(), store.ChangesQuery{Account: key.Account})
				fine("Changes", err)
			}
			if mixed {
				st := mine.on(t, db)
				_, err := st.Append(t.Context(), event("text", known, store.Release, 1))
				require.ErrorContains(t, err, "another table")
				if v.dialect == sqlstore.PostgreSQL { // where the first event is written by what locks
					stopped := newKey()
					_, err := st.Append(t.Context(), event("stop", stopped, store.OptOut, 1))
					require.ErrorContains(t, err, "another table")
					require.Empty(t, ids(t, theirs.on(t, look), stopped))
				}
			}
		}
	})
}

// TestAStatusThatNobodyKnowsIsNotAllowed writes into the row of a state what this version
// never writes: a newer version, or a damage, may.
func TestAStatusThatNobodyKnowsIsNotAllowed(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, status := range []int{-1, 4, 255, 256, 257, 512} {
			key := store.Key{Account: fmt.Sprint("status ", status), Number: "+14155550123"}
			appendNow(t, st, event("1", key, store.OptOut, 1))
			must(t, db, fmt.Sprintf("UPDATE %s SET status = %d WHERE account = '%s'", v.table("state"), status, key.Account))
			decision, err := newGuard(t, st).Gate(t.Context(), key.Account, key.Number)
			require.Error(t, err, "status %d", status)
			require.False(t, decision.Allowed, "status %d", status)
			batch, err := newGuard(t, st).GateBatch(t.Context(), key.Account, []string{key.Number, "+14155550124"})
			require.Error(t, err, "status %d", status)
			require.False(t, batch[0].Allowed, "status %d", status)
			must(t, db, fmt.Sprintf("UPDATE %s SET status = 2 WHERE account = '%s'", v.table("state"), key.Account))
		}
	})
}
