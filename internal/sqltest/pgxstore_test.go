package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/pgxstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// openNative opens a store on a pool that stays open.
func openNative(ctx context.Context, dsn string) (*pgxstore.Store, error) {
	_, st, err := openPool(ctx, dsn, nil, nil)
	return st, err
}

func openPool(
	ctx context.Context, dsn string, configure func(*pgxpool.Config), opts *pgxstore.Options,
) (*pgxpool.Pool, *pgxstore.Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, nil, err
	}
	config.MaxConns = maxConns
	if configure != nil {
		configure(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	st, err := pgxstore.New(pool, opts)
	return pool, st, err
}

// newNative returns a store whose pool is closed with the test, which waits for what is not
// given back.
func newNative(tb testing.TB, dsn string, configure func(*pgxpool.Config), opts ...pgxstore.Options) *pgxstore.Store {
	tb.Helper()
	opts = append(opts, pgxstore.Options{})
	pool, st, err := openPool(context.WithoutCancel(tb.Context()), dsn, configure, &opts[0])
	require.NoError(tb, err)
	tb.Cleanup(pool.Close)
	return st
}

// TestBothStoresOfPostgreSQLShareTheirTables: what one has recorded the other one reads, tells
// apart as delivered again, and goes on from; both at once lose nothing.
func TestBothStoresOfPostgreSQLShareTheirTables(t *testing.T) {
	v := named(mainPostgres)[0]
	dsn := v.database(t)
	native := newNative(t, dsn, nil)
	plain := v.on(t, v.open(t, dsn))
	require.NoError(t, native.Migrate(t.Context()))
	require.NoError(t, plain.Check(t.Context()))
	require.NoError(t, plain.Migrate(t.Context()))
	require.NoError(t, native.Check(t.Context()))

	turns := [2]store.Store{plain, native}
	key := newKey()
	for i, action := range []store.Action{
		store.OptOut, store.OptIn, store.Hold, store.OptOut, store.Consent, store.OptIn, store.Hold, store.OptOut,
	} {
		ev := event(fmt.Sprint("m", i), key, action, i)
		first, err := turns[i%2].Append(t.Context(), ev)
		require.NoError(t, err)
		require.False(t, first.Duplicate)
		again, err := turns[1-i%2].Append(t.Context(), ev)
		require.NoError(t, err)
		require.True(t, again.Duplicate)
		require.Equal(t, first.Record, again.Record)
		require.Equal(t, first.State, again.State)
		for _, st := range turns {
			consistent(t, st, key)
		}
	}
	require.Equal(t, history(t, plain, key), history(t, native, key))

	contested := [4]store.Key{newKey(), newKey(), newKey(), newKey()}
	const each = 40
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := range each {
				ev := event(fmt.Sprintf("%d-%d", g, n), contested[n%len(contested)], store.OptOut+store.Action((g+n)%2), n)
				if _, err := turns[(g+n)%2].Append(t.Context(), ev); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, key := range contested {
		require.Len(t, ids(t, native, key), 8*each/len(contested))
		consistent(t, native, key)
		consistent(t, plain, key)
	}
	for finding, err := range native.Audit(t.Context(), nil) {
		require.NoError(t, err)
		require.Fail(t, "an audit found something", "%+v", finding)
	}
}

// TestATransactionOfPgxKeepsTheMessageAndTheOptOut or neither.
func TestATransactionOfPgxKeepsTheMessageAndTheOptOut(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.database(t)
	look := v.open(t, dsn)
	st := newNative(t, dsn, nil)
	require.NoError(t, st.Migrate(t.Context()))
	must(t, look, hostTable)
	guard := newGuard(t, st)
	kept, gone := newKey(), newKey()
	receive := func(id string, row int, key store.Key, ends error) error {
		return st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO host_messages VALUES ($1)", row); err != nil {
				return err
			}
			bound := guard.With(st.WithTx(tx))
			out, err := bound.Receive(ctx, stop(id, key.Number))
			require.NoError(t, err)
			require.True(t, out.Changed)
			d, err := bound.Gate(ctx, account, key.Number)
			require.NoError(t, err)
			require.False(t, d.Allowed, "the transaction sees its own opt-out")
			return ends
		})
	}
	require.NoError(t, receive("m1", 1, kept, nil))
	require.ErrorIs(t, receive("m2", 2, gone, errInjected), errInjected)
	require.Equal(t, 1, one(t, look, hostCount))
	require.Equal(t, []string{"m1"}, ids(t, st, kept))
	require.Empty(t, ids(t, st, gone))
	consistent(t, st, kept)

	for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
		err := st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL "+string(level)); err != nil {
				return err
			}
			d, err := guard.With(st.WithTx(tx)).Gate(ctx, account, kept.Number)
			require.False(t, d.Allowed)
			return err
		})
		require.ErrorIs(t, err, errors.ErrUnsupported, level)
	}
}

