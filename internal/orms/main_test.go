package orms_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const (
	account  = "acme"
	database = "consent_orms"
)

// running is the server that the first test has started which asked for it.
var running *server.Server

var ownServer = sync.OnceValues(func() (*server.Server, error) {
	ctx := context.Background() // it outlives the test
	s, err := server.Postgres(ctx)
	if err != nil {
		return nil, err
	}
	running = s
	return s, s.CreateDatabase(ctx, database, "")
})

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run is all tests, and the end of the server.
func run(m *testing.M) int {
	code := m.Run()
	if running == nil {
		return code
	}
	var err error
	if running.Foreign() {
		err = running.DropDatabase(context.Background(), database)
	}
	if err = errors.Join(err, running.Stop()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// dsn returns the DSN of the database that the tests share, or skips the test and says why there
// is none. In CI nothing may be skipped.
func dsn(t *testing.T) string {
	t.Helper()
	s, err := ownServer()
	if errors.Is(err, server.ErrNotInstalled) && os.Getenv("CI") != "true" {
		if name := os.Getenv("CONSENT_SKIPPED"); name != "" { // make test prints it at the end
			file, openErr := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			require.NoError(t, openErr)
			_, _ = fmt.Fprintln(file, err)
			require.NoError(t, file.Close())
		}
		t.Skip(err)
	}
	require.NoError(t, err)
	return s.DSN(database)
}

// app is an app with its database, its table inbox and its Guard.
type app struct {
	db    *sql.DB
	st    *sqlstore.Store
	guard *optout.Guard // over st
}

func newApp(t *testing.T) *app {
	t.Helper()
	db, err := sql.Open("pgx", dsn(t))
	require.NoError(t, err)
	return appOn(t, db)
}

// appOn is an app with another pool.
func appOn(t *testing.T, db *sql.DB) *app {
	t.Helper()
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	st, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
	require.NoError(t, err)
	require.NoError(t, st.Migrate(t.Context()))
	require.NoError(t, st.Check(t.Context()))
	_, err = db.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS inbox (id text PRIMARY KEY, body text NOT NULL)")
	require.NoError(t, err)
	guard, err := optout.New(st, nil)
	require.NoError(t, err)
	return &app{db, st, guard}
}

// rows counts the app's rows of a message.
func (a *app) rows(t *testing.T, id string) (count int) {
	t.Helper()
	require.NoError(t, a.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM inbox WHERE id = $1", id).Scan(&count))
	return count
}
