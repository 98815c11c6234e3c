package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"sync/atomic"

	"github.com/seed-f10031e4/consent/internal/database"
	"github.com/seed-f10031e4/consent/store"
)

// DBTX is what statements are run on: a *sql.Tx, or anything with its three
// methods that is a transaction and sends queries as they are given.
type DBTX interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// WithTx returns a store that works inside a transaction of the host. The store never
// begins, commits or retries, and returns every error. After an error, roll the
// transaction back. If the error wraps [store.ErrConflict], run the whole transaction
// again, as [Store.InTx] does. Acknowledge and answer nothing before the host's Commit
// returned nil.
//
// Its reads see what is committed now, not what was committed when the transaction began.
// If the database cannot show what is committed now, the reads fail: see "Isolation" in
// the documentation of the package.
//
// Do not pass a *sql.DB, a *sql.Conn, or a library's type that wraps one: these begin
// transactions. Do not pass a library's transaction that rewrites queries, such as bun.Tx, nor
// on MySQL one that prepares them, such as GORM's PreparedStmtTX. With any of these every call
// on the returned store fails.
func (s *Store) WithTx(tx DBTX) store.Store {
	var conn database.Conn = sqlConn{tx}
	refused := s.refused(tx)
	if s.sql.inText {
		conn = inText{conn}
		if refused == nil && prepares(tx) {
			refused = errPrepares
		}
	}
	return s.withTx(conn, refused)
}

var (
	errNoTx     = errors.New("sqlstore: WithTx: a transaction is wanted, not what begins one")
	errNilTx    = errors.New("sqlstore: WithTx: the transaction is nil")
	errPrepares = errors.New("sqlstore: WithTx: this transaction prepares queries: pass the *sql.Tx in it (of GORM: PreparedStmtTX.Tx)")
	errRewrites = errors.New("sqlstore: WithTx: this transaction rewrites queries: pass the *sql.Tx in it (of bun: tx.Tx)")
)

// refused says why a DBTX cannot be used.
func (s *Store) refused(tx DBTX) error {
	sqlTx, isSQL := tx.(*sql.Tx)
	switch {
	case s.db == nil:
		return errNotSQL
	case tx == nil, isSQL && sqlTx == nil:
		return errNilTx
	case isSQL:
		return nil
	}
	// Libraries have their own BeginTx, which return a type of theirs. A few have it on
	// their transactions too, for savepoints; these commit.
	t := reflect.TypeOf(tx)
	_, begins := t.MethodByName("BeginTx")
	_, commits := tx.(interface{ Commit() error })
	_, sqlBegins := tx.(interface {
		BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
	})
	// A builder of queries that fills the arguments in itself.
	_, rewrites := t.MethodByName("NewRaw")
	switch {
	case sqlBegins, begins && !commits:
		return errNoTx
	case rewrites:
		return errRewrites
	default:
		return nil
	}
}

// prepares reports whether a transaction prepares each query and keeps it, as GORM's with
// PrepareStmt does: it returns its pool, and so has more than a transaction. On a Galera cluster a
// statement that is prepared in a transaction can hide that the transaction was aborted.
func prepares(tx DBTX) bool {
	_, pooled := tx.(interface{ GetDBConn() (*sql.DB, error) })
	return pooled
}

// txStore is a store in a host's transaction.
type txStore struct {
	store   *Store
	tx      session
	refused error
	current atomic.Bool // this transaction's reads are known to be current
}

var (
	_ store.Store         = (*txStore)(nil)
	_ store.BatchGetter   = (*txStore)(nil)
	_ store.BatchAppender = (*txStore)(nil)
	_ store.Lister        = (*txStore)(nil)
	_ store.Reviewer      = (*txStore)(nil)
	_ store.IDLister      = (*txStore)(nil)
	_ store.TxBound       = (*txStore)(nil)
	_ store.ChangeLister  = (*txStore)(nil)
	_ store.Eraser        = (*txStore)(nil)
)

