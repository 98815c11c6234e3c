package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// querier is what reader and appender need of a DBTX.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// prepared keeps the statements of a Store prepared, where a driver would prepare
// and forget each one anew: SQLite's and MySQL's. pgx keeps them itself, and behind
// a pooler of PostgreSQL a statement of one connection is not there on the next.
// They are closed with the host's db.
type prepared struct {
	db *sql.DB

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

// known returns the statement where it is prepared, or nil.
func (p *prepared) known(text string) *sql.Stmt {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.stmts[text]
}

func (p *prepared) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := p.known(text); stmt != nil {
		return stmt, nil
	}
	stmt, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.stmts[text]; first != nil {
		return first, stmt.Close()
	}
	if p.stmts == nil {
		p.stmts = make(map[string]*sql.Stmt)
	}
	p.stmts[text] = stmt
	return stmt, nil
}

func (p *prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	stmt, err := p.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := p.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// preparedTx runs in a transaction of the store's own what is prepared already, and
// the rest as it is: to prepare a statement takes another connection, which a pool of
// one does not have.
type preparedTx struct {
	tx *sql.Tx
	p  *prepared
}

func (t preparedTx) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if stmt := t.p.known(text); stmt != nil {
		return t.tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	}
	return t.tx.ExecContext(ctx, text, args...)
}

func (t preparedTx) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if stmt := t.p.known(text); stmt != nil {
		return t.tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, text, args...)
}