// TestInTxOfPgxRunsAgain where its snapshot is old, and after a deadlock.
//
//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestInTxOfPgxRunsAgain(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.dsn(t)
	_, _ = v.readyAt(t, dsn)
	st := newNative(t, dsn, nil)
	key := newKey()
	runs := 0
	require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		runs++
		if _, err := tx.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT 1"); err != nil {
			return err
		}
		if runs == 1 {
			appendNow(t, st, event("other", key, store.OptOut, 1))
		}
		_, err := st.WithTx(tx).Append(ctx, event("mine", key, store.OptOut, 2))
		return err
	}))
	require.Equal(t, 2, runs)
	require.Equal(t, []string{"other", "mine"}, ids(t, st, key))

	keys := [2]store.Key{newKey(), newKey()}
	var both, wg sync.WaitGroup
	both.Add(2)
	var tries [2]int
	var errs [2]error
	for i := range 2 {
		wg.Go(func() {
			errs[i] = st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
				tries[i]++
				bound := st.WithTx(tx)
				if _, err := bound.Append(ctx, event(fmt.Sprint("first of ", i), keys[i], store.OptOut, 1)); err != nil {
					return err
				}
				if tries[i] == 1 {
					both.Done()
					both.Wait()
				}
				_, err := bound.Append(ctx, event(fmt.Sprint("second of ", i), keys[1-i], store.OptOut, 2))
				return err
			})
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs[:]...))
	require.Greater(t, tries[0]+tries[1], 2, "there was no deadlock")
	for i, key := range keys {
		require.ElementsMatch(t, []string{fmt.Sprint("first of ", i), fmt.Sprint("second of ", 1-i)}, ids(t, st, key))
		consistent(t, st, key)
	}
}

// TestInTxOfPgxAcknowledgesNoRollback: where the transaction has ended otherwise than by a commit,
// InTx returns an error, nothing is kept, and the pool has its connection back.
func TestInTxOfPgxAcknowledgesNoRollback(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.dsn(t)
	_, _ = v.readyAt(t, dsn)
	pool, st, err := openPool(t.Context(), dsn, func(c *pgxpool.Config) { c.MaxConns = 2 }, nil)
	require.NoError(t, err)
	defer pool.Close()
	for name, ends := range map[string]func(context.Context, context.CancelFunc, pgx.Tx) error{
		"the function fails":      func(context.Context, context.CancelFunc, pgx.Tx) error { return errInjected },
		"the function rolls back": func(ctx context.Context, _ context.CancelFunc, tx pgx.Tx) error { return tx.Rollback(ctx) },
		"an error that nobody sees": func(ctx context.Context, _ context.CancelFunc, tx pgx.Tx) error {
			_, _ = tx.Exec(ctx, "SELECT 1/0")
			return nil
		},
		"the context ends":         func(_ context.Context, cancel context.CancelFunc, _ pgx.Tx) error { cancel(); return nil },
		"the connection is closed": func(ctx context.Context, _ context.CancelFunc, tx pgx.Tx) error { return tx.Conn().Close(ctx) },
		"the server ends it": func(ctx context.Context, _ context.CancelFunc, tx pgx.Tx) error {
			_, _ = tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return nil
		},
		"rows that nobody closes": func(ctx context.Context, _ context.CancelFunc, tx pgx.Tx) error {
			_, err := tx.Query(ctx, "SELECT generate_series(1, 100000)") //nolint:gocritic,sqlclosecheck // nobody closes them
			return err
		},
		"the function panics": func(context.Context, context.CancelFunc, pgx.Tx) error { panic(errInjected) },
	} {
		key := newKey()
		ctx, cancel := context.WithCancel(t.Context())
		err := func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = errInjected
				}
			}()
			return st.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
				if _, err := st.WithTx(tx).Append(ctx, event("1", key, store.OptOut, 1)); err != nil {
					return err
				}
				return ends(ctx, cancel, tx)
			})
		}()
		cancel()
		require.Error(t, err, name)
		require.Empty(t, ids(t, st, key), name)
		require.Equal(t, store.Unknown, stateNow(t, st, key).Status, name)
		// The pool closes a broken connection beside the call.
		require.Eventually(t, func() bool { return pool.Stat().AcquiredConns() == 0 }, time.Minute, time.Millisecond, name)
	}
}

