// Package database is what store/sqlstore needs of a database. Package database/sql has it,
// and so has a driver that is used without database/sql: see store/pgxstore.
package database

import (
	"context"
	"database/sql"

	"github.com/seed-f10031e4/consent/store"
)

// Conn runs statements: it is a pool, a connection or a transaction. The arguments are int64,
// string, []byte and nil.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (Rows, error)
}

// Rows are the rows of a query, as those of database/sql: Scan takes a [sql.Scanner].
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Tx is a transaction. After a Commit, Rollback does nothing but free what is held. It goes on
// if its context has ended.
type Tx interface {
	Conn
	Commit(ctx context.Context) error
	Rollback(ctx context.Context)
}

// Pool is the host's pool of connections.
type Pool interface {
	Conn

	// Begin begins a transaction of the store's own: read committed, or what the database has.
	// It may do so with the first statement.
	Begin(ctx context.Context) (Tx, error)

	// Acquire takes one connection, until release.
	Acquire(ctx context.Context) (conn Conn, release func() error, err error)

	// Handle is the host's, by which two Pools of one are known, and IsSingle reports whether it
	// has one connection at most.
	Handle() any
	IsSingle() bool
}

// Host is what a store does in transactions of the host, for the package that knows their type.
type Host struct {
	// WithTx returns a store that works inside a transaction. If refused is not nil, every call
	// fails with it.
	WithTx func(tx Conn, refused error) store.Store

	// InTx runs fn in a transaction that begin begins, and commits it if fn returns nil. After
	// a conflict it does so again.
	InTx func(ctx context.Context, begin func(context.Context) (Tx, error), fn func(context.Context, Tx) error) error
}
