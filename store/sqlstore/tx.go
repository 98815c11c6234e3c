package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/seed-f10031e4/consent/store"
)

// WithTx returns a store that works inside a transaction of the host. It never
// begins, commits, retries or swallows: on an error the transaction is of no more
// use, and where that wraps [store.ErrConflict] the whole of it must be run again,
// as [Store.InTx] does. Nothing is acknowledged or answered until the host's
// Commit returned nil.
//
// Its reads see what is committed now, not when the transaction began; where the
// database cannot show that, they fail (see the package's documentation).
//
// A tx that could begin a transaction itself, a *sql.DB or a *sql.Conn, or what a
// library makes of them, is none: then every call fails.
func (s *Store) WithTx(tx DBTX) store.Store {
	t := &txStore{store: s, tx: tx}
	if begins(tx) {
		t.refused = errNoTx
	}
	if sqlTx, ok := tx.(*sql.Tx); tx == nil || ok && sqlTx == nil {
		t.refused = errNilTx
	}
	return t
}

// begins reports what has a BeginTx. Libraries have their own, which return a type of
// theirs, and a few have it on their transactions too, for savepoints; these commit.
func begins(tx DBTX) bool {
	if _, ok := tx.(interface {
		BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
	}); ok {
		return true
	}
	if tx == nil {
		return false
	}
	_, begins := reflect.TypeOf(tx).MethodByName("BeginTx")
	_, commits := tx.(interface{ Commit() error })
	return begins && !commits
}

var (
	errNoTx  = errors.New("sqlstore: WithTx: a transaction is wanted, not what begins one")
	errNilTx = errors.New("sqlstore: WithTx: the transaction is nil")
)

// txStore is a store in a host's transaction.
type txStore struct {
	store   *Store
	tx      DBTX
	refused error
	fresh   atomic.Bool // this transaction's reads are known to be current
}

var (
	_ store.Store       = (*txStore)(nil)
	_ store.BatchGetter = (*txStore)(nil)
	_ store.Lister      = (*txStore)(nil)
	_ store.Checker     = (*txStore)(nil)
	_ store.Reviewer    = (*txStore)(nil)
)

func (t *txStore) reader(ctx context.Context) (reader, error) {
	if t.refused != nil {
		return reader{}, t.refused
	}
	r := t.store.reader(t.tx)
	r.end = t.store.sql.current
	return r, t.ensureFresh(ctx)
}

// ensureFresh fails where a read could show an older snapshot.
func (t *txStore) ensureFresh(ctx context.Context) error {
	if t.store.sql.fresh == "" || t.fresh.Load() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	switch t.store.dialect {
	case PostgreSQL:
		var isolation string
		if err := t.tx.QueryRowContext(ctx, t.store.sql.fresh).Scan(&isolation); err != nil {
			return wrap(err)
		}
		if isolation != "read committed" && isolation != "read uncommitted" {
			return fmt.Errorf("sqlstore: reading in a transaction that is %s: %w: ask the plain store", isolation, errors.ErrUnsupported)
		}
	default:
		if _, err := t.tx.ExecContext(ctx, t.store.sql.fresh); err != nil {
			return wrap(err)
		}
	}
	t.fresh.Store(true)
	return nil
}

// conflict also knows the errors that the host's IsRetryable does.
func (t *txStore) conflict(err error) error {
	if err != nil && t.store.retry.conflict(err) {
		return asConflict(err)
	}
	return err
}

func (t *txStore) Get(ctx context.Context, key store.Key) (store.State, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return store.State{}, err
	}
	state, err := r.get(ctx, key)
	return state, t.conflict(err)
}

func (t *txStore) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return nil, err
	}
	states, err := r.getBatch(ctx, account, numbers)
	return states, t.conflict(err)
}

func (t *txStore) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if t.refused != nil {
		return store.Result{}, t.refused
	}
	ev, err := ev.NormalizeAny()
	if err != nil {
		return store.Result{}, err
	}
	a := t.store.appender(t.tx)
	a.end = t.store.sql.current
	result, err := a.append(ctx, ev)
	return result, t.conflict(wrap(err))
}

func (t *txStore) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return store.EventPage{}, err
	}
	page, err := r.history(ctx, q)
	return page, t.conflict(err)
}

func (t *txStore) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return store.StatePage{}, err
	}
	page, err := r.list(ctx, q)
	return page, t.conflict(err)
}

func (t *txStore) Reviews(ctx context.Context, q store.ReviewQuery) (store.ReviewPage, error) {
	r, err := t.reader(ctx)
	if err != nil {
		return store.ReviewPage{}, err
	}
	page, err := r.reviews(ctx, q)
	return page, t.conflict(err)
}

func (t *txStore) Check(ctx context.Context) error {
	if t.refused != nil {
		return t.refused
	}
	return t.store.check(ctx, t.tx)
}

// InTx runs fn in a transaction of the database's default isolation and commits
// it where fn returns nil. On a conflict, also one that comes only at the commit,
// it is rolled back and fn is run again: fn may run more than once, so answer the
// contact after InTx returned nil. After the last try the error wraps
// [store.ErrConflict].
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return s.retry.run(ctx, "InTx", func() error {
		err := inTx(ctx, s.db, nil, func(tx *sql.Tx) error { return fn(ctx, tx) })
		if lostWrite(err) {
			return asConflict(err)
		}
		return err // fn's own, as it is
	})
}