// TestWithTxOfPgxTakesSavepoints, and no transaction that has ended.
func TestWithTxOfPgxTakesSavepoints(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.dsn(t)
	_, _ = v.readyAt(t, dsn)
	st := newNative(t, dsn, nil)
	guard := newGuard(t, st)
	kept, gone, later := newKey(), newKey(), newKey()
	var ended []pgx.Tx
	require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
		nested := func(key store.Key, ends func(pgx.Tx) error) {
			t.Helper()
			savepoint, err := tx.Begin(ctx)
			require.NoError(t, err)
			_, err = st.WithTx(savepoint).Append(ctx, event("1", key, store.OptOut, 1))
			require.NoError(t, err)
			require.NoError(t, ends(savepoint))
			ended = append(ended, savepoint)
		}
		nested(gone, func(savepoint pgx.Tx) error { return savepoint.Rollback(ctx) })
		nested(kept, func(savepoint pgx.Tx) error { return savepoint.Commit(ctx) })
		ended = append(ended, tx)
		_, err := st.WithTx(tx).Append(ctx, event("1", later, store.OptOut, 1))
		return err
	}))
	require.Empty(t, ids(t, st, gone))
	for _, key := range []store.Key{kept, later} {
		require.Equal(t, []string{"1"}, ids(t, st, key))
		consistent(t, st, key)
	}
	for _, tx := range ended {
		d, err := guard.With(st.WithTx(tx)).Gate(t.Context(), account, gone.Number)
		require.Error(t, err)
		require.False(t, d.Allowed)
		_, err = st.WithTx(tx).Append(t.Context(), event("2", gone, store.OptOut, 2))
		require.Error(t, err)
	}
	require.Empty(t, ids(t, st, gone))
}

