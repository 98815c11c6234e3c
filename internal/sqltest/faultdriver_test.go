package sqltest_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// A database/sql driver that fails where it is told, before the call reaches the
// real one or after it.

// callKind is a kind of call to a driver that may fail.
type callKind string

const (
	callBegin   callKind = "Begin"
	callPrepare callKind = "Prepare"
	callExec    callKind = "Exec"
	callQuery   callKind = "Query"
	callNext    callKind = "Next"
	callCommit  callKind = "Commit"
)

// faultPlan fails the n-th call, once.
type faultPlan struct {
	mu    sync.Mutex
	calls []callKind // so far
	kind  callKind   // of the calls that are counted to fail; "": of all
	fail  int        // the call that fails, from 1; 0: none
	err   error
	after bool // it is carried out, and its reply lost

	before func(kind callKind) // is run before each call; nil: nothing
}

// next counts a call, and tells what becomes of it.
func (p *faultPlan) next(kind callKind) (after bool, err error) {
	if p.before != nil {
		p.before(kind)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, kind)
	counted := 0
	for _, call := range p.calls {
		if p.kind == "" || call == p.kind {
			counted++
		}
	}
	if counted != p.fail || p.kind != "" && kind != p.kind {
		return false, nil
	}
	return p.after, p.err
}

// call makes a call of the driver, or fails it. What a call gave whose reply is
// lost is left as a server leaves it for which nobody asks any more.
func call[T any](p *faultPlan, kind callKind, do func() (T, error), leave func(T)) (T, error) {
	var none T
	after, err := p.next(kind)
	if err == nil {
		return do()
	}
	if after {
		if lost, doErr := do(); doErr == nil {
			leave(lost)
		}
	}
	return none, err
}

type faultConnector struct {
	driver.Connector
	plan *faultPlan
}

func (c faultConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &faultConn{Conn: conn, plan: c.plan}, nil
}

type faultConn struct {
	driver.Conn
	plan *faultPlan
}

func (c *faultConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return call(c.plan, callPrepare, func() (driver.Stmt, error) {
		var stmt driver.Stmt
		var err error
		if p, ok := c.Conn.(driver.ConnPrepareContext); ok {
			stmt, err = p.PrepareContext(ctx, query)
		} else {
			stmt, err = c.Prepare(query)
		}
		if err != nil {
			return nil, err
		}
		return &faultStmt{Stmt: stmt, plan: c.plan}, nil
	}, func(stmt driver.Stmt) { _ = stmt.Close() })
}

func (c *faultConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return call(c.plan, callBegin, func() (driver.Tx, error) {
		b, ok := c.Conn.(driver.ConnBeginTx)
		if !ok {
			return nil, errors.New("the driver has no BeginTx")
		}
		tx, err := b.BeginTx(ctx, opts)
		if err != nil {
			return nil, err
		}
		return &faultTx{Tx: tx, plan: c.plan}, nil
	}, func(tx driver.Tx) { _ = tx.Rollback() })
}

func (c *faultConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	e, ok := c.Conn.(driver.ExecerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	return call(c.plan, callExec, func() (driver.Result, error) { return e.ExecContext(ctx, query, args) }, func(driver.Result) {})
}

func (c *faultConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	q, ok := c.Conn.(driver.QueryerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	return queryCall(c.plan, func() (driver.Rows, error) { return q.QueryContext(ctx, query, args) })
}

func queryCall(p *faultPlan, do func() (driver.Rows, error)) (driver.Rows, error) {
	return call(p, callQuery, func() (driver.Rows, error) {
		rows, err := do()
		if err != nil {
			return nil, err
		}
		return &faultRows{Rows: rows, plan: p}, nil
	}, func(rows driver.Rows) { _ = rows.Close() })
}

func (c *faultConn) CheckNamedValue(v *driver.NamedValue) error { return checkValue(c.Conn, v) }

func (c *faultConn) ResetSession(ctx context.Context) error {
	if r, ok := c.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *faultConn) IsValid() bool {
	v, ok := c.Conn.(driver.Validator)
	return !ok || v.IsValid()
}

func checkValue(inner any, v *driver.NamedValue) error {
	if c, ok := inner.(driver.NamedValueChecker); ok {
		return c.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

type faultStmt struct {
	driver.Stmt
	plan *faultPlan
}

func (s *faultStmt) CheckNamedValue(v *driver.NamedValue) error { return checkValue(s.Stmt, v) }

func (s *faultStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	e, ok := s.Stmt.(driver.StmtExecContext)
	if !ok {
		return nil, errors.New("the driver's statement has no ExecContext")
	}
	return call(s.plan, callExec, func() (driver.Result, error) { return e.ExecContext(ctx, args) }, func(driver.Result) {})
}

func (s *faultStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	q, ok := s.Stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.New("the driver's statement has no QueryContext")
	}
	return queryCall(s.plan, func() (driver.Rows, error) { return q.QueryContext(ctx, args) })
}

type faultRows struct {
	driver.Rows
	plan *faultPlan
}

func (r *faultRows) Next(dest []driver.Value) error {
	after, err := r.plan.next(callNext)
	if err == nil {
		return r.Rows.Next(dest)
	}
	if after {
		_ = r.Rows.Next(dest)
	}
	return err
}

type faultTx struct {
	driver.Tx
	plan *faultPlan
}

func (t *faultTx) Commit() error {
	after, err := t.plan.next(callCommit)
	switch {
	case err == nil:
		return t.Tx.Commit()
	case after:
		if lost := t.Tx.Commit(); lost != nil {
			return lost
		}
		return err
	default:
		_ = t.Rollback() // else the connection would go back to the pool inside it
		return err
	}
}
