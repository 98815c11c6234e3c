package server_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
)

func TestAServerKeepsItsDataWhenItIsKilled(t *testing.T) {
	onlyInStress(t)
	for name, c := range map[string]struct {
		start  func(context.Context) (*server.Server, error)
		driver string
	}{"PostgreSQL": {server.Postgres, "pgx"}, "MariaDB": {server.MariaDB, "mysql"}} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			s, err := c.start(t.Context())
			if errors.Is(err, server.ErrNotInstalled) && os.Getenv("CI") == "" {
				t.Skip(err)
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Stop()) }()
			t.Log("started in", time.Since(begin))
			if s.Foreign() {
				require.ErrorIs(t, s.Kill(), server.ErrForeign)
				t.Skip("a server of somebody else is not killed")
			}
			require.NoError(t, s.CreateDatabase(t.Context(), "kept", ""))
			db, err := sql.Open(c.driver, s.DSN("kept"))
			require.NoError(t, err)
			defer db.Close()
			_, err = db.ExecContext(t.Context(), "CREATE TABLE kept (n INTEGER PRIMARY KEY)")
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), "INSERT INTO kept VALUES (7)")
			require.NoError(t, err)

			require.NoError(t, s.Kill())
			require.Error(t, db.PingContext(t.Context()))
			begin = time.Now()
			require.NoError(t, s.Restart(t.Context()))
			t.Log("started again in", time.Since(begin))
			var n int
			require.NoError(t, db.QueryRowContext(t.Context(), "SELECT n FROM kept").Scan(&n))
			require.Equal(t, 7, n)
			begin = time.Now()
			require.NoError(t, s.Stop())
			t.Log("stopped in", time.Since(begin))
			require.NoError(t, s.Stop())
		})
	}
}

// TestAnotherVersionOfPostgreSQL starts one whose user may not enter the folder of the binaries.
func TestAnotherVersionOfPostgreSQL(t *testing.T) {
	closed := t.TempDir()
	require.NoError(t, os.Chmod(closed, 0o700))
	require.NoError(t, os.Mkdir(filepath.Join(closed, ".ci"), 0o755))
	if cache := server.CacheDir(); cache != "" {
		require.NoError(t, os.Symlink(cache, filepath.Join(closed, ".ci", "postgresql")))
	}
	t.Chdir(closed)
	s := begun(t, func(ctx context.Context) (*server.Server, error) { return server.PostgresVersion(ctx, "18") })
	require.False(t, s.Foreign())
	var version string
	db := open(t, "pgx", s.DSN("postgres"))
	require.NoError(t, db.QueryRowContext(t.Context(), "SHOW server_version").Scan(&version))
	require.Regexp(t, `^18\.`, version)
	_, err := server.PostgresVersion(t.Context(), "1")
	require.ErrorIs(t, err, server.ErrNotInstalled)
	require.ErrorContains(t, err, "PostgreSQL 1 (make postgresql installs it)")
}

func TestDSN(t *testing.T) {
	for _, c := range []struct{ env, base, want string }{
		{server.PostgresEnv, "postgres://u:p@h:1/x?sslmode=disable", "postgres://u:p@h:1/db?sslmode=disable&a=b"},
		{server.PostgresEnv, "postgres://u@h", "postgres://u@h/db?a=b"},
		{server.PostgresEnv, "host=h user=u", "host=h user=u dbname=db a=b"},
		{server.MySQLEnv, "u:p@tcp(h:1)/", "u:p@tcp(h:1)/db?a=b"},
		{server.MySQLEnv, "u@unix(/run/s)/x?tls=true", "u@unix(/run/s)/db?tls=true&a=b"},
	} {
		require.Equal(t, c.want, server.DSN(c.env, c.base, "db", "a=b"))
	}
}