// TestATransactionOfPgxHasWhatAStoreHas: batches, lists, reviews and erasures, which see what the
// transaction has written, and which are there for the other store after the commit.
func TestATransactionOfPgxHasWhatAStoreHas(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.database(t)
	look := v.open(t, dsn)
	plain, err := sqlstore.New(look, v.dialect, nil)
	require.NoError(t, err)
	require.NoError(t, plain.Migrate(t.Context()))
	st := newNative(t, dsn, nil)
	fresh, known, held := newKey(), newKey(), newKey()
	appendNow(t, plain, event("before", known, store.OptIn, 0))
	for _, ends := range []error{errInjected, nil} {
		require.ErrorIs(t, st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
			bound := st.WithTx(tx)
			results, err := store.AppendBatch(ctx, bound, []store.Event{
				event("m", fresh, store.OptOut, 1), event("m", known, store.OptOut, 1), event("m", held, store.Hold, 1),
			})
			require.NoError(t, err)
			states, err := store.GetBatch(ctx, bound, account, []string{fresh.Number, known.Number, held.Number})
			require.NoError(t, err)
			for i, want := range []store.Status{store.OptedOut, store.OptedOut, store.Held} {
				require.Equal(t, want, states[i].Status)
				require.Equal(t, results[i].State, states[i])
			}
			again, err := bound.Append(ctx, event("m", fresh, store.OptOut, 1))
			require.NoError(t, err)
			require.True(t, again.Duplicate)
			list, err := store.List(ctx, bound, store.ListQuery{Account: account, Status: store.OptedOut})
			require.NoError(t, err)
			require.Len(t, list.States, 2)
			reviews, err := store.Reviews(ctx, bound, store.ReviewQuery{Account: account})
			require.NoError(t, err)
			require.Len(t, reviews.Records, 1)
			eraser, can := store.As[store.Eraser](bound)
			require.True(t, can)
			require.NoError(t, eraser.Erase(ctx, fresh, "anna", "asked for", noon.Add(time.Hour)))
			page, err := bound.History(ctx, store.HistoryQuery{Key: fresh})
			require.NoError(t, err)
			require.True(t, page.Records[0].Erased)
			_, err = store.Changes(ctx, bound, store.ChangesQuery{Account: account})
			require.ErrorIs(t, err, errors.ErrUnsupported)
			return ends
		}), ends)
		if ends != nil {
			require.Empty(t, ids(t, plain, fresh))
			require.Equal(t, []string{"before"}, ids(t, plain, known))
			require.Empty(t, ids(t, plain, held))
		}
	}
	require.Equal(t, store.OptedOut, stateNow(t, plain, fresh).Status)
	for _, key := range []store.Key{known, held} {
		require.Contains(t, ids(t, plain, key), "m")
		consistent(t, plain, key)
	}
	require.Empty(t, auditedKey(t, plain, fresh))
}

// TestTablesThatChangeUnderKeptStatements in every mode of pgx, over one connection that knows its
// statements: a call may fail a few times. No gate is open, and nothing is lost.
func TestTablesThatChangeUnderKeptStatements(t *testing.T) {
	v := named(nativePostgres)[0]
	modes := []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec,
		pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	}
	if !*stressFlag {
		modes = modes[:1]
	}
	for _, mode := range modes {
		t.Run(mode.String(), func(t *testing.T) {
			dsn := v.database(t)
			_, look := v.readyAt(t, dsn)
			plain := newNative(t, dsn, func(c *pgxpool.Config) { c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec })
			st := newNative(t, dsn, func(c *pgxpool.Config) { c.MaxConns, c.ConnConfig.DefaultQueryExecMode = 1, mode })
			guard := newGuard(t, st)
			stopped := newKey()
			appendNow(t, plain, event("stop", stopped, store.OptOut, 0))
			failed := 0
			soon := func(call func() error) {
				t.Helper()
				var err error
				for range 6 {
					if err = call(); err == nil {
						return
					}
					failed++
				}
				require.NoError(t, err, "still, after six tries")
			}
			play := func(change string) {
				t.Helper()
				fresh := newKey()
				for i, key := range []store.Key{fresh, stopped, fresh, stopped} {
					soon(func() error {
						_, err := st.Append(t.Context(), event(fmt.Sprint(change, i), key, store.OptOut, i))
						return err
					})
					require.Contains(t, ids(t, plain, key), fmt.Sprint(change, i))
					soon(func() error {
						ds, err := guard.GateBatch(t.Context(), account, []string{key.Number, stopped.Number})
						for _, d := range ds {
							require.False(t, d.Allowed, "%s: %v", change, err)
						}
						return err
					})
					soon(func() error {
						d, err := guard.Gate(t.Context(), account, key.Number)
						require.False(t, d.Allowed, "%s: %v", change, err)
						return err
					})
					consistent(t, plain, key)
				}
			}
			play("")
			for _, change := range []string{
				"ALTER TABLE consent_state ALTER COLUMN event_id TYPE varchar(300), ALTER COLUMN status TYPE bigint",
				"ALTER TABLE consent_events ALTER COLUMN action TYPE integer, ALTER COLUMN source TYPE varchar(300)",
				"ALTER TABLE consent_events ADD COLUMN host_column text NOT NULL DEFAULT ''",
				"ALTER TABLE consent_state ADD COLUMN host_column bigint; ALTER TABLE consent_state DROP COLUMN host_column",
				"ALTER TABLE consent_state RENAME TO old; CREATE TABLE consent_state (LIKE old INCLUDING ALL); " +
					"INSERT INTO consent_state TABLE old; DROP TABLE old",
			} {
				must(t, look, change)
				play(change)
			}
			t.Logf("%d calls failed", failed)
		})
	}
}

