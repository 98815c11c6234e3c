package pgxstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f10031e4/consent/internal/database"
)

// queries is what a pool, a connection and a transaction of pgx have.
type queries interface {
	Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

// ofQueries is a database.Conn of pgx.
type ofQueries struct{ q queries }

func (c ofQueries) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	tag, err := c.q.Exec(ctx, query, args...)
	return driver.RowsAffected(tag.RowsAffected()), err
}

func (c ofQueries) QueryContext(ctx context.Context, query string, args ...any) (database.Rows, error) {
	found, err := c.q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return rows{found, nil}, nil
}

// rows are database.Rows of pgx, of a query alone or the last of a batch.
type rows struct {
	pgx.Rows

	batch pgx.BatchResults // or nil
}

func (r rows) Close() error {
	r.Rows.Close()
	if r.batch == nil {
		return r.Err()
	}
	return r.batch.Close()
}

// ofPool is a database.Pool of pgx.
type ofPool struct{ pool *pgxpool.Pool }

func (p ofPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return ofQueries{p.pool}.ExecContext(ctx, query, args...)
}

func (p ofPool) QueryContext(ctx context.Context, query string, args ...any) (database.Rows, error) {
	return ofQueries{p.pool}.QueryContext(ctx, query, args...)
}

// Begin takes no connection yet.
func (p ofPool) Begin(context.Context) (database.Tx, error) { return &transaction{pool: p.pool}, nil }

func (p ofPool) Acquire(ctx context.Context) (database.Conn, func() error, error) {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	return ofQueries{conn}, func() error { conn.Release(); return nil }, nil
}

func (p ofPool) Handle() any { return p.pool }

func (p ofPool) IsSingle() bool { return p.pool.Stat().MaxConns() == 1 }

// transaction is a database.Tx of pgx, which begins with its first statement.
type transaction struct {
	pool *pgxpool.Pool
	tx   pgx.Tx // nil: it has not begun
}

// begin sends a statement after the one that begins the transaction, in one round trip. The
// caller closes the results, also after an error.
func (t *transaction) begin(ctx context.Context, query string, args []any) (pgx.BatchResults, error) {
	batch := new(pgx.Batch)
	batch.BeginTx(pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	batch.Queue(query, args...)
	results := t.pool.SendBatch(ctx, batch)
	t.tx = results.Tx()
	_, err := results.Exec()
	return results, err
}

func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if t.tx != nil {
		return ofQueries{t.tx}.ExecContext(ctx, query, args...)
	}
	results, err := t.begin(ctx, query, args)
	var tag pgconn.CommandTag
	if err == nil {
		tag, err = results.Exec()
	}
	if closeErr := results.Close(); err == nil {
		err = closeErr
	}
	return driver.RowsAffected(tag.RowsAffected()), err
}

func (t *transaction) QueryContext(ctx context.Context, query string, args ...any) (database.Rows, error) {
	if t.tx != nil {
		return ofQueries{t.tx}.QueryContext(ctx, query, args...)
	}
	results, err := t.begin(ctx, query, args)
	var found pgx.Rows
	if err == nil {
		found, err = results.Query()
	}
	if err != nil {
		_ = results.Close() // says the same
		return nil, err
	}
	return rows{found, results}, nil
}

func (t *transaction) Commit(ctx context.Context) error {
	if t.tx == nil {
		return nil
	}
	return t.tx.Commit(ctx)
}

// Rollback gives the connection back to the pool without the transaction, or closes it.
func (t *transaction) Rollback(ctx context.Context) {
	if t.tx == nil {
		return
	}
	const timeout = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	_ = t.tx.Rollback(ctx) // what it says adds nothing to why it is called
}
