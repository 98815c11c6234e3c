package sqlstore

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// prepared keeps the statements of a Store prepared, where a driver would prepare and
// close each one anew. They are closed with the host's db.
type prepared struct {
	db *sql.DB

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
	ready atomic.Bool // all that Append needs
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

// prepare prepares statements before a transaction begins, in which there may be no
// second connection to prepare them on.
func (p *prepared) prepare(ctx context.Context, texts []string) error {
	if p.ready.Load() {
		return nil
	}
	for _, text := range texts {
		if _, err := p.stmt(ctx, text); err != nil {
			return failed("preparing", err)
		}
	}
	p.ready.Store(true)
	return nil
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

// preparedTx runs in a transaction of the store's own the statements that prepare has
// prepared. It prepares none itself: that needs a second connection, which a pool of one
// does not have.
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
