package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed-f10031e4/consent/store"
)

// Options of a Store. The zero value, and nil, are the defaults.
type Options struct {
	// Schema is where the tables are: a schema of PostgreSQL, a database of MySQL,
	// an attached database of SQLite. Every statement names it. Defaults to that of
	// the connection. A transaction over two files of SQLite that are in WAL mode is
	// not atomic where the machine crashes at its commit.
	Schema string

	// TablePrefix starts the names of tables and indexes. Defaults to "consent_".
	// To PostgreSQL and SQLite, "App_" and "app_" are the same prefix.
	TablePrefix string

	// MaxRetries is how often a call is run again after it lost against another one.
	// Zero means 8; -1 means never.
	MaxRetries int

	// IsRetryable reports errors of a driver that mean a lost write, besides those
	// that are known: SQLSTATE 40001 and 40P01, MySQL 1020, 1205 and 1213, SQLite's
	// BUSY and LOCKED.
	IsRetryable func(error) bool

	// Logger gets a line for each retry. Nil means no log.
	Logger *slog.Logger
}

// DefaultPrefix is the TablePrefix of Options that name none.
const DefaultPrefix = "consent_"

const defaultRetries = 8

// Store is a store in a database. It is safe for concurrent use by any number of
// goroutines and processes.
type Store struct {
	db      *sql.DB
	dialect dialect
	names   names
	sql     *statements // of the store's own transactions
	hostSQL *statements // of a host's
	retry   retry

	prepared *prepared // nil where the driver does better without
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.BatchGetter = (*Store)(nil)
	_ store.Lister      = (*Store)(nil)
	_ store.Reviewer    = (*Store)(nil)
)

// New returns a Store on a database. It does no I/O. Make one and keep it: on SQLite
// and MySQL it holds statements that stay prepared until db is closed.
//
// It refuses, naming the field: a nil db, an unknown dialect, and a Schema or
// TablePrefix that is not made of ASCII letters, digits and low lines, starting
// with a letter or low line, or is over 40 bytes.
func New(db *sql.DB, d Dialect, opts *Options) (*Store, error) {
	if db == nil {
		return nil, errors.New("sqlstore: db is nil")
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	own, err := dialectOf(d)
	if err != nil {
		return nil, err
	}
	n, err := newNames(o)
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, dialect: own, names: n, sql: newStatements(own, n, false), hostSQL: newStatements(own, n, true), retry: newRetry(o),
	}
	if own.prepares {
		s.prepared = &prepared{db: db}
	}
	return s, nil
}

// isIdentifier reports a name that never has to be quoted.
func isIdentifier(name string) bool {
	const most = 40 // bytes, so that those of the indexes are within 63, PostgreSQL's limit
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', i > 0 && '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return name != "" && len(name) <= most
}

func newNames(o Options) (names, error) {
	if o.TablePrefix == "" {
		o.TablePrefix = DefaultPrefix
	}
	if !isIdentifier(o.TablePrefix) {
		return names{}, fmt.Errorf("sqlstore: TablePrefix %.60q: want 1 to 40 ASCII letters, digits and low lines, no digit first", o.TablePrefix)
	}
	if o.Schema != "" && !isIdentifier(o.Schema) {
		return names{}, fmt.Errorf("sqlstore: Schema %.60q: want 1 to 40 ASCII letters, digits and low lines, no digit first", o.Schema)
	}
	return names{schema: o.Schema, prefix: o.TablePrefix}, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	return read(ctx, s, "Get", func(r reader) (store.State, error) { return r.get(ctx, key) })
}

// GetBatch implements [store.BatchGetter], with one round trip for each 1,000
// numbers.
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return read(ctx, s, "GetBatch", func(r reader) ([]store.State, error) { return r.getBatch(ctx, account, numbers) })
}

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	return read(ctx, s, "History", func(r reader) (store.RecordPage, error) { return r.history(ctx, q) })
}

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return read(ctx, s, "List", func(r reader) (store.StatePage, error) { return r.list(ctx, q) })
}

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	return read(ctx, s, "Reviews", func(r reader) (store.RecordPage, error) { return r.reviews(ctx, q) })
}

// read runs a read again that met a writer: an SQLite without a busy_timeout
// refuses to read while another connection commits.
func read[T any](ctx context.Context, s *Store, call string, fn func(reader) (T, error)) (result T, err error) {
	err = s.run(ctx, call, func() (err error) {
		result, err = fn(reader{q: s.pool(), d: s.dialect, sql: s.sql})
		return err
	})
	return result, err
}

// Append implements [store.Store], in a transaction of its own. Where that loses
// against another one it is run again, and after the last try the error wraps
// [store.ErrConflict].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev, err := ev.Normalize()
	if err != nil {
		return store.Result{}, err
	}
	var result store.Result
	untidy := false
	err = s.run(ctx, "Append", func() error {
		if err := s.prepare(ctx); err != nil {
			return err
		}
		return inTx(ctx, s.db, s.dialect.isolation, func(tx *sql.Tx) (err error) {
			result, untidy, err = s.appender(tx).append(ctx, ev)
			return err
		})
	})
	if err != nil {
		return store.Result{}, err
	}
	if untidy {
		s.tidy(ctx, ev.Key)
	}
	return result, nil
}

// run runs a call of the plain store, again where it lost against another transaction.
func (s *Store) run(ctx context.Context, call string, try func() error) error {
	if err := s.wouldWait(ctx); err != nil {
		return wrap(call, err)
	}
	return s.retry.run(ctx, call, func() error { return wrap(call, try()) })
}

// pool is what reads outside of a transaction are run on.
func (s *Store) pool() querier {
	if s.prepared == nil {
		return s.db
	}
	return s.prepared
}

// prepare prepares what a transaction of the store's own may say.
func (s *Store) prepare(ctx context.Context) error {
	if s.prepared == nil {
		return nil
	}
	return s.prepared.prepare(ctx, s.sql.append)
}

// appender appends in a transaction of the store's own.
func (s *Store) appender(tx *sql.Tx) appender {
	a := appender{q: tx, d: s.dialect, sql: s.sql}
	if s.prepared != nil {
		a.q = preparedTx{tx: tx, p: s.prepared}
	}
	return a
}
