package sqlstore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// What needs a database is tested in internal/sqltest, which has the drivers.

var errDown = errors.New("the database is away")

// away is a database that cannot be reached.
type away struct{ err error }

func (a away) Connect(context.Context) (driver.Conn, error) { return nil, a.err }
func (a away) Driver() driver.Driver                        { return nil }

func awayDB(t *testing.T, err error) *sql.DB {
	t.Helper()
	db := sql.OpenDB(away{err})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	db := awayDB(t, errDown)
	for name, c := range map[string]struct {
		db      *sql.DB
		dialect sqlstore.Dialect
		opts    *sqlstore.Options
		says    string
	}{
		"nil db":                {nil, sqlstore.SQLite, nil, "db is nil"},
		"no dialect":            {db, "", nil, "unknown dialect"},
		"unknown dialect":       {db, "oracle", nil, `"oracle"`},
		"a quote in the prefix": {db, sqlstore.SQLite, &sqlstore.Options{TablePrefix: `a"b`}, "TablePrefix"},
		"a long prefix":         {db, sqlstore.SQLite, &sqlstore.Options{TablePrefix: strings.Repeat("a", 41)}, "TablePrefix"},
		"a digit first":         {db, sqlstore.MySQL, &sqlstore.Options{TablePrefix: "1a"}, "TablePrefix"},
		"a point in the schema": {db, sqlstore.PostgreSQL, &sqlstore.Options{Schema: "a.b"}, "Schema"},
		"an umlaut":             {db, sqlstore.PostgreSQL, &sqlstore.Options{Schema: "ä"}, "Schema"},
		"a line end":            {db, sqlstore.PostgreSQL, &sqlstore.Options{Schema: "a\n"}, "Schema"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sqlstore.New(c.db, c.dialect, c.opts)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := sqlstore.Migrations("oracle", nil)
	require.ErrorContains(t, err, "oracle")
	_, err = sqlstore.Migrations(sqlstore.SQLite, &sqlstore.Options{TablePrefix: "a b"})
	require.ErrorContains(t, err, "TablePrefix")
}

func TestMigrationsAreFilesWithTheNamesFilledIn(t *testing.T) {
	for _, d := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MySQL} {
		for _, schema := range []string{"", "app"} {
			files, err := sqlstore.Migrations(d, &sqlstore.Options{TablePrefix: "x_", Schema: schema})
			require.NoError(t, err)
			require.NoError(t, fstest.TestFS(files, "0001_init.up.sql"))
			text, err := fs.ReadFile(files, "0001_init.up.sql")
			require.NoError(t, err)
			require.NotContains(t, string(text), "{")
			require.Contains(t, string(text), "x_state_by_status")
			require.NotContains(t, string(text), "consent_")
			if schema != "" {
				require.Contains(t, string(text), "app.x_events (")
			}
		}
	}
}

func TestADatabaseThatIsAwayIsAnErrorAndNoAnswer(t *testing.T) {
	key := store.Key{Account: "acme", Number: "+14155552671"}
	for _, d := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MySQL} {
		s, err := sqlstore.New(awayDB(t, errDown), d, nil)
		require.NoError(t, err)
		ctx := t.Context()
		_, err = s.Get(ctx, key)
		require.ErrorIs(t, err, errDown)
		_, err = s.GetBatch(ctx, "acme", []string{"+1"})
		require.ErrorIs(t, err, errDown)
		_, err = s.Append(ctx, store.Event{ID: "1", Key: key, Action: store.OptOut})
		require.ErrorIs(t, err, errDown)
		require.NotErrorIs(t, err, store.ErrConflict)
		_, err = s.History(ctx, store.HistoryQuery{Key: key})
		require.ErrorIs(t, err, errDown)
		_, err = s.List(ctx, store.ListQuery{Account: "acme"})
		require.ErrorIs(t, err, errDown)
		require.ErrorIs(t, s.Check(ctx), errDown)
		require.ErrorIs(t, s.Migrate(ctx), errDown)
	}
}

func TestWhatBeginsATransactionIsNone(t *testing.T) {
	db := awayDB(t, errDown)
	s, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
	require.NoError(t, err)
	key := store.Key{Account: "acme", Number: "+14155552671"}
	for name, tx := range map[string]sqlstore.DBTX{
		"a *sql.DB": db, "a *sql.Conn": (*sql.Conn)(nil), "nil": nil, "a nil *sql.Tx": (*sql.Tx)(nil),
	} {
		bound := s.WithTx(tx)
		_, err := bound.Get(t.Context(), key)
		require.ErrorContains(t, err, "WithTx", name)
		require.NotErrorIs(t, err, errDown, name)
		_, err = bound.Append(t.Context(), store.Event{ID: "1", Key: key, Action: store.OptOut})
		require.ErrorContains(t, err, "WithTx", name)
		_, err = bound.History(t.Context(), store.HistoryQuery{Key: key})
		require.ErrorContains(t, err, "WithTx", name)
		_, err = store.GetBatch(t.Context(), bound, "acme", []string{"+1"})
		require.ErrorContains(t, err, "WithTx", name)
		_, err = store.List(t.Context(), bound, store.ListQuery{Account: "acme"})
		require.ErrorContains(t, err, "WithTx", name)
	}
}