// readTx reads in a host's transaction, where that does not show an old snapshot.
func readTx[T any](ctx context.Context, t *txStore, call string, fn func(session) (T, error)) (result T, err error) {
	if t.refused != nil {
		return result, t.refused
	}
	if err := ctx.Err(); err != nil {
		return result, err
	}
	if !t.current.Load() {
		if err := t.tx.sql.current(ctx, t.tx); err != nil {
			return result, t.wrap(call, err)
		}
		t.current.Store(true)
	}
	result, err = fn(t.tx)
	return result, t.wrap(call, err)
}

// wrap also knows the conflicts that the host's IsRetryable does.
func (t *txStore) wrap(call string, err error) error {
	if err = wrap(call, err); err != nil && t.store.conflict(err) {
		return asConflict(err)
	}
	return err
}

// TxBound implements [store.TxBound].
func (t *txStore) TxBound() bool { return true }

func (t *txStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	return readTx(ctx, t, "Get", func(r session) (store.State, error) { return r.get(ctx, key) })
}

func (t *txStore) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return readTx(ctx, t, "GetBatch", func(r session) ([]store.State, error) { return r.getBatch(ctx, account, numbers) })
}

func (t *txStore) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	return readTx(ctx, t, "History", func(r session) (store.RecordPage, error) { return r.history(ctx, q) })
}

func (t *txStore) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return readTx(ctx, t, "List", func(r session) (store.StatePage, error) { return r.list(ctx, q) })
}

func (t *txStore) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	return readTx(ctx, t, "Reviews", func(r session) (store.RecordPage, error) { return r.reviews(ctx, q) })
}

func (t *txStore) EventIDs(ctx context.Context, q store.IDsQuery) (store.RecordPage, error) {
	return readTx(ctx, t, "EventIDs", func(r session) (store.RecordPage, error) { return r.eventIDs(ctx, q) })
}

// Changes fails: what the transaction has recorded may be rolled back, and what others
// record would wait for a read that locks.
func (t *txStore) Changes(context.Context, store.ChangesQuery) (store.RecordPage, error) {
	if t.refused != nil {
		return store.RecordPage{}, t.refused
	}
	return store.RecordPage{}, wrap("Changes", errInTx)
}

func (t *txStore) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if t.refused != nil {
		return store.Result{}, t.refused
	}
	ev, err := ev.Normalize()
	if err != nil {
		return store.Result{}, err
	}
	done, err := t.tx.append(ctx, ev)
	return done.Result, t.wrap("Append", err)
}

func (t *txStore) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	if t.refused != nil {
		return nil, t.refused
	}
	events, err := store.NormalizeAll(events)
	if err != nil {
		return nil, err
	}
	done, err := t.tx.appendBatch(ctx, events)
	if err != nil {
		return nil, t.wrap("AppendBatch", err)
	}
	return done.results, nil
}

// InTx runs fn in a transaction of the database's default isolation and commits
// it where fn returns nil. On a conflict, also one that comes only at the commit,
// it is rolled back and fn is run again: fn may run more than once, so answer the
// contact after InTx returned nil. After the last try the error wraps
// [store.ErrConflict].
//
// In fn use guard.With(st.WithTx(tx)). The plain store takes a second connection. With a
// pool of one connection it fails at once if you pass it fn's context, and waits for ever
// with another context. In a larger pool it does not see what the transaction has written,
// and waits for its locks.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	if s.db == nil {
		return errNotSQL
	}
	begin := func(ctx context.Context) (database.Tx, error) { return beginSQL(ctx, s.db, nil) }
	return s.inHostTx(ctx, begin, func(ctx context.Context, tx database.Tx) error {
		own, _ := tx.(sqlTx)
		return fn(ctx, own.tx)
	})
}

// insideTx is the key of a context that InTx hands to its function.
type insideTx struct{ pool any }

var errWouldWait = errors.New("inside InTx, the only connection of the pool is the transaction's: use guard.With(st.WithTx(tx))")

// wouldWait fails for a call that would wait for the connection of the transaction that
// it is made in.
func (s *Store) wouldWait(ctx context.Context) error {
	if inside, _ := ctx.Value(insideTx{s.pool.Handle()}).(bool); inside && s.pool.IsSingle() {
		return errWouldWait
	}
	return nil
}
