// Package dbtest gives the tests of the examples an empty database of each kind.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // create opens PostgreSQL with it
	"github.com/stretchr/testify/require"
)

// Kind is a kind of database.
type Kind string

// The kinds, as the scheme of a -db names them.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
	MySQL    Kind = "mysql"
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{SQLite, Postgres, MySQL} }

// The servers, as internal/sqltest takes them: a URL for PostgreSQL, and
// user:password@tcp(host:port)/ for MariaDB and MySQL.
const (
	PostgresEnv = "CONSENT_TEST_POSTGRES_DSN"
	MySQLEnv    = "CONSENT_TEST_MYSQL_DSN"
)

// New returns the -db of an empty database that is gone when the test ends. Without
// a server the test is skipped.
func (k Kind) New(t *testing.T) string {
	t.Helper()
	switch k {
	case Postgres:
		return postgres(t, env(t, PostgresEnv))
	case MySQL:
		return mariadb(t, env(t, MySQLEnv))
	case SQLite:
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "consent.db")
}

func env(t *testing.T, name string) string {
	t.Helper()
	dsn := os.Getenv(name)
	if dsn == "" {
		t.Skip(name + " names no server")
	}
	return dsn
}

func postgres(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		t.Skip(PostgresEnv + " is no URL with a host, which -db wants")
	}
	u.Path = "/" + create(t, "pgx", dsn, " WITH (FORCE)")
	return u.String()
}

func mariadb(t *testing.T, dsn string) string {
	t.Helper()
	config, err := mysql.ParseDSN(dsn)
	require.NoError(t, err)
	if config.Net != "tcp" {
		t.Skip(MySQLEnv + " is not on tcp, which -db wants")
	}
	u := url.URL{
		Scheme: string(MySQL), User: url.UserPassword(config.User, config.Passwd),
		Host: config.Addr, Path: "/" + create(t, string(MySQL), dsn, ""),
	}
	return u.String()
}

// create makes an empty database until the test ends, and returns its name.
func create(t *testing.T, driver, dsn, force string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	name := "consent_examples_" + strings.ToLower(rand.Text())
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+force)
		require.NoError(t, err)
	})
	return name
}
