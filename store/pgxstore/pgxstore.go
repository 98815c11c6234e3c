package pgxstore

import (
	"context"
	"errors"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f10031e4/consent/internal/database"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// Options of a Store: those of package sqlstore, of which LongestTransaction has no meaning
// here. The zero value, and nil, are the defaults.
type Options = sqlstore.Options

// Store is a store in PostgreSQL. It is safe for concurrent use by any number of goroutines and
// processes. It has all methods of [sqlstore.Store]; WithTx and InTx are here those of pgx.
type Store struct {
	*sqlstore.Store

	pool *pgxpool.Pool
	host database.Host
}

var (
	_ store.Store         = (*Store)(nil)
	_ store.BatchGetter   = (*Store)(nil)
	_ store.BatchAppender = (*Store)(nil)
	_ store.Lister        = (*Store)(nil)
	_ store.Reviewer      = (*Store)(nil)
	_ store.IDLister      = (*Store)(nil)
	_ store.ChangeLister  = (*Store)(nil)
	_ store.Eraser        = (*Store)(nil)
	_ store.Counter       = (*Store)(nil)
	_ store.Searcher      = (*Store)(nil)
	_ store.RecordGetter  = (*Store)(nil)
)

// New returns a Store on a pool. It does no I/O. It refuses, naming the field: a nil pool, and a
// Schema or TablePrefix that [sqlstore.New] refuses.
func New(pool *pgxpool.Pool, opts *Options) (*Store, error) {
	if pool == nil {
		return nil, errors.New("pgxstore: pool is nil")
	}
	st, host, err := sqlstore.Over(ofPool{pool}, opts)
	if err != nil {
		return nil, err
	}
	return &Store{st, pool, host}, nil
}

var errNilTx = errors.New("pgxstore: WithTx: the transaction is nil")

// WithTx returns a store that works inside a transaction of the host. The store never begins,
// commits or retries, and returns every error. After an error, roll the transaction back. If the
// error wraps [store.ErrConflict], run the whole transaction again, as [Store.InTx] does.
// Acknowledge and answer nothing before the host's Commit returned nil.
//
// Its reads see what is committed now, not what was committed when the transaction began. At
// repeatable read and serializable PostgreSQL cannot show what is committed now. There the reads
// fail with an error that wraps [errors.ErrUnsupported]: ask the plain store.
func (s *Store) WithTx(tx pgx.Tx) store.Store {
	if v := reflect.ValueOf(tx); tx == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return s.host.WithTx(nil, errNilTx)
	}
	return s.host.WithTx(ofQueries{tx}, nil)
}

// InTx runs fn in a transaction of the database's default isolation and commits it where fn
// returns nil. On a conflict, also one that comes only at the commit, it is rolled back and fn is
// run again: fn may run more than once, so answer the contact after InTx returned nil. After the
// last try the error wraps [store.ErrConflict].
//
// In fn use guard.With(st.WithTx(tx)). The plain store takes a second connection, and does not
// see what the transaction has written.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx pgx.Tx) error) error {
	begin := func(ctx context.Context) (database.Tx, error) {
		tx, err := s.pool.Begin(ctx)
		if err != nil {
			return nil, err
		}
		return &transaction{pool: s.pool, tx: tx}, nil
	}
	return s.host.InTx(ctx, begin, func(ctx context.Context, tx database.Tx) error {
		own, ok := tx.(*transaction)
		if !ok {
			return errNilTx
		}
		return fn(ctx, own.tx)
	})
}
