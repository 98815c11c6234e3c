package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/seed-f10031e4/consent/internal/database"
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

	// ReadsStandby tells Check to accept connections to a standby. Set it only if every commit
	// waits until the standby shows it to its readers. On PostgreSQL every writer needs
	// synchronous_commit=remote_apply, and the standby is in synchronous_standby_names.
	ReadsStandby bool

	// IsRetryable reports errors of a driver that mean a lost write, besides those
	// that are known: SQLSTATE 40001 and 40P01, MySQL 1020, 1205 and 1213, SQLite's
	// BUSY and LOCKED.
	IsRetryable func(error) bool

	// LongestTransaction is how long a transaction that records may take, on MySQL and
	// MariaDB alone: Changes can miss what a longer one records. Add the difference
	// between the clocks of your hosts. Zero means one hour.
	LongestTransaction time.Duration

	// Logger gets a line for each retry. Nil means no log.
	Logger *slog.Logger
}

// DefaultPrefix is the TablePrefix of Options that name none.
const DefaultPrefix = "consent_"

// Store is a store in a database. It is safe for concurrent use by any number of
// goroutines and processes.
type Store struct {
	db      *sql.DB // or nil
	pool    database.Pool
	opts    Options
	sql     *statements // of the store's own transactions
	hostSQL *statements // of a host's
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
	own, err := dialectOf(d)
	if err != nil {
		return nil, err
	}
	st, err := newStore(newSQLPool(db, own.isolation), d, opts)
	if err != nil {
		return nil, err
	}
	st.db = db
	return st, nil
}

func newStore(pool database.Pool, d Dialect, opts *Options) (*Store, error) {
	t, err := newTables(d, opts)
	if err != nil {
		return nil, err
	}
	return &Store{pool: pool, opts: *cmp.Or(opts, new(Options)), sql: newStatements(t, false), hostSQL: newStatements(t, true)}, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key store.Key) (store.State, error) {
	return read(ctx, s, "Get", func(r session) (store.State, error) { return r.get(ctx, key) })
}

// GetBatch implements [store.BatchGetter], with one round trip for each 1,000
// numbers.
func (s *Store) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	return read(ctx, s, "GetBatch", func(r session) ([]store.State, error) { return r.getBatch(ctx, account, numbers) })
}

// History implements [store.Store].
func (s *Store) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	return read(ctx, s, "History", func(r session) (store.RecordPage, error) { return r.history(ctx, q) })
}

// List implements [store.Lister].
func (s *Store) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	return read(ctx, s, "List", func(r session) (store.StatePage, error) { return r.list(ctx, q) })
}

// Reviews implements [store.Reviewer].
func (s *Store) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	return read(ctx, s, "Reviews", func(r session) (store.RecordPage, error) { return r.reviews(ctx, q) })
}

// EventIDs implements [store.IDLister].
func (s *Store) EventIDs(ctx context.Context, q store.IDsQuery) (store.RecordPage, error) {
	return read(ctx, s, "EventIDs", func(r session) (store.RecordPage, error) { return r.eventIDs(ctx, q) })
}

// Changes implements [store.ChangeLister]. SQLite and PostgreSQL list no record again. On
// PostgreSQL a record is held back until every transaction that began to write before it has
// ended, in any database of the cluster. MySQL and MariaDB list at once. If a record is
// committed late, they list again what they have listed of the time for which it could be:
// twice Options.LongestTransaction.
func (s *Store) Changes(ctx context.Context, q store.ChangesQuery) (store.RecordPage, error) {
	longest := cmp.Or(max(s.opts.LongestTransaction, 0), DefaultLongestTransaction)
	return read(ctx, s, "Changes", func(r session) (store.RecordPage, error) { return r.listChanges(ctx, q, longest) })
}

// read runs a read again that met a writer: an SQLite without a busy_timeout
// refuses to read while another connection commits.
func read[T any](ctx context.Context, s *Store, call string, fn func(session) (T, error)) (result T, err error) {
	err = s.run(ctx, call, func() (err error) {
		result, err = fn(s.session())
		return err
	})
	return result, err
}

// session is where the store reads outside of a transaction.
func (s *Store) session() session {
	own := session{q: s.pool, sql: s.sql}
	if s.sql.prepares {
		own.pool = s.db
	}
	return own
}

// Append implements [store.Store], in a transaction of its own. If the transaction loses
// against another one, Append runs it again. After the last try the error wraps
// [store.ErrConflict].
func (s *Store) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	ev, err := ev.Normalize()
	if err != nil {
		return store.Result{}, err
	}
	var done appended
	err = s.run(ctx, "Append", func() error {
		return s.inTx(ctx, func(tx session) (err error) {
			done, err = tx.append(ctx, ev)
			return err
		})
	})
	if err != nil {
		return store.Result{}, err
	}
	if done.untidy {
		s.tidy(ctx, ev.Key)
	}
	return done.Result, nil
}

// AppendBatch implements [store.BatchAppender], in a transaction of its own. If the
// transaction loses against another one, AppendBatch runs it again, as Append does. Events
// of different keys take a few round trips for each 500 keys; a key with more than one
// event in the batch, and a key with holds, take as many as Appends.
func (s *Store) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	events, err := store.NormalizeAll(events)
	if err != nil {
		return nil, err
	}
	var done batch
	err = s.run(ctx, "AppendBatch", func() error {
		if len(events) >= maxBatchKeys {
			if err := s.prepare(ctx, s.sql.batch); err != nil {
				return err
			}
		}
		return s.inTx(ctx, func(tx session) (err error) {
			done, err = tx.appendBatch(ctx, events)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, key := range done.untidy {
		s.tidy(ctx, key)
	}
	return done.results, nil
}

// inTx runs fn in a transaction of the store's own.
func (s *Store) inTx(ctx context.Context, fn func(session) error) error {
	if !s.sql.inText {
		if err := s.prepare(ctx, s.sql.append); err != nil {
			return err
		}
	}
	return inTx(ctx, s.pool.Begin, func(tx database.Tx) error {
		if s.sql.inText {
			return fn(session{q: inText{tx}, sql: s.sql})
		}
		own, _ := tx.(sqlTx)
		return fn(session{q: tx, sql: s.sql, tx: own.tx})
	})
}

// prepare prepares statements, where the store keeps them.
func (s *Store) prepare(ctx context.Context, statements []*statement) error {
	if !s.sql.prepares {
		return nil
	}
	for _, st := range statements {
		if _, err := st.prepare(ctx, s.db); err != nil {
			return failed("preparing", err)
		}
	}
	return nil
}
