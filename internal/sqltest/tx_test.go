package sqltest_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const (
	dropHost  = "DROP TABLE IF EXISTS host_messages"
	hostTable = "CREATE TABLE host_messages (id INTEGER NOT NULL PRIMARY KEY)"
	hostCount = "SELECT COUNT(*) FROM host_messages"
)

func TestCommitKeepsTheMessageAndTheOptOutAndRollbackNeither(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		guard := newGuard(t, st)
		kept, gone := newKey(), newKey()

		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		must(t, tx, "INSERT INTO host_messages VALUES (1)")
		out, err := guard.With(st.WithTx(tx)).Receive(t.Context(), stop("m1", kept.Number))
		require.NoError(t, err)
		require.True(t, out.Changed)
		d, err := guard.With(st.WithTx(tx)).Gate(t.Context(), account, kept.Number)
		require.NoError(t, err)
		require.False(t, d.Allowed, "the transaction sees its own opt-out")
		require.NoError(t, tx.Commit())

		tx, err = db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		must(t, tx, "INSERT INTO host_messages VALUES (2)")
		_, err = guard.With(st.WithTx(tx)).Receive(t.Context(), stop("m2", gone.Number))
		require.NoError(t, err)
		require.NoError(t, tx.Rollback())

		require.Equal(t, 1, one(t, db, hostCount))
		require.Equal(t, []string{"m1"}, ids(t, st, kept))
		require.Empty(t, ids(t, st, gone))
		consistent(t, st, kept)
		d, err = guard.Gate(t.Context(), account, kept.Number)
		require.NoError(t, err)
		require.False(t, d.Allowed)
		d, err = guard.Gate(t.Context(), account, gone.Number)
		require.NoError(t, err)
		require.True(t, d.Allowed)
	})
}

// What database libraries hand to their users.
type (
	wrappedDB struct{ *sql.DB }
	wrappedTx struct{ *sql.Tx }
	ownDB     struct{ *sql.DB } // whose BeginTx returns a type of the library
	ownTx     struct{ *sql.Tx } // which has it for savepoints
)

func (d ownDB) BeginTx(ctx context.Context, opts *sql.TxOptions) (ownTx, error) {
	tx, err := d.DB.BeginTx(ctx, opts)
	return ownTx{tx}, err
}

func (t ownTx) BeginTx(context.Context, *sql.TxOptions) (ownTx, error) { return t, nil }

func TestWithTxTakesTransactionsAndNothingElse(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close()
		key := newKey()
		for name, no := range map[string]sqlstore.DBTX{
			"DB": db, "Conn": conn, "wrapped DB": wrappedDB{db}, "a library's DB": ownDB{db}, "nil": nil,
		} {
			bound := st.WithTx(no)
			_, err := bound.Get(t.Context(), key)
			require.Error(t, err, name)
			_, err = bound.Append(t.Context(), event("m", key, store.OptOut, 1))
			require.Error(t, err, name)
			_, err = store.AppendBatch(t.Context(), bound, []store.Event{event("m", key, store.OptOut, 1)})
			require.Error(t, err, name)
			_, err = bound.History(t.Context(), store.HistoryQuery{Key: key})
			require.Error(t, err, name)
			_, err = store.GetBatch(t.Context(), bound, account, []string{key.Number})
			require.Error(t, err, name)
			_, err = store.GetBatch(t.Context(), bound, account, nil)
			require.Error(t, err, name)
			_, err = store.List(t.Context(), bound, store.ListQuery{Account: account})
			require.Error(t, err, name)
			_, err = store.Reviews(t.Context(), bound, store.ReviewQuery{Account: account})
			require.Error(t, err, name)
			_, err = store.EventIDs(t.Context(), bound, store.IDsQuery{Account: account})
			require.Error(t, err, name)
			d, err := newGuard(t, bound).Gate(t.Context(), account, key.Number)
			require.Error(t, err, name)
			require.False(t, d.Allowed, name)
		}
		require.Empty(t, ids(t, st, key))

		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		appendNow(t, st.WithTx(wrappedTx{tx}), event("m", key, store.OptOut, 1))
		appendNow(t, st.WithTx(ownTx{tx}), event("n", key, store.OptOut, 2))
		require.NoError(t, tx.Commit())
		require.Equal(t, []string{"m", "n"}, ids(t, st, key))
	})
}

func TestADuplicateDoesNotSpoilTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		key := newKey()
		appendNow(t, st, event("before", key, store.OptOut, 1))

		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		bound := st.WithTx(tx)
		for range 2 {
			again, err := bound.Append(t.Context(), event("before", key, store.OptOut, 1))
			require.NoError(t, err)
			require.True(t, again.Duplicate)
		}
		appendNow(t, bound, event("in", key, store.OptOut, 2))
		again, err := bound.Append(t.Context(), event("in", key, store.OptOut, 2))
		require.NoError(t, err)
		require.True(t, again.Duplicate)
		_, err = bound.Append(t.Context(), event("in", key, store.OptIn, 3))
		require.ErrorIs(t, err, store.ErrIDReused)
		_, err = bound.Append(t.Context(), store.Event{})
		require.ErrorIs(t, err, store.ErrInvalid)
		must(t, tx, "INSERT INTO host_messages VALUES (1)")
		require.NoError(t, tx.Commit())

		require.Equal(t, 1, one(t, db, hostCount))
		require.Equal(t, []string{"before", "in"}, ids(t, st, key))
		consistent(t, st, key)
	})
}

// TestInTxRunsAgainAfterADeadlock lets two transactions take two keys in opposite
// order. SQLite has one writer at a time, and so no deadlock.
func TestInTxRunsAgainAfterADeadlock(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.dialect == sqlstore.SQLite {
			t.Skip("SQLite has one writer at a time")
		}
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		keys := [2]store.Key{newKey(), newKey()}
		for _, key := range append(keys[:], newKey()) { // else MariaDB may lock the gap that both are in, and neither meets the other
			appendNow(t, st, event("before", key, store.OptIn, 0))
		}
		var runs [2]int
		met := [2]chan struct{}{make(chan struct{}), make(chan struct{})} // closed when one has its first key
		var errs [2]error
		var wg sync.WaitGroup
		for i := range 2 {
			meet := sync.OnceFunc(func() { close(met[i]) })
			wg.Go(func() {
				errs[i] = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					runs[i]++
					if _, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO host_messages VALUES (%d)", i)); err != nil {
						return err
					}
					bound := st.WithTx(tx)
					if _, err := bound.Append(ctx, event(fmt.Sprint("first of ", i), keys[i], store.OptOut, 1)); err != nil {
						return err
					}
					meet()
					select {
					case <-met[1-i]:
					case <-time.After(patience):
						return errors.New("the other one has not come to its first key")
					}
					_, err := bound.Append(ctx, event(fmt.Sprint("second of ", i), keys[1-i], store.OptOut, 2))
					return err
				})
			})
		}
		wg.Wait()
		require.NoError(t, errors.Join(errs[:]...))
		require.Greater(t, runs[0]+runs[1], 2, "there was no deadlock")
		require.Equal(t, 2, one(t, db, hostCount))
		for i, key := range keys {
			require.ElementsMatch(t, []string{"before", fmt.Sprint("first of ", i), fmt.Sprint("second of ", 1-i)}, ids(t, st, key))
			consistent(t, st, key)
		}
	})
}

// TestInTxRunsAgainWhereItsSnapshotIsOld reads, lets another one write, and then
// writes: PostgreSQL refuses with 40001 from repeatable read on, SQLite with 517,
// whatever its busy_timeout. MariaDB does not refuse: it locks the newest row.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestInTxRunsAgainWhereItsSnapshotIsOld(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.dialect == sqlstore.MySQL {
			t.Skip("MariaDB writes over the snapshot")
		}
		if v.name == bareSQLite || v.name == "sqlite-modernc-immediate" {
			t.Skip("there is no writing beside a reader")
		}
		for _, level := range []string{"REPEATABLE READ", "SERIALIZABLE"} {
			st, db := v.ready(t)
			must(t, db, dropHost, hostTable)
			key := newKey()
			appendNow(t, st, event("before", key, store.OptIn, 1))
			runs := 0
			err := st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				runs++
				if v.dialect == sqlstore.PostgreSQL {
					must(t, tx, "SET TRANSACTION ISOLATION LEVEL "+level)
				}
				var n int
				if err := tx.QueryRowContext(ctx, hostCount).Scan(&n); err != nil {
					return err
				}
				if runs == 1 {
					appendNow(t, st, event("other", key, store.OptOut, 2))
				}
				if _, err := st.WithTx(tx).Append(ctx, event("mine", key, store.OptOut, 3)); err != nil {
					require.ErrorIs(t, err, store.ErrConflict)
					return err
				}
				return nil
			})
			require.NoError(t, err)
			require.Equal(t, 2, runs)
			require.Equal(t, []string{"before", "other", "mine"}, ids(t, st, key))
			consistent(t, st, key)
		}
	})
}

