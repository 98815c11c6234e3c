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
	// PostgreSQL and SQLite do not tell two that differ only in case.
	TablePrefix string

	// MaxRetries is how often a call is run again that lost against another one.
	// Defaults to 8; -1 is never.
	MaxRetries int

	// IsRetryable reports errors of a driver that mean a lost write, besides those
	// that are known: SQLSTATE 40001 and 40P01, MySQL 1020, 1205 and 1213, SQLite's
	// BUSY and LOCKED.
	IsRetryable func(error) bool

	// Logger is told of retries. Defaults to silence.
	Logger *slog.Logger
}

// DefaultPrefix is the TablePrefix of Options that name none.
const DefaultPrefix = "consent_"

const defaultRetries = 8

// Store is a store in a database. It is safe for concurrent use by any number of
// goroutines and processes.
type Store struct {
	db      *sql.DB
	dialect Dialect
	sql     statements
	retry   retry

	prepared *prepared // nil where the driver does better without
}

var (
	_ store.Store       = (*Store)(nil)
	_ store.BatchGetter = (*Store)(nil)
	_ store.Lister      = (*Store)(nil)
	_ store.Checker     = (*Store)(nil)
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
	names, err := newNames(d, o)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, dialect: d, sql: newStatements(d, names), retry: newRetry(o)}
	if d != PostgreSQL {
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

func newNames(d Dialect, o Options) (names, error) {
	if !d.known() {
		return names{}, fmt.Errorf("sqlstore: unknown dialect %q, want %q, %q or %q", string(d), SQLite, PostgreSQL, MySQL)
	}
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
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	return read(ctx, s, "History", func(r reader) (store.EventPage, error) { return r.history(ctx, q) })
}

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return read(ctx, s, "List", func(r reader) (store.StatePage, error) { return r.list(ctx, q) })
}

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.ReviewPage, error) {
	return read(ctx, s, "Reviews", func(r reader) (store.ReviewPage, error) { return r.reviews(ctx, q) })
}

// read runs a read again that met a writer: an SQLite without a busy_timeout
// refuses to read while another connection commits.
func read[T any](ctx context.Context, s *Store, what string, fn func(reader) (T, error)) (result T, err error) {
	err = s.retry.run(ctx, what, func() (err error) {
		result, err = fn(s.reader(s.pool()))
		return err
	})
	return result, err
}

// Append implements [store.Store], in a transaction of its own. Where that loses
// against another one it is run again, and after the last try the error wraps
// [store.ErrConflict].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev, err := ev.NormalizeAny()
	if err != nil {
		return store.Result{}, err
	}
	var result store.Result
	err = s.retry.run(ctx, "Append", func() error {
		if err := s.prepareAppend(ctx); err != nil {
			return wrap(err)
		}
		return wrap(inTx(ctx, s.db, s.dialect.isolation(), func(tx *sql.Tx) error {
			result, err = s.appender(s.in(tx)).append(ctx, ev)
			return err
		}))
	})
	if err != nil {
		return store.Result{}, err
	}
	return result, nil
}

func (s *Store) reader(q querier) reader { return reader{q: q, d: s.dialect, sql: s.sql} }

func (s *Store) appender(q querier) appender { return appender{q: q, d: s.dialect, sql: s.sql} }

// pool is what reads outside of a transaction are run on.
func (s *Store) pool() querier {
	if s.prepared == nil {
		return s.db
	}
	return s.prepared
}

// in is what the statements of the store's own transaction are run on.
func (s *Store) in(tx *sql.Tx) querier {
	if s.prepared == nil {
		return tx
	}
	return preparedTx{tx: tx, p: s.prepared}
}

func (s *Store) prepareAppend(ctx context.Context) error {
	if s.prepared == nil {
		return nil
	}
	for _, text := range []string{s.sql.lock, s.sql.locked, s.sql.sameID, s.sql.insert, s.sql.update, s.sql.count} {
		if text == "" {
			continue
		}
		if _, err := s.prepared.stmt(ctx, text); err != nil {
			return err
		}
	}
	return nil
}
