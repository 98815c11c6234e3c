package sqlstore

import (
	"context"
	"database/sql"

	"github.com/seed-f10031e4/consent/internal/database"
)

// runnable is a statement that can be run: a *sql.Stmt, or a text.
type runnable interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (database.Rows, error)
}

// asStmt is a statement that is prepared.
type asStmt struct{ *sql.Stmt }

func (t asStmt) QueryContext(ctx context.Context, args ...any) (database.Rows, error) {
	return rowsOf(t.Stmt.QueryContext(ctx, args...))
}

// asText is a statement that is not prepared, or by the driver.
type asText struct {
	q    database.Conn
	text string
}

func (t asText) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return t.q.ExecContext(ctx, t.text, args...)
}

func (t asText) QueryContext(ctx context.Context, args ...any) (database.Rows, error) {
	return t.q.QueryContext(ctx, t.text, args...)
}

// runnable returns a statement as it is run here. In a transaction it prepares no statement
// on a second connection, which a pool of one does not have, and closes none. A kept statement
// that the transaction's own connection does not have yet is prepared there, and stays.
func (s session) runnable(ctx context.Context, st *statement) (runnable, error) {
	kept := st.kept.Load()
	switch {
	case s.tx != nil && kept != nil:
		return asStmt{s.tx.StmtContext(ctx, kept)}, nil
	case s.pool != nil:
		stmt, err := st.prepare(ctx, s.pool)
		return asStmt{stmt}, err
	default:
		return asText{s.q, st.text}, nil
	}
}

// prepare prepares a statement and keeps it, where a driver would prepare and close it
// each time. It is closed with the host's db.
func (st *statement) prepare(ctx context.Context, db *sql.DB) (*sql.Stmt, error) {
	if kept := st.kept.Load(); kept != nil {
		return kept, nil
	}
	stmt, err := db.PrepareContext(ctx, st.text)
	if err != nil {
		return nil, err
	}
	if !st.kept.CompareAndSwap(nil, stmt) {
		return st.kept.Load(), stmt.Close()
	}
	return stmt, nil
}