// TestInTxRunsAgainWhereOnlyTheCommitFails: serializable transactions of
// PostgreSQL that read what the other one writes.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestInTxRunsAgainWhereOnlyTheCommitFails(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.dialect != sqlstore.PostgreSQL {
			t.Skip("only PostgreSQL refuses at the commit")
		}
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		key := newKey()
		readAndWrite := func(ctx context.Context, tx *sql.Tx, id int) error {
			var n int
			if err := tx.QueryRowContext(ctx, hostCount).Scan(&n); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO host_messages VALUES (%d)", id))
			return err
		}
		runs, failed := 0, 0
		err := st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) (err error) {
			runs++
			defer func() {
				if err != nil {
					failed++
				}
			}()
			must(t, tx, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
			if err := readAndWrite(ctx, tx, 1); err != nil {
				return err
			}
			if _, err := st.WithTx(tx).Append(ctx, event("mine", key, store.OptOut, 1)); err != nil {
				return err
			}
			if runs > 1 {
				return nil
			}
			other, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
			require.NoError(t, err)
			require.NoError(t, readAndWrite(ctx, other, 2))
			require.NoError(t, other.Commit())
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, 2, runs)
		require.Zero(t, failed, "it was not the commit that failed")
		require.Equal(t, 2, one(t, db, hostCount))
		require.Equal(t, []string{"mine"}, ids(t, st, key))
	})
}

//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestInTxGivesUp(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		_, db := v.ready(t)
		st, err := sqlstore.New(db, v.dialect, &sqlstore.Options{MaxRetries: 2})
		require.NoError(t, err)
		key := newKey()
		runs := 0
		err = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			runs++
			appendNow(t, st.WithTx(tx), event("m", key, store.OptOut, 1))
			return fmt.Errorf("the host's: %w", store.ErrConflict)
		})
		require.ErrorIs(t, err, store.ErrConflict)
		require.Equal(t, 3, runs)

		other := errors.New("no conflict")
		runs = 0
		require.ErrorIs(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			runs++
			appendNow(t, st.WithTx(tx), event("m", key, store.OptOut, 1))
			return other
		}), other)
		require.Equal(t, 1, runs)
		require.Empty(t, ids(t, st, key))

		require.Panics(t, func() {
			_ = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				appendNow(t, st.WithTx(tx), event("m", key, store.OptOut, 1))
				panic("the host's")
			})
		})
		require.Empty(t, ids(t, st, key))
		require.Zero(t, db.Stats().InUse, "a connection is held by a transaction that nobody ends")
	})
}

// lateCommit is a driver's connector whose commits end the context, and say that all is
// well, as lib/pq does when a commit is cancelled that waits for a standby.
type lateCommit struct {
	driver.Connector
	cancel *context.CancelFunc
}

type lateConn struct {
	*faultConn
	cancel *context.CancelFunc
}

type lateTx struct {
	driver.Tx
	cancel *context.CancelFunc
}

func (c lateCommit) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return &lateConn{&faultConn{Conn: conn, plan: new(faultPlan)}, c.cancel}, err
}

func (c *lateConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.faultConn.BeginTx(ctx, opts)
	return lateTx{tx, c.cancel}, err
}

func (t lateTx) Commit() error {
	err := t.Tx.Commit()
	(*t.cancel)()
	return err
}

// TestACommitAfterTheContextHasEndedIsNotAcknowledged: what a failover may lose. Delivered
// again it is a duplicate.
func TestACommitAfterTheContextHasEndedIsNotAcknowledged(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		plain := v.on(t, v.open(t, dsn))
		require.NoError(t, plain.Migrate(t.Context()))
		var cancel context.CancelFunc
		db := sql.OpenDB(lateCommit{v.connector(t, dsn), &cancel})
		defer db.Close()
		st := v.on(t, db)
		for _, inTx := range []bool{false, true} {
			ev := event("stop", newKey(), store.OptOut, 1)
			var ctx context.Context
			ctx, cancel = context.WithCancel(t.Context())
			result, err := appendSomehow(ctx, st, ev, inTx)
			cancel()
			require.ErrorIs(t, err, context.Canceled)
			if !inTx {
				require.Zero(t, result)
			}
			again, err := plain.Append(t.Context(), ev)
			require.NoError(t, err)
			require.True(t, again.Duplicate)
		}
	})
}

