package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/internal/database"
	"github.com/seed-f10031e4/consent/store"
)

// Over returns a Store of PostgreSQL on a pool that is not of database/sql, and what else its
// package needs. It is for package pgxstore: no other module can make a [database.Pool].
// [Store.WithTx] and [Store.InTx] fail on this Store.
func Over(pool database.Pool, opts *Options) (*Store, database.Host, error) {
	st, err := newStore(pool, PostgreSQL, opts)
	if err != nil {
		return nil, database.Host{}, err
	}
	return st, database.Host{WithTx: st.withTx, InTx: st.inHostTx}, nil
}

var errNotSQL = fmt.Errorf("sqlstore: the store is not on database/sql: %w: use WithTx and InTx of the package that made it",
	errors.ErrUnsupported)

// querier is what database/sql has: a *sql.DB, a *sql.Conn or a *sql.Tx, or a host's [DBTX].
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// sqlConn is a database.Conn of database/sql.
type sqlConn struct{ querier }

func (c sqlConn) QueryContext(ctx context.Context, query string, args ...any) (database.Rows, error) {
	return rowsOf(c.querier.QueryContext(ctx, query, args...))
}

// rowsOf keeps nil rows from being an interface that is not nil.
func rowsOf(rows *sql.Rows, err error) (database.Rows, error) {
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// sqlTx is a database.Tx of database/sql.
type sqlTx struct {
	sqlConn
	tx *sql.Tx
}

func (t sqlTx) Commit(context.Context) error { return t.tx.Commit() }

// Rollback gives the connection back to the pool without the transaction, or not at all. What
// it says adds nothing to why it is called.
func (t sqlTx) Rollback(context.Context) { _ = t.tx.Rollback() }

// sqlPool is a database.Pool of database/sql.
type sqlPool struct {
	sqlConn
	db        *sql.DB
	isolation *sql.TxOptions
}

func newSQLPool(db *sql.DB, isolation *sql.TxOptions) sqlPool {
	return sqlPool{sqlConn{db}, db, isolation}
}

func (p sqlPool) Begin(ctx context.Context) (database.Tx, error) {
	return beginSQL(ctx, p.db, p.isolation)
}

func beginSQL(ctx context.Context, db *sql.DB, opts *sql.TxOptions) (database.Tx, error) {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return sqlTx{sqlConn{tx}, tx}, nil
}

func (p sqlPool) Acquire(ctx context.Context) (database.Conn, func() error, error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	return sqlConn{conn}, conn.Close, nil
}

func (p sqlPool) Handle() any    { return p.db }
func (p sqlPool) IsSingle() bool { return p.db.Stats().MaxOpenConnections == 1 }

// inTx runs fn in a transaction, and commits it where fn returns nil.
func inTx(ctx context.Context, begin func(context.Context) (database.Tx, error), fn func(database.Tx) error) error {
	tx, err := begin(ctx)
	if err != nil {
		return failed("begin", err)
	}
	defer tx.Rollback(ctx) // also where fn panics, and somebody above recovers; after a Commit it does nothing
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return failed("commit", err)
	}
	// PostgreSQL answers success to a commit that was cancelled while it waited for a
	// standby: what a failover would lose must not be acknowledged.
	return ctx.Err()
}

// withTx is WithTx for the transaction of any driver.
func (s *Store) withTx(tx database.Conn, refused error) store.Store {
	return &txStore{store: s, tx: session{q: tx, sql: s.hostSQL}, refused: refused}
}

// inHostTx is InTx for the transaction of any driver.
func (s *Store) inHostTx(
	ctx context.Context, begin func(context.Context) (database.Tx, error), fn func(context.Context, database.Tx) error,
) error {
	if err := s.wouldWait(ctx); err != nil {
		return wrap("InTx", err)
	}
	inside := context.WithValue(ctx, insideTx{s.pool.Handle()}, true)
	return s.retry(ctx, "InTx", func() error {
		var own error // fn's own, as it is
		err := inTx(ctx, begin, func(tx database.Tx) error {
			own = fn(inside, tx)
			return own
		})
		if own != nil && !codeOf(own).lost {
			return own
		}
		return wrap("InTx", err)
	})
}