// TestPgxstoreRefusesWhatItCannotWorkWith: a nil pool, a nil transaction, and those of the other
// package on a store of this one.
func TestPgxstoreRefusesWhatItCannotWorkWith(t *testing.T) {
	v := named(nativePostgres)[0]
	dsn := v.dsn(t)
	_, look := v.readyAt(t, dsn)
	_, err := pgxstore.New(nil, nil)
	require.ErrorContains(t, err, "pool is nil")
	st := newNative(t, dsn, nil)
	tx, err := look.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback()) }()
	for says, bound := range map[string]store.Store{
		"the transaction is nil": st.WithTx(nil), "transaction is nil": st.WithTx((*pgxpool.Tx)(nil)),
		"not on database/sql": st.Store.WithTx(tx),
	} {
		_, err := bound.Get(t.Context(), newKey())
		require.ErrorContains(t, err, says)
		_, err = bound.Append(t.Context(), event("1", newKey(), store.OptOut, 1))
		require.ErrorContains(t, err, says)
	}
	err = st.Store.InTx(t.Context(), func(context.Context, *sql.Tx) error { return nil })
	require.ErrorIs(t, err, errors.ErrUnsupported)

	single := newNative(t, dsn, func(c *pgxpool.Config) { c.MaxConns = 1 })
	require.NoError(t, single.InTx(t.Context(), func(ctx context.Context, _ pgx.Tx) error {
		_, err := single.Get(ctx, newKey())
		require.ErrorContains(t, err, "guard.With(st.WithTx(tx))")
		return nil
	}))
}

// breaking breaks a connection once: before or after the n-th message of the client is sent, and
// so before the server has carried it out, or after that.
type breaking struct {
	mu    sync.Mutex
	sent  int
	at    int // the message, from 1; 0: none
	after bool
}

func (b *breaking) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	return &breakingConn{Conn: conn, b: b}, err
}

type breakingConn struct {
	net.Conn

	b *breaking
}

var errBroke = errors.New("injected: the connection broke")

func (c *breakingConn) Write(message []byte) (int, error) {
	c.b.mu.Lock()
	c.b.sent++
	breaks := c.b.sent == c.b.at
	c.b.mu.Unlock()
	if !breaks {
		return c.Conn.Write(message)
	}
	if c.b.after {
		if _, err := c.Conn.Write(message); err == nil {
			_, _ = c.Read(make([]byte, 1)) // the server has answered
		}
	}
	_ = c.Close()
	return 0, errBroke
}

// TestEveryMessageOfPgxstoreFailsOnce plays STOP, START, STOP, and a STOP in a transaction of
// the host, over connections of which one breaks.
func TestEveryMessageOfPgxstoreFailsOnce(t *testing.T) {
	v := named(nativePostgres)[0]
	if v.server(t).Foreign() {
		t.Skip("somebody else's server may be reached by more than TCP")
	}
	dsn := v.database(t)
	look := v.open(t, dsn)
	plain := v.on(t, look)
	require.NoError(t, plain.Migrate(t.Context()))
	must(t, look, hostTable)
	play := func(t *testing.T, b *breaking) {
		t.Helper()
		st := newNative(t, dsn, func(c *pgxpool.Config) { c.ConnConfig.DialFunc, c.MaxConns = b.dial, 2 })
		playOverBreaking(t, st, plain, look)
	}
	clean := new(breaking)
	play(t, clean)
	require.Greater(t, clean.sent, 20)
	step := 5
	if *stressFlag {
		step = 1
	}
	for _, after := range []bool{false, true} {
		for at := 1; at <= clean.sent; at += step {
			if !t.Run(fmt.Sprintf("message %d, sent: %t", at, after), func(t *testing.T) { play(t, &breaking{at: at, after: after}) }) {
				return
			}
		}
	}
	t.Logf("%d messages", clean.sent)
}