// levels are the isolation levels of a database, and its read-only transactions.
func levels(d sqlstore.Dialect) map[string]*sql.TxOptions {
	if d == sqlstore.SQLite {
		return map[string]*sql.TxOptions{"default": nil, "read only": {ReadOnly: true}}
	}
	all := map[string]*sql.TxOptions{"default": nil}
	for _, level := range []sql.IsolationLevel{
		sql.LevelReadUncommitted, sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable,
	} {
		all[level.String()] = &sql.TxOptions{Isolation: level}
		all[level.String()+", read only"] = &sql.TxOptions{Isolation: level, ReadOnly: true}
	}
	return all
}

// TestAGateInATransactionSeesWhatOthersHaveCommitted: or it fails, which closes it
// as well. What it never does is to allow what an old snapshot allows.
func TestAGateInATransactionSeesWhatOthersHaveCommitted(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.name == bareSQLite || v.name == "sqlite-modernc-immediate" {
			t.Skip("there is no writing beside a reader")
		}
		st, db := v.ready(t)
		must(t, db, dropHost, hostTable)
		for name, opts := range levels(v.dialect) {
			for _, known := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/known=%t", name, known), func(t *testing.T) {
					key := newKey()
					if known {
						appendNow(t, st, event("before", key, store.OptIn, 1))
					}
					tx, err := db.BeginTx(t.Context(), opts)
					require.NoError(t, err)
					defer func() { require.NoError(t, tx.Rollback()) }()
					if name != "Serializable" && name != "Serializable, read only" || v.dialect != sqlstore.MySQL {
						// The snapshot is made; where every read locks, nobody could write any more.
						var n int
						require.NoError(t, tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+v.table("state")).Scan(&n))
					}
					appendNow(t, st, event("other", key, store.OptOut, 2))
					gateIsClosed(t, st.WithTx(tx), key)
				})
			}
		}
	})
}

func gateIsClosed(t *testing.T, bound store.Store, key store.Key) {
	t.Helper()
	guard := newGuard(t, bound)
	d, err := guard.Gate(t.Context(), key.Account, key.Number)
	require.False(t, d.Allowed)
	if err == nil {
		require.Equal(t, store.OptedOut, d.State.Status)
	} else {
		t.Log("the gate fails:", err)
	}
	batch, err := guard.GateBatch(t.Context(), key.Account, []string{ours, key.Number})
	if err == nil {
		require.Len(t, batch, 2)
		require.False(t, batch[1].Allowed)
		require.Equal(t, store.OptedOut, batch[1].State.Status)
	}
	page, err := store.List(t.Context(), bound, store.ListQuery{Account: key.Account, Status: store.OptedIn, Limit: store.MaxLimit})
	if err == nil {
		for _, state := range page.States {
			require.NotEqual(t, key, state.Key, "listed as opted in")
		}
	}
	events, err := bound.History(t.Context(), store.HistoryQuery{Key: key})
	if err == nil {
		require.NotEmpty(t, events.Records)
		require.Equal(t, "other", events.Records[len(events.Records)-1].ID)
	}
}

// TestASecondGateInATransactionSeesWhatCameSinceTheFirst: where the first one
// keeps others from writing, they cannot have opted out.
func TestASecondGateInATransactionSeesWhatCameSinceTheFirst(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for name, opts := range levels(v.dialect) {
			t.Run(name, func(t *testing.T) {
				key := newKey()
				tx, err := db.BeginTx(t.Context(), opts)
				require.NoError(t, err)
				defer func() { _ = tx.Rollback() }()
				bound := st.WithTx(tx)
				if _, err := newGuard(t, bound).Gate(t.Context(), key.Account, key.Number); err != nil {
					t.Skip("the gate fails: ", err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
				defer cancel()
				if _, err := st.Append(ctx, event("other", key, store.OptOut, 2)); err != nil {
					t.Log("the other one waits:", err)
					require.NoError(t, tx.Commit())
					appendNow(t, st, event("other", key, store.OptOut, 2))
					return
				}
				gateIsClosed(t, bound, key)
			})
		}
	})
}