// The errors of the drivers, in shape.
type (
	pgError    struct{ code string } // pgx, lib/pq
	liteError  struct{ code int }    // modernc.org/sqlite
	mysqlError struct {
		Number   uint16
		SQLState [5]byte
	}
	mattnError struct {
		Code         int
		ExtendedCode int
	}
)

func (e pgError) Error() string     { return "pg" }
func (e pgError) SQLState() string  { return e.code }
func (e liteError) Error() string   { return "lite" }
func (e liteError) Code() int       { return e.code }
func (e *mysqlError) Error() string { return "mysql" }
func (e mattnError) Error() string  { return "mattn" }

// The errors of a host, around those of a driver.
type (
	codedError struct {
		code int
		err  error
	}
	embeddingError struct{ *mysqlError }
)

func (e codedError) Error() string   { return e.err.Error() }
func (e codedError) Code() int       { return e.code }
func (e codedError) Unwrap() error   { return e.err }
func (embeddingError) Error() string { return "the host's" }

func TestALostWriteIsRunAgain(t *testing.T) {
	custom := errors.New("my driver's conflict")
	for name, c := range map[string]struct {
		err      error
		conflict bool
	}{
		"serialization":          {pgError{"40001"}, true},
		"deadlock":               {pgError{"40P01"}, true},
		"unique":                 {pgError{"23505"}, false},
		"sqlite busy":            {liteError{5}, true},
		"sqlite busy snapshot":   {liteError{517}, true},
		"sqlite locked":          {liteError{6}, true},
		"sqlite constraint":      {liteError{19}, false},
		"mysql deadlock":         {&mysqlError{Number: 1213}, true},
		"mysql lock wait":        {&mysqlError{Number: 1205}, true},
		"mysql duplicate":        {&mysqlError{Number: 1062}, false},
		"mattn busy":             {mattnError{Code: 5}, true},
		"mattn constraint":       {mattnError{Code: 19}, false},
		"wrapped":                {errors.Join(errDown, pgError{"40001"}), true},
		"joined to another":      {errors.Join(pgError{"25P02"}, pgError{"40001"}), true},
		"under the host's code":  {codedError{500, &mysqlError{Number: 1213}}, true},
		"only the host's code":   {codedError{500, errDown}, false},
		"an embedded nil":        {embeddingError{}, false},
		"mysql record changed":   {&mysqlError{Number: 1020}, true},
		"a custom one":           {custom, true},
		"another":                {errDown, false},
		"a connection that died": {driver.ErrBadConn, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sqlstore.New(awayDB(t, c.err), sqlstore.SQLite, &sqlstore.Options{
				MaxRetries: 2, IsRetryable: func(err error) bool { return errors.Is(err, custom) },
			})
			require.NoError(t, err)
			err = s.InTx(t.Context(), func(context.Context, *sql.Tx) error { return nil })
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.conflict, errors.Is(err, store.ErrConflict))
		})
	}
}

func TestRetriesEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tries := 0
	s, err := sqlstore.New(awayDB(t, pgError{"XX000"}), sqlstore.PostgreSQL, &sqlstore.Options{
		MaxRetries: 1_000_000,
		IsRetryable: func(error) bool {
			if tries++; tries == 3 {
				cancel()
			}
			return true
		},
	})
	require.NoError(t, err)
	err = s.InTx(ctx, func(context.Context, *sql.Tx) error { return nil })
	require.Equal(t, 3, tries)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, store.ErrConflict)
}

// cancelling is a database that is asked when the context ends, and says something
// else of it, as drivers do.
type cancelling struct {
	away
	cancel context.CancelFunc
}

func (c cancelling) Connect(ctx context.Context) (driver.Conn, error) {
	c.cancel()
	return c.away.Connect(ctx)
}

func TestAnErrorTellsThatTheContextHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	db := sql.OpenDB(cancelling{away{errDown}, cancel})
	defer db.Close()
	s, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
	require.NoError(t, err)
	_, err = s.Append(ctx, store.Event{ID: "1", Key: store.Key{Account: "acme", Number: "+14155552671"}, Action: store.OptOut})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, errDown)
}

func TestSchemaErrorSaysWhatToDo(t *testing.T) {
	require.EqualError(t, &sqlstore.SchemaError{Have: 0, Want: 1}, "sqlstore: the schema has version 0, this program wants 1: run Migrate")
	require.EqualError(t, &sqlstore.SchemaError{Have: 9, Want: 1},
		"sqlstore: the schema has version 9, this program knows 1: run a newer program")
}

func TestAStoreSaysWhetherItIsInATransaction(t *testing.T) {
	s, err := sqlstore.New(awayDB(t, errDown), sqlstore.SQLite, nil)
	require.NoError(t, err)
	require.False(t, store.InTx(s))
	require.True(t, store.InTx(s.WithTx(new(sql.Tx))))
}