func playOverBreaking(t *testing.T, st *pgxstore.Store, plain *sqlstore.Store, look *sql.DB) {
	t.Helper()
	guard, truth := newGuard(t, st), newGuard(t, plain)
	key := newKey()
	want := []string{}
	for i, text := range []string{"STOP", "START", "STOP"} {
		m := stop(fmt.Sprint("SM", i), key.Number)
		m.Text, m.At = text, event("", key, store.OptOut, i).At
		out, err := guard.Receive(t.Context(), m)
		if err != nil {
			require.Empty(t, out.Reply)
			out, err = guard.Receive(t.Context(), m) // delivered again
		}
		require.NoError(t, err)
		require.NotEmpty(t, out.Reply, "%s is answered, the first time or again", text)
		want = append(want, m.ID)
		require.Equal(t, want, ids(t, plain, key), "each once")
		consistent(t, plain, key)
		d, err := truth.Gate(t.Context(), account, key.Number)
		require.NoError(t, err)
		require.Equal(t, text != "STOP", d.Allowed)
		if d, err = guard.Gate(t.Context(), account, key.Number); err != nil {
			require.False(t, d.Allowed)
		} else {
			require.Equal(t, text != "STOP", d.Allowed)
		}
	}
	batchOverBreaking(t, st, plain, key)
	key = newKey()
	row := int(numbers.Load())
	receive := func() (out optout.Outcome, err error) {
		err = st.InTx(t.Context(), func(ctx context.Context, tx pgx.Tx) (err error) {
			out = optout.Outcome{}
			if _, err := tx.Exec(ctx, "INSERT INTO host_messages VALUES ($1) ON CONFLICT DO NOTHING", row); err != nil {
				return err
			}
			out, err = guard.With(st.WithTx(tx)).Receive(ctx, stop("SM", key.Number))
			return err
		})
		return out, err
	}
	out, err := receive()
	rows := one(t, look, fmt.Sprint("SELECT COUNT(*) FROM host_messages WHERE id = ", row))
	require.Len(t, ids(t, plain, key), rows, "the row and the opt-out, or neither")
	if err != nil {
		out, err = receive()
	}
	require.NoError(t, err)
	require.NotEmpty(t, out.Reply)
	require.Equal(t, []string{"SM"}, ids(t, plain, key))
	consistent(t, plain, key)
}

// batchOverBreaking appends a batch to a key that is known and to others: all of its events are
// there, or none. It erases one of these keys.
func batchOverBreaking(t *testing.T, st *pgxstore.Store, plain *sqlstore.Store, known store.Key) {
	t.Helper()
	events := []store.Event{
		event("batch", newKey(), store.OptOut, 5), event("batch", newKey(), store.Consent, 5), event("batch", known, store.OptOut, 5),
	}
	_, err := st.AppendBatch(t.Context(), events)
	there := 0
	for _, ev := range events {
		there += strings.Count(strings.Join(ids(t, plain, ev.Key), " "), "batch")
	}
	require.Contains(t, []int{0, len(events)}, there, "all or none: %v", err)
	if err != nil {
		_, err = st.AppendBatch(t.Context(), events)
	} else {
		require.Len(t, events, there)
	}
	require.NoError(t, err)
	for _, ev := range events {
		require.Contains(t, ids(t, plain, ev.Key), "batch")
		consistent(t, plain, ev.Key)
	}
	erase := func() error { return st.Erase(t.Context(), events[0].Key, "anna", "asked for", noon.Add(time.Hour)) }
	err = erase()
	require.Equal(t, store.OptedOut, stateNow(t, plain, events[0].Key).Status, "%v", err)
	if err != nil {
		require.NoError(t, erase())
	}
	require.Equal(t, store.OptedOut, stateNow(t, plain, events[0].Key).Status)
	require.Empty(t, history(t, plain, events[0].Key)[0].Text)
}
